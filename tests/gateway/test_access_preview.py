"""The preview of a change of rights: who is asked, with what, and what becomes of the answers."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import HANG, FakeServices, Refused

GAINED = {
    "noun": "thing",
    "level": "view",
    "gains": {"count": 1, "more": False, "samples": []},
    "loses": {"count": 0, "more": False, "samples": []},
}
CHANGE = {"kind": "role", "role_id": "1", "permissions": {"thing.read": "all"}}
PEOPLE = [
    {
        "account_id": str(number),
        "display_name": "王芳",
        "before": f"was {number}",
        "after": f"will be {number}",
    }
    for number in (1, 2)
]


@pytest.fixture
def asked(services: FakeServices) -> FakeServices:
    services.start("sales")
    services.on("identity.preview_people", {"people": PEOPLE, "moved": [{"account_id": "1"}], "left_out": 3})
    services.on("identity.preview_access", {"people": [[], []]})
    services.on("echo.preview_access", {"people": [[], [GAINED]]})
    services.on("sales.preview_access", {"people": [[], []]})
    return services


def preview(client: TestClient, **change: Any) -> Any:
    return client.post("/v1/access/preview", json={"change": change})


def test_every_service_is_asked_about_those_whom_identity_names(
    client: TestClient, asked: FakeServices
) -> None:
    answer = preview(client, **CHANGE)
    assert answer.status_code == 200, answer.text
    changed = {"account_id": "2", "display_name": "王芳", "nouns": [GAINED]}
    assert answer.json() == {"people": [changed], "looked_at": 2, "left_out": 3, "unavailable": []}
    assert asked.seen("identity.preview_people")[0].kwargs == {"change": CHANGE}
    told = asked.seen("echo.preview_access")[0].kwargs
    assert told["moved"] == [{"account_id": "1"}]
    assert told["people"][1] == {"before": "was 2", "after": "will be 2"}


def test_a_service_that_does_not_answer_is_named(client: TestClient, asked: FakeServices) -> None:
    asked.on("sales.preview_access", HANG)
    assert preview(client, **CHANGE).json()["unavailable"] == ["sales"]


def test_a_change_that_may_not_be_saved_is_refused_as_by_saving_it(
    client: TestClient, asked: FakeServices
) -> None:
    def refuse(_request: object) -> None:
        raise Refused(kind="forbidden", code="permission-out-of-reach", detail="No.")

    asked.on("identity.preview_people", refuse)
    answer = preview(client, **CHANGE)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission-out-of-reach")
    assert asked.seen("echo.preview_access") == []


@pytest.mark.parametrize(
    "change",
    [
        {}, {"kind": "moon"}, {"kind": "role"}, {**CHANGE, "moon": 1}, {**CHANGE, "permissions": []},
        {"kind": "share", "noun": "moon", "id": "1", "to": {"kind": "everyone"}},
    ],
)  # fmt: skip
def test_what_is_no_change_is_refused(
    client: TestClient, asked: FakeServices, change: dict[str, Any]
) -> None:
    answer = preview(client, **change)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"] == "invalid-input"


def test_a_share_is_judged_by_the_service_of_its_noun(client: TestClient, asked: FakeServices) -> None:
    receiver = {"account_id": "2", "display_name": "李雷", "subject": "signed"}
    asked.on("identity.preview_receivers", {"people": [receiver, receiver], "left_out": 0})
    steps = [{"before": "none", "after": "edit"}, {"before": "view", "after": "view"}]
    asked.on("echo.preview_share", {"title": "云图", "people": steps})
    share = {"to": {"kind": "group", "id": "3"}, "level": "edit"}
    answer = preview(client, kind="share", noun="thing", id="1", **share).json()
    assert [each["account_id"] for each in answer["people"]] == ["2"]
    nouns = answer["people"][0]["nouns"]
    assert [(each["level"], each["gains"]["count"], each["loses"]["count"]) for each in nouns] == [
        ("view", 1, 0), ("edit", 1, 0),
    ]  # fmt: skip
    assert nouns[0]["gains"]["samples"] == [{"id": "1", "title": "云图"}]
    assert asked.seen("echo.preview_share")[0].kwargs == {
        "noun": "thing", "record_id": "1", "people": ["signed", "signed"], "share": share,
    }  # fmt: skip
