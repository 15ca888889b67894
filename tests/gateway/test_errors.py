"""The one table from kind and code to status, and what a problem looks like."""

from uuid import UUID

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import FakeServices, Raw, Refused

from gateway.errors import preferred_language


def refuse_with(services: FakeServices, **error: object) -> None:
    def refuse(_request: object) -> None:
        raise Refused(**error)

    services.on("echo.get_thing", refuse)


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("invalid", "invalid-input", 422),
        ("forbidden", "permission-missing", 403),
        ("not_found", "thing-not-found", 404),
        ("conflict", "contract-not-approved", 409),
        ("conflict", "stale-version", 412),
        ("invalid", "invalid-cursor", 400),
        ("conflict", "idempotency-key-reused", 422),
        ("invalid", "malformed-anything", 400),
        ("invalid", "invalid-credentials", 400),
        ("forbidden", "too-many-attempts", 429),
        ("unavailable", "database-unavailable", 503),
    ],
)
def test_kind_and_code_decide_the_status(
    client: TestClient, services: FakeServices, kind: str, code: str, status: int
) -> None:
    refuse_with(services, kind=kind, code=code, detail="Why.", errors=[])
    answer = client.get("/v1/things/1", headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["detail"] == "Why."
    assert problem["type"].endswith(code)
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.mark.parametrize(
    "error", [{"kind": "internal", "code": "x", "detail": "secret"}, {"exc_type": "KeyError"}]
)
def test_an_internal_error_says_nothing_of_the_inside(
    client: TestClient, services: FakeServices, error: dict[str, str]
) -> None:
    refuse_with(services, value="secret", **error)
    answer = client.get("/v1/things/1")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "secret" not in answer.text


def test_an_operation_the_service_does_not_know_yet_is_unavailable(client: TestClient) -> None:
    answer = client.get("/v1/things/1")
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")
    assert "retry-after" in answer.headers


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"\xff"])
def test_a_reply_that_cannot_be_read_is_an_internal_error(
    client: TestClient, services: FakeServices, content: bytes
) -> None:
    services.on("echo.get_thing", Raw(content))
    answer = client.get("/v1/things/1")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")


@pytest.mark.parametrize(
    ("accepted", "title"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "未找到"), ("en-GB", "Not found"), ("fr", "未找到"), ("", "未找到")],
)
def test_titles_are_in_the_clients_language(client: TestClient, accepted: str, title: str) -> None:
    answer = client.get("/v1/nothing", headers={"Accept-Language": accepted})
    assert answer.json()["title"] == title


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh;q=0.1, en;q=0.9", "en"), ("en;q=0", "zh"), ("en;q=x", "zh"), ("EN", "en"), (",;,", "zh")],
)
def test_quality_decides_between_languages(header: str, language: str) -> None:
    assert preferred_language(header, "zh") == language


def test_every_answer_carries_the_clients_correlation_id(client: TestClient) -> None:
    process = "0192a4e0-1111-7000-8000-000000000001"
    for path in ("/v1/nothing", "/health/live", "/v1/things/1"):
        answer = client.get(path, headers={"X-Correlation-ID": process})
        assert answer.headers["x-correlation-id"] == process
    assert answer.json()["correlation_id"] == process
    assert answer.json()["instance"] == f"urn:uuid:{process}"


@pytest.mark.parametrize("sent", ["", "x", "<script>", "0" * 36, "a" * 5000])
def test_a_correlation_id_that_is_no_uuid_is_replaced(client: TestClient, sent: str) -> None:
    got = client.get("/health/live", headers={"X-Correlation-ID": sent}).headers["x-correlation-id"]
    assert got != sent
    assert UUID(got)


def test_every_answer_carries_the_security_headers(client: TestClient, services: FakeServices) -> None:
    services.on("echo.list_things", {"items": [], "next": None})
    for path in ("/v1/things", "/v1/nothing", "/health/live", "/openapi.json"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers
