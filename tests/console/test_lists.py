"""Lists: in the language of who reads, narrowed by their address; and everything found from everywhere. Issue 10."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import fill, heading, made, save, sign_in, there

from stack.platform import Platform


@pytest.mark.full
def test_an_english_reader_gets_the_same_lists_in_english(open_page: OpenPage, platform: Platform) -> None:
    """(W-1), (W-4)."""
    made(platform, "/v1/customers", name="Fairhaven Traders")
    page = open_page(locale="en-US")
    sign_in(page, platform, "en-US")
    page.get_by_role("searchbox", name="Search names, pinyin, phones").fill("fairhaven")
    expect(page.get_by_text("1 in total")).to_be_visible()
    page.get_by_role("link", name="Fairhaven Traders").click()
    expect(heading(page, "Fairhaven Traders")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Basic")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_what_narrows_a_list_stands_in_its_address(desk: Page, platform: Platform) -> None:
    """(W-4)."""
    for name, status in (("甲公司", "untouched"), ("乙公司", "contacted")):
        made(platform, "/v1/leads", company_name=f"地址里的{name}", contact_name="李娜", status=status)
    page = desk
    page.goto("/leads?filter[search][contains]=地址里的&filter[status][in]=contacted&sort=company_name")
    expect(page.get_by_role("link", name="乙公司")).to_be_visible()
    expect(page.get_by_role("link", name="甲公司")).to_have_count(0)
    page.get_by_role("button", name="清除筛选").click()
    expect(page.get_by_role("link", name="甲公司")).to_be_visible()
    page.get_by_role("searchbox").fill("没有这家")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    assert "sort=company_name" in page.url


def test_everything_is_found_from_every_page(desk: Page, platform: Platform, barriers: Judge) -> None:
    """(W-3)."""
    for name in ("随处可查有限公司", "别处也有的公司"):
        made(platform, "/v1/customers", name=name)
    page = desk
    page.goto("/products")
    expect(heading(page, "产品")).to_be_visible()
    page.keyboard.press("Control+k")
    line = page.get_by_role("combobox", name="客户、联系人、线索、商机、合同、工单")
    line.fill("别处也有")
    expect(page.get_by_role("option", name="别处也有的公司", selected=True)).to_be_visible()
    assert barriers(page) == []
    # What an earlier text has found is not taken: Enter waits for what this one finds.
    line.fill("随处可查")
    page.keyboard.press("Enter")
    expect(heading(page, "随处可查有限公司")).to_be_visible()


@pytest.mark.full
def test_what_belongs_to_a_customer_stands_on_its_page_and_is_made_there(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """CU-75."""
    customer = made(platform, "/v1/customers", name="有合同也有商机的公司")
    paid = {"nature": "income", "payment_mode": "one_off", "amount": "1200.00", "payment_terms": []}
    made(platform, "/v1/contracts", name="页上的合同", customer_id=customer["id"], **paid)
    desk.goto(f"/customers/{customer['id']}")
    tabs = desk.get_by_role("navigation", name="相关记录")
    tabs.get_by_role("link", name="合同").click()
    expect(desk.get_by_role("link", name="页上的合同")).to_be_visible()
    tabs.get_by_role("link", name="商机").click()
    desk.get_by_role("button", name="新建商机").click()
    fill(desk.get_by_role("dialog"), 商机名称="页上的商机")
    kind = desk.get_by_role("dialog").get_by_role("combobox", name="商机类型")
    kind.fill("老客户")
    kind.press("Enter")
    save(desk)
    expect(desk.get_by_role("link", name="页上的商机")).to_be_visible()
    assert barriers(desk) == []
    [found] = there(platform, "/v1/opportunities", **{"filter[customer_id]": customer["id"]})["items"]
    assert found["name"] == "页上的商机"
