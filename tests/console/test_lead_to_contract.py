"""From a lead to a contract in the browser. Issue 10: lines 4, 5 and 6."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import choose, fill, heading, made, save, sign_in, there

from stack.platform import Platform


def test_a_lead_becomes_a_customer_and_an_opportunity_with_a_signed_contract(
    page: Page, platform: Platform
) -> None:
    """(W-6)."""
    sign_in(page, platform)
    page.get_by_role("link", name="线索").click()
    page.get_by_role("button", name="新建线索").first.click()
    fill(page.get_by_role("dialog"), 公司名称="上海云图科技有限公司", 联系人姓名="张伟", 手机="13800138000")
    save(page)
    expect(heading(page, "上海云图科技有限公司")).to_be_visible()

    page.get_by_role("button", name="转为客户").click()
    dialog = page.get_by_role("dialog")
    fill(dialog, 商机名称="云图 CRM 采购", 预计金额="54,000")
    dialog.get_by_role("button", name="转为客户").click()
    expect(page.get_by_role("navigation", name="所在列表").get_by_role("link", name="客户")).to_be_visible()
    related = page.get_by_role("navigation", name="相关记录")
    related.get_by_role("link", name="商机").click()
    page.get_by_role("link", name="云图 CRM 采购").click()
    expect(heading(page, "云图 CRM 采购")).to_be_visible()

    related.get_by_role("link", name="合同").click()
    page.get_by_role("button", name="新建合同").click()
    fill(page.get_by_role("dialog"), 合同名称="云图年度合同", 合同金额="54000.00")
    choose(page, "收支性质", "收入")
    choose(page, "付款方式", "一次性")
    save(page)
    page.get_by_role("link", name="云图年度合同").click()
    expect(heading(page, "云图年度合同")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="签订").click()
    page.get_by_role("dialog").get_by_role("button", name="签订").click()
    expect(page.get_by_role("button", name="完成履行")).to_be_visible()
    # Finance hears of the signature a moment later; the page looks again by itself.
    expect(page.get_by_role("region", name="应收").get_by_role("link", name="云图年度合同")).to_be_visible()
    contract_id = urlsplit(page.url).path.rpartition("/")[2]
    owed = there(platform, "/v1/receivables", **{"filter[contract_id]": contract_id})["items"]
    assert [(each["amount"], each["currency"], each["status"]) for each in owed] == [
        ("54000.00", "CNY", "unsettled")
    ]


def test_an_english_reader_gets_the_same_lists_in_english(open_page: OpenPage, platform: Platform) -> None:
    """(W-1), (W-4)."""
    made(platform, "/v1/customers", name="Northwind Traders")
    page = open_page(locale="en-US")
    sign_in(page, platform, "en-US")
    page.get_by_role("searchbox", name="Search names, pinyin, phones").fill("northwind")
    expect(page.get_by_text("1 in all")).to_be_visible()
    page.get_by_role("link", name="Northwind Traders").click()
    expect(heading(page, "Northwind Traders")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Basic")).to_be_visible()
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="基本信息")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_what_narrows_a_list_stands_in_its_address(page: Page, platform: Platform) -> None:
    """(W-4)."""
    for name, status in (("甲公司", "untouched"), ("乙公司", "contacted")):
        made(platform, "/v1/leads", company_name=name, contact_name="李娜", source="W-4", status=status)
    sign_in(page, platform)
    page.goto("/leads?filter[status][in]=contacted&sort=company_name")
    expect(page.get_by_role("link", name="乙公司")).to_be_visible()
    expect(page.get_by_role("link", name="甲公司")).to_have_count(0)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.get_by_role("link", name="甲公司")).to_be_visible()
    page.get_by_role("searchbox").fill("没有这家")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    assert "sort=company_name" in page.url


def test_everything_is_found_from_every_page(page: Page, platform: Platform, barriers: Judge) -> None:
    """(W-3)."""
    made(platform, "/v1/customers", name="随处可查有限公司")
    sign_in(page, platform)
    page.goto("/products")
    expect(heading(page, "产品")).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="客户、联系人、线索、商机、合同、工单").fill("随处可查")
    expect(page.get_by_role("search").get_by_role("link", name="随处可查有限公司")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(heading(page, "随处可查有限公司")).to_be_visible()
