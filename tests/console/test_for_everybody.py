"""Every kind of page for who sees little, has a keyboard only, or a phone in the hand. Issue 10."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import PHONE, heading, is_as_wide_as_the_screen, made, save, sign_in

from stack.platform import Platform


def test_no_page_at_a_desk_has_a_barrier(page: Page, platform: Platform, barriers: Judge) -> None:
    """(W-3), (W-4), (W-5)."""
    customer = made(platform, "/v1/customers", name="无障碍公司")
    opportunity = made(platform, "/v1/opportunities", name="无障碍商机", customer_id=customer["id"])
    sign_in(page, platform)
    expect(page.get_by_role("link", name="无障碍公司")).to_be_visible()
    assert barriers(page) == []
    page.goto(f"/customers?preview={customer['id']}")
    expect(page.get_by_role("dialog").get_by_role("heading", name="联系方式")).to_be_visible()
    assert barriers(page) == []
    page.goto(f"/customers/{customer['id']}?tab=opportunities")
    expect(page.get_by_role("region", name="商机")).to_be_visible()
    assert barriers(page) == []
    page.goto("/contracts?new=1")
    save(page)
    expect(page.get_by_text("请填写合同名称")).to_be_visible()
    assert barriers(page) == []
    page.goto(f"/opportunities/{opportunity['id']}")
    page.get_by_role("button", name="赢单", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("成交日期")).to_be_visible()
    assert barriers(page) == []
    page.goto("/opportunities/board")
    expect(page.get_by_role("link", name="无障碍商机")).to_be_visible()
    assert barriers(page) == []
    page.goto("/payables")
    expect(page.get_by_text("支出合同签订以后会自动产生")).to_be_visible()
    assert barriers(page) == []
    page.goto("/nothing/here/at-all")
    expect(heading(page, "没有这个页面")).to_be_visible()
    assert barriers(page) == []


def test_a_phone_shows_every_kind_of_page_without_a_barrier_or_anything_sticking_out(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(W-3)."""
    customer = made(platform, "/v1/customers", name="一家名字特别特别长的有限责任公司上海分公司浦东办事处")
    page = open_page(**PHONE)
    sign_in(page, platform)
    expect(page.get_by_role("link", name=customer["name"])).to_be_visible()
    assert barriers(page) == []
    assert is_as_wide_as_the_screen(page)
    page.get_by_role("button", name="更多").click()
    page.get_by_role("dialog").get_by_role("link", name="商机").click()
    expect(page.get_by_role("region", name="初步接洽")).to_have_count(0)
    page.get_by_role("link", name="看板").click()
    expect(page.get_by_role("region", name="初步接洽")).to_be_visible()
    assert barriers(page) == []
    assert is_as_wide_as_the_screen(page)
    page.goto(f"/customers/{customer['id']}")
    expect(heading(page, customer["name"])).to_be_visible()
    assert barriers(page) == []
    assert is_as_wide_as_the_screen(page)
    page.goto("/cases?new=1")
    expect(page.get_by_role("dialog").get_by_label("主题")).to_be_visible()
    assert barriers(page) == []
    assert is_as_wide_as_the_screen(page)


def test_the_arrow_keys_go_through_a_list_beside_its_preview(page: Page, platform: Platform) -> None:
    """(W-4)."""
    for name in ("键盘一", "键盘二"):
        made(platform, "/v1/products", name=name, category="键盘")
    sign_in(page, platform)
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
