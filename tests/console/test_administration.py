"""Administrators and operators at their pages. Issue 10, line 6."""

from __future__ import annotations

import functools
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import (
    PASSWORD,
    PATIENCE,
    a_flow,
    enter,
    eventually,
    fill,
    heading,
    made,
    save,
    there,
)
from tests.own_platform import change

from stack.platform import Platform


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_a_role_is_made_and_given_and_the_new_person_sees_exactly_what_it_allows(
    desk: Page, platform: Platform, open_page: OpenPage, barriers: Judge
) -> None:
    """(W-6): what is gained is shown before it is saved; who has the role is a link away."""
    desk.goto("/roles?new=1")
    fill(dialog(desk), 角色名称="线索专员", 角色编码="lead_clerk")
    dialog(desk).get_by_role("radio", name="线索：查看: 本人").check()
    save(desk)
    expect(heading(desk, "线索专员")).to_be_visible()
    desk.get_by_role("button", name="修改权限").click()
    desk.get_by_role("radio", name="产品：查看: 全部").check()
    expect(desk.get_by_role("list", name="权限改动").get_by_role("listitem")).to_have_text(
        ["增加 产品：查看: 无 → 全部"]
    )
    # Nothing of the page is half behind what stays at its head and foot.
    desk.set_viewport_size({"width": 1280, "height": 3000})
    assert barriers(desk) == []
    desk.get_by_role("button", name="保存权限").click()
    expect(desk.get_by_role("button", name="修改权限")).to_be_visible()

    desk.goto("/accounts?new=1")
    fill(dialog(desk), 姓名="新来的", 用户名="new.clerk", 初始密码=PASSWORD)
    dialog(desk).get_by_label("角色").fill("线索专")
    desk.get_by_title("线索专员", exact=True).click()
    save(desk)
    expect(heading(desk, "新来的")).to_be_visible()
    desk.get_by_role("link", name="线索专员").click()
    desk.get_by_role("link", name="拥有此角色的账号").click()
    expect(desk.get_by_role("link", name="新来的")).to_be_visible()

    theirs = open_page()
    theirs.goto("/leads")
    enter(theirs, "new.clerk", PASSWORD)
    expect(heading(theirs, "线索")).to_be_visible()
    places = theirs.get_by_role("navigation", name="主导航").get_by_role("link")
    expect(places).to_have_text(["客户 Kehu", "工作台", "线索", "产品"])
    expect(theirs.get_by_role("button", name="新建线索")).to_have_count(0)
    [role] = there(platform, "/v1/roles", **{"filter[code]": "lead_clerk"})["items"]
    assert role["permissions"] == {"lead.read": "own", "product.read": "all"}


@pytest.mark.full
def test_a_department_is_moved_and_moved_back_with_the_keyboard_alone(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-6)."""
    here, elsewhere = (made(platform, "/v1/departments", name=name) for name in ("原上级", "新上级"))
    team = made(platform, "/v1/departments", name="要移动的组", parent_id=here["id"])
    desk.goto(f"/departments?department={team['id']}")
    desk.get_by_role("button", name="移动到").focus()
    desk.keyboard.press("Enter")
    expect(dialog(desk).get_by_label("新的上级部门")).to_be_focused()
    desk.keyboard.type("新上级")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="移动", exact=True).press("Enter")
    undo = desk.get_by_role("button", name="撤销")
    expect(undo).to_be_visible()
    assert there(platform, f"/v1/departments/{team['id']}")["parent_id"] == elsewhere["id"]
    undo.press("Enter")
    path = f"/v1/departments/{team['id']}"
    assert eventually(desk, lambda: there(platform, path)["parent_id"] == here["id"])
    assert barriers(desk) == []


@pytest.mark.full
def test_the_secret_of_a_program_is_shown_once_and_works_until_it_is_withdrawn(
    desk: Page, platform: Platform
) -> None:
    """(W-6)."""
    desk.goto("/service-accounts?new=1")
    fill(dialog(desk), 服务账号名称="夜间对账")
    expect(dialog(desk).get_by_role("radio", name="角色：新建和编辑: 全部")).to_have_count(0)
    dialog(desk).get_by_role("radio", name="应收：查看: 全部").check()
    save(desk)
    shown = desk.get_by_role("dialog").filter(has_text="client_secret")
    client_id, secret = (shown.get_by_role("code").nth(place).inner_text() for place in (0, 1))
    shown.get_by_role("button", name="已保存好").click()
    expect(heading(desk, "夜间对账")).to_be_visible()
    desk.reload()
    expect(heading(desk, "夜间对账")).to_be_visible()
    assert secret not in desk.content()
    assert "access_token" in tokens(platform, client_id, secret)
    desk.get_by_role("button", name="作废第 1 个密钥").click()
    dialog(desk).get_by_role("button", name="作废").click()
    expect(desk.get_by_text("没有可用的密钥")).to_be_visible()
    assert tokens(platform, client_id, secret)["error"] == "invalid_client"


def tokens(platform: Platform, client_id: str, secret: str) -> dict[str, Any]:
    """Ask for a token as a program does; return what was answered."""
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    request = urllib.request.Request(
        f"{platform.url}/v1/auth/token", data=urllib.parse.urlencode(asked).encode()
    )
    try:
        with urllib.request.urlopen(request) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as refusal:
        found = json.load(refusal)
    return found


@pytest.mark.full
def test_an_event_that_a_service_could_not_handle_is_seen_and_handled_once_more(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-6)."""
    change(platform, "finance", "ALTER TABLE customer_copy RENAME TO customer_away")
    try:
        customer = made(platform, "/v1/customers", name="财务没听到的公司")
        query = {"service": "finance", "state": "parked"}
        # It is tried again and again before it is parked.
        look = functools.partial(there, platform, "/v1/bus/parked", **query)
        found = eventually(desk, lambda: look()["items"], within=2 * PATIENCE)
        assert customer["id"] in {event["subject"] for event in found}
    finally:
        change(platform, "finance", "ALTER TABLE customer_away RENAME TO customer_copy")
    desk.goto("/operations")
    desk.get_by_role("link", name="条").click()
    expect(desk.get_by_role("region", name="搁置的事件")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("button", name="查看 customer.created").first.click()
    expect(dialog(desk).get_by_role("region", name="事件内容")).to_contain_text("财务没听到的公司")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="全部重新处理").click()
    expect(desk.get_by_text("没有这样的事件")).to_be_visible()
    assert eventually(
        desk, lambda: change(platform, "finance", "SELECT 1 FROM customer_copy WHERE id = %s", customer["id"])
    )


@pytest.mark.full
def test_what_services_say_differently_is_found_and_mended_and_a_copy_is_made_anew(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(W-6)."""
    customer = made(platform, "/v1/customers", name="副本里没有的公司")["id"]

    def known() -> bool:
        return bool(change(platform, "finance", "SELECT 1 FROM customer_copy WHERE id = %s", customer))

    def forget() -> None:
        assert eventually(desk, known)
        change(platform, "finance", "DELETE FROM customer_copy WHERE id = %s", customer)

    # What has changed within the last minute is not compared.
    hour_ago = "UPDATE customer SET updated_at = updated_at - interval '1 hour' WHERE id = %s"
    change(platform, "customer", hour_ago, customer)
    forget()
    desk.goto("/operations/audit")
    desk.get_by_role("button", name="开始核对").click()
    difference = desk.get_by_role("row").filter(has_text=customer)
    expect(difference).to_contain_text("缺少")
    expect(difference).to_contain_text("财务")
    expect(desk.get_by_text("核对完成")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("button", name="核对并修复").click()
    dialog(desk).get_by_role("button", name="核对并修复").click()
    expect(desk.get_by_text("核对完成")).to_be_visible()

    forget()
    desk.get_by_role("link", name="重建").click()
    for label, service in (("发布服务", "客户"), ("接收服务", "财务")):
        desk.get_by_label(label).click()
        desk.get_by_title(service, exact=True).filter(visible=True).click()
    desk.get_by_role("button", name="开始").click()
    expect(desk.get_by_text("重建完成")).to_be_visible()
    assert barriers(desk) == []
    assert eventually(desk, known)


@pytest.mark.full
def test_whoever_is_signed_in_elsewhere_signs_out_there(
    page: Page, platform: Platform, open_page: OpenPage, barriers: Judge
) -> None:
    """(W-6): the page that one is at is none of those that can be ended."""
    account = {"username": "two.places", "display_name": "两处登录", "password": PASSWORD}
    [role] = there(platform, "/v1/roles", **{"filter[code]": "salesperson"})["items"]
    made(platform, "/v1/accounts", **account, roles=[role["code"]])
    elsewhere = open_page()
    for tab in (elsewhere, page):
        tab.goto("/me")
        enter(tab, "two.places", PASSWORD)
        expect(heading(tab, "我的账号")).to_be_visible()
    places = page.get_by_role("region", name="登录的设备").last
    expect(places.get_by_text("当前会话")).to_have_count(1)
    assert barriers(page) == []
    places.get_by_role("button", name="退出：").click()
    expect(places.get_by_role("button", name="退出：")).to_have_count(0)
    elsewhere.reload()
    expect(elsewhere.get_by_role("textbox", name="用户名")).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() == "我的账号"


def test_a_flow_is_drawn_as_the_way_it_goes(desk: Page, platform: Platform) -> None:
    """(W-6): from whoever hands in, by two steps, to the end; every other page is walked through for everybody."""
    steps = [{"kind": "superior"}, {"kind": "role", "role": "finance"}]
    condition = {"nature": "expense", "currency": "XPF", "amount_from": "100000"}
    with a_flow(platform, name="大额采购", condition=condition, steps=steps) as flow:
        desk.goto(f"/approval-flows/{flow['id']}")
        way = desk.get_by_role("region", name="审批步骤").get_by_role("listitem")
        expect(way).to_have_count(4)
        expect(way.nth(2)).to_contain_text("财务")
        assert "上级" in way.nth(1).inner_text()
