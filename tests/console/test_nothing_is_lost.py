"""Two people, a lost connection, a move taken back: nothing is lost, nothing is done twice. Issue 10, lines 5 to 7."""

from __future__ import annotations

import secrets
from typing import Any

from playwright.sync_api import Page, expect
from tests.console.people import changed, enter, eventually, fill, heading, made, save, sign_in, there

from stack.platform import Platform


def test_two_people_who_edit_one_record_see_what_the_other_one_did(page: Page, platform: Platform) -> None:
    """(W-5)."""
    customer = made(platform, "/v1/customers", name="两人同改公司", region="上海")
    sign_in(page, platform)
    page.goto(f"/customers/{customer['id']}")
    page.get_by_role("button", name="修改所在区域").click()
    page.get_by_role("textbox", name="所在区域").fill("杭州")
    changed(platform, f"/v1/customers/{customer['id']}", region="北京")
    page.get_by_role("textbox", name="所在区域").press("Enter")
    row = page.get_by_role("dialog").get_by_role("row").filter(has_text="所在区域")
    expect(row.get_by_role("cell")).to_have_text(["上海", "北京", "杭州"])
    page.get_by_role("button", name="保存我的").click()
    expect(page.get_by_role("definition").filter(has_text="杭州")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert there(platform, f"/v1/customers/{customer['id']}")["region"] == "杭州"


def test_a_form_outlives_a_reload_and_a_lost_connection_and_is_done_once(
    page: Page, platform: Platform
) -> None:
    """(W-7)."""
    sign_in(page, platform)
    page.goto("/products?new=1")
    fill(page.get_by_role("dialog"), 产品名称="断网也不丢")
    page.reload()
    expect(page.get_by_role("dialog").get_by_label("产品名称")).to_have_value("断网也不丢")
    # The server does it, and its answer does not arrive.
    page.route("**/v1/products", lambda route: (route.fetch(), route.abort()), times=1)
    save(page)
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("不会重复")
    save(page)
    expect(heading(page, "断网也不丢")).to_be_visible()
    assert len(there(platform, "/v1/products", **{"filter[name]": "断网也不丢"})["items"]) == 1


def test_what_the_server_refuses_stands_beside_its_field(page: Page, platform: Platform) -> None:
    """(W-5)."""
    sign_in(page, platform)
    page.goto("/leads?new=1")
    fill(page.get_by_role("dialog"), 联系人姓名="王芳", 手机="不是号码")
    save(page)
    expect(page.get_by_role("dialog").get_by_label("手机")).to_have_attribute("aria-invalid", "true")
    fill(page.get_by_role("dialog"), 手机="13900139000")
    save(page)
    expect(heading(page, "王芳")).to_be_visible()
    [lead] = there(platform, "/v1/leads", **{"filter[contact_name]": "王芳"})["items"]
    assert lead["mobile_e164"] == "+8613900139000"


def stage_of(platform: Platform, opportunity: dict[str, Any]) -> str:
    """The stage that everybody else sees."""
    return str(there(platform, f"/v1/opportunities/{opportunity['id']}")["stage"])


def test_a_card_is_moved_by_keyboard_and_taken_back(page: Page, platform: Platform) -> None:
    """(W-6)."""
    made_one = made(platform, "/v1/opportunities", name="看板上的商机", amount="1000.00")
    sign_in(page, platform)
    page.goto("/opportunities/board")
    first, second = (page.get_by_role("region", name=stage) for stage in ("初步接洽", "需求确认"))
    first.get_by_role("button", name="移动「看板上的商机」").press("Enter")
    expect(page.get_by_role("menuitem", name="移到需求确认")).to_be_focused()
    page.keyboard.press("Enter")
    expect(second.get_by_role("link", name="看板上的商机")).to_be_visible()
    assert eventually(page, lambda: stage_of(platform, made_one) != made_one["stage"])
    page.get_by_role("button", name="撤销").click()
    expect(first.get_by_role("link", name="看板上的商机")).to_be_visible()
    assert eventually(page, lambda: stage_of(platform, made_one) == made_one["stage"])


def test_a_card_is_moved_by_dragging(page: Page, platform: Platform) -> None:
    """(W-6)."""
    made_one = made(platform, "/v1/opportunities", name="拖动的商机", amount="1000.00")
    sign_in(page, platform)
    page.goto("/opportunities/board")
    target = page.get_by_role("region", name="方案报价")
    page.get_by_role("listitem").filter(has_text="拖动的商机").drag_to(target)
    expect(target.get_by_role("link", name="拖动的商机")).to_be_visible()
    assert eventually(page, lambda: stage_of(platform, made_one) != made_one["stage"])


def test_a_session_that_ended_asks_to_sign_in_and_keeps_what_was_typed(
    page: Page, platform: Platform
) -> None:
    """(W-7)."""
    sign_in(page, platform)
    page.goto("/customers?new=1")
    fill(page.get_by_role("dialog"), 客户名称="会话结束以后")
    page.context.clear_cookies()
    page.reload()
    enter(page, "admin", platform.admin_password)
    expect(page.get_by_role("dialog").get_by_label("客户名称")).to_have_value("会话结束以后")
    save(page)
    expect(heading(page, "会话结束以后")).to_be_visible()
    assert len(there(platform, "/v1/customers", **{"filter[name]": "会话结束以后"})["items"]) == 1


def test_what_one_person_has_typed_is_not_shown_to_the_next(page: Page, platform: Platform) -> None:
    """(W-7) In one tab, where the first one's session ended by itself."""
    department = made(platform, "/v1/departments", name="草稿部", parent_id=None)
    next_one = {"username": "next.one", "password": secrets.token_urlsafe(12), "roles": ["salesperson"]}
    made(platform, "/v1/accounts", display_name="下一位", department_id=department["id"], **next_one)
    sign_in(page, platform)
    page.goto("/customers?new=1")
    fill(page.get_by_role("dialog"), 客户名称="别人不该看到")
    page.context.clear_cookies()
    page.reload()
    enter(page, "next.one", next_one["password"])
    expect(page.get_by_role("button", name="下一位")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_label("客户名称")).to_have_value("")
    assert "别人不该看到" not in page.content()
