"""Signing in and out."""

import base64
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import FakeServices, Refused
from tests.gateway.identity import SESSION_ID, a_token, bearer, jwks

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
    ("code", "status", "error"),
    [
        ("invalid-credentials", 400, "invalid_grant"),
        ("invalid-grant", 400, "invalid_grant"),
        ("invalid-client", 401, "invalid_client"),
        ("too-many-attempts", 429, "temporarily_unavailable"),
    ],
)
def test_a_refused_sign_in_is_a_problem_and_an_error_of_oauth(
    anonymous: TestClient, services: FakeServices, code: str, status: int, error: str
) -> None:
    """RFC 6749, section 5.2 (K-8): a library took the refusal for a token."""
    services.on("identity.issue_token", refusing(kind="forbidden", code=code, detail="No.", retry_after=17))
    answer = anonymous.post("/v1/auth/token", data=PASSWORD)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["error"]) == (status, code, error)
    assert problem["error_description"] == "No."
    assert ("www-authenticate" in answer.headers) == (status == 401)
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
    assert answer.status_code == 400
    wanted = "unsupported_grant_type" if form.get("grant_type") == "magic" else "invalid_request"
    assert answer.json()["error"] == wanted
    assert [error["field"] for error in answer.json()["errors"]] == fields


def test_a_sign_in_as_json_is_a_415(anonymous: TestClient) -> None:
    answer = anonymous.post("/v1/auth/token", json=PASSWORD)
    assert (answer.status_code, answer.json()["error"]) == (415, "invalid_request")


@pytest.mark.parametrize("in_the_form", [True, False])
def test_a_program_shows_its_secret_in_the_header_or_in_the_form(
    anonymous: TestClient, services: FakeServices, in_the_form: bool
) -> None:
    """RFC 6749, section 2.3.1 (K-8): in the header both are encoded as in a form."""
    services.on("identity.issue_token", {"access_token": "a", "token_type": "Bearer", "expires_in": 3600})
    form, headers = {"grant_type": "client_credentials"}, {}
    if in_the_form:
        form |= {"client_id": "erp", "client_secret": "a:b+ü"}
    else:
        basic = base64.b64encode(b"erp:a%3Ab%2B%C3%BC").decode()
        headers["Authorization"] = f"Basic {basic}"
    assert anonymous.post("/v1/auth/token", data=form, headers=headers).status_code == 200
    asked = services.seen("identity.issue_token")[-1].kwargs
    assert (asked["client_id"], asked["client_secret"]) == ("erp", "a:b+ü")
    assert asked["grant_type"] == "client_credentials" and "password" not in asked


@pytest.mark.parametrize(
    ("form", "basic", "status", "error"),
    [
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "erp"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, b"\xff", 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_secret": "s"}, b"erp:s", 400, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "all"}, b"erp:s", 400, "invalid_scope"),
        (PASSWORD, b"erp:s", 401, "invalid_client"),
        ({"grant_type": ["password", "refresh_token"]}, None, 400, "invalid_request"),
        ({"grant_type": "implicit"}, None, 400, "unsupported_grant_type"),
    ],
)
def test_a_client_that_says_it_wrong_is_told_in_the_words_of_oauth(
    anonymous: TestClient, form: dict[str, str], basic: bytes | None, status: int, error: str
) -> None:
    """(K-8)"""
    headers = {"Authorization": f"Basic {base64.b64encode(basic).decode()}"} if basic else {}
    answer = anonymous.post("/v1/auth/token", data=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] and answer.json()["status"] == status


def test_refusals_before_the_form_is_read_are_oauths_too(
    start_gateway: StartGateway, services: FakeServices
) -> None:
    """(K-8)"""
    client = start_gateway(max_body_size=100, anonymous_rate_limit=3)
    too_large = client.post("/v1/auth/token", data={**PASSWORD, "username": "x" * 200})
    assert (too_large.status_code, too_large.json()["error"]) == (413, "invalid_request")
    services.stop("identity")
    away = client.post("/v1/auth/token", data=PASSWORD)
    assert (away.status_code, away.json()["error"]) == (503, "temporarily_unavailable")
    assert "error" not in client.get("/v1/nothing").json()
    statuses = [client.post("/v1/auth/token", data=PASSWORD).status_code for _ in range(4)]
    assert statuses[-1] == 429


def test_the_authorization_server_describes_itself(start_gateway: StartGateway) -> None:
    """RFC 8414 (K-8)"""
    client = start_gateway(issuer="https://crm.example.com")
    told = client.get("/.well-known/oauth-authorization-server").json()
    assert told["issuer"] == "https://crm.example.com"
    assert told["token_endpoint"] == "https://crm.example.com/v1/auth/token"
    assert told["jwks_uri"] == "https://crm.example.com/.well-known/jwks.json"
    assert "client_credentials" in told["grant_types_supported"]
    assert {"client_secret_basic", "client_secret_post"} <= {*told["token_endpoint_auth_methods_supported"]}
    assert told["response_types_supported"] == ["none"]


def test_signing_out_ends_the_bearers_session(start_gateway: StartGateway, services: FakeServices) -> None:
    client = start_gateway(headers=bearer())
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


def test_signing_out_with_an_access_token_ends_its_session(
    anonymous: TestClient, services: FakeServices
) -> None:
    """(K-8) Whoever was told 204 must not find that it lives on."""
    services.on("identity.revoke_session", None)
    session_id = str(uuid4())
    assert anonymous.post("/v1/auth/revoke", data={"token": a_token(sid=session_id)}).status_code == 204
    assert services.seen("identity.revoke_session")[0].kwargs == {"session_id": session_id}
    services.on("identity.revoke_session", refusing(kind="invalid", code="unsupported-token-type"))
    answer = anonymous.post("/v1/auth/revoke", data={"token": a_token(sid=str(uuid4()))})
    assert answer.json()["code"] == "unsupported-token-type"


@pytest.mark.parametrize("token", ["a.b.c", a_token(exp=1), a_token(iss="http://else.where")])
def test_a_token_that_is_not_valid_has_ended(
    anonymous: TestClient, services: FakeServices, token: str
) -> None:
    services.on("identity.revoke_token", None)
    assert anonymous.post("/v1/auth/revoke", data={"token": token}).status_code == 204


def test_signing_out_without_any_token_is_a_401(anonymous: TestClient) -> None:
    assert anonymous.post("/v1/auth/revoke").status_code == 401


def test_the_keys_are_published(start_gateway: StartGateway) -> None:
    answer = start_gateway().get("/.well-known/jwks.json")
    assert answer.json() == jwks()
    assert "d" not in answer.json()["keys"][0]


def test_a_stopped_identity_is_a_503(anonymous: TestClient, services: FakeServices) -> None:
    services.stop("identity")
    answer = anonymous.post("/v1/auth/token", data=PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (503, "service-unavailable")
