"""A browser's session under attack (W-2): used by other sites, put under somebody, used twice, asked for by all tabs.

The platform is at a loopback address without TLS, so the cookies have no prefix; the rest is as it is anywhere.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Lock
from typing import Any

import httpx2
import pytest
from tests.attack.routes import Routes
from tests.attack.world import World
from tests.judged import judged
from tests.own_platform import database_of

from stack.platform import Platform

URL, RENEW, END = "/v1/auth/session", "/v1/auth/session/renew", "/v1/auth/session/end"
OURS = {"X-CSRF-Protection": "1"}
COOKIE, DEVICE = "kehu-session", "kehu-device"
ROUNDS = 50
OpenBrowser = Callable[[], "Browser"]


class Browser:
    """Tabs with one cookie jar: a request takes along what is in it, and an answer changes it when it comes."""

    def __init__(self, world: World) -> None:
        self.jar: dict[str, str] = {}
        self._world = world
        self._client = judged(world.url, headers={**OURS, "User-Agent": "a browser"}, timeout=30)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def post(self, path: str, slowly: float = 0, **more: Any) -> httpx2.Response:
        """Ask as one tab; its answer may be long on its way."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        answer: httpx2.Response = self._client.post(
            path, headers={"Cookie": cookies, **more.pop("headers", {})}, **more
        )
        self._client.cookies.clear()
        time.sleep(slowly)
        for name, value in answer.cookies.items():
            self.jar[name] = value
        if any(line.startswith(f"{COOKIE}=;") for line in answer.headers.get_list("set-cookie")):
            self.jar.pop(COOKIE, None)
        return answer

    def sign_in(self, name: str = "peer") -> dict[str, Any]:
        """Sign one of the people in."""
        body = {"username": f"{name}.{self._world.tag}", "password": self._world.passwords[name]}
        answer = self.post(URL, json=body)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def whose(self) -> str:
        """Return the account that a renewed token is of."""
        return str(self.me(self.post(RENEW).json()["access_token"]).json()["id"])

    def me(self, token: str) -> httpx2.Response:
        """Ask with an access token who one is."""
        return httpx2.get(
            f"{self._world.url}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )


@pytest.fixture
def open_browser(world: World) -> Iterator[Callable[[], Browser]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(Browser(world)))


@pytest.fixture
def browser(open_browser: OpenBrowser) -> Browser:
    """One in which the peer is signed in."""
    browser = open_browser()
    browser.sign_in()
    return browser


@pytest.fixture
def time_passes(platform: Platform) -> Iterator[Callable[[int], None]]:
    """Let seconds pass for every refresh token there is."""
    with database_of(platform, "identity") as cursor:

        def passes(seconds: int) -> None:
            cursor.execute(
                "UPDATE refresh_token SET created_at = created_at - %(by)s * interval '1 second', "
                "used_at = used_at - %(by)s * interval '1 second'",
                {"by": seconds},
            )

        yield passes


def test_a_cookie_opens_no_route_of_the_document(world: World, routes: Routes, browser: Browser) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.jar.items())
    client = world.clients["anonymous"]
    asked = [route for route in routes.all if not route.path.startswith(("/v1/auth/", "/health/", "/.well-"))]
    assert len(asked) > 100
    for route in asked:
        with_it = client.request(route.method, world.path_of(route), headers={**OURS, "Cookie": cookies})
        without = client.request(route.method, world.path_of(route), headers=OURS)
        assert with_it.status_code == without.status_code, route.name
        assert with_it.status_code == 401 or route.name.startswith("GET /v1/event-types"), route.name


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "https://evil.example.com", "X-CSRF-Protection": ""},
        {"Origin": "https://evil.example.com"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
    ],
)
def test_another_site_gets_and_changes_nothing_by_the_cookie(browser: Browser, sent: dict[str, str]) -> None:
    before = dict(browser.jar)
    for path in (RENEW, END, URL):
        answer = browser.post(path, headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross-site-request"), path
        assert "access-control-allow-origin" not in answer.headers
    assert browser.jar == before
    assert browser.post(RENEW).status_code == 200


def test_a_session_that_was_put_under_somebody_does_not_become_theirs(
    world: World, open_browser: OpenBrowser
) -> None:
    """Fixation: who signs in gets a session of their own, and the one that was there ends."""
    attacker = open_browser()
    attacker.sign_in("foreign")
    victim = open_browser()
    victim.jar = dict(attacker.jar)
    victim.sign_in()
    assert victim.jar[COOKIE] != attacker.jar[COOKIE]
    assert victim.whose() == world.accounts["peer"]
    assert attacker.post(RENEW).json()["code"] == "session-ended"
    assert victim.whose() == world.accounts["peer"]


@pytest.mark.parametrize("value", ["nonsense", "", "a.b.c", "%00", "x" * 4000, "' or 1=1 --"])
def test_a_cookie_that_was_made_up_is_refused_and_cleared(open_browser: OpenBrowser, value: str) -> None:
    browser = open_browser()
    browser.jar[COOKIE] = value
    answer = browser.post(RENEW)
    assert (answer.status_code, answer.json()["code"]) == (
        401, "session-ended" if value else "missing-session"
    )  # fmt: skip
    assert browser.jar.get(COOKIE, "") == ""


def test_a_used_cookie_gives_a_thief_nothing_and_ends_the_session(
    browser: Browser, open_browser: OpenBrowser, world: World, time_passes: Callable[[int], None]
) -> None:
    thief = open_browser()
    thief.jar = dict(browser.jar)
    time_passes(61)
    token = browser.post(RENEW).json()["access_token"]
    assert browser.jar[COOKIE] != thief.jar[COOKIE]
    time_passes(31)
    assert thief.post(RENEW).json()["code"] == "session-ended"
    world.eventually(lambda: browser.me(token).status_code == 401)
    assert browser.post(RENEW).json()["code"] == "session-ended"
    lines = world.administrator.get("/v1/sign-ins", params={"filter[account_id]": world.accounts["peer"]})
    assert "refresh-token-reused" in [line["reason"] for line in lines.json()["items"]]


def test_tabs_that_renew_at_the_same_time_lose_nobody_the_session(
    browser: Browser, world: World, time_passes: Callable[[int], None]
) -> None:
    """Fifty times, with answers that come in any order, late ones among them."""
    chance, guard, held = random.Random(10), Lock(), set()

    def tab(slowly: float) -> int:
        answer = browser.post(RENEW, slowly)
        with guard:
            held.add(browser.jar[COOKIE])
        return answer.status_code

    with ThreadPoolExecutor(4) as tabs:
        for number in range(ROUNDS):
            time_passes(61)
            late = [chance.choice((0, 0, 0.02, 0.1)) for _ in range(4)]
            assert list(tabs.map(tab, late)) == [200] * 4, number
    assert len(held) >= ROUNDS
    time_passes(61)
    assert browser.whose() == world.accounts["peer"]


def test_signing_out_in_one_tab_ends_it_for_all(browser: Browser, world: World) -> None:
    token = browser.post(RENEW).json()["access_token"]
    assert browser.me(token).status_code == 200
    kept = dict(browser.jar)
    assert browser.post(END).status_code == 204
    assert COOKIE not in browser.jar and DEVICE in browser.jar
    world.eventually(lambda: browser.me(token).status_code == 401)
    browser.jar = kept
    assert browser.post(RENEW).json()["code"] == "session-ended"
    assert browser.post(END).status_code == 204


def test_a_new_password_and_a_lock_end_it_as_they_end_others(browser: Browser, world: World) -> None:
    account = f"/v1/accounts/{world.accounts['peer']}"
    body = {"password": world.passwords["peer"]}
    assert world.administrator.post(f"{account}/password", json=body).status_code == 204
    assert browser.post(RENEW).json()["code"] == "session-ended"
    browser.sign_in()
    for locked in (True, False):
        assert world.administrator.patch(account, json={"locked": locked}).status_code == 200
        assert browser.post(RENEW).json()["code"] == ("session-ended" if locked else "missing-session")
    browser.sign_in()
    world.clients["peer"].close()
    world.clients["peer"] = world.signed_in(f"peer.{world.tag}", world.passwords["peer"])
