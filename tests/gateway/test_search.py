"""The search over all nouns."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import HANG, FakeServices, Refused

ALL = ("customer", "sales", "contract", "service-desk")
SECTIONS = {
    "customers": ("customer.list_customers", {"id": "1", "name": "云图科技", "number": "KH1"}),
    "contacts": ("customer.list_all_contacts", {"id": "2", "name": "云图图", "title": "采购经理"}),
    "leads": ("sales.list_leads", {"id": "3", "company_name": "", "contact_name": "云图生"}),
    "opportunities": ("sales.list_opportunities", {"id": "4", "name": "云图采购", "customer_name": None}),
    "contracts": ("contract.list_contracts", {"id": "5", "number": "HT1", "name": "云图年度合同"}),
    "cases": (
        "service-desk.list_cases",
        {"id": "6", "number": "FW1", "subject": "云图打不开", "customer_name": "云图科技"},
    ),
}


@pytest.fixture
def everyone(services: FakeServices) -> FakeServices:
    services.start(*ALL)
    for operation, record in SECTIONS.values():
        services.on(operation, {"items": [record], "next": None})
    return services


def search(client: TestClient, q: str) -> dict[str, dict[str, Any]]:
    answer = client.get("/v1/search", params={"q": q})
    assert answer.status_code == 200, answer.text
    found: dict[str, dict[str, Any]] = answer.json()
    return found


def refusing(kind: str) -> object:
    def refuse(_request: object) -> None:
        raise Refused(kind=kind, code=kind, detail="")

    return refuse


def test_each_noun_is_shown_by_what_people_call_it(client: TestClient, everyone: FakeServices) -> None:
    """(W-2)"""
    page = search(client, "云图")
    assert [*page] == [*SECTIONS]
    assert all((section["status"], section["more"]) == ("ok", False) for section in page.values())
    shown = [
        tuple(item.values()) for section in page.values() for item in section["items"]
    ]  # noun, id, title, number, detail
    assert shown == [
        ("customer", "1", "云图科技", "KH1", None),
        ("contact", "2", "云图图", None, "采购经理"),
        ("lead", "3", "云图生", None, None),
        ("opportunity", "4", "云图采购", None, None),
        ("contract", "5", "云图年度合同", "HT1", None),
        ("case", "6", "云图打不开", "FW1", "云图科技"),
    ]


def test_each_service_is_asked_for_a_few_as_the_caller_and_for_no_more_fields_than_are_shown(
    client: TestClient, everyone: FakeServices
) -> None:
    """(W-2)"""
    search(client, "  云图\u3000ＡＢ ")
    for section, (operation, _) in SECTIONS.items():
        [asked] = everyone.seen(operation)
        query = dict(asked.kwargs["query"])
        by = "name" if section == "opportunities" else "search"
        assert query.pop(f"filter[{by}][contains]") == "云图 AB"
        assert query.pop("limit") == "5"
        assert "id" in query.pop("fields").split(",") and not query
        assert "nameko.caller" in asked.headers


def test_a_section_says_whether_there_is_more(client: TestClient, everyone: FakeServices) -> None:
    """(W-2)"""
    everyone.on(
        "customer.list_customers", {"items": [{"id": "1", "name": "云图", "number": "KH1"}], "next": "x"}
    )
    page = search(client, "云图")
    assert [section for section, found in page.items() if found["more"]] == ["customers"]


def test_a_stopped_a_hung_and_a_refusing_service_cost_only_their_sections(
    client: TestClient, everyone: FakeServices
) -> None:
    """(W-2)"""
    everyone.stop("contract")
    everyone.on("service-desk.list_cases", HANG)
    everyone.on("sales.list_leads", refusing("forbidden"))
    everyone.on("sales.list_opportunities", refusing("internal"))
    page = search(client, "云图")
    assert {name: section["status"] for name, section in page.items()} == {
        "customers": "ok", "contacts": "ok", "leads": "forbidden", "opportunities": "unavailable",
        "contracts": "unavailable", "cases": "unavailable",
    }  # fmt: skip
    missing = [section for section in page.values() if section["status"] != "ok"]
    assert all((section["items"], section["more"]) == ([], False) for section in missing)
    [asked] = everyone.seen("service-desk.list_cases")
    assert asked.expiration is not None and asked.expiration < 1


@pytest.mark.parametrize(
    "q",
    ["", " ", "a", "8", "ａ", "é", "e\u0301", "ب", "、", "。", "\u3164\u3164", "\u115f\u115f", "\u2800" * 9,
     "\u0301" * 9, "👍\ufe0f", "\x00云图", "x" * 101],
)  # fmt: skip
def test_what_would_find_nearly_everything_or_nothing_is_refused(
    client: TestClient, everyone: FakeServices, q: str
) -> None:
    """(W-2) One letter, however it is dressed up; what nobody sees; too much."""
    answer = client.get("/v1/search", params={"q": q})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert [error["field"] for error in answer.json()["errors"]] == ["q"]
    assert everyone.seen("customer.list_customers") == []


@pytest.mark.parametrize("q", ["云", " 云 ", "\u200b云\u200b", "𠮷", "々", "の", "ｶ"])
def test_one_chinese_character_or_kana_is_a_word(client: TestClient, everyone: FakeServices, q: str) -> None:
    """(W-2) A surname, say."""
    search(client, q)
    [asked] = everyone.seen("contract.list_contracts")
    assert len(asked.kwargs["query"]["filter[search][contains]"].strip("\u200b")) == 1


@pytest.mark.parametrize(
    "q",
    [
        "%%",
        "_ _",
        "\\\\",
        "'; --",
        "😀😀",
        "𠮷野家",
        "İstanbul",
        "[contains]",
        "a&q",
        "云" * 100,
        "مرحبا",
        "\u202e云图",
    ],
)
def test_awkward_texts_are_passed_on_as_texts(client: TestClient, everyone: FakeServices, q: str) -> None:
    """(W-2)"""
    search(client, q)
    [asked] = everyone.seen("sales.list_leads")
    assert asked.kwargs["query"]["filter[search][contains]"].casefold() == q.casefold()


def test_other_queries_and_other_people_are_refused(
    client: TestClient, start_gateway: StartGateway, everyone: FakeServices
) -> None:
    """(W-2)"""
    for path in ("/v1/search", "/v1/search?q=云图&limit=5", "/v1/search?q=云图&q=科技"):
        assert client.get(path).status_code == 422
    assert start_gateway().get("/v1/search", params={"q": "云图"}).status_code == 401
