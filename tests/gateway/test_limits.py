"""Limits on how much and how often, and on what a body may be."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import FakeServices, Refused, Request
from tests.gateway.identity import a_token, bearer, caller

THING = {"id": "1", "version": 1}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def things(services: FakeServices) -> None:
    services.on("echo.get_thing", THING)
    services.on("echo.create_thing", lambda request: {**THING, "data": request.kwargs["data"]})


def test_a_caller_over_the_limit_gets_429_and_others_do_not(start_gateway: StartGateway) -> None:
    client = start_gateway(rate_limit=3, headers=bearer())
    answers = [client.get("/v1/things/1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"caller";q=3;w=60'
    assert answers[0].headers["ratelimit"].startswith('"caller";r=2;t=')
    assert answers[3].json()["code"] == "rate-limited"
    assert 1 <= int(answers[3].headers["retry-after"]) <= 120
    other = bearer(a_token(sub="0192a4e0-0000-7000-8000-0000000000ff", sid="another"))
    assert client.get("/v1/things/1", headers=other).status_code == 200


def test_the_quota_is_the_one_of_the_settings_however_many_workers_there_are(
    start_gateway: StartGateway,
) -> None:
    """(K-4)"""
    client = start_gateway(rate_limit=100, workers=4, headers=bearer())
    assert client.get("/v1/things/1").headers["ratelimit-policy"] == '"caller";q=100;w=60'


def test_a_token_whose_session_has_ended_uses_up_nothing_of_its_account(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    """(K-8) Who stole a token that was withdrawn would keep out its owner with it."""
    client = start_gateway(rate_limit=3, headers=bearer())

    def ended(request: Request) -> Any:
        if request.kwargs["session_id"] == "stolen":
            raise Refused(kind="forbidden", code="session-revoked", detail="")
        return caller(request)

    services.on("identity.resolve_session", ended)
    stolen = bearer(a_token(sid="stolen"))
    assert {client.get("/v1/things/1", headers=stolen).status_code for _ in range(5)} == {401}
    assert client.get("/v1/things/1").status_code == 200
    asked = [request.kwargs["session_id"] for request in services.seen("identity.resolve_session")]
    assert asked.count("stolen") == 1, "identity was asked again what it had just said"


def test_ratelimit_tells_when_the_quota_is_whole_again(start_gateway: StartGateway) -> None:
    """(K-4): not when one more request would be granted, which Retry-After says."""
    client = start_gateway(rate_limit=100, headers=bearer())
    told = client.get("/v1/things/1").headers["ratelimit"]
    assert 60 <= int(told.rpartition("t=")[2]) <= 120


def test_anonymous_requests_are_counted_by_address(start_gateway: StartGateway) -> None:
    client = start_gateway(wait=False, anonymous_rate_limit=2)
    statuses = [client.get("/v1/things/1").status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert client.get("/health/live").status_code == 200


def test_wrong_tokens_count_as_anonymous(start_gateway: StartGateway) -> None:
    client = start_gateway(anonymous_rate_limit=2)
    statuses = [client.get("/v1/things/1", headers=bearer("a.b.c")).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_a_forwarded_address_is_not_believed_unless_a_trusted_proxy_sent_it(
    start_gateway: StartGateway,
) -> None:
    client = start_gateway(wait=False, anonymous_rate_limit=1)
    forwarded = [{"X-Forwarded-For": f"203.0.113.{n}"} for n in range(2)]
    statuses = [client.get("/v1/things/1", headers=header).status_code for header in forwarded]
    assert statuses == [401, 429]


def test_a_body_over_the_limit_is_413(start_gateway: StartGateway) -> None:
    client = start_gateway(max_body_size=100, headers=bearer())
    answer = client.post("/v1/things", json={"name": "x" * 100})
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert client.post("/v1/things", json={"name": "x" * 10}).status_code == 201


def test_a_streamed_body_over_the_limit_is_413(start_gateway: StartGateway) -> None:
    client = start_gateway(max_body_size=100, headers=bearer())

    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 10

    assert client.post("/v1/things", content=chunks(), headers=JSON).status_code == 413


def test_a_sign_in_form_over_the_limit_is_413(start_gateway: StartGateway) -> None:
    client = start_gateway(max_body_size=100)
    form = {"grant_type": "password", "username": "x" * 200, "password": "y"}
    answer = client.post("/v1/auth/token", data=form)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"[]",
        b"1",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"a": 1} {}',
        b"\xff\xfe{\x00}\x00",
        b" ",
        b'{"name": "a", "name": "b"}',
        b'{"lines": [{"a": 1, "\\u0061": 2}]}',
        b'{"a":' * 21 + b"1" + b"}" * 21,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b"[" * 100_000,
        b'{"a":' + b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_malformed_json_is_a_400(client: TestClient, content: bytes) -> None:
    answer = client.post("/v1/things", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-json")


def test_a_byte_order_mark_before_json_is_passed_over(client: TestClient) -> None:
    """(M-24)"""
    answer = client.post("/v1/things", content=b'\xef\xbb\xbf{"a": 1}', headers=JSON)
    assert (answer.status_code, answer.json()["data"]) == (201, {"a": 1})


def test_a_body_may_be_twenty_levels_deep(client: TestClient) -> None:
    """(M-2)"""
    deep = b'{"a":' * 20 + b"1" + b"}" * 20
    assert client.post("/v1/things", content=deep, headers=JSON).status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        {"a": [0] * 20_000},
        {str(n): 0 for n in range(20_001)},
        {"a": [{"b": 1, "c": 2}] * 7_000},
        {"a": [[]] * 20_000},
    ],
    ids=["a long list", "many names", "many objects", "many empty lists"],
)
def test_a_body_of_too_many_members_is_413(client: TestClient, data: dict[str, object]) -> None:
    """(M-2) It is well below the limit in bytes."""
    answer = client.post("/v1/things", json=data)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_a_body_of_twenty_thousand_members_is_taken(client: TestClient) -> None:
    assert client.post("/v1/things", json={"a": [0] * 19_999}).status_code == 201


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("Idempotency-Key", ("one", "two"), "malformed-idempotency-key"),
        ("Authorization", ("Bearer a", "Bearer b"), "malformed-request"),
        ("Content-Type", ("application/json", "text/plain"), "malformed-request"),
    ],
)
def test_a_header_given_twice_with_different_values_is_a_400(
    anonymous: TestClient, name: str, values: tuple[str, str], code: str
) -> None:
    """(M-24) Nobody can say which of the two was meant."""
    headers = [(name, value) for value in values]
    if name != "Authorization":
        headers += bearer().items()
    answer = anonymous.post("/v1/things", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_header_given_twice_alike_is_one_and_a_list_in_two_lines_is_one_list(
    client: TestClient, services: FakeServices
) -> None:
    """(M-24) RFC 9110, section 5.3."""
    twice = [("Idempotency-Key", "one"), ("Idempotency-Key", "one")]
    assert client.post("/v1/things", json={}, headers=twice).status_code == 201
    tags = [("If-None-Match", '"1"'), ("If-None-Match", '"7"')]
    assert client.get("/v1/things/1", headers=tags).status_code == 304


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/json; charset=gbk",
        "multipart/form-data",
        "x",
    ],
)
def test_another_content_type_is_a_415(client: TestClient, content_type: str) -> None:
    answer = client.post("/v1/things", content=b"{}", headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_compressed_body_is_a_415(client: TestClient) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    assert client.post("/v1/things", content=gzip.compress(b"{}"), headers=headers).status_code == 415


@pytest.mark.parametrize("content_type", ["application/json; charset=UTF-8", "application/merge-patch+json"])
def test_json_by_any_of_its_names_is_taken(client: TestClient, content_type: str) -> None:
    answer = client.post(
        "/v1/things", content=b'{"a": "\xe5\x8c\x97"}', headers={"Content-Type": content_type}
    )
    assert answer.json()["data"] == {"a": "北"}


def test_cors_is_off_unless_it_is_set(client: TestClient, start_gateway: StartGateway) -> None:
    origin = {"Origin": "https://crm.example.com"}
    assert "access-control-allow-origin" not in client.get("/v1/things/1", headers=origin).headers
    open_client = start_gateway(cors_origins=["https://crm.example.com"], headers=bearer())
    for path in ("/v1/things/1", "/v1/nothing"):
        answer = open_client.get(path, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://crm.example.com"
        assert "ETag" in answer.headers["access-control-expose-headers"]
    asked = {**origin, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match"}
    assert open_client.options("/v1/things/1", headers=asked).status_code == 200
    stranger = open_client.get("/v1/things/1", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers


def test_hsts_is_sent_when_it_is_set(start_gateway: StartGateway) -> None:
    client = start_gateway(wait=False, hsts_seconds=3600)
    assert client.get("/health/live").headers["strict-transport-security"].startswith("max-age=3600")
