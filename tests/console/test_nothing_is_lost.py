"""Two people, a lost connection, a move taken back: nothing is lost, nothing is done twice. Issue 10, lines 5 to 7."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Watch
from tests.console.people import changed, enter, fill, heading, made, save, sign_in, there

from stack.platform import Platform


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """Take the network away from the browser for the length of a block."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)


def test_two_people_who_edit_one_record_see_what_the_other_one_did(desk: Page, platform: Platform) -> None:
    """(W-5)."""
    page = desk
    customer = made(platform, "/v1/customers", name="两人同改公司", email="a@example.com")
    page.goto(f"/customers/{customer['id']}")
    page.get_by_role("button", name="修改邮箱").click()
    page.get_by_role("textbox", name="邮箱").fill("c@example.com")
    changed(platform, f"/v1/customers/{customer['id']}", email="b@example.com")
    page.get_by_role("textbox", name="邮箱").press("Enter")
    row = page.get_by_role("dialog").get_by_role("row").filter(has_text="邮箱")
    expect(row.get_by_role("cell")).to_have_text(["a@example.com", "b@example.com", "c@example.com"])
    page.get_by_role("button", name="保存我的").click()
    expect(page.get_by_role("definition").filter(has_text="c@example.com")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert there(platform, f"/v1/customers/{customer['id']}")["email"] == "c@example.com"


def test_a_form_outlives_a_reload_and_a_lost_connection_and_is_done_once(
    desk: Page, platform: Platform
) -> None:
    """(W-7) Also with nothing to be reached at all, and with two clicks where one was meant."""
    page = desk
    page.goto("/products?new=1")
    fill(page.get_by_role("dialog"), 产品名称="断网也不丢")
    page.reload()
    expect(page.get_by_role("dialog").get_by_label("产品名称")).to_have_value("断网也不丢")
    with offline(page):
        save(page)
        expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("内容还在")
    # The server does it, and its answer does not arrive.
    page.route("**/v1/products", lambda route: (route.fetch(), route.abort()), times=1)
    save(page)
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("不会重复")
    page.get_by_role("dialog").get_by_role("button", name="保存").dblclick()
    expect(heading(page, "断网也不丢")).to_be_visible()
    assert len(there(platform, "/v1/products", **{"filter[name]": "断网也不丢"})["items"]) == 1


@pytest.mark.full
def test_what_the_server_refuses_stands_beside_its_field(desk: Page, platform: Platform) -> None:
    """(W-5)."""
    page = desk
    page.goto("/leads?new=1")
    fill(page.get_by_role("dialog"), 联系人姓名="王芳", 手机="不是号码")
    save(page)
    expect(page.get_by_role("dialog").get_by_label("手机")).to_have_attribute("aria-invalid", "true")
    fill(page.get_by_role("dialog"), 手机="13900139000")
    save(page)
    expect(heading(page, "王芳")).to_be_visible()
    [lead] = there(platform, "/v1/leads", **{"filter[contact_name]": "王芳"})["items"]
    assert lead["mobile_e164"] == "+8613900139000"


def test_a_session_that_ended_asks_to_sign_in_and_keeps_what_was_typed(
    page: Page, platform: Platform, watch: Watch
) -> None:
    """(W-7) In both of two tabs, each with a form of its own, while one types, and without a reload."""
    sign_in(page, platform)
    other = watch(page.context.new_page())
    for tab, name in ((page, "会话结束以后"), (other, "另一个标签页")):
        tab.goto("/customers?new=1")
        fill(tab.get_by_role("dialog"), 客户名称=name)
    # The session is ended where the page does not hear of it, and the page's own token has become too old.
    ended = page.request.post("/v1/auth/session/end", headers={"X-CSRF-Protection": "1"})
    button = page.get_by_role("dialog").get_by_role("button", name="保存")
    button.evaluate("it => { const now = Date.now; Date.now = () => now() + 3_600_000; it.click(); }")
    enter(page, "admin", platform.admin_password)
    for tab, name in ((page, "会话结束以后"), (other, "另一个标签页")):
        expect(tab.get_by_role("dialog").get_by_label("客户名称")).to_have_value(name)
        save(tab)
        expect(heading(tab, name)).to_be_visible()
        assert len(there(platform, "/v1/customers", **{"filter[name]": name})["items"]) == 1
    assert ended.ok


@pytest.mark.full
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


@pytest.mark.full
def test_a_service_that_is_down_is_missed_only_where_it_is_needed(desk: Page, platform: Platform) -> None:
    """(W-7) Its own tab and its own places say so; it comes back without a reload."""
    customer = made(platform, "/v1/customers", name="财务停机公司")
    platform.stop("finance")
    desk.goto(f"/customers/{customer['id']}?tab=receivables")
    desk.evaluate("window.neverReloaded = true")
    away = (
        desk.get_by_role("main").get_by_role("alert").filter(has=desk.get_by_role("button", name="再试一次"))
    )
    expect(away).to_be_visible()
    related = desk.get_by_role("navigation", name="相关记录")
    related.get_by_role("link", name="联系人").click()
    desk.get_by_role("button", name="新建联系人").click()
    fill(desk.get_by_role("dialog"), 姓名="赵敏")
    save(desk)
    expect(desk.get_by_role("link", name="赵敏")).to_be_visible()
    related.get_by_role("link", name="应收").click()
    expect(away).to_be_visible()
    platform.start("finance")
    platform.wait_until_ready("finance")
    expect(desk.get_by_text("没有应收")).to_be_visible()
    assert desk.evaluate("window.neverReloaded")
