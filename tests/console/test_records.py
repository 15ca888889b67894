"""The pages of records: what was done, who is there already, the way of an approval, what a receipt settles.

Issue 10, lines 4 to 6: only what needs a browser; the rest stands in the console's own unit tests.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import (
    PASSWORD,
    PHONE,
    a_flow,
    enter,
    eventually,
    fill,
    heading,
    is_as_wide_as_the_screen,
    made,
    save,
    sign_in,
    there,
)
from tests.days import today

from stack.platform import Platform


def test_what_was_said_is_written_down_on_a_phone_and_stands_first(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(W-5): the bar at the lower edge calls, and leads to the line; Enter sends, Shift and Enter do not."""
    customer = made(platform, "/v1/customers", name="电话里的公司", phone="021-55556666")
    page = open_page(**PHONE)
    sign_in(page, platform)
    page.goto(f"/customers/{customer['id']}")
    expect(page.get_by_role("link", name="打电话")).to_have_attribute("href", f"tel:{customer['phone_e164']}")
    line = page.get_by_role("textbox", name="跟进内容")
    # Whoever asks once more is led there again.
    for _ in range(2):
        page.get_by_role("button", name="写跟进").click()
        expect(line).to_be_focused()
    assert page.url.endswith(f"/customers/{customer['id']}?write=1")
    line.press_sequentially("下周给答复")
    line.press("Shift+Enter")
    line.press_sequentially("要发报价")
    line.press("Enter")
    entry = page.get_by_role("list", name="动态").get_by_role("listitem").first
    expect(entry).to_contain_text("要发报价")
    expect(line).to_have_value("")
    assert barriers(page) == []
    assert is_as_wide_as_the_screen(page)
    [noted] = there(platform, f"/v1/customers/{customer['id']}/activities")["items"]
    assert (noted["kind"], noted["content"]) == ("call", "下周给答复\n要发报价")


@pytest.mark.full
def test_a_lead_is_seen_to_be_there_followed_up_and_goes_into_the_customer_that_is_found(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-3), (W-5), (W-6): who is there already while one types; what was said to the lead stands on its customer."""
    customer = made(platform, "/v1/customers", name="泰和仪器股份有限公司")
    lead = made(platform, "/v1/leads", company_name="泰和仪器", contact_name="孙丽", mobile="13800138222")
    soon = f"{today().isoformat()}T00:01:00+08:00"
    said = {"kind": "call", "content": "想要三台样机", "occurred_at": "2026-01-05T08:00:00Z"}
    made(platform, f"/v1/leads/{lead['id']}/activities", **said, next_contact_at=soon)
    desk.goto("/customers?new=1")
    fill(desk.get_by_role("dialog"), 客户名称="泰和仪器")
    found = desk.get_by_role("region", name="可能已经有了：客户")
    expect(found.get_by_role("link", name=customer["name"])).to_be_visible()
    desk.goto("/leads?new=1")
    fill(desk.get_by_role("dialog"), 手机="138 0013 8222")
    leads = desk.get_by_role("region", name="可能已经有了：线索")
    expect(leads.get_by_role("link", name="泰和仪器")).to_be_visible()
    fill(desk.get_by_role("dialog"), 公司名称="泰和仪器")
    expect(found.get_by_role("link", name=customer["name"])).to_be_visible()
    expect(leads).to_have_count(2)
    assert barriers(desk) == []
    desk.goto("/")
    due = desk.get_by_role("region", name="待跟进")
    due.get_by_role("link", name="想要三台样机").click()
    desk.get_by_role("button", name="转为客户").click()
    found.get_by_role("button", name=f"就是“{customer['name']}”").click()
    desk.get_by_role("dialog").get_by_role("button", name="转为客户").click()
    expect(desk.get_by_text("线索已转为客户")).to_be_visible()
    expect(heading(desk, customer["name"])).to_be_visible()
    entry = desk.get_by_role("list", name="动态").get_by_role("listitem").filter(has_text="想要三台样机")
    expect(entry.get_by_role("link", name="泰和仪器")).to_have_attribute("href", f"/leads/{lead['id']}")
    assert barriers(desk) == []
    converted = there(platform, f"/v1/leads/{lead['id']}")
    assert (converted["status"], converted["customer_id"]) == ("converted", customer["id"])


@pytest.mark.full
def test_who_may_not_read_a_contract_approves_it_in_their_language_wherever_they_sign_in(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(W-3), (W-6): what may not be read is no failure; what was asked for stands there, and who asked finds it."""
    grants = {"approval.read": "own", "approval.decide": "own"}
    made(platform, "/v1/roles", code="only_approves", name="只管审批", permissions=grants)
    person = {"username": "only.approves", "display_name": "郑总", "password": PASSWORD}
    decides = made(platform, "/v1/accounts", **person, roles=["only_approves"])
    customer = made(platform, "/v1/customers", name="不给看的公司")
    draft = {"name": "不给看的合同", "customer_id": customer["id"], "payment_terms": [], "amount": "1200.00"}
    draft |= {"nature": "income", "payment_mode": "one_off", "currency": "SEK"}
    steps = [{"kind": "person", "account_id": decides["id"]}]
    with a_flow(platform, name="郑总看", condition={"currency": "SEK"}, steps=steps, allow_own=True):
        contract = made(platform, "/v1/contracts", **draft)
        made(platform, f"/v1/contracts/{contract['id']}/submit")
    first = open_page(locale="en-US")
    first.goto("/approvals")
    enter(first, "only.approves", PASSWORD, "en-US")
    expect(heading(first, "Approvals")).to_be_visible()
    first.get_by_role("button", name="中文").click()
    expect(heading(first, "审批")).to_be_visible()
    elsewhere = open_page(locale="en-US")
    elsewhere.goto("/approvals")
    enter(elsewhere, "only.approves", PASSWORD, "en-US")
    elsewhere.get_by_role("link", name="不给看的合同").click()
    subject = elsewhere.get_by_role("region", name="审批内容")
    expect(subject).to_contain_text("您没有查看原单据的权限")
    expect(elsewhere.get_by_role("alert")).to_have_count(0)
    assert barriers(elsewhere) == []
    elsewhere.get_by_role("button", name="同意").click()
    elsewhere.get_by_role("dialog").get_by_role("button", name="同意").click()
    expect(elsewhere.get_by_text("已同意").first).to_be_visible()
    path = f"/v1/contracts/{contract['id']}"
    assert eventually(elsewhere, lambda: there(platform, path)["status"] == "approved")


def test_a_change_stands_in_the_history_with_what_was_and_what_it_became(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """CU-23."""
    customer = made(platform, "/v1/customers", name="有修改记录的公司", email="before@example.com")
    desk.goto(f"/customers/{customer['id']}")
    desk.get_by_role("button", name="修改邮箱").click()
    field = desk.get_by_role("textbox", name="邮箱")
    field.fill("after@example.com")
    field.press("Enter")
    expect(desk.get_by_role("button", name="修改邮箱")).to_be_visible()
    desk.get_by_role("link", name="修改记录").click()
    history = desk.get_by_role("list", name="修改记录")
    newest = history.get_by_role("listitem").first
    expect(newest.get_by_role("deletion")).to_have_text("修改前: before@example.com")
    expect(newest.get_by_role("insertion")).to_have_text("修改后: after@example.com")
    assert barriers(desk) == []


@pytest.mark.full
def test_a_press_on_the_way_goes_on_and_a_card_is_lost_by_its_menu(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-5), (W-6): what an end has to know is asked, on the page as on the board."""
    going = made(platform, "/v1/opportunities", name="往前走的商机", amount="1000.00")
    desk.goto(f"/opportunities/{going['id']}")
    way = desk.get_by_role("navigation", name="销售阶段")
    way.get_by_role("button", name="需求确认：进入此阶段").press("Enter")
    expect(way.locator("[aria-current=step]")).to_have_text("需求确认")
    way.get_by_role("button", name="方案报价：进入此阶段").dblclick()
    expect(way.locator("[aria-current=step]")).to_have_text("方案报价")
    moved = there(platform, f"/v1/opportunities/{going['id']}")
    assert moved["version"] == going["version"] + 2
    assert barriers(desk) == []
    desk.goto("/opportunities/board")
    desk.get_by_role("button", name="移动“往前走的商机”").press("Enter")
    desk.get_by_role("menuitem", name="输单…").click()
    desk.get_by_role("dialog").get_by_label("输单原因").click()
    desk.get_by_title("没有预算", exact=True).dispatch_event("click")
    desk.get_by_role("dialog").get_by_role("button", name="输单").click()
    expect(desk.get_by_role("link", name="往前走的商机")).to_have_count(0)
    lost = there(platform, f"/v1/opportunities/{going['id']}")
    assert (lost["status"], lost["reason"]) == ("lost", "no_budget")


@pytest.mark.full
def test_the_zones_to_win_and_to_lose_are_there_while_a_card_is_dragged(
    desk: Page, platform: Platform
) -> None:
    """(W-6)."""
    card = made(platform, "/v1/opportunities", name="拖到赢单的商机", amount="1000.00")
    desk.goto("/opportunities/board")
    desk.get_by_role("listitem").filter(has_text="拖到赢单的商机").hover()
    expect(desk.get_by_text("赢单", exact=True)).to_have_count(0)
    desk.mouse.down()
    desk.mouse.move(600, 500, steps=5)
    zone = desk.get_by_text("赢单", exact=True)
    expect(zone).to_be_visible()
    zone.hover()
    zone.hover()
    desk.mouse.up()
    desk.get_by_role("dialog").get_by_role("button", name="赢单").click()
    assert eventually(desk, lambda: there(platform, f"/v1/opportunities/{card['id']}")["status"] == "won")


def test_a_contract_shows_its_approval_its_process_and_what_a_receipt_settles(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-5), (W-6)."""
    now = today().isoformat()
    customer = made(platform, "/v1/customers", name="分期付款公司")
    step = {"kind": "person", "account_id": there(platform, "/v1/me")["id"]}
    terms = [{"due_on": now, "amount": "24000.00"}, {"due_on": "2030-03-01", "amount": "30000.00"}]
    draft = {"name": "分两期的合同", "customer_id": customer["id"], "payment_terms": terms}
    draft |= {"nature": "income", "payment_mode": "instalments", "amount": "54000.00"}
    condition = {"currency": "CNY", "amount_from": "54000.00"}
    with a_flow(platform, name="图示", condition=condition, steps=[step], allow_own=True):
        contract = made(platform, "/v1/contracts", **draft)
        made(platform, f"/v1/contracts/{contract['id']}/submit")
    desk.goto(f"/contracts/{contract['id']}")
    way = desk.get_by_role("region", name="审批进度").get_by_role("listitem")
    expect(way).to_have_count(3)
    expect(way.nth(1)).to_contain_text("待处理")
    assert barriers(desk) == []
    [approval] = there(platform, "/v1/approvals", **{"filter[subject_id]": contract["id"]})["items"]
    desk.goto(f"/approvals/{approval['id']}")
    subject = desk.get_by_role("region", name="审批内容")
    expect(subject.get_by_role("link", name="分两期的合同")).to_be_visible()
    expect(subject).to_contain_text("分期付款公司")
    desk.get_by_role("button", name="同意").click()
    fill(desk.get_by_role("dialog"), 审批意见="条款没有问题")
    desk.get_by_role("dialog").get_by_role("button", name="同意").click()
    expect(way.nth(1)).to_contain_text("条款没有问题")
    desk.goto(f"/contracts/{contract['id']}")
    desk.get_by_role("button", name="签订").click()
    fill(desk.get_by_role("dialog"), 客户签约人="钱总")
    desk.get_by_role("dialog").get_by_role("button", name="签订").click()
    expect(desk.get_by_role("definition").filter(has_text="钱总")).to_be_visible()
    tabs = desk.get_by_role("navigation", name="相关记录")
    tabs.get_by_role("link", name="流程").click()
    steps = desk.get_by_role("list", name="流程").get_by_role("listitem")
    expect(steps.filter(has_text="财务").first).to_contain_text("来自合同")
    expect(steps.first).to_contain_text("签订")
    expect(steps.filter(has_text="合同已签订").first).to_contain_text("contract.signed")
    assert barriers(desk) == []
    tabs.get_by_role("link", name="回款").click()
    desk.get_by_role("button", name="登记回款").click()
    form = desk.get_by_role("dialog")
    form.get_by_role("button", name=now).click()
    fill(form, 金额="4000")
    expect(form.get_by_text("之后还剩 ¥20,000.00")).to_be_visible()
    assert barriers(desk) == []
    save(desk)
    expect(form).to_be_hidden()
    expect(desk.get_by_role("region", name="回款")).to_be_visible()
    owed = there(platform, "/v1/receivables", **{"filter[contract_id]": contract["id"], "sort": "due_on"})
    assert [each["outstanding_amount"] for each in owed["items"]] == ["20000.00", "30000.00"]
    desk.goto("/")
    mine = desk.get_by_role("region", name="我发起的审批").get_by_role("listitem")
    expect(mine.filter(has_text="分两期的合同")).to_contain_text("已通过")


@pytest.mark.full
def test_a_list_is_narrowed_by_numbers_days_and_texts_and_its_address_says_so(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-4)."""
    for name, amount in (("小单", "900.00"), ("大单", "90000.00")):
        made(platform, "/v1/opportunities", name=f"筛选{name}", amount=amount, source="筛选来源")
    desk.goto("/opportunities?filter[source][contains]=筛选来源")
    expect(desk.get_by_text("共 2 条")).to_be_visible()
    desk.get_by_role("button", name=re.compile(r"(^|\s)筛选$")).click()
    desk.get_by_label("预计金额 从").fill("1,000")
    expect(desk.get_by_text("共 1 条")).to_be_visible()
    assert barriers(desk) == []
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(desk.get_by_role("link", name="筛选大单")).to_be_visible()
    assert "filter%5Bamount%5D%5Bgte%5D=1000" in desk.url
