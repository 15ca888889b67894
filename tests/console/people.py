"""What people do on every page of the console, by the names that they read there."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, expect
from tests.own_platform import change

from client import Client
from stack.platform import Platform

PATIENCE = 30_000
"""Milliseconds: nothing here is judged by its speed, and the machine may be busy with other tests."""

WORDS = {
    "zh-CN": {"username": "用户名", "password": "密码", "submit": "登录", "home": "客户"},
    "en-US": {"username": "User name", "password": "Password", "submit": "Sign in", "home": "Customers"},
}

PASSWORD = "a-long-enough-password-9"
DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
"""A screen that one holds in the hand."""


def enter(page: Page, username: str, password: str, language: str = "zh-CN") -> None:
    """Fill in the form to sign in, and send it."""
    words = WORDS[language]
    page.get_by_role("textbox", name=words["username"]).fill(username)
    page.get_by_role("textbox", name=words["password"]).fill(password)
    page.get_by_role("button", name=words["submit"], exact=True).click()


def sign_in(page: Page, platform: Platform, language: str = "zh-CN") -> None:
    """Sign in as the administrator on the way to the customers, and wait for them."""
    page.goto("/customers")
    enter(page, "admin", platform.admin_password, language)
    expect(page.get_by_role("heading", name=WORDS[language]["home"], exact=True)).to_be_visible()


def fill(page: Page | Locator, **answers: str) -> None:
    """Type into the fields of a form by their labels."""
    for label, answer in answers.items():
        page.get_by_label(label).fill(answer)


def save(page: Page) -> None:
    """Save the form that is open."""
    page.get_by_role("dialog").get_by_role("button", name="保存").click()


def heading(page: Page, text: str) -> Locator:
    """The name of the page."""
    return page.get_by_role("heading", level=1, name=re.compile(re.escape(text)))


@functools.cache
def administrator(platform: Platform) -> Client:
    """The administrator as a client of the API, signed in once for all tests."""
    return Client(platform.url).sign_in("admin", platform.admin_password)


def made(platform: Platform, path: str, **body: Any) -> dict[str, Any]:
    """Make a record through the API, as something that was there before."""
    return administrator(platform).post_once_known(path, body)


def changed(platform: Platform, path: str, **body: Any) -> dict[str, Any]:
    """Change a record through the API, as somebody else would."""
    return administrator(platform).patch(path, body)


def there(platform: Platform, path: str, **query: Any) -> Any:
    """Read what there is through the API, as somebody else sees it."""
    return administrator(platform).get(path, **query)


@contextmanager
def a_flow(platform: Platform, noun: str = "contract", **flow: Any) -> Iterator[dict[str, Any]]:
    """A flow for a noun that is in force for the length of a block: the noun's service has heard of it by then."""
    kept = made(platform, "/v1/approval-flows", subject_type=noun, **flow)
    try:
        known = "SELECT 1 FROM definition WHERE id = %s"
        until = time.monotonic() + PATIENCE / 1000
        while not change(platform, noun, known, kept["id"]):
            assert time.monotonic() < until, f"{noun} has not heard of the flow"
            time.sleep(0.05)
        yield kept
    finally:
        changed(platform, f"/v1/approval-flows/{kept['id']}", active=False)


def eventually(page: Page, look: Callable[[], Any], within: int = PATIENCE) -> Any:
    """Return what a look finds as soon as it finds something, or nothing where it never does.

    The browser tells of what it does only while it is being listened to.
    """
    until = time.monotonic() + within / 1000
    while not (found := look()) and time.monotonic() < until:
        page.wait_for_timeout(100)
    return found


def is_as_wide_as_the_screen(page: Page) -> bool:
    """Tell whether nothing of the page sticks out to the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
