"""A browser's session: a cookie that no script reads, and that no other site makes use of (W-2)."""

from collections.abc import Callable
from http.cookies import Morsel, SimpleCookie
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway
from tests.gateway.fakes import FakeServices, Refused
from tests.gateway.identity import a_token

URL, RENEW, END = "/v1/auth/session", "/v1/auth/session/renew", "/v1/auth/session/end"
OURS = {"X-CSRF-Protection": "1"}
SIGN_IN = {"username": "王芳", "password": "p&=+ %"}
TOKENS = {"access_token": "a", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r-1"}
ANSWER = {"access_token": "a", "token_type": "Bearer", "expires_in": 900}


def refusing(**error: object) -> Callable[[object], None]:
    def refuse(_request: object) -> None:
        raise Refused(**error)

    return refuse


def cookies_of(answer: Any) -> dict[str, Morsel[str]]:
    """Return the cookies that an answer sets, with what it says of them."""
    found: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return dict(found)


@pytest.fixture
def browser(services: FakeServices, start_gateway: StartGateway) -> TestClient:
    """A page of ours in a browser, at an address with TLS."""
    services.on("identity.issue_token", {**TOKENS, "device_token": "d-1"})
    services.on("identity.revoke_token", None)
    client = start_gateway(issuer="https://crm.example.com", headers=OURS)
    client.base_url = "https://crm.example.com"
    return client


def test_a_page_gets_the_access_token_and_the_browser_the_other(
    browser: TestClient, services: FakeServices
) -> None:
    answer = browser.post(URL, json=SIGN_IN, headers={"User-Agent": "Firefox"})
    assert (answer.status_code, answer.json()) == (200, ANSWER)
    assert answer.headers["cache-control"] == "no-store"
    cookies = cookies_of(answer)
    assert {name: each.value for name, each in cookies.items()} == {
        "__Host-kehu-session": "r-1",
        "__Host-kehu-device": "d-1",
    }
    for each in cookies.values():
        assert (each["path"], each["domain"], each["samesite"]) == ("/", "", "Strict")
        assert each["httponly"] and each["secure"] and int(each["max-age"]) > 0
    assert services.seen("identity.issue_token")[0].kwargs == {
        "grant_type": "password", **SIGN_IN, "device_token": None,
        "client_address": "testclient", "user_agent": "Firefox",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("issuer", "secure"),
    [
        ("http://127.0.0.1:8080", False),
        ("http://localhost:8080", False),
        ("http://[::1]:8080", False),
        ("http://crm.example.com", True),
        ("https://127.0.0.1", True),
    ],
)
def test_only_on_this_machine_a_cookie_goes_without_tls(
    services: FakeServices, start_gateway: StartGateway, issuer: str, secure: bool
) -> None:
    services.on("identity.issue_token", TOKENS)
    answer = start_gateway(issuer=issuer, headers=OURS).post(URL, json=SIGN_IN)
    [(name, cookie)] = cookies_of(answer).items()
    assert (bool(cookie["secure"]), name.startswith("__Host-")) == (secure, secure)
    assert cookie["httponly"]


def test_the_cookie_gives_a_new_access_token_and_becomes_the_next(
    browser: TestClient, services: FakeServices
) -> None:
    browser.post(URL, json=SIGN_IN)
    services.on("identity.issue_token", {**TOKENS, "access_token": "b", "refresh_token": "r-2"})
    answer = browser.post(RENEW)
    assert (answer.status_code, answer.json()) == (200, {**ANSWER, "access_token": "b"})
    asked = services.seen("identity.issue_token")[-1].kwargs
    assert (asked["grant_type"], asked["refresh_token"]) == ("refresh_token", "r-1")
    assert (asked["in_browser"], asked["device_token"]) == (True, "d-1")
    assert browser.cookies["__Host-kehu-session"] == "r-2"


def test_a_session_that_is_over_is_told_and_its_cookie_goes(
    browser: TestClient, services: FakeServices
) -> None:
    browser.post(URL, json=SIGN_IN)
    services.on("identity.issue_token", refusing(kind="forbidden", code="invalid-grant", detail="No."))
    answer = browser.post(RENEW)
    assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "__Host-kehu-session" not in browser.cookies
    assert browser.cookies["__Host-kehu-device"] == "d-1"
    assert browser.post(RENEW).json()["code"] == "missing-session"


def test_a_service_that_is_away_costs_nobody_the_session(browser: TestClient, services: FakeServices) -> None:
    browser.post(URL, json=SIGN_IN)
    services.stop("identity")
    assert browser.post(RENEW).status_code == 503
    assert browser.post(END).status_code == 503
    assert browser.cookies["__Host-kehu-session"] == "r-1"


def test_signing_out_ends_the_session_and_clears_the_cookie(
    browser: TestClient, services: FakeServices
) -> None:
    browser.post(URL, json=SIGN_IN)
    answer = browser.post(END)
    assert (answer.status_code, answer.content) == (204, b"")
    assert services.seen("identity.revoke_token")[0].kwargs == {"refresh_token": "r-1"}
    assert dict(browser.cookies) == {"__Host-kehu-device": "d-1"}
    assert browser.post(END).status_code == 204
    assert len(services.seen("identity.revoke_token")) == 1


def test_who_signs_in_again_leaves_no_session_behind(browser: TestClient, services: FakeServices) -> None:
    browser.post(URL, json=SIGN_IN)
    services.on("identity.issue_token", refusing(kind="forbidden", code="invalid-credentials", detail="No."))
    refused = browser.post(URL, json=SIGN_IN)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-credentials")
    assert services.seen("identity.revoke_token") == []
    assert browser.cookies["__Host-kehu-session"] == "r-1"
    services.on("identity.issue_token", {**TOKENS, "refresh_token": "r-2"})
    services.on("identity.revoke_token", refusing(kind="unavailable"))
    assert browser.post(URL, json=SIGN_IN).status_code == 200
    assert services.seen("identity.revoke_token")[0].kwargs == {"refresh_token": "r-1"}
    assert browser.cookies["__Host-kehu-session"] == "r-2"


SENT_BY_OTHERS = [
    {},
    {**OURS, "Sec-Fetch-Site": "cross-site"},
    {**OURS, "Sec-Fetch-Site": "same-site"},
    {**OURS, "Sec-Fetch-Site": "none"},
    {**OURS, "Sec-Fetch-Site": "cross-site", "Origin": "https://crm.example.com"},
    {**OURS, "Origin": "https://evil.example.com"},
    {**OURS, "Origin": "http://crm.example.com"},
    {**OURS, "Origin": "https://crm.example.com.evil.com"},
    {**OURS, "Origin": "null"},
]


@pytest.mark.parametrize("headers", SENT_BY_OTHERS)
def test_a_page_of_another_site_can_do_nothing_with_the_cookie(
    browser: TestClient, services: FakeServices, headers: dict[str, str]
) -> None:
    """Signing somebody in or out is a forgery too."""
    browser.post(URL, json=SIGN_IN)
    del browser.headers["X-CSRF-Protection"]
    for url in (URL, RENEW, END):
        answer = browser.post(url, headers=headers, json=SIGN_IN)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site-request"), url
        assert "set-cookie" not in answer.headers
    assert len(services.seen("identity.issue_token")) == 1
    assert services.seen("identity.revoke_token") == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://crm.example.com"},
        {"Origin": "https://crm.example.com"},
        {"Origin": "https://inside.example.com", "Host": "inside.example.com"},
        {"Origin": "https://crm.example.com", "Host": "gateway:8080"},
        {},
    ],
)
def test_a_page_of_ours_is_known(browser: TestClient, headers: dict[str, str]) -> None:
    assert browser.post(URL, json=SIGN_IN, headers=headers).status_code == 200


def test_other_origins_that_may_call_have_no_part_in_it(
    services: FakeServices, start_gateway: StartGateway
) -> None:
    """CORS is for bearer tokens: neither cookies nor the header are let through."""
    client = start_gateway(cors_origins=["https://partner.example.com"])
    asked = {
        "Origin": "https://partner.example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-csrf-protection",
    }
    answer = client.options(RENEW, headers=asked)
    assert answer.status_code == 400
    assert "access-control-allow-credentials" not in answer.headers
    assert "x-csrf-protection" not in answer.headers["access-control-allow-headers"].lower()
    answer = client.post(RENEW, headers={**OURS, "Origin": "https://partner.example.com"})
    assert answer.json()["code"] == "cross-site-request"


def test_a_cookie_alone_opens_nothing(browser: TestClient, services: FakeServices) -> None:
    """Whatever it holds: so nothing but these routes can be forged."""
    services.on("echo.get_thing", {"id": "1"})
    browser.post(URL, json=SIGN_IN)
    for token in ("r-1", a_token()):
        browser.cookies.set("__Host-kehu-session", token, domain="crm.example.com")
        for method, path in (
            ("GET", "/v1/things/1"), ("POST", "/v1/things"), ("GET", "/v1/events"), ("GET", "/v1/bus"),
            ("POST", "/v1/auth/revoke"),
        ):  # fmt: skip
            answer = browser.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (401, "missing-token"), path
    form = {"grant_type": "refresh_token"}
    assert browser.post("/v1/auth/token", data=form).json()["error"] == "invalid_request"


def test_the_limits_of_strangers_hold_here_too(services: FakeServices, start_gateway: StartGateway) -> None:
    services.on("identity.issue_token", TOKENS)
    client = start_gateway(anonymous_rate_limit=3, headers=OURS)
    codes = [client.post(RENEW).status_code for _ in range(4)]
    assert codes[-1] == 429
    client = start_gateway(headers=OURS)
    refusal = refusing(kind="forbidden", code="too-many-attempts", detail="Wait.", retry_after=17)
    services.on("identity.issue_token", refusal)
    answer = client.post(URL, json=SIGN_IN)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")


@pytest.mark.parametrize(
    ("body", "field"),
    [({"username": "a"}, "password"), ({**SIGN_IN, "password": ""}, "password"), ({**SIGN_IN, "x": 1}, "x")],
)
def test_a_sign_in_that_says_too_little_or_too_much_is_told_so(
    browser: TestClient, body: dict[str, Any], field: str
) -> None:
    answer = browser.post(URL, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert SIGN_IN["password"] not in answer.text
