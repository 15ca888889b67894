"""The console in a browser: how long a person waits for a list, at a desk and on a phone, at a million customers."""

from __future__ import annotations

import os
import statistics
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.measure import SMOKE, Report, Row, Size
from bench.stage import Stage
from stack.servers import ensure_browser

ROWS = 1_000_000
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
"""As Lighthouse has it: milliseconds, and bytes a second."""
SLOWER_BY = 4
"""A usual phone's processor."""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PATIENCE_MS = 120_000
REST_MS = 2_000
"""So long a person looks at a page before going on to the next; the stream of news keeps it from ever being idle."""

BUDGETS = {
    "sign-in to the list of customers": 1.5,
    "a click on a list to its first rows": 0.3,
    "the list on a phone, slow 4G, CPU / 4, cold": 6.0,
    "the list on a phone, slow 4G, CPU / 4, warm": 2.0,
}
"""What each may take, in seconds (docs/console.md)."""

FILL = """
    INSERT INTO customer (id, version, created_at, updated_at, owner_id, number, name, kind, status, phone, quiet_since,
                          name_key, pinyin, search_text)
    SELECT gen_random_uuid(), 1, made, made, owner, 'BENCH' || n, '云图科技' || n, 'company', 'basic', '+86139' || n,
           made, '云图科技' || n, 'yuntukeji' || n || ' ytkj' || n, '云图科技' || n || ' yuntukeji' || n
    FROM (SELECT n, (SELECT id FROM directory_account LIMIT 1) AS owner,
                 now() - n * interval '150 seconds' AS made
          FROM generate_series(1, %s) AS n) AS made_up
"""
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'customer' AND indexname NOT LIKE 'pk%' AND indexdef NOT LIKE 'CREATE UNIQUE%'
"""

ROWS_SHOWN = """
    new Promise(resolve => {
        const began = performance.now();
        const look = () => {
            if (document.querySelector("main a[href^='/customers/']")) resolve((performance.now() - began) / 1000);
            else requestAnimationFrame(look);
        };
        PRESS;
        requestAnimationFrame(look);
    })
"""
"""Presses something, and tells the seconds until the name of a customer is on the page: the browser's own clock."""


def measure(stage: Stage, size: Size) -> Report:
    """Take each figure once a round, each time as somebody whose browser has nothing of the console yet."""
    fill(stage, 1_000 if size == SMOKE else ROWS)
    found: dict[str, list[float]] = {name: [] for name in BUDGETS}
    options = ensure_browser()
    with sync_playwright() as playwright, playwright.chromium.launch(**options) as browser:
        for _ in range(size.rounds):
            figures = [*at_a_desk(browser, stage), *on_a_phone(browser, stage)]
            for name, figure in zip(BUDGETS, figures, strict=True):
                found[name].append(figure)
    rows = [
        Row(name, "s", figures, "budget", [BUDGETS[name]], 1.0, at_least=False, note=spread(figures))
        for name, figures in found.items()
    ]
    return Report(rows, [f"load of the machine at the end: {os.getloadavg()[0]:.1f}"])


def spread(figures: list[float]) -> str:
    """Return the best and the worst of the rounds, and their median."""
    return f"{min(figures):.2f} to {max(figures):.2f} s, median {statistics.median(figures):.2f}"


def fill(stage: Stage, rows: int) -> None:
    """Put customers into the customer service's database; the indexes are made anew afterwards."""
    connection = stage.connect(stage.service_database("customer"))
    with connection, connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(FILL, (rows,))
        for _, definition in indexes:
            cursor.execute(definition)
    connection.close()
    after = stage.connect(stage.service_database("customer"))
    after.cursor().execute("VACUUM ANALYZE customer")
    after.close()


def opened(browser: Browser, stage: Stage, **options: Any) -> tuple[BrowserContext, Page]:
    """Open the list of customers in a new profile, which asks to sign in first, with name and password typed."""
    context = browser.new_context(base_url=stage.platform.url, locale="zh-CN", **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/customers")
    page.get_by_role("textbox", name="用户名").fill("admin")
    page.get_by_role("textbox", name="密码").fill(stage.platform.admin_password)
    # What the page fetches while one types is there when one presses the button.
    page.wait_for_load_state("networkidle")
    return context, page


def at_a_desk(browser: Browser, stage: Stage) -> tuple[float, float]:
    """Return what signing in takes until the list is there, and what going from one list to another takes."""
    context, page = opened(browser, stage, viewport={"width": 1280, "height": 800})
    submit = "document.querySelector('form button[type=submit]').click()"
    signing_in = page.evaluate(ROWS_SHOWN.replace("PRESS", submit))
    page.goto("/leads")
    page.get_by_role("heading", level=1, name="线索").wait_for()
    page.wait_for_timeout(REST_MS)
    going = page.evaluate(
        ROWS_SHOWN.replace("PRESS", "document.querySelector(\"nav a[href='/customers']\").click()")
    )
    context.close()
    return float(signing_in), float(going)


def on_a_phone(browser: Browser, stage: Stage) -> tuple[float, float]:
    """Return what opening the list takes who is signed in, with nothing and with everything in the cache."""
    context, page = opened(browser, stage, **PHONE)
    page.get_by_role("button", name="登录", exact=True).click()
    first = page.locator("main a[href^='/customers/']").first
    first.wait_for()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.clearBrowserCache")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_BY})
    taken = []
    for _ in ("cold", "warm"):
        page.goto("/customers", wait_until="commit")
        first.wait_for()
        # From the beginning of the navigation, by the clock of the page itself.
        taken.append(float(page.evaluate("performance.now()")) / 1000)
    context.close()
    return taken[0], taken[1]
