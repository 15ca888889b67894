"""The first page that a browser gets. (W-1), issue 10, line 1."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from tests.console.conftest import Judge, OpenPage, WatchedPage
from tests.console.people import eventually

from stack.platform import Platform

BUDGET = 330_000
"""Bytes."""


def test_who_is_not_signed_in_is_asked_to(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None and answer.status == 200
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("textbox", name="用户名")).to_be_focused()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_on_it_keeps_anybody_out(
    open_page: OpenPage, barriers: Judge, language: str, size: tuple[int, int]
) -> None:
    """WCAG 2.2 A and AA, as far as a program can judge it."""
    page = open_page(locale=language, viewport={"width": size[0], "height": size[1]})
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert barriers(page) == []


def test_the_judge_finds_what_keeps_people_out(page: Page, barriers: Judge) -> None:
    page.goto("/")
    page.evaluate("document.body.append(document.createElement('input'))")
    assert any(found.startswith("label: <input") for found in barriers(page))


def test_an_address_inside_the_console_can_be_opened_directly(page: Page) -> None:
    page.goto("/customers")
    expect(page.get_by_role("textbox", name="用户名")).to_be_visible()
    assert urlsplit(page.url).path == "/customers", "who has signed in is not where they wanted to go"


def test_the_page_to_sign_in_is_no_larger_than_its_budget(page: Page) -> None:
    """Compressed, with its headers, as it comes to somebody who has never been here."""
    ended: list[Request] = []
    # The size of a request that has not ended is waited for without end.
    page.on("requestfinished", lambda request: ended.append(request))
    page.goto("/")
    expect(page.get_by_role("textbox", name="用户名")).to_be_visible()
    page.wait_for_load_state("networkidle")
    sizes = {urlsplit(request.url).path: request.sizes() for request in ended}
    received = {path: size["responseBodySize"] + size["responseHeadersSize"] for path, size in sizes.items()}
    assert any(path.startswith("/assets/") for path in received)
    assert sum(received.values()) <= BUDGET, received


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("console.error('a fault')", "a fault"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("void fetch('http://localhost:9/').catch(() => null)", "Content Security Policy"),
        ("document.body.append(Object.assign(new Image(), {src: '//localhost:9/x.png'}))", "another host"),
        ("void fetch('/assets/none.js')", "404"),
    ],
)
def test_the_watch_sees_what_is_wrong_with_a_page(
    browser: Browser, platform: Platform, script: str, fault: str
) -> None:
    """No other test of this suite could fail by it unless this holds."""
    with browser.new_context() as context:
        page = context.new_page()
        watched = WatchedPage(page, urlsplit(platform.url).netloc)
        page.goto(platform.url)
        page.evaluate(script)
        assert eventually(page, lambda: [each for each in watched.faults if fault in each])


def test_what_the_api_refuses_is_no_fault_of_the_page(page: Page) -> None:
    page.goto("/")
    assert page.evaluate("fetch('/v1/nothing').then(answer => answer.status)") == 404
