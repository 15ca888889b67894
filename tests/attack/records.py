"""One record of every noun, made as its owner where that may be."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
from tests.days import today

TODAY = today()
ABSENT = "01936f3a-7c00-7000-8000-00000000dead"
"""An id that no record has."""


class Records:
    """The records of a world, by the people it has: ``World`` is one."""

    tag: str
    clients: dict[str, httpx2.Client]
    accounts: dict[str, str]
    ids: dict[str, str]
    parts: dict[str, str]
    """The ids of parts, by the list that they stand in: parts of several nouns are called alike."""
    administrator: httpx2.Client

    @staticmethod
    def _ok(answer: httpx2.Response) -> dict[str, Any]:
        assert answer.status_code < 300, (str(answer.request.url), answer.status_code, answer.text)
        content: dict[str, Any] = answer.json() if answer.content else {}
        return content

    def make(self, client: httpx2.Client, path: str, body: Any = None) -> dict[str, Any]:
        """POST what must succeed."""
        return self._ok(client.post(path, json=body or {}))

    def eventually(self, look: Callable[[], Any]) -> Any:
        """Return what a look finds as soon as it finds something; the bound is generous."""
        until = time.monotonic() + 60
        while not (found := look()):
            assert time.monotonic() < until, "it did not appear"
            time.sleep(0.1)
        return found

    def _first(self, path: str) -> str:
        """Return the id of the first record of a list, as soon as there is one."""
        return str(self.eventually(lambda: self.administrator.get(path).json()["items"])[0]["id"])

    def _keep(self, noun: str, path: str, body: Any, client: httpx2.Client | None = None) -> str:
        """Make a record, by the administrator where nobody is named, and remember its id."""
        made = self.make(client or self.administrator, f"/v1/{path}", body)
        self.ids[f"{noun}_id"] = str(made["id"])
        return self.ids[f"{noun}_id"]

    def make_records(self) -> None:
        """Make one record of every noun."""
        absent = ("event_id", "delivery_id", "key_id", "session_id", "secret_id")
        self.ids |= {**dict.fromkeys(absent, ABSENT), "service": "contract", "event_type": "contract.signed"}
        self._await_copies()
        self._customers()
        self._house()
        self._settings()
        self._programs()
        self._wait_for_customer()
        self._work()
        self._money()
        self._shared()
        self._approval()
        self._delegation()

    def _customers(self) -> None:
        """A customer with what belongs to it, and a lead."""
        owner = self.clients["owner"]
        target = {"name": f"攻击目标 {self.tag} 有限公司", "kind": "company"}
        customer = f"customers/{self._keep('customer', 'customers', target, owner)}"
        self._keep("contact", f"{customer}/contacts", {"name": "周静怡"}, owner)
        address = {"kind": "office", "province": "上海市", "city": "上海市", "street": "世纪大道 100 号"}
        self._keep("address", f"{customer}/addresses", address, owner)
        lead = {"company_name": f"攻击线索 {self.tag} 有限公司", "contact_name": "吴志强"}
        answer = owner.post("/v1/leads", json=lead)
        self.ids["lead_id"] = self._ok(answer)["id"]
        self.ids["correlation_id"] = answer.headers["x-correlation-id"]

    def _house(self) -> None:
        """What belongs to nobody: what is sold, where money lies, and how people are put together."""
        tag = self.tag
        product = {
            "name": f"攻击产品 {tag}",
            "code": f"ATTACK-{tag}",
            "price": "100.00",
            "currency": "CNY",
            "unit": "件",
        }
        self._keep("product", "products", product)
        for noun in ("competitor", "partner"):
            self._keep(noun, f"{noun}s", {"name": f"攻击 {tag}"})
        self._keep("product_category", "product-categories", {"name": f"攻击 {tag}", "code": f"A-{tag}"})
        number = f"1219000{int(tag, 16):08d}"
        bank = {"name": f"攻击户 {tag}", "bank": "招商银行", "number": number, "currency": "CNY"}
        self._keep("bank_account", "bank-accounts", bank)
        granted = {"customer.read": "own"}
        self._keep(
            "role", "roles", {"code": f"spare_{tag}", "name": f"攻击角色 {tag}", "permissions": granted}
        )
        group_id = self._keep("user_group", "groups", {"name": f"攻击小组 {tag}"})
        groups = dict.fromkeys(("members_group_id", "admins_group_id"), group_id)
        self._keep("pool", "pools", {"name": f"公海 {tag}", **groups})
        position = {"name": f"攻击职位 {tag}", "department_id": self.ids["department_id"]}
        self._keep("position", "positions", position)
        self._keep("institution", "institutions", {"name": f"攻击机构 {tag}"})

    def _settings(self) -> None:
        """What is configured."""
        self.ids |= {"key": "source", "series": "customer", "parameter": "company.name_en"}
        label = {"zh": f"来源{self.tag}", "en": f"Source {self.tag}"}
        self._keep("term", "dictionaries/source/terms", {"label": label})
        field = {"noun": "customer", "key": f"attack_{self.tag}", "label": label, "type": "text"}
        self._keep("field", "fields", field)

    def _programs(self) -> None:
        """What programs have."""
        program = {"name": f"攻击程序 {self.tag}", "permissions": {"customer.read": "own"}}
        self._keep("service_account", "service-accounts", program)
        hook = {"url": "https://receiver.example.com/kehu", "event_types": ["contract.*"], "active": False}
        self._keep("webhook", "webhooks", hook)

    def _work(self) -> None:
        """What is done with the customer, by their owner."""
        owner, ids = self.clients["owner"], self.ids
        opportunity = {
            "name": "攻击商机", "amount": "100.00", "currency": "CNY", "customer_id": ids["customer_id"],
            "expected_close_on": (TODAY + timedelta(days=30)).isoformat(),
        }  # fmt: skip
        self._keep("opportunity", "opportunities", opportunity, owner)
        for noun in ("competitor", "partner"):
            # Another one than what the house has: that can still be taken.
            entry = self.make(self.administrator, f"/v1/{noun}s", {"name": f"攻击旁人 {self.tag}"})["id"]
            path = f"opportunities/{ids['opportunity_id']}/{noun}s"
            self._keep(f"opportunity_{noun}", path, {f"{noun}_id": entry}, owner)
        case = {
            "customer_id": ids["customer_id"],
            "subject": "攻击工单",
            "channel": "phone",
            "description": "无",
        }
        self._keep("case", "cases", case, owner)
        for noun, plural in (("customer", "customers"), ("lead", "leads"), ("opportunity", "opportunities")):
            path = f"/v1/{plural}/{ids[f'{noun}_id']}/activities"
            self.parts[path] = self.make(owner, path, {"kind": "call", "content": "已致电。"})["id"]
        self._keep("note", f"cases/{ids['case_id']}/notes", {"text": "已致电。"}, owner)

    def _await_copies(self) -> None:
        """Wait until the services have heard of the people; each answers the owner's list then."""
        owner = self.clients["owner"]
        for path in ("customers", "leads", "opportunities", "contracts", "cases", "receivables"):
            self.eventually(partial(self._is_known, owner, path))

    @staticmethod
    def _is_known(client: httpx2.Client, path: str) -> bool:
        return client.get(f"/v1/{path}?limit=1").status_code == 200

    def _wait_for_customer(self) -> None:
        """Wait until every service that copies customers knows the owner's."""
        owner = self.clients["owner"]
        path = f"/v1/customers/{self.ids['customer_id']}"

        def known() -> bool:
            body = {**self._contract(), "name": "试探"}
            probe = owner.post("/v1/contracts", json=body)
            if probe.status_code == 201:
                owner.delete(f"/v1/contracts/{probe.json()['id']}")
            return probe.status_code == 201

        assert owner.get(path).status_code == 200
        self.eventually(known)

    def _contract(self, **values: Any) -> dict[str, Any]:
        return {
            "customer_id": self.ids["customer_id"], "name": "攻击合同", "nature": "income", "payment_mode": "one_off",
            "currency": "CNY", "amount": "100.00", "starts_on": TODAY.isoformat(), "lines": [], "payment_terms": [],
            "ends_on": (TODAY + timedelta(days=300)).isoformat(), **values,
        }  # fmt: skip

    def _signed(self, **values: Any) -> str:
        """Return the id of a signed contract of the owner's."""
        owner = self.clients["owner"]
        path = f"/v1/contracts/{self.make(owner, '/v1/contracts', self._contract(**values))['id']}"
        # The contract service hears of the customer a moment later.
        self.eventually(lambda: owner.post(f"{path}/submit").status_code == 200)
        self.make(owner, f"{path}/sign", {"signed_on": TODAY.isoformat()})
        return path.rsplit("/", 1)[1]

    def _money(self) -> None:
        owner, ids = self.clients["owner"], self.ids
        ids["contract_id"] = self.make(owner, "/v1/contracts", self._contract())["id"]
        contracts = {"receivable": self._signed(), "payable": self._signed(nature="expense")}
        for noun, contract_id in contracts.items():
            path = f"/v1/{noun}s?filter[contract_id]={contract_id}"
            ids[f"{noun}_id"] = self._first(path)
        receipt = {
            "receivable_id": ids["receivable_id"], "amount": "10.00", "received_on": TODAY.isoformat(),
            "bank_account_id": ids["bank_account_id"],
        }  # fmt: skip
        ids["receipt_id"] = self.make(owner, "/v1/receipts", receipt)["id"]
        payment = {
            "payable_id": ids["payable_id"], "amount": "10.00", "paid_on": TODAY.isoformat(),
            "bank_account_id": ids["bank_account_id"],
        }  # fmt: skip
        ids["payment_id"] = self.make(owner, "/v1/payments", payment)["id"]
        path = f"/v1/receivables?filter[contract_id]={self._signed()}"
        overpaid = self._first(path)
        too_much = {**receipt, "receivable_id": overpaid, "amount": "150.00", "as_advance": True}
        self.make(owner, "/v1/receipts", too_much)
        path = f"/v1/advances?filter[customer_id]={ids['customer_id']}"
        ids["advance_id"] = self._first(path)

    def _shared(self) -> None:
        """Share what can be shared with somebody who may read it anyway, and let them join its team."""
        to = self.accounts["subject"]
        shared = {"to": {"kind": "account", "id": to}}
        for noun in ("customer", "opportunity", "lead", "contract"):
            plural = noun.replace("ty", "tie") + "s"
            parent = f"/v1/{plural}/{self.ids[f'{noun}_id']}"
            self.parts[f"{parent}/shares"] = self.make(self.clients["owner"], f"{parent}/shares", shared)[
                "id"
            ]
            if noun != "contract":
                self.make(self.clients["owner"], f"{parent}/team", {"account_id": to})
                self.parts[f"{parent}/team"] = to

    def _approval(self) -> None:
        """Make a flow and what waits for it; the flow is switched off then, for other contracts would wait too."""
        owner, admin, ids = self.clients["owner"], self.administrator, self.ids
        flow = {
            "name": f"攻击流程 {self.tag}", "subject_type": "contract",
            "condition": {"nature": "income", "currency": "CNY", "amount_from": "1.00"},
            "steps": [{"kind": "superior"}],
        }  # fmt: skip
        ids["flow_id"] = self.make(self.administrator, "/v1/approval-flows", flow)["id"]

        def pending() -> str:
            """Submit a contract; the contract service hears of the new flow a moment later."""
            drafted = str(self.make(owner, "/v1/contracts", self._contract(amount="500.00"))["id"])
            status = self.make(owner, f"/v1/contracts/{drafted}/submit")["status"]
            return drafted if status == "pending_approval" else ""

        subject_id = self.eventually(pending)
        path = "/v1/approvals?filter[state]=pending"
        ids["approval_id"] = self.eventually(
            lambda: [a for a in admin.get(path).json()["items"] if a["subject_id"] == subject_id]
        )[0]["id"]
        self._ok(admin.patch(f"/v1/approval-flows/{ids['flow_id']}", json={"active": False}))

    def _delegation(self) -> None:
        """Let the superior decide for the owner, in a time to come."""
        data = {
            "delegate_id": self.accounts["superior"], "starts_at": f"{TODAY + timedelta(days=30)}T00:00:00Z",
            "ends_at": f"{TODAY + timedelta(days=31)}T00:00:00Z",
        }  # fmt: skip
        path = "/v1/approval-delegations"
        self.ids["delegation_id"] = str(self.make(self.clients["owner"], path, data)["id"])
