"""What an administrator configures at a page, and whom it reaches."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Judge
from tests.console.people import fill, heading, made, there

from stack.platform import Platform


def test_a_term_is_added_moved_renamed_and_retired_and_a_customer_shows_its_label(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(ID-43, CU-64)"""
    desk.goto("/dictionaries?dictionary=grade")
    expect(heading(desk, "字典")).to_be_visible()
    desk.get_by_role("button", name="新建字典项").click()
    fill(desk.get_by_role("dialog"), 中文名称="战略客户", 英文名称="Strategic")
    desk.get_by_role("dialog").get_by_role("button", name="保存").click()
    row = desk.get_by_role("row").filter(has_text="战略客户")
    expect(row.get_by_role("cell").nth(4)).to_have_text("Strategic")
    desk.get_by_role("button", name="上移：战略客户").click()
    place = desk.get_by_role("textbox", name="移到第几位：战略客户")
    place.fill("1")
    place.press("Enter")
    expect(desk.get_by_role("row").nth(1)).to_contain_text("战略客户")
    assert barriers(desk) == []

    customer = made(platform, "/v1/customers", name="字典里的客户", grade="Strategic")
    desk.goto(f"/customers/{customer['id']}")
    expect(desk.get_by_text("战略客户")).to_be_visible()

    desk.goto("/dictionaries?dictionary=grade")
    desk.get_by_role("button", name="修改：战略客户").click()
    fill(desk.get_by_role("dialog"), 中文名称="战略级")
    desk.get_by_role("dialog").get_by_role("button", name="保存").click()
    row = desk.get_by_role("row").filter(has_text="战略级")
    row.get_by_role("button", name="失效").click()
    expect(row.get_by_text("已失效")).to_be_visible()
    assert there(platform, f"/v1/customers/{customer['id']}")["grade"] == "Strategic"


@pytest.mark.full
def test_a_numbering_rule_shows_what_it_makes_before_it_is_saved(desk: Page, platform: Platform) -> None:
    """(GW-57)"""
    desk.goto("/numbering-rules")
    pattern = desk.get_by_role("textbox", name="编号格式：付款单号")
    pattern.fill("FK-{n")
    example = desk.get_by_label("下一个编号的样子：付款单号")
    expect(example).to_contain_text("格式不正确")
    expect(desk.get_by_role("button", name="保存：付款单号")).to_be_disabled()
    pattern.fill("FK{date:%Y%m%d}-{n:06}")
    expect(example).to_contain_text("-000001")
    desk.get_by_role("button", name="保存：付款单号").click()
    expect(desk.get_by_text("已保存")).to_be_visible()
    assert there(platform, "/v1/numbering-rules/payment")["pattern"] == "FK{date:%Y%m%d}-{n:06}"


@pytest.mark.full
def test_a_parameter_is_set_and_set_back(desk: Page, platform: Platform) -> None:
    """(ID-42)"""
    desk.goto("/parameters")
    value = desk.get_by_role("textbox", name="每小时转化线索数")
    value.fill("77")
    value.press("Enter")
    expect(desk.get_by_text("已保存")).to_be_visible()
    assert there(platform, "/v1/parameters/sales.conversions_an_hour")["value"] == 77
    desk.get_by_role("button", name="恢复默认：每小时转化线索数").click()
    expect(value).to_have_value("300")
