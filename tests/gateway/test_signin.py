"""Signing in and out."""

import time

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import FakeServices, Refused
from tests.gateway.identity import SESSION_ID, bearer, jwks

TOKENS = {"access_token": "a", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r"}
PASSWORD = {"grant_type": "password", "username": "王芳", "password": "p&=+ %"}


def refusing(**error: object) -> object:
    def refuse(_request: object) -> None:
        raise Refused(**error)

    return refuse


def test_a_password_is_exchanged_for_tokens(anonymous: TestClient, services: FakeServices) -> None:
    services.on("identity.issue_token", TOKENS)
    answer = anonymous.post("/v1/auth/token", data=PASSWORD, headers={"User-Agent": "x" * 500})
    assert (answer.status_code, answer.json()) == (200, TOKENS)
    assert answer.headers["cache-control"] == "no-store"
    assert services.seen("identity.issue_token")[0].kwargs == {
        "grant_type": "password",
        "username": "王芳",
        "password": "p&=+ %",
        "refresh_token": None,
        "device_token": None,
        "client_address": "testclient",
        "user_agent": "x" * 300,
    }


def test_a_refresh_token_is_exchanged_even_with_an_expired_access_token(
    anonymous: TestClient, services: FakeServices
) -> None:
    services.on("identity.issue_token", TOKENS)
    form = {"grant_type": "refresh_token", "refresh_token": "r0"}
    answer = anonymous.post("/v1/auth/token", data=form, headers=bearer("expired"))
    assert answer.status_code == 200
    assert services.seen("identity.issue_token")[0].kwargs["refresh_token"] == "r0"


@pytest.mark.parametrize(
    ("code", "status"), [("invalid-credentials", 401), ("invalid-grant", 401), ("too-many-attempts", 429)]
)
def test_a_refused_sign_in_is_a_problem(
    anonymous: TestClient, services: FakeServices, code: str, status: int
) -> None:
    services.on("identity.issue_token", refusing(kind="forbidden", code=code, detail="No.", retry_after=17))
    answer = anonymous.post("/v1/auth/token", data=PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["retry-after"] == "17"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, ["grant_type"]),
        ({"grant_type": "magic"}, ["grant_type"]),
        ({"grant_type": "password"}, ["username", "password"]),
        ({"grant_type": "password", "username": "a", "password": ""}, ["password"]),
        ({"grant_type": "refresh_token"}, ["refresh_token"]),
    ],
)
def test_missing_fields_are_named(anonymous: TestClient, form: dict[str, str], fields: list[str]) -> None:
    answer = anonymous.post("/v1/auth/token", data=form)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_a_sign_in_as_json_is_a_415(anonymous: TestClient) -> None:
    assert anonymous.post("/v1/auth/token", json=PASSWORD).status_code == 415


def test_signing_out_ends_the_bearers_session(client: TestClient, services: FakeServices) -> None:
    services.on("identity.revoke_session", None)
    answer = client.post("/v1/auth/revoke")
    assert (answer.status_code, answer.content) == (204, b"")
    assert services.seen("identity.revoke_session")[0].kwargs == {"session_id": SESSION_ID}
    services.on("identity.resolve_session", refusing(kind="not_found", code="session-not-found"))
    assert client.get("/v1/things/1").status_code == 401


def test_signing_out_with_a_refresh_token_needs_no_access_token(
    anonymous: TestClient, services: FakeServices
) -> None:
    services.on("identity.revoke_token", None)
    assert anonymous.post("/v1/auth/revoke", data={"token": "r"}).status_code == 204
    assert services.seen("identity.revoke_token")[0].kwargs == {"refresh_token": "r"}


def test_signing_out_without_any_token_is_a_401(anonymous: TestClient) -> None:
    assert anonymous.post("/v1/auth/revoke").status_code == 401


def test_the_keys_are_published(anonymous: TestClient) -> None:
    answer = anonymous.get("/.well-known/jwks.json")
    assert answer.json() == jwks()
    assert "d" not in answer.json()["keys"][0]


def test_a_stopped_identity_is_a_503(anonymous: TestClient, services: FakeServices) -> None:
    services.stop("identity")
    begin = time.monotonic()
    assert anonymous.post("/v1/auth/token", data=PASSWORD).status_code == 503
    assert time.monotonic() - begin < 1
