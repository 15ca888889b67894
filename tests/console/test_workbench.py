"""The workbench and the bell: what waits for somebody is there when they come, and comes while they are there."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import Page, Route, expect
from tests.console.conftest import Judge, OpenPage, Watch
from tests.console.people import (
    PASSWORD,
    PHONE,
    a_flow,
    changed,
    enter,
    eventually,
    heading,
    is_as_wide_as_the_screen,
    made,
    sign_in,
)

from client import Client
from stack.platform import Platform

CONTRACT = {
    "name": "泰铢年度合同", "nature": "income", "payment_mode": "one_off", "amount": "1200.00", "currency": "THB",
    "payment_terms": [],
}  # fmt: skip


def test_a_contract_that_is_handed_in_shows_with_the_manager_without_a_reload_and_goes_when_it_is_decided(
    platform: Platform, open_page: OpenPage, barriers: Judge
) -> None:
    """(W-3): bell and workbench are moved by events; one block's service being away leaves the others; 390 px."""
    boss = made(platform, "/v1/accounts", **an_account("bell.boss", "林经理", roles=["sales_manager"]))
    under = {"roles": ["salesperson"], "manager_id": boss["id"]}
    made(platform, "/v1/accounts", **an_account("bell.seller", "小林", **under))
    page = open_page()
    page.goto("/")
    enter(page, "bell.boss", PASSWORD)
    expect(heading(page, "工作台")).to_be_visible()
    approvals = page.get_by_role("region", name="待我审批")
    expect(approvals.get_by_text("没有待您审批的事项")).to_be_visible()
    expect(page.get_by_role("button", name="提醒：0 项")).to_be_visible()
    assert barriers(page) == []

    condition = {"nature": "income", "currency": "THB"}
    flow = a_flow(platform, name="泰铢合同找上级", condition=condition, steps=[{"kind": "superior"}])
    with closing(Client(platform.url).sign_in("bell.seller", PASSWORD)) as seller, flow:
        customer = seller.post("/v1/customers", {"name": "曼谷贸易公司"})
        contract = seller.post_once_known("/v1/contracts", {**CONTRACT, "customer_id": customer["id"]})
        seller.post_once_known(f"/v1/contracts/{contract['id']}/submit")
        expect(page.get_by_role("button", name="提醒：1 项")).to_be_visible()
        expect(approvals.get_by_role("link", name="泰铢年度合同")).to_be_visible()

        page.get_by_role("button", name="提醒：1 项").click()
        waiting = page.get_by_role("dialog").get_by_role("link", name="泰铢年度合同")
        expect(waiting).to_be_visible()
        assert barriers(page) == []
        waiting.click()
        page.get_by_role("button", name="同意", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="同意", exact=True).click()
        expect(page.get_by_role("button", name="提醒：0 项")).to_be_visible()
        path = f"/v1/contracts/{contract['id']}"
        assert eventually(page, lambda: seller.get(path)["status"] == "approved")

    platform.kill("sales")
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page.get_by_role("region", name="停滞商机").get_by_text("没能更新")).to_be_visible()
    expect(approvals.get_by_text("没有待您审批的事项")).to_be_visible()

    phone = open_page(**PHONE, locale="en-US")
    phone.goto("/")
    enter(phone, "bell.boss", PASSWORD, "en-US")
    expect(phone.get_by_role("region", name="Waiting for my approval")).to_be_visible()
    stalled = phone.get_by_role("region", name="Stalled opportunities")
    expect(stalled.get_by_text("This service is away")).to_be_visible()
    expect(phone.get_by_role("link", name="Leads away")).to_be_visible()
    expect(phone.get_by_role("region", name="My cases").get_by_text("No case is under way.")).to_be_visible()
    assert barriers(phone) == []
    assert is_as_wide_as_the_screen(phone)


def an_account(username: str, display_name: str, **more: object) -> dict[str, object]:
    return {"username": username, "display_name": display_name, "password": PASSWORD, **more}


@pytest.mark.full
def test_a_phone_may_install_the_console(page: Page) -> None:
    """(W-3): Chromium finds nothing in its way but that the tests browse in private."""
    page.goto("/")
    devtools = page.context.new_cdp_session(page)
    assert devtools.send("Page.getAppManifest")["errors"] == []
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in found if each["errorId"] != "in-incognito"] == []


def test_open_pages_freshen_by_themselves_and_take_nothing_from_whoever_types(
    page: Page, platform: Platform, barriers: Judge, watch: Watch
) -> None:
    """(W-3): one stream serves both tabs; by keys alone."""
    customer = made(platform, "/v1/customers", name="随时更新公司", region="上海")
    sign_in(page, platform)
    other = watch(page.context.new_page())
    other.goto("/customers")
    row = other.get_by_role("row").filter(has_text="随时更新公司")
    expect(row.get_by_text("上海")).to_be_visible()
    page.goto(f"/customers/{customer['id']}")
    expect(heading(page, "随时更新公司")).to_be_visible()
    page.keyboard.press("e")
    name = page.get_by_role("textbox", name="客户名称")
    expect(name).to_be_focused()
    name.fill("随时更新公司（正在输入")

    changed(platform, f"/v1/customers/{customer['id']}", region="成都")
    expect(row.get_by_text("成都")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="上海")).to_be_visible()
    assert name.input_value() == "随时更新公司（正在输入"
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="修改客户名称")).to_be_focused()
    expect(page.get_by_role("definition").filter(has_text="成都")).to_be_visible()

    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(heading(page, "商机")).to_be_visible()
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog").get_by_role("combobox")
    palette.fill("xjkh")
    expect(page.get_by_role("option", name="新建客户")).to_be_visible()
    assert barriers(page) == []
    palette.press("Enter")
    expect(page.get_by_role("dialog", name="新建客户")).to_be_visible()
    assert page.url.endswith("/customers?new=1")


@pytest.mark.full
def test_what_is_typed_before_a_window_is_there_is_for_the_window(desk: Page) -> None:
    """(W-3): where the palette and the form of a new one are fetched, and until then `c` and `gl` do nothing."""
    page = desk
    held: list[Route] = []
    for part in ("Palette", "ResourceForm"):
        page.route(f"**/assets/{part}-*.js", lambda route: held.append(route))
    page.goto("/customers")
    expect(heading(page, "客户")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("cegl", delay=60)
    assert eventually(page, lambda: held)
    held.pop().continue_()
    palette = page.get_by_role("dialog").get_by_role("combobox")
    expect(palette).to_have_value("cegl")
    expect(palette).to_be_focused()
    assert page.url.endswith("/customers")
    page.keyboard.press("Escape")
    expect(palette).to_have_count(0)
    page.keyboard.press("c")
    assert eventually(page, lambda: held)
    page.keyboard.type("ceshi", delay=60)
    held.pop().continue_()
    expect(page.get_by_role("dialog", name="新建客户").get_by_label("客户名称")).to_have_value("ceshi")


@pytest.mark.full
def test_single_keys_are_listed_and_can_be_switched_off(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(W-3): WCAG 2.1.4, on the help page, in English; what is switched off stays so after a reload."""
    page = open_page(locale="en-US")
    sign_in(page, platform, "en-US")
    page.keyboard.press("?")
    expect(heading(page, "Help")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Go to Customers")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("switch", name="Single-key shortcuts").click()
    page.reload()
    expect(page.get_by_role("switch", name="Single-key shortcuts")).not_to_be_checked()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    assert "/help" in page.url
