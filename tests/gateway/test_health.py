"""Probes and metrics."""

from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import HANG, FakeServices, eventually
from tests.gateway.identity import bearer


def test_ready_needs_the_broker_and_the_keys_only(anonymous: TestClient, services: FakeServices) -> None:
    services.on("echo.describe_health", {"status": "failing", "outbox_pending": 0})
    answer = anonymous.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "broker": "connected",
        "keys": "known",
        "services": {
            "echo": {"status": "ok"},
            "identity": {"status": "ok"},
            "sales": {"status": "stopped"},
        },
    }
    all_of_them = anonymous.get("/health/ready?all=true")
    assert all_of_them.status_code == 503
    assert "retry-after" in all_of_them.headers


def test_a_new_worker_waits_until_it_has_heard_of_every_service(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    services.on("echo.describe_health", {"status": "ok"})
    client = start_gateway(startup_patience=60.0)
    assert client.get("/health/ready").status_code == 503
    services.start("sales")
    services.on("sales.describe_health", {"status": "ok"})
    eventually(lambda: client.get("/health/ready").status_code == 200)
    services.stop("sales")
    eventually(lambda: client.get("/health/ready?all=true").status_code == 503)
    assert client.get("/health/ready").status_code == 200


def test_all_are_ready_when_all_answer(anonymous: TestClient, services: FakeServices) -> None:
    services.start("sales")
    services.on("echo.describe_health", {"status": "ok"})
    services.on("sales.describe_health", {"status": "ok"})
    assert anonymous.get("/health/ready?all=true").status_code == 200


def test_a_silent_service_is_told_from_a_stopped_one(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    anonymous = start_gateway()
    services.on("echo.describe_health", HANG)
    assert anonymous.get("/health/ready").json()["services"]["echo"] == {"status": "silent"}


def test_not_ready_without_identity(start_gateway: StartGateway, services: FakeServices) -> None:
    services.stop("identity")
    client = start_gateway(wait=False)
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert client.get("/health/live").status_code == 200
    services.start("identity")
    eventually(lambda: client.get("/health/ready").status_code == 200)


def test_services_are_not_asked_for_every_probe(anonymous: TestClient, services: FakeServices) -> None:
    for _ in range(10):
        anonymous.get("/health/ready")
    assert len(services.seen("identity.describe_health")) <= 2


def test_metrics_count_by_route_and_not_by_path(client: TestClient, services: FakeServices) -> None:
    services.on("echo.get_thing", {"id": "1", "version": 1})
    for number in range(3):
        client.get(f"/v1/things/secret-{number}", headers=bearer())
        client.get(f"/no/such/path-{number}")
    text = client.get("/metrics").text
    assert 'kehu_http_requests_seconds_count{method="GET",route="/v1/things/{thing_id}",status="200"}' in text
    assert 'route="unmatched",status="404"' in text
    assert 'kehu_rpc_seconds_count{method="get_thing",outcome="ok",service="echo"}' in text
    assert "kehu_http_in_flight" in text
    assert "secret-" not in text
    assert "such" not in text
