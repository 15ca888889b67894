"""What clients see when services or the broker go away, and that it comes back by itself."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import AMQP_URL, StartGateway
from tests.gateway.fakes import HANG, Cable, FakeServices, eventually
from tests.gateway.identity import bearer
from yarl import URL

from gateway.bus import Bus
from gateway.errors import Problem
from gateway.settings import Settings

THING = {"id": "1", "version": 1}


@pytest.fixture
def cable() -> Iterator[Cable]:
    url = URL(AMQP_URL)
    cable = Cable(url.host or "127.0.0.1", url.port or 5672)
    yield cable
    cable.close()


@pytest.fixture
def wired(cable: Cable, start_gateway: StartGateway, services: FakeServices) -> TestClient:
    """A gateway whose way to the broker leads through the cable."""
    services.on("echo.get_thing", THING)
    url = str(URL(AMQP_URL).with_host("127.0.0.1").with_port(cable.port))
    client = start_gateway(amqp_url=url, headers=bearer())
    assert client.get("/v1/things/1").status_code == 200
    return client


def test_a_stopped_service_is_a_503_at_once(client: TestClient, services: FakeServices) -> None:
    services.stop("echo")
    answer = client.get("/v1/things/1")
    # One that was waited for in vain would be a `service-timeout`.
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")
    assert int(answer.headers["retry-after"]) > 0
    services.on("echo.get_thing", THING)
    services.start("echo")
    assert client.get("/v1/things/1").status_code == 200


def test_a_call_to_a_service_that_dies_meanwhile_is_not_left_waiting(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    """R1. Its request goes with the queue, and nothing else would say so."""
    client = start_gateway(rpc_timeout=60.0, headers=bearer())
    services.on("echo.get_thing", HANG)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(client.get, "/v1/things/1", headers={"Accept-Language": "en"}) for _ in range(4)]
        eventually(lambda: len(services.seen("echo.get_thing")) == 4)
        eventually(lambda: services.asked_after["echo"])
        services.stop("echo")
        answers = [call.result() for call in calls]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["code"] for answer in answers} == {"service-unavailable"}
    assert "may or may not" in answers[0].json()["detail"]


def test_a_call_to_a_service_that_is_stopping_is_answered(client: TestClient, services: FakeServices) -> None:
    """R3. It takes no more requests, but is still there, and so is whoever waits for its answer."""
    opened = threading.Event()

    async def when_opened(_request: object) -> dict[str, object]:
        while not opened.is_set():
            await asyncio.sleep(0.01)
        return THING

    services.on("echo.get_thing", when_opened)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.get, "/v1/things/1")
        eventually(lambda: services.asked_after["echo"])
        services.take_no_more("echo")
        assert client.get("/v1/things/1").json()["code"] == "service-unavailable"
        asked = services.asked_after["echo"]
        eventually(lambda: services.asked_after["echo"] >= asked + 2)
        assert not call.done()
        opened.set()
        assert call.result().json() == THING


def test_a_hung_service_is_a_503_when_the_time_is_up(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    client = start_gateway(rpc_timeout=0.3, headers=bearer())
    services.on("echo.get_thing", HANG)
    answer = client.get("/v1/things/1")
    assert (answer.status_code, answer.json()["code"]) == (503, "service-timeout")
    assert int(answer.headers["retry-after"]) > 0


def test_a_late_reply_is_dropped(start_gateway: StartGateway, services: FakeServices) -> None:
    client = start_gateway(rpc_timeout=0.3, headers=bearer())

    async def slowly(_request: object) -> dict[str, object]:
        await asyncio.sleep(0.5)
        return {"id": "late", "version": 1}

    services.on("echo.get_thing", slowly)
    assert client.get("/v1/things/1").status_code == 503
    services.on("echo.get_thing", THING)
    for _ in range(20):
        assert client.get("/v1/things/1").json() == THING
        time.sleep(0.02)


def test_a_reply_of_another_service_than_the_one_asked_is_refused(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    """Every service learns where the gateway waits, so what counts is who may publish the reply (M-5)."""
    client = start_gateway(headers=bearer(), rpc_timeout=0.5)
    services.on("echo.get_thing", {"id": "1", "name": "true", "version": 1})
    assert client.get("/v1/things/1").status_code == 200
    services.replied_by = "sales"
    answer = client.get("/v1/things/1")
    assert (answer.status_code, answer.json()["code"]) == (503, "service-timeout")


def test_services_of_the_version_before_are_understood(client: TestClient, services: FakeServices) -> None:
    """They reply to the exchange that they were asked by; for the minutes of an upgrade both are at work (M-5)."""
    services.on("echo.get_thing", {"id": "1", "name": "old", "version": 1})
    services.replies_as_before = True
    assert client.get("/v1/things/1").status_code == 200


def test_calls_in_flight_fail_at_once_when_the_connection_is_lost(
    wired: TestClient, cable: Cable, services: FakeServices
) -> None:
    services.on("echo.get_thing", HANG)
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(wired.get, "/v1/things/1") for _ in range(4)]
        eventually(lambda: len(services.seen("echo.get_thing")) == 5)
        cable.cut()
        answers = [call.result() for call in calls]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["code"] for answer in answers} == {"service-unavailable"}


def test_a_call_that_aiormq_gives_up_without_a_reason_is_a_503(cable: Cable, services: FakeServices) -> None:
    """It does so where it closes a channel and does not know why: with a bare Exception."""
    url = URL(AMQP_URL).with_host("127.0.0.1").with_port(cable.port)
    settings = Settings(
        amqp_url=str(url),
        rpc_exchange=services.rpc_exchange,
        replies_exchange=services.replies_exchange,
        identity_events_exchange=services.events_exchange,
        events_exchange=services.every_events_exchange,
    )

    async def given_up() -> Problem:
        bus = Bus(settings, ["echo"])
        await bus.start()
        link = bus._link
        assert link is not None
        cable.silence()
        call = asyncio.create_task(bus.call("echo", "get_thing", {}))
        while not link.publishing:
            await asyncio.sleep(0)
        await link.channel._cancel_tasks(None)
        with pytest.raises(Problem) as refused:
            await call
        cable.mend()
        await bus.stop()
        return refused.value

    problem = asyncio.run(given_up())
    assert (problem.kind, problem.code) == ("unavailable", "service-unavailable")


def test_without_a_broker_requests_fail_at_once_and_work_again_when_it_is_back(
    wired: TestClient, cable: Cable
) -> None:
    for _ in range(2):
        cable.cut()
        eventually(lambda: wired.get("/v1/things/1").status_code == 503)
        answer = wired.get("/v1/things/1")
        assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")
        assert "retry-after" in answer.headers
        assert wired.get("/health/live").status_code == 200
        assert wired.get("/health/ready").status_code == 503
        cable.mend()
        eventually(lambda: wired.get("/v1/things/1").status_code == 200)


def test_events_missed_while_away_are_made_good_by_asking_again(
    wired: TestClient, cable: Cable, services: FakeServices
) -> None:
    asked = len(services.seen("identity.resolve_session"))
    cable.cut()
    eventually(lambda: wired.get("/v1/things/1").status_code == 503)
    cable.mend()
    eventually(lambda: wired.get("/v1/things/1").status_code == 200)
    assert len(services.seen("identity.resolve_session")) == asked + 1


def test_a_silent_broker_costs_the_timeout_and_nothing_hangs(wired: TestClient, cable: Cable) -> None:
    cable.silence()
    answer = wired.get("/v1/things/1")
    assert (answer.status_code, answer.json()["code"]) == (503, "service-timeout")
    cable.mend()
    eventually(lambda: wired.get("/v1/things/1").status_code == 200)


def test_a_gateway_starts_without_a_broker_and_finds_it_later(
    cable: Cable, start_gateway: StartGateway, services: FakeServices
) -> None:
    services.on("echo.get_thing", THING)
    cable.cut()
    url = str(URL(AMQP_URL).with_host("127.0.0.1").with_port(cable.port))
    client = start_gateway(wait=False, amqp_url=url, headers=bearer())
    assert client.get("/v1/things/1").status_code == 503
    assert client.get("/health/live").status_code == 200
    cable.mend()
    eventually(lambda: client.get("/v1/things/1").status_code == 200)
