"""Conditions: lists, approval flows and webhooks are asked by one editor, and a link reproduces it (decision 41)."""

from __future__ import annotations

import json
from decimal import Decimal
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import PHONE, fill, heading, made, save, sign_in, there

from stack.platform import Platform


def choose(page: Page, label: str, option: str) -> None:
    """Choose one of the options of an input, by keys alone."""
    page.get_by_role("combobox", name=label, exact=True).press("Enter")
    page.locator(".ant-select-dropdown:visible .ant-select-item-option").get_by_text(
        option, exact=True
    ).click()


def where_in(page: Page) -> object:
    """Return the tree that the address holds."""
    return json.loads(parse_qs(urlsplit(page.url).query)["where"][0])


def add(page: Page | Locator) -> None:
    page.get_by_role("button", name="添加条件", exact=True).last.click()


def test_a_list_is_searched_by_conditions_and_a_link_reproduces_it(
    desk: Page, platform: Platform, barriers: Judge
) -> None:
    """(decision 41)"""
    for name, amount in (("条件甲", "90000.00"), ("条件乙", "100.00"), ("条件丙", "5.00")):
        made(platform, "/v1/opportunities", name=f"{name}商机", amount=amount, currency="CNY")
    page = desk
    page.goto("/opportunities?scope=all")
    page.get_by_role("button", name="高级筛选", exact=True).click()
    panel = page.get_by_role("dialog", name="高级筛选")
    add(panel)
    choose(page, "条件 1 的字段", "商机名称")
    choose(page, "条件 1 的比较方式", "包含")
    fill(page, **{"条件 1 的值": "条件"})
    panel.get_by_role("button", name="添加条件组").click()
    choose(page, "条件 2.1 的字段", "预计金额")
    choose(page, "条件 2.1 的比较方式", "大于或等于")
    fill(page, **{"条件 2.1 的值": "90,000"})
    page.get_by_label("条件 2.1 的值").blur()
    expect(panel.get_by_text("共 1 条")).to_be_visible()
    panel.get_by_role("group", name="条件组 2", exact=True).get_by_role(
        "button", name="添加条件", exact=True
    ).click()
    choose(page, "条件 2.2 的字段", "预计金额")
    choose(page, "条件 2.2 的比较方式", "小于")
    fill(page, **{"条件 2.2 的值": "10"})
    page.get_by_label("条件 2.2 的值").blur()
    expect(panel.get_by_text("共 2 条")).to_be_visible()
    assert barriers(page) == []
    panel.get_by_role("button", name="应用").click()
    expect(page.get_by_role("link", name="条件甲商机")).to_be_visible()
    expect(page.get_by_role("link", name="条件乙商机")).to_have_count(0)
    assert where_in(page) == {
        "all": [
            {"field": "name", "operator": "contains", "value": "条件"},
            {
                "any": [
                    {"field": "amount", "operator": "gte", "value": "90000"},
                    {"field": "amount", "operator": "lt", "value": "10"},
                ]
            },
        ]
    }
    page.reload()
    expect(page.get_by_text("高级筛选: 3 个条件")).to_be_visible()
    expect(page.get_by_role("link", name="条件丙商机")).to_be_visible()
    page.get_by_role("button", name="清除筛选").click()
    expect(page.get_by_role("link", name="条件乙商机")).to_be_visible()


@pytest.mark.full
def test_conditions_are_made_on_a_phone(open_page: OpenPage, platform: Platform, barriers: Judge) -> None:
    """(decision 41)"""
    made(platform, "/v1/customers", name="手机上的条件公司")
    page = open_page(**PHONE)
    sign_in(page, platform)
    tree = {"all": [{"field": "owner_id", "operator": "in", "value": ["me"]}]}
    page.goto(f"/customers?scope=all&where={quote(json.dumps(tree))}")
    expect(page.get_by_role("link", name="手机上的条件公司")).to_be_visible()
    page.get_by_role("button", name="高级筛选", exact=True).click()
    panel = page.get_by_role("dialog", name="高级筛选")
    add(panel)
    choose(page, "条件 2 的字段", "创建时间")
    choose(page, "条件 2 的比较方式", "在此期间")
    choose(page, "条件 2 的值", "昨天")
    expect(panel.get_by_text("共 0 条")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    panel.get_by_role("button", name="应用").click()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()


@pytest.mark.full
def test_an_approval_flow_and_a_webhook_are_for_what_conditions_mean(desk: Page, platform: Platform) -> None:
    """GW-56, GW-62 (decision 41)."""
    page = desk
    steps = [{"kind": "role", "role": "administrator"}]
    flow = made(platform, "/v1/approval-flows", name="条件流程", subject_type="contract", steps=steps)
    page.goto(f"/approval-flows/{flow['id']}")
    expect(heading(page, "条件流程")).to_be_visible()
    page.get_by_role("button", name="修改更多条件").click()
    add(page)
    choose(page, "条件 1 的字段", "合同名称")
    choose(page, "条件 1 的比较方式", "包含")
    fill(page, **{"条件 1 的值": "框架"})
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("definition").filter(has_text="合同名称 包含 框架")).to_be_visible()
    asked = there(platform, f"/v1/approval-flows/{flow['id']}")["where"]
    assert asked == {"all": [{"field": "name", "operator": "contains", "value": "框架"}]}

    page.goto("/webhooks?new=1")
    fill(page.get_by_role("dialog"), 接收地址="https://erp.example.com/kehu")
    kinds = page.get_by_role("combobox", name="事件类型")
    kinds.fill("contract.signed")
    kinds.press("Enter")
    add(page.get_by_role("dialog"))
    choose(page, "条件 1 的字段", "合同金额")
    choose(page, "条件 1 的比较方式", "大于")
    fill(page, **{"条件 1 的值": "10000"})
    page.get_by_label("条件 1 的值").blur()
    save(page)
    expect(page.get_by_role("definition").filter(has_text="合同金额 大于 10000")).to_be_visible()
    told = [each["where"] for each in there(platform, "/v1/webhooks")["items"] if each["where"]]
    [condition] = told[0]["all"]
    assert (condition["field"], condition["operator"]) == ("amount", "gt")
    assert Decimal(condition["value"]) == 10000
