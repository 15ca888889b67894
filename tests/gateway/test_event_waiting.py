"""Requests for events that wait until there are some."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import FakeServices, Refused, Request, eventually
from tests.gateway.feeds import SERVICES, Published_, feed, ids
from tests.gateway.identity import a_token, bearer


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def waiting(
    client: TestClient, services: FakeServices, aside: ThreadPoolExecutor
) -> Callable[..., Future[dict[str, Any]]]:
    """Begin a request that waits, and return when every service has been asked for it."""

    def begin(**query: Any) -> Future[dict[str, Any]]:
        running = [name for name in SERVICES if services.runs(name)]
        before = {name: len(services.seen(f"{name}.read_events")) for name in running}
        answer = aside.submit(feed, client, **{"wait": 60, **query})
        eventually(lambda: all(len(services.seen(f"{name}.read_events")) > before[name] for name in running))
        return answer

    return begin


Waiting = Callable[..., Future[dict[str, Any]]]


def test_a_request_that_waits_is_woken_by_an_event(
    services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    answer = waiting()
    sent = published["sales"].add("lead.created", 1)
    services.publish_news("sales", "lead.created", 1)
    assert ids(answer.result(20)) == [sent]


def test_an_account_has_a_limit_of_requests_that_wait_and_others_are_not_held_up(
    services: FakeServices,
    published: Published_,
    start_gateway: StartGateway,
    aside: ThreadPoolExecutor,
) -> None:
    """(M-1)"""
    client = start_gateway(waiting_limit=1, headers=bearer())
    answer = aside.submit(feed, client, wait=60)
    eventually(lambda: services.seen("sales.read_events"))
    refused = client.get("/v1/events?wait=60", headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-waiting")
    assert refused.json()["detail"].startswith("An account has 1 requests waiting at a gateway at most")
    assert int(refused.headers["retry-after"]) > 0
    assert client.get("/v1/events").status_code == 200
    other = bearer(a_token(sub="0192a4e0-0000-7000-8000-0000000000ff", sid="another"))
    assert client.get("/v1/events?wait=0.01", headers=other).status_code == 200
    sent = published["sales"].add("lead.created", 1)
    services.publish_news("sales", "lead.created", 1)
    assert ids(answer.result(20)) == [sent]
    assert client.get("/v1/events?wait=0.01").status_code == 200


def test_an_event_heard_before_its_service_can_show_it_is_waited_for(
    services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    answer = waiting()
    store = published["sales"]
    store.not_noted = 1
    sent = store.add("lead.created", 1)
    services.publish_news("sales", "lead.created", f"{1:019d}")
    eventually(lambda: len(services.seen("sales.read_events")) >= 4)
    assert not answer.done()
    store.not_noted = 0
    assert ids(answer.result(20)) == [sent]


def test_only_the_service_that_was_heard_of_is_asked_again(
    services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    answer = waiting(types="lead.*")
    services.publish_news("echo", "thing.changed", 1)  # Not wanted: nobody is asked for it.
    published["sales"].add("lead.created", 1)
    services.publish_news("sales", "lead.created", 1)
    answer.result(20)
    assert len(services.seen("echo.read_events")) == 1
    assert len(services.seen("sales.read_events")) >= 2


def test_an_event_that_may_not_be_seen_does_not_end_the_waiting(
    services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    answer = waiting()
    store = published["sales"]
    store.hidden = {1}
    store.add("lead.created", 1)
    services.publish_news("sales", "lead.created", 1)
    eventually(lambda: len(services.seen("sales.read_events")) == 2)
    assert not answer.done()
    sent = store.add("lead.created", 2)
    services.publish_news("sales", "lead.created", 2)
    assert ids(answer.result(20)) == [sent]


def test_an_event_whose_number_cannot_be_read_still_wakes(
    services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    answer = waiting()
    sent = published["sales"].add("lead.created", 1)
    services.publish_news("sales", "lead.created", "one")
    assert ids(answer.result(20)) == [sent]


def test_a_service_that_comes_back_is_asked_by_those_who_wait(
    services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    services.stop("sales")
    sent = published["sales"].add("lead.created", 1)
    answer = waiting()
    services.start("sales")
    page = answer.result(20)
    assert (ids(page), page["unavailable"]) == ([sent], [])


def test_waiting_ends_with_an_empty_page(client: TestClient, published: Published_) -> None:
    page = feed(client, wait=0.2)
    assert (page["items"], page["unavailable"]) == ([], [])


def test_a_session_that_ends_while_it_waits_sees_nothing_more(
    client: TestClient, services: FakeServices, published: Published_, waiting: Waiting
) -> None:
    answer = waiting()

    def ended(_request: Request) -> None:
        raise Refused(kind="forbidden", code="session-ended", detail="")

    services.on("identity.resolve_session", ended)
    asked = len(services.seen("sales.read_events"))
    services.publish("session.revoked", {"session_id": None, "account_id": None})
    eventually(lambda: client.get("/v1/me").status_code == 401)
    published["sales"].add("lead.created", 1)
    services.publish_news("sales", "lead.created", 1)
    assert answer.result(20)["items"] == []
    assert len(services.seen("sales.read_events")) == asked


def test_a_worker_that_is_told_to_stop_lets_those_go_who_wait(
    published: Published_, waiting: Waiting
) -> None:
    from gateway import leaving

    answer = waiting()
    leaving.leave()
    assert answer.result(20)["items"] == []


def test_waiting_does_not_count_as_slowness(start_gateway: StartGateway, published: Published_) -> None:
    client = start_gateway(headers=bearer())
    before, began = seconds_counted(client), time.monotonic()
    feed(client, wait=5)
    # Asking the services takes 3 s at the most, the rest of the five seconds is spent waiting.
    assert time.monotonic() - began - (seconds_counted(client) - before) > 0.5


def seconds_counted(client: TestClient) -> float:
    """Return the seconds that the gateway says it has spent on the feed."""
    name = 'kehu_http_requests_seconds_sum{method="GET",route="/v1/events",status="200"}'
    found = [line for line in client.get("/metrics").text.splitlines() if line.startswith(name)]
    return float(found[0].split()[-1]) if found else 0.0
