"""The event feed as server-sent events (W-2): taken up again without a gap, and ended where it may not go on."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import FakeServices, Refused, Request, eventually
from tests.gateway.feeds import Published_
from tests.gateway.identity import bearer

from gateway.edge import tokens
from gateway.views import event_stream

URL = "/v1/events/stream"


def blocks(text: str) -> list[dict[str, str]]:
    """Return what a stream says, block by block; a comment is called nothing."""
    assert text.endswith("\n\n")
    lines = [block.split("\n") for block in text.removesuffix("\n\n").split("\n\n")]
    return [dict(line.split(": ", 1) for line in block) for block in lines]


def stream(client: TestClient, last: str | None = None, **query: Any) -> list[dict[str, str]]:
    headers = {} if last is None else {"Last-Event-ID": last}
    answer = client.get(URL, params={"wait": 0, **query}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-store", "no")
    return blocks(answer.text)


def told(found: list[dict[str, str]]) -> list[str]:
    """Return the ids of the events."""
    return [json.loads(block["data"])["id"] for block in found if "data" in block]


def refused(_request: Request) -> None:
    """Answer that a session has ended."""
    raise Refused(kind="forbidden", code="session-ended", detail="")


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a stream say often that it lives."""
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.02)


def test_it_tells_what_the_feed_tells(client: TestClient, published: Published_) -> None:
    sent = [published["sales"].add("lead.created", 1), published["echo"].add("thing.made", 2)]
    found = stream(client, after="beginning")
    assert found[0] == {"retry": "2000"}
    assert told(found) == sent
    assert json.loads(found[1]["data"]) == published["sales"].events[0]


def test_it_goes_on_behind_every_event_without_a_gap_or_a_double(
    client: TestClient, published: Published_
) -> None:
    """The cursor behind each, also in the midst of a page, and over what may not be seen."""
    for second in range(6):
        published["sales"].add("lead.created", second)
        published[("echo", "identity")[second % 2]].add("thing.made", second)
    published["sales"].hidden = {2, 6}
    whole = [block for block in stream(client, after="beginning") if "data" in block]
    assert len(whole) == 10
    for place, block in enumerate(whole):
        assert told(stream(client, block["id"], after="beginning")) == told(whole[place + 1 :])
    assert told(stream(client, after=whole[3]["id"])) == told(whole[4:])
    page = client.get("/v1/events", params={"after": whole[3]["id"]}).json()
    assert [event["id"] for event in page["items"]] == told(whole[4:])


def test_it_begins_now_and_says_at_once_where_that_is(client: TestClient, published: Published_) -> None:
    """Whoever is cut before the first event has a place to go on from."""
    published["sales"].add("lead.created", 1)
    opening, place = stream(client)
    assert (opening, place.keys()) == ({"retry": "2000"}, {"id"})
    sent = published["sales"].add("lead.created", 2)
    assert told(stream(client, place["id"])) == [sent]


def test_a_place_beyond_what_is_not_shown_is_told_too(client: TestClient, published: Published_) -> None:
    published["sales"].hidden = {1}
    published["sales"].add("lead.created", 1)
    found = stream(client, after="beginning")
    assert told(found) == [] and "id" in found[-1]
    asked = len(stream(client, found[-1]["id"]))
    assert asked == 1


def test_it_takes_types_and_records(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    published["sales"].add("lead.created", 1)
    sent = published["sales"].add("opportunity.won", 2)
    subject = "01936f3a-7c00-7000-8000-000000000001"
    assert told(stream(client, after="beginning", types="opportunity.*", subject=subject)) == [sent]
    assert services.seen("sales.read_events")[-1].kwargs["subjects"] == [subject]


def test_who_asks_for_the_headers_alone_has_them_at_once_and_holds_no_place(
    start_gateway: StartGateway, services: FakeServices, published: Published_
) -> None:
    """(W-2) A monitor asks so; nothing would ever end what it waits for."""
    client = start_gateway(headers=bearer(), waiting_limit=1)
    for _ in range(2):
        answer = client.head(URL)
        assert (answer.status_code, answer.text) == (200, "")
        assert answer.headers["content-type"].startswith("text/event-stream")
    assert client.head("/v1/events", params={"wait": 60}).status_code == 200
    assert client.head(URL, params={"types": ""}).status_code == 422
    assert told(stream(client)) == []


def test_news_come_as_they_happen_until_the_session_ends(
    start_gateway: StartGateway, services: FakeServices, published: Published_, aside: ThreadPoolExecutor
) -> None:
    client = start_gateway(headers=bearer())
    answer = aside.submit(stream, client, wait=60)
    eventually(lambda: services.seen("sales.read_events"))
    sent = published["sales"].add("lead.created", 1)
    services.publish_news("sales", "lead.created", 1)
    eventually(lambda: len(services.seen("sales.read_events")) >= 2)
    services.on("identity.resolve_session", refused)
    services.publish("session.revoked", {"session_id": None, "account_id": None})
    eventually(lambda: client.get("/v1/me").status_code == 401)
    published["sales"].add("lead.created", 2)
    services.publish_news("sales", "lead.created", 2)
    assert told(answer.result(20)) == [sent]


def test_a_session_that_ends_in_silence_ends_the_stream_with_the_next_heartbeat(
    start_gateway: StartGateway,
    services: FakeServices,
    published: Published_,
    aside: ThreadPoolExecutor,
    often: None,
) -> None:
    client = start_gateway(headers=bearer(), session_ttl=0.0, session_grace=0.0)
    answer = aside.submit(client.get, URL)
    eventually(lambda: len(services.seen("identity.resolve_session")) > 3)
    services.on("identity.resolve_session", refused)
    assert re.search(r"^: \n\n", answer.result(20).text, re.MULTILINE)


def test_it_ends_with_the_access_token(
    client: TestClient,
    services: FakeServices,
    published: Published_,
    aside: ThreadPoolExecutor,
    often: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page renews its token and goes on; nobody listens by one that has run out."""
    answer = aside.submit(stream, client, wait=3600)
    eventually(lambda: services.seen("sales.read_events"))
    later = SimpleNamespace(time=lambda: time.time() + 1000, monotonic=time.monotonic)
    monkeypatch.setattr(tokens, "time", later)
    assert told(answer.result(20)) == []


def test_a_gap_is_told_and_the_place_behind_it(client: TestClient, published: Published_) -> None:
    store = published["sales"]
    for second in range(3):
        store.add("lead.created", second)
    [first, *_] = [block for block in stream(client, after="beginning") if "data" in block]
    store.first = 3
    *_, gap = stream(client, first["id"])
    assert gap["event"] == "cursor-expired"
    problem = json.loads(gap["data"])
    assert (problem["status"], problem["code"]) == (410, "cursor-expired")
    assert problem["gaps"] == [{"service": "sales", "from": 2, "to": 2}]
    assert problem["next"] == gap["id"]
    assert told(stream(client, gap["id"])) == ["sales-3"]


def test_where_now_is_has_to_be_known(
    client: TestClient, services: FakeServices, published: Published_
) -> None:
    services.stop("sales")
    answer = client.get(URL, params={"wait": 0})
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")


def test_a_stream_is_one_of_the_requests_that_wait(
    start_gateway: StartGateway, services: FakeServices, published: Published_, aside: ThreadPoolExecutor
) -> None:
    client = start_gateway(headers=bearer(), waiting_limit=1)
    answer = aside.submit(stream, client, wait=60, types="lead.*", after="beginning")
    eventually(lambda: services.seen("sales.read_events"))
    second = client.get(URL)
    assert (second.status_code, second.json()["code"]) == (429, "too-many-waiting")
    services.on("identity.resolve_session", refused)
    services.publish("session.revoked", {"session_id": None, "account_id": None})
    published["sales"].add("lead.created", 1)
    eventually(lambda: client.get("/v1/me").status_code == 401)
    services.publish_news("sales", "lead.created", 1)
    assert told(answer.result(20)) == []


@pytest.mark.parametrize(
    ("query", "last", "status", "code"),
    [
        ({}, "nonsense", 400, "invalid-cursor"),
        ({"after": "nonsense"}, None, 400, "invalid-cursor"),
        ({"types": "***"}, None, 422, "invalid-input"),
        ({"since": "2026-11-22T08:00:00Z"}, None, 422, "invalid-input"),
        ({"wait": 3601}, None, 422, "invalid-input"),
    ],
)
def test_what_cannot_be_streamed_is_a_problem(
    client: TestClient, published: Published_, query: dict[str, Any], last: str | None, status: int, code: str
) -> None:
    headers = {} if last is None else {"Last-Event-ID": last}
    answer = client.get(URL, params=query, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nobody_is_streamed_to_without_a_token(anonymous: TestClient) -> None:
    answer = anonymous.get(URL)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing-token")
