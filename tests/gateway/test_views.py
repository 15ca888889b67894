"""The pages that several services answer together."""

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import HANG, FakeServices, Refused

CUSTOMER = "0192a4e0-0000-7000-8000-000000000001"
PROCESS = "0192a4e0-1111-7000-8000-000000000001"
ALL = ("customer", "sales", "contract", "finance", "service-desk")
LISTS = {
    "contacts": "customer.list_contacts",
    "activities": "customer.list_activities",
    "opportunities": "sales.list_opportunities",
    "contracts": "contract.list_contracts",
    "receivables": "finance.list_receivables",
    "cases": "service-desk.list_cases",
}


@pytest.fixture
def everyone(services: FakeServices) -> FakeServices:
    services.start(*ALL)
    services.on("customer.get_customer", {"id": CUSTOMER, "version": 1, "name": "海能达"})
    for section, operation in LISTS.items():
        services.on(operation, {"items": [{"id": section}], "next": None})
    return services


def refusing(kind: str) -> object:
    def refuse(_request: object) -> None:
        raise Refused(kind=kind, code=kind, detail="")

    return refuse


def overview(client: TestClient) -> dict[str, dict[str, object]]:
    answer = client.get(f"/v1/customers/{CUSTOMER}/overview")
    assert answer.status_code == 200
    return answer.json()


def test_the_overview_has_every_section(client: TestClient, everyone: FakeServices) -> None:
    page = overview(client)
    assert page["customer"] == {
        "status": "ok",
        "record": {"id": CUSTOMER, "version": 1, "name": "海能达"},
    }
    for section in LISTS:
        assert page[section] == {"status": "ok", "items": [{"id": section}], "next": None}
    assert [*page] == ["customer", *LISTS]
    request = everyone.seen("contract.list_contracts")[0]
    assert request.kwargs == {
        "query": {"filter[customer_id]": CUSTOMER, "limit": "10", "sort": "-created_at"}
    }
    assert "nameko.caller" in request.headers
    assert everyone.seen("customer.list_contacts")[0].kwargs["customer_id"] == CUSTOMER


def test_the_id_of_a_customer_that_was_merged_shows_what_is_with_the_one_that_lives_on(
    client: TestClient, everyone: FakeServices
) -> None:
    """SA-19 (M-23): the other services know everything under the id that is kept."""
    gone = "0192a4e0-0000-7000-8000-000000000009"
    page = client.get(f"/v1/customers/{gone}/overview").json()
    assert page["customer"]["record"]["id"] == CUSTOMER
    for operation in ("contract.list_contracts", "finance.list_receivables"):
        assert everyone.seen(operation)[-1].kwargs["query"]["filter[customer_id]"] == CUSTOMER
    assert page["contracts"]["items"] == [{"id": "contracts"}]


def test_a_stopped_and_a_hung_service_cost_only_their_sections(
    client: TestClient, everyone: FakeServices
) -> None:
    everyone.stop("finance")
    everyone.on("contract.list_contracts", HANG)
    page = overview(client)
    missing = {section for section, content in page.items() if content["status"] != "ok"}
    assert missing == {"receivables", "contracts"}
    assert page["receivables"] == page["contracts"] == {"status": "unavailable"}
    [asked] = everyone.seen("contract.list_contracts")
    assert asked.expiration is not None and asked.expiration < 1, (
        "it is not waited for as long as for an answer"
    )


def test_the_page_is_there_when_every_service_is_stopped(client: TestClient, everyone: FakeServices) -> None:
    everyone.stop(*ALL)
    assert {section["status"] for section in overview(client).values()} == {"unavailable"}


def test_a_section_the_caller_may_not_read_says_so(client: TestClient, everyone: FakeServices) -> None:
    everyone.on("finance.list_receivables", refusing("forbidden"))
    everyone.on("sales.list_opportunities", refusing("internal"))
    everyone.on("service-desk.list_cases", refusing("invalid"))
    page = overview(client)
    assert page["receivables"] == {"status": "forbidden"}
    assert page["opportunities"] == {"status": "unavailable"}
    assert page["cases"] == {"status": "unavailable"}


def test_an_unknown_customer_has_no_overview(client: TestClient, everyone: FakeServices) -> None:
    everyone.on("customer.get_customer", refusing("not_found"))
    assert client.get(f"/v1/customers/{CUSTOMER}/overview").status_code == 404


def a_step(service: str, at: str) -> dict[str, object]:
    return {"service": service, "at": at, "kind": "operation", "name": "x", "outcome": "ok"}


def test_a_process_is_traced_over_the_services_in_the_order_of_time(
    client: TestClient, everyone: FakeServices
) -> None:
    steps = {
        "echo": [a_step("echo", "2026-11-22T08:00:00.200000Z")],
        "identity": [],
        "sales": [
            a_step("sales", "2026-11-22T08:00:00.100000Z"),
            a_step("sales", "2026-11-22T08:00:00.300000Z"),
        ],
    }
    for service, taken in steps.items():
        everyone.on(f"{service}.describe_process", {"steps": taken})
    page = client.get(f"/v1/processes/{PROCESS}").json()
    assert [step["service"] for step in page["steps"]] == ["sales", "echo", "sales"]
    assert page["unavailable"] == []
    assert everyone.seen("sales.describe_process")[0].kwargs == {"correlation_id": PROCESS}


def test_a_trace_names_the_services_that_did_not_answer(client: TestClient, everyone: FakeServices) -> None:
    everyone.on("echo.describe_process", {"steps": [a_step("echo", "2026-11-22T08:00:00.200000Z")]})
    everyone.on("identity.describe_process", HANG)
    everyone.stop("sales")
    page = client.get(f"/v1/processes/{PROCESS}").json()
    assert page["unavailable"] == ["identity", "sales"]
    assert len(page["steps"]) == 1


def test_a_process_nobody_knows_is_a_404(client: TestClient, everyone: FakeServices) -> None:
    for service in ("echo", "identity", "sales"):
        everyone.on(f"{service}.describe_process", {"steps": []})
    for unknown in (PROCESS, "no-uuid"):
        answer = client.get(f"/v1/processes/{unknown}")
        assert (answer.status_code, answer.json()["code"]) == (404, "process-not-found")
