"""A platform with the built console, and one browser for all journeys, which drive it by roles and labels only.

A page is watched from its first request to the end of its test: an error on its console, a request to another host or
a breach of its policy fails the test, and so does a component without styles where it ends, whatever else it found.

``KEHU_JOURNEYS=full`` (``make journeys``) walks them all, otherwise a fast set that ``make test`` has time for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from tests.console.looks import unstyled
from tests.console.people import PATIENCE, administrator, sign_in
from tests.own_platform import PATIENT, is_full, leave_out, own_platform
from tests.process_logs import ProcessLogs

from stack.console import CONSOLE
from stack.places import Place
from stack.platform import PARTS, Platform
from stack.servers import ensure_browser

PLACE = Place(CONSOLE.home / "platform")
PICTURES = CONSOLE.home / "failed"
"""What was to be seen where a test failed."""
SOON = {"EVENT_RETRY_DELAYS": "[0.5, 1, 2, 4, 8]"}
"""A service gives up what it cannot handle while a test is still looking."""
expect.set_options(timeout=PATIENCE)
FULL = "full" in (os.environ.get("KEHU_JOURNEYS"), os.environ.get("KEHU_CONFORMANCE"))
PAGES = pytest.StashKey[list["WatchedPage"]]()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessLogs(PLACE, lines=40))
    config.addinivalue_line("markers", "full: belongs to the full set only (KEHU_JOURNEYS=full)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what belongs to the full set out of the fast one."""
    if not FULL:
        leave_out(config, items, is_full)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of each page of a test that failed."""
    report = yield
    if report.failed and report.when == "call":
        PICTURES.mkdir(parents=True, exist_ok=True)
        for number, watched in enumerate(item.stash.get(PAGES, []), 1):
            picture = PICTURES / f"{item.name.replace('/', '-')}-{number}.png"
            watched.page.screenshot(path=picture)
            report.sections.append(("page", f"{watched.page.url} looked like {picture}"))
    return report


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Servers and processes of its own with the console at `/`, and limits that a busy test does not run into."""
    CONSOLE.install(PLACE)
    built = CONSOLE.build(PLACE)
    with own_platform(PLACE, "console tests", console=built, **PATIENT, **SOON) as platform:
        yield platform
        administrator(platform).close()


@pytest.fixture(autouse=True)
def whole_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test stopped runs again before the next one."""
    yield
    if "platform" in request.fixturenames:
        platform: Platform = request.getfixturevalue("platform")
        for name in PARTS:
            if not platform.is_running(name):
                platform.start(name)
                platform.wait_until_ready(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    options = ensure_browser()
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        yield browser


class WatchedPage:
    """A page, and what was wrong with it."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.faults: list[str] = []
        self._host = host
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium notes each answer from 400 on; what the API refuses is for the page to tell its reader, and no fault.
        path = urlsplit(message.location["url"]).path
        refused = message.text.startswith("Failed to load resource") and path.startswith("/v1/")
        if message.type == "error" and not refused:
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self._host:
            self.faults.append(f"request to another host: {request.url}")


OpenPage = Callable[..., Page]
OpenProfile = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def open_profile(browser: Browser, platform: Platform) -> OpenProfile:
    """Open a profile of its own: another person, language or screen (options of Playwright's contexts)."""

    def open_one(**options: object) -> BrowserContext:
        common = {"base_url": platform.url, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = browser.new_context(**{**common, "reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE)
        return context

    return open_one


Watch = Callable[[Page], Page]


@pytest.fixture
def watch(request: pytest.FixtureRequest, platform: Platform) -> Iterator[Watch]:
    """Watch a page to the end of the test."""
    watched = request.node.stash[PAGES] = []

    def watch_one(page: Page) -> Page:
        watched.append(WatchedPage(page, urlsplit(platform.url).netloc))
        return page

    yield watch_one
    for each in watched:
        each.faults += [f"no styles: {classes}" for classes in unstyled(each.page)]
        each.page.close()
    assert [fault for each in watched for fault in each.faults] == []


@pytest.fixture
def open_page(watch: Watch, open_profile: OpenProfile) -> Iterator[OpenPage]:
    """Open a page in a profile of its own."""
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> Page:
        opened.append(open_profile(**options))
        return watch(opened[-1].new_page())

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def office(open_profile: OpenProfile, platform: Platform) -> Iterator[BrowserContext]:
    """A profile in which the administrator has signed in, for all who need nothing else of signing in."""
    context = open_profile()
    page = context.new_page()
    sign_in(page, platform)
    page.close()
    yield context
    context.close()


@pytest.fixture
def desk(office: BrowserContext, watch: Watch) -> Page:
    """A tab of its own, signed in; whoever ends its session ends the others' too."""
    return watch(office.new_page())


Judge = Callable[[Page], list[str]]


@pytest.fixture(scope="session")
def barriers(platform: Platform) -> Judge:
    """Tell what axe finds on a page against WCAG 2.2, A and AA: the rule, and each element that breaks it."""
    axe = (CONSOLE.sources / "node_modules" / "axe-core" / "axe.min.js").read_text()
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
    options = {"resultTypes": ["violations"], "runOnly": rules}

    def judge(page: Page) -> list[str]:
        # The page's policy lets no script tag in; what the browser is told to evaluate is not the page's.
        page.evaluate(axe)
        found = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
        return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]

    return judge


Picture = Callable[[Page, str, str, int], None]


@pytest.fixture(scope="session")
def picture() -> Picture:
    """Take a picture of a page for the documents, where KEHU_PICTURES names a folder for them."""
    folder = os.environ.get("KEHU_PICTURES")

    def take(page: Page, path: str, language: str, width: int) -> None:
        place = re.sub("/[0-9a-f]{8}-[-0-9a-f]+", "-record", path)
        name = PICTURED.get((place, language, width))
        if folder and name:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take


PICTURED = {
    ("/customers", "zh-CN", 1280): "customers",
    ("/customers-record", "zh-CN", 1280): "customer",
    ("/opportunities/board", "zh-CN", 1280): "board",
    ("/customers", "zh-CN", 390): "phone",
}
"""The pages of which README and docs/console.md show pictures: place, language, width, and the picture's name."""


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of somebody who has never been here, on a desk, in Chinese."""
    return open_page()
