"""Every kind of page for who sees little, has a keyboard only, or a phone in the hand. Issue 10."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from tests.console.conftest import Judge, OpenPage, Picture
from tests.console.people import (
    DESK,
    PASSWORD,
    PHONE,
    a_flow,
    administrator,
    changed,
    heading,
    is_as_wide_as_the_screen,
    made,
    save,
    sign_in,
)

from sample_data import Sample
from stack.platform import Platform

HELD: ViewportSize = {"width": 390, "height": 844}
VIEWS = [("zh-CN", DESK), ("en", DESK), ("en", HELD), ("zh-CN", HELD)]
"""In which language and on which screen each page is looked at, with one change from each to the next."""
FULL = os.environ.get("KEHU_CONFORMANCE") == "full"
"""Whether each page is looked at in every view (`make conformance`), or the views take turns."""
WAITING = re.compile("^(正在载入|Loading)")
FINGER = 40
"""Pixels that a finger hits."""
UNBROKEN = "https://kehu.invalid/" + "w" * 79
"""As long as most names may be, without a place at which a line of it would end by itself."""


@pytest.fixture(scope="module")
def unbroken(platform: Platform) -> list[str]:
    """Records whose texts go on without a blank, and where their pages are."""
    name, remark = {"name": UNBROKEN}, {"remark": UNBROKEN * 3}
    spoken = {"kind": "call", "subject": UNBROKEN, "content": UNBROKEN * 3}
    department = made(platform, "/v1/departments", **name, parent_id=None)
    person = {"username": "w" * 60, "display_name": UNBROKEN, "password": PASSWORD}
    account = made(platform, "/v1/accounts", **person, department_id=department["id"])
    customer = made(platform, "/v1/customers", **name, **remark, industry=UNBROKEN, website=UNBROKEN)
    of = {"customer_id": customer["id"]}
    deal = made(platform, "/v1/opportunities", **name, **remark, **of, owner_id=account["id"])
    product = made(platform, "/v1/products", **name, category=UNBROKEN)
    line = {"product_id": product["id"], "name": UNBROKEN, "quantity": "1", "price": "9.00"}
    term = {"due_on": "2030-01-01", "amount": "9.00", **remark}
    contract = {"nature": "income", "payment_mode": "one_off", "lines": [line], "payment_terms": [term]}
    program = {"name": "w" * 50, "description": UNBROKEN, "permissions": {"receivable.read": "all"}}
    records = {
        "accounts": account,
        "customers": customer,
        "opportunities": deal,
        "products": product,
        "contacts": made(platform, f"/v1/customers/{customer['id']}/contacts", **name, title=UNBROKEN),
        "leads": made(platform, "/v1/leads", company_name=UNBROKEN, contact_name=UNBROKEN, source=UNBROKEN),
        "contracts": made(platform, "/v1/contracts", **name, **remark, **of, **contract),
        "cases": made(platform, "/v1/cases", **of, subject=UNBROKEN, description=UNBROKEN, channel="phone"),
        "bank-accounts": made(platform, "/v1/bank-accounts", **name, bank=UNBROKEN),
        "service-accounts": made(platform, "/v1/service-accounts", **program),
    }
    for noun in ("customers", "opportunities"):
        made(platform, f"/v1/{noun}/{records[noun]['id']}/activities", **spoken)
    return [f"/{noun}/{record['id']}" for noun, record in records.items()]


@pytest.fixture(scope="module")
def sample(platform: Platform, unbroken: list[str]) -> Iterator[None]:
    """What `make up` shows a newcomer: something of everything."""
    sample = Sample(platform.url, platform.admin_password)
    sample.load()
    for client in (sample.admin, *sample.clients.values()):
        client.close()
    webhook = made(platform, "/v1/webhooks", url="https://erp.invalid/kehu", event_types=["product.*"])
    made(platform, "/v1/products", name="有人订阅的产品")
    made(platform, "/v1/service-accounts", name="每日取数", permissions={"receivable.read": "all"})
    steps = [{"kind": "superior"}, {"kind": "role", "role": "finance"}]
    with a_flow(
        platform, name="大额采购", condition={"currency": "XPF", "amount_from": "100000"}, steps=steps
    ):
        yield
    administrator(platform).send("DELETE", f"/v1/webhooks/{webhook['id']}")


def settled(page: Page, path: str) -> None:
    """Wait until a page shows what it has to show."""
    expect(page).to_have_url(re.compile(f"{re.escape(path)}([?#]|$)"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_label(WAITING)).to_have_count(0)


def places(page: Page) -> list[str]:
    """Return where the navigation leads, with all that is folded in it."""
    navigation = page.get_by_role("navigation", name="主导航")
    folded = navigation.locator("[role=menuitem][aria-expanded=false]")
    for left in reversed(range(folded.count())):
        folded.first.click()
        expect(folded).to_have_count(left)
    links = navigation.get_by_role("link").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return list(dict.fromkeys(links))


def below(page: Page, path: str) -> list[str]:
    """Return a record that a list leads to, and its other views."""
    links = page.get_by_role("main").locator(f"a[href^='{path}/']")
    found: list[str] = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    records = [each for each in found if re.search("/[0-9a-f]{8}-", each)]
    return [*records[:1], *(each for each in dict.fromkeys(found) if each not in records)]


def read_in(page: Page, language: str) -> None:
    """Show the console in a language."""
    name = "English" if language == "en" else "中文"
    switch = page.get_by_role("banner").get_by_role("button", name=name, exact=True)
    if switch.count():
        switch.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def judged(
    page: Page, path: str, views: list[tuple[str, ViewportSize]], barriers: Judge, picture: Picture
) -> Iterator[str]:
    """Look at a page in some languages on some screens, and yield what keeps somebody out."""
    for language, size in views:
        page.set_viewport_size(size)
        read_in(page, language)
        settled(page, path)
        place = f"{path} in {language} at {size['width']} px"
        yield from (f"{place}: {found}" for found in barriers(page))
        yield from sticking_out(page, place)
        picture(page, path, language, size["width"])


def sticking_out(page: Page, place: str) -> list[str]:
    """Tell of what makes a page wider than the screen."""
    return [] if is_as_wide_as_the_screen(page) else [f"{place}: something sticks out to the side"]


@pytest.fixture
def reader(open_page: OpenPage, platform: Platform) -> Iterator[Page]:
    """Somebody who changes the language, in a profile of their own; what they liked last is forgotten afterwards."""
    page = open_page()
    sign_in(page, platform)
    yield page
    changed(platform, "/v1/me/preferences", language=None)


def test_every_page_is_for_everybody(
    reader: Page, sample: None, unbroken: list[str], barriers: Judge, picture: Picture
) -> None:
    """(W-3) to (W-6) Every place of the navigation, and what it leads to; WCAG 2.2 A and AA."""
    reader.goto("/customers")
    settled(reader, "/customers")
    found: list[str] = []
    turns = cycle([VIEWS] if FULL else [[view] for view in VIEWS])
    everywhere = [*places(reader), "/approvals?scope=all", "/me", "/help"]
    for place in everywhere:
        reader.set_viewport_size(DESK)
        reader.goto(place)
        settled(reader, place)
        inside = below(reader, place.partition("?")[0])
        found += judged(reader, place, next(turns), barriers, picture)
        for path in inside:
            reader.goto(path)
            settled(reader, path)
            found += judged(reader, path, next(turns), barriers, picture)
    reader.set_viewport_size(HELD)
    for path in unbroken:
        reader.goto(path)
        settled(reader, path)
        found += sticking_out(reader, f"{path} at {HELD['width']} px")
    assert not found, "\n".join(found)


@pytest.mark.full
def test_what_opens_on_a_page_has_no_barrier_either(desk: Page, platform: Platform, barriers: Judge) -> None:
    """(W-3), (W-4), (W-5) A preview, a form with what is wrong in it, a question, no page at all."""
    page = desk
    customer = made(platform, "/v1/customers", name="无障碍公司")
    opportunity = made(platform, "/v1/opportunities", name="无障碍商机", customer_id=customer["id"])
    page.goto(f"/customers?preview={customer['id']}")
    expect(page.get_by_role("dialog").get_by_role("heading", name="联系方式")).to_be_visible()
    assert barriers(page) == []
    page.goto("/contracts?new=1")
    save(page)
    expect(page.get_by_text("请填写合同名称")).to_be_visible()
    assert barriers(page) == []
    page.goto(f"/opportunities/{opportunity['id']}")
    page.get_by_role("button", name="赢单", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("成交日期")).to_be_visible()
    assert barriers(page) == []
    page.goto("/nothing/here/at-all")
    expect(heading(page, "没有这个页面")).to_be_visible()
    assert barriers(page) == []


def test_a_phone_shows_every_place_and_one_stage_at_a_time(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(W-3), (W-6)."""
    page = open_page(**PHONE)
    sign_in(page, platform)
    page.get_by_role("button", name="更多").click()
    assert barriers(page) == []
    page.get_by_role("dialog").get_by_role("link", name="商机").click()
    page.get_by_role("link", name="看板").click()
    expect(page.get_by_role("region", name="初步接洽")).to_be_visible()
    expect(page.get_by_role("region", name="需求确认")).to_have_count(0)
    page.goto("/cases?new=1")
    form = page.get_by_role("dialog")
    expect(form.get_by_label("主题")).to_be_visible()
    heights = form.get_by_role("combobox").evaluate_all(
        "inputs => inputs.map(each => each.closest('.ant-select, .ant-picker').offsetHeight)"
    )
    assert min(heights) >= FINGER
    assert barriers(page) == []
    assert is_as_wide_as_the_screen(page)


@pytest.mark.full
def test_what_a_phone_writes_with_stands_in_line(open_page: OpenPage, platform: Platform) -> None:
    """(W-3) The rows of the line that notes an activity begin below each other, and the bell's count is whole."""
    customer = made(platform, "/v1/customers", name="对齐公司")
    soon = {"kind": "call", "content": "跟进", "next_contact_at": "2026-01-05T01:00:00Z"}
    made(platform, f"/v1/customers/{customer['id']}/activities", **soon)
    page = open_page(**PHONE)
    sign_in(page, platform)
    page.goto(f"/customers/{customer['id']}?write=1")
    day = page.get_by_label("下次联系时间").first
    expect(day).to_be_visible()
    line = page.locator("form", has=day)
    edges = line.locator(".ant-select, .ant-picker").evaluate_all(
        "inputs => inputs.map(each => each.getBoundingClientRect().left)"
    )
    assert len(edges) == 2
    assert edges[0] == edges[1]
    badge = page.locator(".badge").bounding_box()
    assert badge is not None
    assert badge["y"] >= 0


@pytest.mark.full
def test_the_arrow_keys_go_through_a_list_beside_its_preview(desk: Page, platform: Platform) -> None:
    """(W-4)."""
    for name in ("键盘一", "键盘二"):
        made(platform, "/v1/products", name=name, unit="键盘")
    page = desk
    page.goto("/products?sort=-created_at")
    page.get_by_role("link", name="键盘二").press("Tab")
    page.get_by_text("键盘", exact=True).first.click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("link", name="键盘二")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("link", name="键盘一")).to_be_visible()
    assert "preview=" in page.url
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    assert "preview=" not in page.url
