"""Generated sample data, loaded through the HTTP API the first time the platform starts.

Everything here is invented. The same data come out every time, each with a fixed Idempotency-Key, so a load that was
interrupted can simply be run again. Passwords are generated and kept in ``.local/sample-accounts`` (mode 0600).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import secrets
import sys
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from client import Client

ACCOUNTS_FILE = Path(__file__).resolve().parents[2] / ".local" / "sample-accounts"

# username, name, role, department, superior
PEOPLE = [
    ("wang.fang", "王芳", "sales_manager", "华东大区", None),
    ("zhang.wei", "张伟", "salesperson", "上海销售部", "wang.fang"),
    ("li.na", "李娜", "salesperson", "杭州销售部", "wang.fang"),
    ("zhao.lei", "赵磊", "sales_manager", "华北大区", None),
    ("chen.jing", "陈静", "salesperson", "北京销售部", "zhao.lei"),
    ("sun.yue", "孙悦", "finance", "财务部", None),
    ("liu.yang", "刘洋", "service_agent", "客户服务部", None),
]
DEPARTMENTS = [
    ("云图软件", None),
    ("华东大区", "云图软件"),
    ("上海销售部", "华东大区"),
    ("杭州销售部", "华东大区"),
    ("华北大区", "云图软件"),
    ("北京销售部", "华北大区"),
    ("财务部", "云图软件"),
    ("客户服务部", "云图软件"),
]
PRODUCTS = [
    ("CRM 专业版", "CRM-PRO", "软件", "12000.00", "年"),
    ("CRM 企业版", "CRM-ENT", "软件", "36000.00", "年"),
    ("实施服务", "SVC-IMPL", "服务", "2500.00", "人天"),
    ("数据迁移", "SVC-MIG", "服务", "8000.00", "次"),
    ("Field Service App", "APP-FS", "软件", "6800.00", "年"),
]
CITIES = ["上海", "杭州", "北京", "苏州", "南京", "天津", "宁波", "深圳"]
WORDS = ["恒信", "明远", "启辰", "中达", "海川", "瑞丰", "华启", "新域", "万合", "立诚", "东胜", "博泰"]
TRADES = ["科技", "贸易", "机械", "医疗器械", "物流", "食品", "电子", "建材"]
SURNAMES, GIVEN = (
    "周吴郑冯褚卫蒋沈韩杨朱秦许何吕",
    ["敏", "静怡", "志强", "建国", "丽华", "浩然", "子涵", "雪梅", "文博"],
)
SOURCES = ["官网", "转介绍", "展会", "电话"]
# how, what was done, how many days ago, in how many days the next contact is; by the customer's place
DONE = [
    ("visit", "拜访了总经理，对方希望先看演示环境", 9, None),
    ("call", "电话确认了预算和上线时间，约好今天发演示账号", 2, 0),
    ("meeting", "演示了报表和审批，对方要求补充数据迁移方案", 4, 3),
    ("call", "回访使用情况，客户满意，想为分公司增购", 1, 7),
    ("email", "发送了合同扫描件和开票信息", 3, None),
]
DUE = {2: 30, 3: -7, 4: 5}
"""In how many days a contract is to be paid, by its place: of those in place 3 only 张伟 may sign his at once."""


class Sample:
    """Loads the sample data as the people in it would.

    Args:
        url: the gateway.
        admin_password: of the account ``admin``.
    """

    def __init__(self, url: str, admin_password: str) -> None:
        self.url = url
        self.random = random.Random(20261122)  # noqa: S311 - invented data, not a secret
        self.admin = Client(url).sign_in("admin", admin_password)
        self.zone = ZoneInfo(self.admin.get("/v1/me")["time_zone"])
        self.today = datetime.now(self.zone).date()
        self.passwords = kept_passwords()
        self.clients: dict[str, Client] = {}
        self.ids: dict[str, str] = {}
        self.won: list[tuple[Client, dict[str, Any], str, int]] = []
        self._made = 0

    def make(self, client: Client, path: str, body: Any = None) -> dict[str, Any]:
        """POST with a key that is the same in every run: what the request is."""
        self._made += 1
        request = json.dumps([path, body], sort_keys=True)
        key = hashlib.sha256(request.encode()).hexdigest()
        answer: dict[str, Any] = client.post_once_known(path, body, key)
        return answer

    def load(self) -> int:
        """Load everything; return how many records were made."""
        self.people()
        self.catalogue()
        for username in ("zhang.wei", "li.na", "chen.jing"):
            self.sell(username)
        self.care()
        self.collect()
        self.serve()
        return self._made

    def day(self, ahead: int) -> str:
        """Return the day of the house so many days ahead."""
        return (self.today + timedelta(days=ahead)).isoformat()

    def moment(self, ahead: int) -> str:
        """Return a moment in the working hours of that day."""
        return datetime.combine(self.today + timedelta(days=ahead), time(17), self.zone).isoformat()

    def people(self) -> None:
        """Departments, accounts, and an approval flow for large contracts."""
        for name, parent in DEPARTMENTS:
            parent_id = self.ids[parent] if parent else None
            made = self.make(self.admin, "/v1/departments", {"name": name, "parent_id": parent_id})
            self.ids[name] = made["id"]
        for username, name, role, department, superior in PEOPLE:
            body = {
                "username": username, "display_name": name, "department_id": self.ids[department], "roles": [role],
                "password": self.passwords[username], "manager_id": self.ids[superior] if superior else None,
            }  # fmt: skip
            self.ids[username] = self.make(self.admin, "/v1/accounts", body)["id"]
            self.clients[username] = Client(self.url).sign_in(username, self.passwords[username])
        flow = {
            "name": "大额合同审批", "subject_type": "contract",
            "condition": {"nature": "income", "currency": "CNY", "amount_from": "100000.00"},
            "steps": [{"kind": "superior"}, {"kind": "role", "role": "finance"}],
        }  # fmt: skip
        self.make(self.admin, "/v1/approval-flows", flow)

    def catalogue(self) -> None:
        """Products, and the account that money comes in on."""
        for name, code, category, price, unit in PRODUCTS:
            body = {
                "name": name,
                "code": code,
                "category": category,
                "price": price,
                "currency": "CNY",
                "unit": unit,
            }
            self.ids[code] = self.make(self.admin, "/v1/products", body)["id"]
        bank = {"name": "基本户", "bank": "招商银行上海分行", "number": "121900000012345", "currency": "CNY"}
        self.ids["bank"] = self.make(self.admin, "/v1/bank-accounts", bank)["id"]

    def person(self) -> str:
        """Return an invented name."""
        return self.random.choice(SURNAMES) + self.random.choice(GIVEN)

    def company(self) -> str:
        """Return an invented company name."""
        parts = (self.random.choice(CITIES), self.random.choice(WORDS), self.random.choice(TRADES))
        return "".join(parts) + self.random.choice(["有限公司", "股份有限公司", "集团"])

    def mobile(self) -> str:
        """Return an invented mobile number."""
        return f"139{self.random.randrange(10**8):08d}"

    def sell(self, username: str) -> None:
        """One salesperson's leads, customers, opportunities and contracts."""
        client = self.clients[username]
        for place in range(8):
            company = self.company()
            lead = {
                "company_name": company, "contact_name": self.person(), "mobile": self.mobile(),
                "source": self.random.choice(SOURCES), "remark": "展会上索取了资料" if place % 3 == 0 else None,
            }  # fmt: skip
            lead_id = self.make(client, "/v1/leads", lead)["id"]
            if place < 5:
                self.win(client, lead_id, company, place)
            elif place == 5:
                spoken = {"kind": "call", "content": "介绍了产品，下月立项", "occurred_at": self.moment(-1)}
                self.make(client, f"/v1/leads/{lead_id}/activities", spoken)
                self.make(client, f"/v1/leads/{lead_id}/contacted")

    def win(self, client: Client, lead_id: str, company: str, place: int) -> None:
        """Follow one lead as far as its place in the list says."""
        amount = f"{self.random.randrange(3, 24) * 6000}.00"
        opportunity = {
            "name": f"{company} CRM 项目", "amount": amount, "currency": "CNY",
            "expected_close_on": self.day(self.random.randrange(10, 90)),
        }  # fmt: skip
        ids = self.make(client, f"/v1/leads/{lead_id}/convert", {"opportunity": opportunity})
        self.won.append((client, ids, company, place))
        path = f"/v1/opportunities/{ids['opportunity_id']}"
        if place < 2:
            self.follow(client, path, "engaging" if place else None)
            return
        self.make(client, f"{path}/win", {"closed_on": self.day(0), "amount": amount})
        contract = {
            "customer_id": ids["customer_id"], "opportunity_id": ids["opportunity_id"], "name": f"{company} 年度合同",
            "nature": "income", "payment_mode": "one_off", "currency": "CNY", "amount": amount,
            "starts_on": self.day(0), "ends_on": self.day(364),
            "lines": [{"product_id": self.ids["CRM-PRO"], "name": "CRM 专业版", "quantity": "1", "price": amount}],
            "payment_terms": [{"due_on": self.day(DUE[place]), "amount": amount}],
        }  # fmt: skip
        drafted = self.make(client, "/v1/contracts", contract)
        submitted = self.make(client, f"/v1/contracts/{drafted['id']}/submit")
        if submitted["status"] == "approved" and place > 2:
            self.make(client, f"/v1/contracts/{drafted['id']}/sign", {"signed_on": self.day(0)})
        if place > 2:
            more = {
                "customer_id": ids["customer_id"], "name": f"{company} 分公司增购", "amount": f"{place * 12000}.00",
                "currency": "CNY", "expected_close_on": self.day(place * 15),
            }  # fmt: skip
            path = f"/v1/opportunities/{self.make(client, '/v1/opportunities', more)['id']}"
            self.follow(client, path, "proposing" if place == 3 else "negotiating")
        self.ids.setdefault("customer", ids["customer_id"])

    def follow(self, client: Client, path: str, stage: str | None) -> None:
        """Speak about an open opportunity, which brings it to a stage of the board."""
        spoken = {"kind": "call", "content": "与采购负责人沟通了需求和预算", "occurred_at": self.moment(-2)}
        self.make(client, f"{path}/activities", spoken)
        if stage:
            self.make(client, f"{path}/advance", {"stage": stage})

    def care(self) -> None:
        """What the salespeople know of their customers, did with them, and are going to do."""
        for client, ids, company, place in self.won:
            path = f"/v1/customers/{ids['customer_id']}"
            client.get_once_known(path)
            trade = next(each for each in TRADES if each in company)
            client.patch(path, {"industry": trade, "region": company[:2]})
            kind, content, ago, ahead = DONE[place]
            done = {
                "kind": kind, "content": content, "occurred_at": self.moment(-ago),
                "opportunity_id": ids["opportunity_id"],
                "next_contact_at": None if ahead is None else self.moment(ahead),
            }  # fmt: skip
            self.make(client, f"{path}/activities", done)

    def collect(self) -> None:
        """Finance books half of what the first receivable says, if it has been raised by now."""
        finance = self.clients["sun.yue"]
        for receivable in finance.get("/v1/receivables", limit="1", sort="created_at")["items"]:
            body = {
                "receivable_id": receivable["id"], "amount": f"{Decimal(receivable['amount']) / 2:.2f}",
                "received_on": self.day(0), "bank_account_id": self.ids["bank"],
            }  # fmt: skip
            self.make(finance, "/v1/receipts", body)

    def serve(self) -> None:
        """The service desk has a few cases."""
        agent = self.clients["liu.yang"]
        for subject in ("无法导出客户列表", "手机端登录失败", "如何修改登录密码？"):
            body = {
                "customer_id": self.ids["customer"], "subject": subject, "channel": "phone",
                "description": "客户来电说明了情况，已请其提供截图。",
            }  # fmt: skip
            self.make(agent, "/v1/cases", body)


def kept_passwords() -> dict[str, str]:
    """Return each person's password, generated the first time and kept in a file that only its owner can read."""
    kept: dict[str, str] = {}
    if ACCOUNTS_FILE.exists():
        kept = dict(line.split()[:2] for line in ACCOUNTS_FILE.read_text(encoding="utf-8").splitlines())
    ACCOUNTS_FILE.parent.mkdir(exist_ok=True)
    handle = os.open(ACCOUNTS_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        for username, name, role, department, _ in PEOPLE:
            kept.setdefault(username, secrets.token_urlsafe(9))
            file.write(f"{username:<10} {kept[username]}  {role:<13} {name} · {department}\n")
    return kept


def main() -> int:
    """Load the sample data into the platform at ``--url``; the admin's password is read from a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--password-file", required=True, type=Path)
    asked = parser.parse_args()
    made = Sample(asked.url, asked.password_file.read_text(encoding="utf-8").strip()).load()
    print(f"made {made} records")
    return 0


if __name__ == "__main__":
    sys.exit(main())
