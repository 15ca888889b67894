"""The event feed over HTTP: the order, the cursor, and where it begins."""

import base64
import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import HANG, FakeServices, Refused, Request
from tests.gateway.feeds import SERVICES, Published_, feed, ids


def cursor_of(**positions: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(positions).encode()).decode().rstrip("=")


def test_events_of_all_services_come_in_the_order_of_time(client: TestClient, published: Published_) -> None:
    first = published["sales"].add("lead.created", 1)
    second = published["echo"].add("thing.changed", 2)
    third = published["sales"].add("lead.converted", 3)
    page = feed(client)
    assert ids(page) == [first, second, third]
    assert page["unavailable"] == []
    assert ids(feed(client, after=page["next"])) == []


def test_a_clock_that_went_back_does_not_change_the_order_of_a_service(
    client: TestClient, published: Published_
) -> None:
    sent = [published["sales"].add("lead.created", second) for second in (5, 2, 7)]
    published["echo"].add("thing.changed", 3)
    found = ids(feed(client))
    assert [event for event in found if event.startswith("sales")] == sent
    assert len(found) == 4


def test_pages_of_any_size_give_every_event_once(client: TestClient, published: Published_) -> None:
    for second in range(20):
        published[SERVICES[second % 3]].add("thing.changed", second)
    for limit in (1, 3, 7, 500):
        found: list[str] = []
        cursor = "beginning"
        while page := feed(client, after=cursor, limit=limit):
            if not page["items"]:
                break
            found += ids(page)
            cursor = page["next"]
        expected = sorted(
            (event for store in published.values() for event in store.events), key=lambda e: e["time"]
        )
        assert found == [event["id"] for event in expected]


def test_the_caller_and_the_types_go_to_the_services(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    wanted = published["sales"].add("lead.created", 1)
    published["sales"].add("opportunity.won", 2)
    assert ids(feed(client, types="lead.*,thing.changed", limit=7)) == [wanted]
    request = services.seen("sales.read_events")[-1]
    assert request.kwargs == {"after": "beginning", "types": ["lead.*", "thing.changed"], "limit": 7}
    assert "thing.read" in request.headers["nameko.caller"]


def test_a_service_that_is_down_keeps_its_place_and_nothing_is_skipped(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    early = [published["sales"].add("lead.created", 1), published["echo"].add("thing.changed", 2)]
    page = feed(client)
    assert ids(page) == early
    services.stop("sales")
    missed = published["sales"].add("lead.created", 3)
    other = published["echo"].add("thing.changed", 4)
    page = feed(client, after=page["next"])
    assert (ids(page), page["unavailable"]) == ([other], ["sales"])
    services.start("sales")
    page = feed(client, after=page["next"])
    assert (ids(page), page["unavailable"]) == ([missed], [])


def test_a_service_that_was_down_from_the_first_is_read_from_its_oldest_event(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    services.on("sales.read_events", HANG)
    sent = published["sales"].add("lead.created", 1)
    page = feed(client)
    assert (ids(page), page["unavailable"]) == ([], ["sales"])
    services.on("sales.read_events", published["sales"].read)
    assert ids(feed(client, after=page["next"])) == [sent]


def test_a_service_that_does_not_know_the_feed_yet_counts_as_unavailable(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    def refuse(_request: Request) -> None:
        raise Refused(kind="invalid", code="unknown-operation", detail="")

    services.on("sales.read_events", refuse)
    assert feed(client)["unavailable"] == ["sales"]


def test_a_service_that_answers_with_events_of_another_is_not_shown(
    client: TestClient, published: Published_
) -> None:
    """(M-5) Whoever reads the feed goes by an event's source."""
    shown = published["echo"].add("thing.changed", 1)
    published["sales"].add("lead.created", 2)
    published["sales"].events[0]["source"] = "/kehu/identity"
    page = feed(client)
    assert (ids(page), page["unavailable"]) == ([shown], ["sales"])
    published["sales"].events[0]["source"] = "/kehu/sales"
    assert ids(feed(client, after=page["next"])) == ["sales-1"]


def test_the_end_is_after_everything_published_so_far(client: TestClient, published: Published_) -> None:
    published["sales"].add("lead.created", 1)
    page = feed(client, after="end")
    assert ids(page) == []
    later = published["sales"].add("lead.created", 2)
    assert ids(feed(client, after=page["next"])) == [later]


def test_the_end_cannot_be_told_while_a_service_is_away(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    services.stop("sales")
    answer = client.get("/v1/events?after=end")
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")
    assert "retry-after" in answer.headers


def test_a_cursor_older_than_what_is_kept_says_what_is_missing_and_how_to_go_on(
    client: TestClient, published: Published_
) -> None:
    sent = [published["sales"].add("lead.created", second) for second in range(6)]
    other = published["echo"].add("thing.changed", 9)
    cursor = feed(client, limit=2)["next"]
    published["sales"].first = 5
    answer = client.get("/v1/events", params={"after": cursor})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (410, "cursor-expired")
    assert problem["gaps"] == [{"service": "sales", "from": 3, "to": 4}]
    assert ids(feed(client, after=problem["next"])) == [*sent[4:], other]


def test_a_cursor_at_the_edge_of_what_is_kept_still_works(client: TestClient, published: Published_) -> None:
    sent = [published["sales"].add("lead.created", second) for second in range(4)]
    cursor = feed(client, limit=2)["next"]
    published["sales"].first = 3
    assert ids(feed(client, after=cursor)) == sent[2:]


def test_a_cursor_ahead_of_a_restored_service_is_refused(client: TestClient, published: Published_) -> None:
    published["sales"].add("lead.created", 1)
    answer = client.get("/v1/events", params={"after": cursor_of(sales=40)})
    assert (answer.status_code, answer.json()["gaps"]) == (410, [{"service": "sales", "from": 2, "to": 40}])


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!", "北京", cursor_of(sales="1"), cursor_of(sales=-1), cursor_of(sales=True), cursor_of(sales=10**19),
     cursor_of(**{"a b": 1}), base64.b64encode(b"[1]").decode(), base64.b64encode(b"{}").decode() * 3000],
)  # fmt: skip
def test_a_malformed_cursor_is_refused(client: TestClient, published: Published_, cursor: str) -> None:
    answer = client.get("/v1/events", params={"after": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


def test_a_cursor_keeps_the_place_of_a_service_that_this_gateway_does_not_know(
    client: TestClient, published: Published_
) -> None:
    cursor = feed(client, after=cursor_of(warehouse=7))["next"]
    assert json.loads(base64.urlsafe_b64decode(cursor + "=="))["warehouse"] == 7


@pytest.mark.parametrize(
    "query", [{"types": ""}, {"types": " , ,"},
     {"limit": "0"}, {"limit": "501"}, {"wait": "61"}, {"wait": "-1"}, {"wait": "nan"}, {"types": "a b"},
     {"types": ",".join("a" * 51)}, {"types": "a*b*c*"}, {"types": "*" * 60}],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(
    client: TestClient, published: Published_, query: dict[str, str]
) -> None:
    answer = client.get("/v1/events", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert answer.json()["errors"][0]["field"] == next(iter(query))
    assert answer.json()["detail"]


def test_the_feed_needs_a_signed_in_caller(anonymous: TestClient) -> None:
    assert anonymous.get("/v1/events").status_code == 401


def test_what_may_not_be_seen_is_passed_over_until_something_may(
    client: TestClient, published: Published_
) -> None:
    store = published["sales"]
    store.examined = 2
    for second in range(9):
        store.add("lead.created", second)
    store.hidden = set(range(1, 9))
    assert ids(feed(client)) == ["sales-9"]


def test_it_begins_at_a_time(client: TestClient, published: Published_) -> None:
    """(K-9)"""
    sent = [published["sales"].add("lead.created", second) for second in range(6)]
    page = feed(client, since="2026-11-22T16:00:03+08:00", limit=2)
    assert ids(page) == sent[3:5]
    assert ids(feed(client, after=page["next"])) == sent[5:]
    assert ids(feed(client, since="2026-11-23T00:00:00Z")) == []


def test_a_time_from_which_on_not_all_is_kept_is_told(client: TestClient, published: Published_) -> None:
    """(K-9) It is a gap, as with a cursor."""
    sent = [published["sales"].add("lead.created", second) for second in range(6)]
    published["sales"].first = 5
    answer = client.get("/v1/events", params={"since": "2026-11-22T08:00:02Z"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (410, "cursor-expired")
    assert problem["gaps"] == [{"service": "sales", "from": 1, "to": 4}]
    assert ids(feed(client, after=problem["next"])) == sent[4:]
    assert ids(feed(client, since="2026-11-22T08:00:05Z")) == sent[5:]


def test_events_of_some_records_only_are_asked_for(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    """(K-9)"""
    subject = "01936f3a-7c00-7000-8000-000000000001"
    feed(client, subject=f"{subject}, {subject.upper()}")
    assert services.seen("sales.read_events")[-1].kwargs["subjects"] == [subject, subject]


@pytest.mark.parametrize(
    "query", [{"subject": ""}, {"subject": " ,"}, {"since": "2026-11-22T08:00Z"}, {"since": "20261122T080000Z"},
              {"since": "2026-W47-7T08:00:00Z"}, {"subject": "x"}, {"since": "yesterday"}, {"since": "0"},
              {"since": "1795673058"}, {"since": "0001-01-01T00:00:00Z"}, {"since": "9999-12-31T23:59:59-23:59"},
              {"types": ["contract.*", "lead.*"]}, {"limit": ["1", "5"]}, {"since": "2026-11-22T08:00:00"},
              {"since": "2026-11-22T08:00:00Z", "after": "end"}]
)  # fmt: skip
def test_a_beginning_or_a_record_that_is_none_is_refused(client: TestClient, query: dict[str, str]) -> None:
    """(K-9)"""
    answer = client.get("/v1/events", params=query)
    assert (answer.status_code, answer.json()["code"]) in ((400, "invalid-input"), (422, "invalid-input"))
    assert answer.json()["errors"][0]["field"] in query


def test_a_reader_is_told_how_far_it_is_behind(client: TestClient, published: Published_) -> None:
    """(K-9) Also of what it may not see: the end is the same for everybody."""
    for second in range(6):
        published["sales"].add("lead.created", second)
    page = feed(client, limit=2)
    assert page["lag"]["events"] == 4 and page["lag"]["seconds"] > 0
    page = feed(client, after=page["next"])
    assert page["lag"] == {"events": 0, "seconds": 0.0}
