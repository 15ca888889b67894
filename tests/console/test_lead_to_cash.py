"""From a lead to cash: one walk of three people, in two languages and by three kinds of hands. Issue 10, "Shown"."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from tests.console.conftest import OpenPage
from tests.console.hands import Finger, Keys, Mouse
from tests.console.people import DESK, PHONE, a_flow, made, there
from tests.console.staff import Person

from stack.platform import Platform

MOST = 60
"""Presses of all three from the first sign-in to cash: each click, tap and key but the text typed into fields."""

ENGLISH = {
    "用户名": "User name", "密码": "Password", "登录": "Sign in", "主导航": "Main", "更多": "More",
    "相关记录": "Related", "线索": "Leads", "新建线索": "New lead", "公司名称": "Company", "联系人姓名": "Contact name",
    "保存": "Save", "转为客户": "Convert", "商机名称": "Name", "商机": "Opportunities", "预计金额": "Amount",
    "赢单": "Win", "合同": "Contracts", "新建合同": "New contract", "合同名称": "Name", "合同金额": "Amount",
    "提交": "Submit", "审批": "Approvals", "同意": "Approve", "签订": "Sign", "财务": "Finance",
    "应收": "Receivables", "登记回款": "Book a receipt", "金额": "Amount", "已核销": "Settled",
}  # fmt: skip
"""What an English reader reads in the place of what a Chinese one does."""


@pytest.fixture(scope="module")
def team(platform: Platform) -> Iterator[dict[str, dict[str, str]]]:
    """A manager with two salespeople, somebody who books receipts, and contracts that the manager must approve."""
    run = secrets.token_hex(2)
    department = made(platform, "/v1/departments", name=f"华东销售部 {run}", parent_id=None)["id"]
    team: dict[str, dict[str, str]] = {}
    for name, role in (
        ("王经理", "sales_manager"),
        ("李销售", "salesperson"),
        ("赵同事", "salesperson"),
        ("孙会计", "finance"),
    ):
        account = {"username": f"walk.{run}.{len(team)}", "password": secrets.token_urlsafe(12)}
        superior = team["王经理"]["id"] if team else None
        where = {"department_id": department, "manager_id": superior}
        done = made(platform, "/v1/accounts", display_name=name, roles=[role], **where, **account)
        team[name] = {**account, "id": done["id"]}
    condition = {"currency": "CNY", "amount_from": "50000.00"}
    with a_flow(platform, name=f"大额合同 {run}", condition=condition, steps=[{"kind": "superior"}]):
        yield team


def chinese(words: str) -> str:
    return words


def english(words: str) -> str:
    return ENGLISH.get(words, words)


WAYS = {
    "in Chinese, by mouse": ("恒信", {"viewport": DESK}, Mouse, chinese),
    "in English, by keyboard only": ("Northwind", {"viewport": DESK, "locale": "en-US"}, Keys, english),
    "on a phone of 390 px, by finger": ("海川", PHONE, Finger, chinese),
}
QUICK = "in English, by keyboard only"
"""The way that every `make test` goes, as no other journey does."""


@pytest.mark.parametrize(
    "way", [QUICK, *(pytest.param(way, marks=pytest.mark.full) for way in WAYS if way != QUICK)]
)
def test_a_lead_becomes_cash(
    way: str, team: dict[str, dict[str, str]], open_page: OpenPage, platform: Platform
) -> None:
    """(W-3) to (W-6)."""
    company, options, hands, words = WAYS[way]
    company += secrets.token_hex(2)

    def arrives(name: str) -> Person:
        account, page = team[name], open_page(**options)
        return Person(name, account["username"], account["password"], page, hands(page), words)

    seller, manager, cashier = arrives("李销售"), arrives("王经理"), arrives("孙会计")
    deal, contract = f"{company}采购", f"{company}年度合同"

    seller.signs_in()
    seller.goes_to("线索")
    seller.does("新建线索")
    seller.fills_in(公司名称=company, 联系人姓名="张伟")
    seller.sends("保存")
    seller.sees(company)
    seller.does("转为客户")
    seller.fills_in(商机名称=deal, 预计金额="54,000")
    seller.sends("转为客户")
    seller.opens(deal, among="商机")
    seller.does("赢单")
    seller.sends("赢单")
    seller.looks_at("合同")
    seller.does("新建合同")
    seller.fills_in(合同名称=contract)
    seller.sends("保存")
    seller.sees(contract)
    seller.does("提交")

    manager.signs_in()
    manager.goes_to("审批")
    manager.opens(contract)
    manager.does("同意")
    manager.sends("同意")

    seller.looks_again()
    seller.does("签订")
    seller.sends("签订")

    cashier.signs_in()
    cashier.goes_to("财务", "应收")
    cashier.looks_for(contract)
    cashier.opens(contract)
    cashier.does("登记回款")
    cashier.fills_in(金额="54000.00")
    cashier.sends("保存")
    cashier.reads("已核销")
    contract_id = urlsplit(seller.page.url).path.rpartition("/")[2]
    [owed] = there(platform, "/v1/receivables", **{"filter[contract_id]": contract_id})["items"]
    assert (owed["settled_amount"], owed["currency"], owed["status"]) == ("54000.00", "CNY", "settled")

    presses = sum(person.hands.presses for person in (seller, manager, cashier))
    print(f"\n{way}: {presses} presses from the first sign-in to cash")
    assert presses <= MOST
    pointers = {pointer for person in (seller, manager, cashier) for pointer in person.hands.pointers}
    assert pointers == {Keys: set(), Mouse: {"mouse"}, Finger: {"touch"}}[hands]


@pytest.mark.full
def test_a_manager_hands_a_customer_over(
    team: dict[str, dict[str, str]], open_page: OpenPage, platform: Platform
) -> None:
    """(W-5) Who has it now finds it among their own; who had it no longer finds it at all."""
    name = f"交接{secrets.token_hex(2)}"
    customer = made(platform, "/v1/customers", name=name, owner_id=team["李销售"]["id"])
    manager, seller, colleague = (
        Person(one, team[one]["username"], team[one]["password"], page, Mouse(page), chinese)
        for one, page in ((one, open_page()) for one in ("王经理", "李销售", "赵同事"))
    )
    seller.signs_in()
    seller.goes_to("客户")
    expect(seller.page.get_by_role("link", name=name)).to_be_visible()

    manager.signs_in()
    manager.goes_to("客户")
    manager.opens(name)
    manager.does("修改负责人")
    manager.page.get_by_role("combobox", name="负责人").fill("赵同事")
    manager.page.get_by_title("赵同事", exact=True).first.click()
    manager.does("保存")
    expect(manager.page.get_by_role("main").get_by_role("link", name="赵同事").first).to_be_visible()

    colleague.signs_in()
    colleague.page.goto("/customers?scope=mine")
    colleague.opens(name)
    seller.page.goto(f"/customers/{customer['id']}")
    expect(seller.page.get_by_text("没有找到该记录，或您无权查看。")).to_be_visible()
    assert there(platform, f"/v1/customers/{customer['id']}")["owner_id"] == team["赵同事"]["id"]
