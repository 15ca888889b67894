"""A role's permission is limited to some kinds of records where the role is kept (CU-20)."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.console.conftest import Judge
from tests.console.people import fill, heading, made, there
from tests.console.test_conditions import add, choose

from stack.platform import Platform

LIMIT = {"all": [{"field": "name", "operator": "contains", "value": "限定甲"}]}


def test_a_permission_is_limited_to_some_customers_and_limited_no_longer(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """CU-20."""
    role = made(
        platform, "/v1/roles", code="limited_reader", name="限定的角色", permissions={"customer.read": "all"}
    )
    page = desk
    page.goto(f"/roles/{role['id']}")
    expect(heading(page, "限定的角色")).to_be_visible()
    choose(page, "给一项权限加限定", "客户：查看")
    panel = page.get_by_role("dialog", name="限定的角色：客户：查看")
    expect(panel.get_by_role("button", name="保存限定")).to_be_disabled()
    add(panel)
    choose(page, "条件 1 的字段", "客户名称")
    choose(page, "条件 1 的比较方式", "包含")
    fill(page, **{"条件 1 的值": "限定甲"})
    assert barriers(page) == []
    panel.get_by_role("button", name="保存限定").click()
    expect(page.get_by_text("限定已保存，立即生效")).to_be_visible()
    limits = page.get_by_role("region", name="限定记录种类")
    expect(limits.get_by_text("客户名称 包含 限定甲")).to_be_visible()
    assert there(platform, f"/v1/roles/{role['id']}")["limits"] == {"customer.read": LIMIT}
    limits.get_by_role("button", name="取消限定").click()
    expect(limits.get_by_text("客户名称 包含 限定甲")).to_have_count(0)
    assert there(platform, f"/v1/roles/{role['id']}")["limits"] == {}
