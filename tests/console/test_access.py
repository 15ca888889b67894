"""Why somebody else sees a record, and what a change of rights would do before it is saved (decision 46)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import PASSWORD, heading, made
from tests.console.test_sharing import a_salesperson, about, at, chosen

from stack.platform import Platform


def closed(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Close").or_(dialog.get_by_label("关闭")).first.click()
    expect(dialog).to_be_hidden()


def previewed(page: Page) -> Locator:
    """Look at what saving would do."""
    page.get_by_role("button", name="预览影响").click()
    return page.get_by_role("dialog").filter(has_text="保存以后的影响")


def test_a_lead_is_shared_after_a_look_at_what_that_gives(
    desk: Page, open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """CU-16: it says of a colleague why they do not see it, and what they would gain; nothing is saved by looking."""
    owner = a_salesperson(platform, "asks.hers", "郑兰")
    a_salesperson(platform, "asked.his", "冯涛")
    lead = made(platform, "/v1/leads", company_name="先看看的公司", contact_name="张伟", owner_id=owner["id"])
    desk.goto(f"/leads/{lead['id']}")
    why = about(desk, "谁能看到")
    chosen(desk, why, "查询谁", "冯涛")
    expect(why.get_by_text("此人看不到。")).to_be_visible()
    expect(why.get_by_role("list", name="为什么此人不能做更多")).to_contain_text("不包括负责人")
    assert barriers(desk) == []
    closed(why)

    dialog = about(desk, "共享")
    chosen(desk, dialog, "个人", "冯涛")
    effects = previewed(desk)
    expect(effects.get_by_role("list", name="冯涛").get_by_role("listitem")).to_have_text(
        ["新增 线索：可多查看 1 条 如 先看看的公司"]
    )
    assert barriers(desk) == []
    closed(effects)
    expect(dialog.get_by_text("还没有共享给任何人。")).to_be_visible()
    dialog.get_by_role("button", name="共享", exact=True).click()
    expect(desk.get_by_text("已共享，立即生效")).to_be_visible()
    theirs = at(open_page(), f"/leads/{lead['id']}", "asked.his")
    expect(heading(theirs, "先看看的公司")).to_be_visible()


@pytest.mark.full
def test_who_would_see_more_by_a_role_is_told_before_it_is_saved(desk: Page, platform: Platform) -> None:
    """ID-18."""
    role = made(
        platform, "/v1/roles", code="previewed", name="看得更多", permissions={"customer.read": "own"}
    )
    person = {"username": "gains.more", "display_name": "褚平", "password": PASSWORD}
    made(platform, "/v1/accounts", **person, roles=["previewed"])
    made(platform, "/v1/customers", name="别人的公司")
    desk.goto(f"/roles/{role['id']}")
    desk.get_by_role("button", name="修改权限").click()
    desk.get_by_role("radio", name="客户：查看: 全部").check()
    effects = previewed(desk)
    expect(effects.get_by_role("list", name="褚平").get_by_role("listitem")).to_have_text(
        [re.compile(r"新增 客户：可多查看 \d+\+? 条 如 .+")]
    )
    closed(effects)
    desk.reload()
    expect(desk.get_by_role("list", name="权限改动")).to_have_count(0)
