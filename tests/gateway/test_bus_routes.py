"""The operators' routes and the process trace's waiting and failed steps."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway import identity
from tests.gateway.fakes import FakeServices, Refused, Request

EVENT = "0192a4e0-0000-7000-8000-000000000001"
PROCESS = "0192a4e0-1111-7000-8000-000000000001"


@pytest.fixture
def two(services: FakeServices) -> FakeServices:
    """Sales owns, echo follows; identity has no bus to tell of."""
    services.start("sales")
    services.on("sales.describe_bus", description("sales", owner=None, restates=["lead.converted"]))
    services.on("echo.describe_bus", description("echo", owner="sales"))
    return services


def description(
    service: str, owner: str | None, restates: tuple[str, ...] | list[str] = ()
) -> dict[str, Any]:
    listens = [{"source": "sales", "type": "lead.converted"}] if service == "echo" else []
    side = {"kind": "converted-leads", "owner": owner, "restated_by": [], "copy": False}
    return {"service": service, "audits": [side], "listens": listens, "restates": list(restates)}


def refuse(_request: Request) -> None:
    raise Refused(kind="forbidden", code="permission-required", detail="This needs bus.operate.")


def test_the_state_of_the_bus_lists_who_is_away(client: TestClient, two: FakeServices) -> None:
    answer = client.get("/v1/bus").json()["services"]
    states = {each["service"]: each.get("unavailable", False) for each in answer}
    assert states["sales"] is False and states["echo"] is False and states["identity"] is True
    assert "nameko.caller" in two.seen("sales.describe_bus")[0].headers


def test_who_may_not_operate_is_refused(client: TestClient, two: FakeServices) -> None:
    for operation in ("describe_bus", "list_failed_events", "redrive_event"):
        two.on(f"sales.{operation}", refuse)
    assert client.get("/v1/bus").status_code == 403
    assert client.get("/v1/bus/parked?service=sales").status_code == 403
    assert client.get("/v1/bus/audit").status_code == 403
    assert client.post(f"/v1/bus/parked/sales/{EVENT}/redrive").status_code == 403


def test_nobody_operates_without_signing_in(anonymous: TestClient, two: FakeServices) -> None:
    assert anonymous.get("/v1/bus").status_code == 401
    assert anonymous.post(f"/v1/bus/parked/sales/{EVENT}/redrive").status_code == 401


def test_parked_events_of_all_services_stand_in_one_list(client: TestClient, two: FakeServices) -> None:
    two.on("sales.list_failed_events", {"items": [], "next": None})
    two.on("echo.list_failed_events", {"items": [{"event_id": EVENT, "error": "ValueError"}], "next": None})
    answer = client.get("/v1/bus/parked").json()
    assert answer["items"] == [{"service": "echo", "event_id": EVENT, "error": "ValueError"}]
    assert "identity" in answer["unavailable"]


def test_redriving_and_discarding_reach_the_service(client: TestClient, two: FakeServices) -> None:
    two.on("echo.redrive_event", {"event_id": EVENT, "state": "redriven"})
    two.on("echo.discard_event", {"event_id": EVENT, "state": "discarded"})
    assert client.post(f"/v1/bus/parked/echo/{EVENT}/redrive").json()["state"] == "redriven"
    answer = client.post(f"/v1/bus/parked/echo/{EVENT}/discard", json={"reason": "a test"})
    assert answer.json()["state"] == "discarded"
    assert two.seen("echo.discard_event")[0].kwargs == {"event_id": EVENT, "reason": "a test"}
    assert client.post(f"/v1/bus/parked/echo/{EVENT}/discard", json={}).status_code == 422
    assert client.post(f"/v1/bus/parked/nobody/{EVENT}/redrive").status_code == 404


def test_all_parked_events_of_a_service_are_redriven_batch_by_batch(
    client: TestClient, two: FakeServices
) -> None:
    two.on("echo.describe_bus", {**description("echo", owner="sales"), "failed": {"parked": 103}})
    batches = iter([{"redriven": 100}, {"redriven": 3}])
    two.on("echo.redrive_parked_events", lambda _request: next(batches))
    answer = client.post("/v1/bus/parked/echo/redrive", json={"types": ["lead.converted"]})
    assert (answer.status_code, answer.json()) == (200, {"redriven": 103})
    assert [asked.kwargs for asked in two.seen("echo.redrive_parked_events")] == [
        {"types": ["lead.converted"]}
    ] * 2


def test_what_is_parked_anew_meanwhile_does_not_keep_redriving_going(
    client: TestClient, two: FakeServices
) -> None:
    two.on("echo.describe_bus", {**description("echo", owner="sales"), "failed": {"parked": 2}})
    two.on("echo.redrive_parked_events", {"redriven": 2})
    assert client.post("/v1/bus/parked/echo/redrive").json() == {"redriven": 2}


def test_parked_events_of_one_service_come_page_by_page(client: TestClient, two: FakeServices) -> None:
    two.on("echo.list_failed_events", {"items": [], "next": EVENT})
    assert client.get("/v1/bus/parked?service=echo").json()["next"] == EVENT
    client.get(f"/v1/bus/parked?service=echo&after={EVENT}")
    assert two.seen("echo.list_failed_events")[1].kwargs["after"] == EVENT


def test_a_replay_goes_through_its_pages_with_one_id(client: TestClient, two: FakeServices) -> None:
    pages = iter(
        [{"sent": 200, "next": 200, "kept_since": None}, {"sent": 3, "next": None, "kept_since": None}]
    )
    two.on("sales.replay_events", lambda _request: next(pages))
    answer = client.post("/v1/bus/sales/replay", json={"consumer": "echo", "again": True}).json()
    assert (answer["sent"], answer["next"]) == (203, None)
    first, second = two.seen("sales.replay_events")
    assert first.kwargs["types"] == ["lead.converted"]
    assert first.kwargs["replay_id"] == second.kwargs["replay_id"] == answer["replay_id"] is not None
    assert (first.kwargs["after"], second.kwargs["after"]) == (0, 200)


def test_what_nobody_listens_to_is_not_replayed(client: TestClient, two: FakeServices) -> None:
    answer = client.post("/v1/bus/sales/replay", json={"consumer": "echo", "types": ["lead.created"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "not-listened-to")


def test_a_rebuild_tells_page_after_page(client: TestClient, two: FakeServices) -> None:
    pages = iter([{"sent": 200, "next": EVENT}, {"sent": 1, "next": None}])
    two.on("sales.restate_records", lambda _request: next(pages))
    answer = client.post("/v1/bus/sales/rebuild", json={"consumer": "echo"})
    assert [json.loads(line)["sent"] for line in answer.text.splitlines()] == [200, 1]
    assert not two.seen("echo.empty_copies")


def test_a_copy_is_emptied_only_if_asked(client: TestClient, two: FakeServices) -> None:
    two.on("sales.restate_records", {"sent": 1, "next": None})
    two.on("echo.empty_copies", {"dropped": 5})
    client.post("/v1/bus/sales/rebuild", json={"consumer": "echo", "from_empty": True})
    assert two.seen("echo.empty_copies")[0].kwargs == {"source": "sales"}


def test_the_audit_looks_twice_and_ends_with_a_count(client: TestClient, two: FakeServices) -> None:
    row = {"id": EVENT, "changed_at": None, "figures": {"amount": "1.00"}}
    two.on("sales.tell_audit_rows", {"rows": [row], "next": None})
    difference = {"id": EVENT, "problem": "missing", "owner": row["figures"], "follower": None}
    two.on("echo.compare_audit_rows", {"differences": [difference], "compared_to": None})
    lines = [json.loads(line) for line in client.get("/v1/bus/audit?grace=0").text.splitlines()]
    assert (lines[0]["audit"], lines[0]["service"], lines[0]["problem"]) == (
        "converted-leads", "echo", "missing",
    )  # fmt: skip
    assert lines[-1]["differences"] == 1 and "identity" in lines[-1]["unavailable"]
    assert two.seen("echo.compare_audit_rows")[1].kwargs["ids"] == [EVENT]


def step(service: str, kind: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {
        "service": service, "at": "2026-11-22T08:00:00Z", "kind": kind, "name": "lead.converted", "subject": None,
        "outcome": outcome, "duration_ms": None, "detail": "", "event_id": EVENT, **more,
    }  # fmt: skip


def trace(client: TestClient) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = client.get(f"/v1/processes/{PROCESS}").json()["steps"]
    return answer


def test_the_trace_shows_who_has_yet_to_handle_an_event(client: TestClient, two: FakeServices) -> None:
    published = step("sales", "event_published", "published")
    two.on("sales.describe_process", {"steps": [published], "listens": []})
    two.on("echo.describe_process", {"steps": [], "listens": ["sales:lead.converted"]})
    awaited = [each for each in trace(client) if each["kind"] == "event_awaited"]
    assert [(each["service"], each["outcome"]) for each in awaited] == [("echo", "waiting")]
    handled = step("echo", "event_handled", "ok")
    two.on("echo.describe_process", {"steps": [handled], "listens": ["sales:lead.converted"]})
    assert "event_awaited" not in {each["kind"] for each in trace(client)}


def permitting(**permissions: str) -> Any:
    """Return how identity answers for a caller with some permissions."""
    return lambda request: {**identity.caller(request), "permissions": permissions}


@pytest.mark.parametrize("permissions", [{}, {"process.read": "all"}, {"bus.operate": "own"}])
def test_nobody_but_operators_is_told_how_a_parked_step_is_retried(
    client: TestClient, two: FakeServices, permissions: dict[str, str]
) -> None:
    """(W-2) What it leads to would refuse them."""
    two.on("identity.resolve_session", permitting(**permissions))
    two.on("sales.describe_process", {"steps": [], "listens": []})
    two.on("echo.describe_process", {"steps": [step("echo", "event_failed", "parked")], "listens": []})
    assert [each.get("retry") for each in trace(client)] == [None]


def test_a_parked_step_can_be_retried_from_the_trace(client: TestClient, two: FakeServices) -> None:
    two.on("identity.resolve_session", permitting(**{"bus.operate": "all"}))
    published = step("sales", "event_published", "published")
    two.on("sales.describe_process", {"steps": [published], "listens": []})
    failed = step("echo", "event_failed", "parked", tries=6, next_try_at=None)
    two.on("echo.describe_process", {"steps": [failed], "listens": ["sales:lead.converted"]})
    [parked] = [each for each in trace(client) if each["kind"] == "event_failed"]
    assert (parked["tries"], parked["retry"]) == (6, f"/v1/bus/parked/echo/{EVENT}/redrive")
    two.on("echo.redrive_event", {"event_id": EVENT, "state": "redriven"})
    assert client.post(parked["retry"]).status_code == 200


def test_mending_has_the_owner_tell_again_what_differs_and_says_so(
    client: TestClient, two: FakeServices
) -> None:
    owning = description("sales", owner=None)
    owning["audits"][0]["restated_by"] = ["lead.converted"]
    two.on("sales.describe_bus", owning)
    two.on("sales.tell_audit_rows", {"rows": [], "next": None})
    difference = {"id": EVENT, "problem": "missing", "owner": {}, "follower": None}
    two.on("echo.compare_audit_rows", {"differences": [difference], "compared_to": None})
    two.on("sales.restate_records", {"sent": 1, "next": None})
    lines = [json.loads(line) for line in client.post("/v1/bus/audit/mend?grace=0").text.splitlines()]
    assert lines[0]["mending"] == "sales sent 1 lead.converted to echo"
    assert two.seen("sales.restate_records")[0].kwargs["ids"] == [EVENT]
    client.get("/v1/bus/audit?grace=0")
    assert len(two.seen("sales.restate_records")) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/bus/echo/replay"),
        ("POST", f"/v1/bus/parked/echo/{EVENT}/discard"),
        ("GET", "/v1/bus/audit?grace=x"),
        ("GET", "/v1/events?limit=0"),
    ],
)
def test_whoever_is_not_signed_in_learns_nothing_of_the_input(
    anonymous: TestClient, method: str, path: str
) -> None:
    """The caller is admitted before the input is looked at."""
    answer = anonymous.request(method, path, json={} if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing-token")


def test_an_operators_body_with_another_name_or_too_many_types_is_refused(client: TestClient) -> None:
    """(M-2)"""
    for body, field in (
        ({"consumer": "sales", "caller": "x"}, "caller"),
        ({"consumer": "sales", "types": ["a.b"] * 51}, "types"),
    ):
        answer = client.post("/v1/bus/echo/replay", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
