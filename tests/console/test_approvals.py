"""Approvals: people side by side, an inbox that decides together, and somebody who decides while one is away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.console.conftest import Judge, OpenPage
from tests.console.people import PASSWORD, a_flow, enter, eventually, heading, made, save, there

from stack.platform import Platform

DRAFT = {"payment_terms": [], "amount": "1200.00", "nature": "income", "payment_mode": "one_off"}


def approver(platform: Platform, username: str, name: str) -> dict[str, Any]:
    """Somebody who may decide, and look at the people whom they hand things on to."""
    person = {"username": username, "display_name": name, "password": PASSWORD}
    return made(platform, "/v1/accounts", **person, roles=["sales_manager"])


def handed_in(platform: Platform, name: str, currency: str) -> str:
    """Hand in a contract; return its id."""
    customer = made(platform, "/v1/customers", name=f"{name}的客户")
    contract = made(
        platform, "/v1/contracts", **DRAFT, name=name, currency=currency, customer_id=customer["id"]
    )
    made(platform, f"/v1/contracts/{contract['id']}/submit")
    return contract["id"]


def at_the_inbox(open_page: OpenPage, username: str) -> Page:
    """Somebody who has just signed in at what waits for them."""
    page = open_page()
    page.goto("/approvals")
    enter(page, username, PASSWORD)
    expect(heading(page, "审批")).to_be_visible()
    return page


def test_several_approvals_are_agreed_to_together_and_each_is_told_what_became_of_it(
    open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(GW-56): of two side by side one agrees to two contracts at once and hands the third on; the picture has it."""
    first = approver(platform, "beside.one", "并行甲")
    second = approver(platform, "beside.two", "并行乙")
    approver(platform, "beside.three", "接手丙")
    steps = [
        {"kind": "person", "account_ids": [first["id"]]},
        {"kind": "person", "account_ids": [second["id"]], "beside": True},
    ]
    flow = {"name": "两人并行", "condition": {"currency": "NOK"}, "steps": steps, "allow_own": True}
    with a_flow(platform, **flow):
        contracts = [handed_in(platform, name, "NOK") for name in ("挪威一", "挪威二", "挪威三")]
    found = {"filter[subject_id][in]": ",".join(contracts)}
    assert eventually(open_page(), lambda: len(there(platform, "/v1/approvals", **found)["items"]) == 3)

    page = at_the_inbox(open_page, "beside.one")
    for name in ("挪威一", "挪威二"):
        page.get_by_role("checkbox", name=re.compile(f"选择：.*{name}")).check()
    expect(page.get_by_text("已选 2 条")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("region", name="批量审批").get_by_role("button", name="同意").click()
    page.get_by_role("dialog").get_by_role("button", name="同意").click()
    results = page.get_by_role("dialog").get_by_role("region", name="审批结果")
    expect(results.get_by_text("已同意，还在等其他人审批")).to_have_count(2)
    page.get_by_role("button", name="知道了").click()
    expect(page.get_by_role("checkbox", name=re.compile("选择："))).to_have_count(1)

    page.get_by_role("link", name=re.compile("挪威三")).click()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="转交").click()
    page.get_by_role("dialog").get_by_label("转交给").fill("接手")
    page.get_by_title("接手丙", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="转交").click()
    way = page.get_by_role("region", name="审批进度")
    expect(way.get_by_text("2 步并行")).to_be_visible()
    expect(way).to_contain_text(re.compile("并行甲.*已转交.*接手丙.*待处理.*转交（并行甲）"))
    assert barriers(page) == []
    [third] = [
        each
        for each in there(platform, "/v1/approvals", **found)["items"]
        if each["subject_id"] == contracts[2]
    ]
    asked = there(platform, f"/v1/approvals/{third['id']}")["asked"]
    assert sorted(each["state"] for each in asked) == ["handed_on", "pending", "pending"]


@pytest.mark.full
def test_who_decides_reads_which_step_it_is_and_what_a_customer_is_to_become(
    open_page: OpenPage, platform: Platform
) -> None:
    """(GW-56, CU-09): in the inbox and on the page, for who may not read the flows."""
    decider = approver(platform, "ladder.one", "阶梯审批人")
    steps = [{"kind": "person", "account_id": decider["id"]}]
    with a_flow(platform, "customer", name="升级审批", subject_step="upgrade", steps=steps, allow_own=True):
        customer = made(platform, "/v1/customers", name="要升级的客户")
        made(platform, f"/v1/customers/{customer['id']}/upgrade")
    page = at_the_inbox(open_page, "ladder.one")
    row = page.get_by_role("row", name=re.compile("要升级的客户"))
    expect(row).to_contain_text(re.compile("客户.*升级"))
    row.get_by_role("link", name=re.compile("要升级的客户")).click()
    subject = page.get_by_role("region", name="审批内容")
    expect(subject).to_contain_text(re.compile("审批操作.*升级.*变更为.*潜在客户"))


@pytest.mark.full
def test_a_flow_is_drawn_while_it_is_made_and_somebody_decides_while_one_is_away(
    desk: Page, open_page: OpenPage, platform: Platform, barriers: Judge
) -> None:
    """(GW-56): stages and a head of department in the form, the version it leaves, and a delegation that is ended."""
    desk.goto("/approval-flows?new=1")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("流程名称").fill("两步并行流程")
    dialog.get_by_label("适用对象").click()
    desk.get_by_title("合同", exact=True).click()
    for kind in ("上级", "部门负责人"):
        dialog.get_by_role("button", name="添加审批步骤").click()
        part = dialog.get_by_role("group", name=re.compile("审批步骤 ")).last
        part.get_by_label("审批人类型").click()
        desk.locator(".ant-select-dropdown:visible").get_by_title(kind, exact=True).click()
    part.get_by_role("switch", name="与上一步并行").click()
    expect(dialog.get_by_role("list", name="审批步骤的顺序")).to_contain_text("2 步并行")
    save(desk)
    expect(heading(desk, "两步并行流程")).to_be_visible()
    [flow] = there(platform, "/v1/approval-flows", **{"filter[name]": "两步并行流程"})["items"]
    assert flow["steps"] == [{"kind": "superior"}, {"kind": "department_head", "beside": True}]
    desk.goto(f"/approval-flows/{flow['id']}")
    expect(desk.get_by_role("region", name="历史版本").first).to_contain_text("2 步并行")
    assert barriers(desk) == []

    approver(platform, "away.one", "外出的人")
    delegate = approver(platform, "away.two", "代理的人")
    page = at_the_inbox(open_page, "away.one")
    page.get_by_role("link", name="外出委托").click()
    page.get_by_role("button", name="委托他人审批").click()
    form = page.get_by_role("dialog")
    form.get_by_label("代理人").fill("代理的")
    page.get_by_title("代理的人", exact=True).click()
    form.get_by_label("开始时间").fill("2026-01-01 09:00")
    form.get_by_label("结束时间").fill("2026-12-30 18:00")
    form.get_by_label("原因").fill("年假")
    form.get_by_role("button", name="委托", exact=True).click()
    row = page.get_by_role("row", name=re.compile("代理的人"))
    expect(row).to_contain_text("生效中")
    [kept] = there(platform, "/v1/approval-delegations", **{"filter[delegate_id]": delegate["id"]})["items"]
    assert kept["reason"] == "年假"
    assert barriers(page) == []
    row.get_by_role("button", name="结束委托").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.get_by_text("还没有委托。")).to_be_visible()
    assert there(platform, "/v1/approval-delegations", **{"filter[id]": kept["id"]})["items"] == []
