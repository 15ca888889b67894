"""Records that are given to colleagues: shares, a team, and why somebody sees one (CU-16, CU-18, CU-22)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import PASSWORD, enter, heading, is_as_wide_as_the_screen, made

from stack.platform import Platform


def a_salesperson(platform: Platform, username: str, name: str) -> dict[str, Any]:
    person = {"username": username, "display_name": name, "password": PASSWORD}
    return made(platform, "/v1/accounts", **person, roles=["salesperson"])


def at(page: Page, path: str, username: str) -> Page:
    """Sign in on the way to a page."""
    page.goto(path)
    enter(page, username, PASSWORD)
    return page


def about(page: Page, what: str) -> Locator:
    """Open what there is to say or to do about those who see the record."""
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name=what).click()
    return page.get_by_role("dialog").filter(has_text=what)


def chosen(page: Page, form: Locator, label: str, text: str) -> None:
    form.get_by_label(label, exact=True).fill(text)
    page.get_by_title(text, exact=True).last.click()


def test_a_customer_is_shared_for_viewing_then_for_editing_and_taken_back(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """CU-16, CU-18: the colleague's list and record follow at once, and say why."""
    owner = a_salesperson(platform, "shares.hers", "周红")
    a_salesperson(platform, "sees.his", "吴军")
    customer = made(platform, "/v1/customers", name="大家的公司", owner_id=owner["id"])
    mine = at(open_page(), f"/customers/{customer['id']}", "shares.hers")
    theirs = at(open_page(), "/customers", "sees.his")
    link = theirs.get_by_role("main").get_by_role("link", name="大家的公司")
    expect(theirs.get_by_text("还没有客户")).to_be_visible()
    expect(link).to_have_count(0)

    dialog = about(mine, "共享")
    chosen(mine, dialog, "个人", "吴军")
    assert barriers(mine) == []
    dialog.get_by_role("button", name="共享", exact=True).click()
    expect(mine.get_by_text("已共享，立即生效")).to_be_visible()
    link.click()
    expect(heading(theirs, "大家的公司")).to_be_visible()
    rename = theirs.get_by_role("button", name="修改客户名称")
    expect(rename).to_have_count(0)
    why = about(theirs, "谁能看到")
    expect(why.get_by_role("list", name="为什么我能看到")).to_have_text("已共享给您本人，可以查看。")
    expect(why.get_by_role("list", name="还有谁能看到")).to_contain_text("周红可以编辑：负责人。")
    assert barriers(theirs) == []
    why.get_by_role("button", name="Close").or_(why.get_by_label("关闭")).first.click()

    row = dialog.get_by_role("row").filter(has_text="吴军")
    row.get_by_role("button", name="修改").click()
    chosen(mine, dialog, "权限", "编辑")
    dialog.get_by_role("button", name="保存修改").click()
    expect(mine.get_by_text("共享已修改，立即生效")).to_be_visible()
    expect(rename).to_be_visible()

    row.get_by_role("button", name="收回共享").click()
    mine.get_by_role("dialog").get_by_role("button", name="收回共享").last.click()
    expect(mine.get_by_text("共享已收回，立即生效")).to_be_visible()
    theirs.goto("/customers")
    expect(theirs.get_by_text("还没有客户")).to_be_visible()
    expect(link).to_have_count(0)


@pytest.mark.full
def test_a_colleague_joins_the_team_of_an_opportunity(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """CU-22, CU-43: on a phone's width too; who is on the team sees the opportunity, and why."""
    owner = a_salesperson(platform, "leads.team", "钱英")
    a_salesperson(platform, "joins.team", "孙强")
    opportunity = made(platform, "/v1/opportunities", name="一起做的商机", owner_id=owner["id"])
    path = f"/opportunities/{opportunity['id']}"
    mine = at(open_page(), path, "leads.team")
    expect(heading(mine, "一起做的商机")).to_be_visible()
    mine.set_viewport_size({"width": 390, "height": 844})
    dialog = about(mine, "共享")
    dialog.get_by_role("button", name="添加成员").click()
    chosen(mine, dialog, "成员", "孙强")
    dialog.get_by_role("button", name="添加成员").click()
    expect(mine.get_by_text("成员已添加，立即生效")).to_be_visible()
    assert is_as_wide_as_the_screen(mine)
    assert barriers(mine) == []
    theirs = at(open_page(), path, "joins.team")
    expect(heading(theirs, "一起做的商机")).to_be_visible()
    why = about(theirs, "谁能看到")
    expect(why.get_by_role("list", name="为什么我能看到")).to_have_text("您在团队里，可以查看。")
