"""Eight callers, and one record of every noun that the owner among them has: what the attacks are after."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
from tests.attack.routes import Route
from tests.days import today
from tests.judged import judged

TODAY = today()
CALLERS = ("anonymous", "expired", "foreign", "peer", "superior", "owner", "administrator", "reader")
ABSENT = "01936f3a-7c00-7000-8000-00000000dead"
"""An id that no record has."""


PARTS = {"activity_id", "share_id", "member_id"}
"""Ids of parts, which are called alike in several nouns."""
WHOLE = (
    "approval_flow", "bank_account", "bus", "competitor", "definition", "institution", "partner", "pool", "position",
    "process", "product", "product_category", "role", "service_account", "sign_in", "signing_key", "user_group",
    "webhook",
)  # fmt: skip
"""Nouns without owners: a permission about them is held for all or not at all."""


class World:
    """The people and the records.

    The owner, a peer in the same department, a superior and somebody of another department hold every permission that
    can be held for one's own; the reader every permission to read, for all. The expired caller's session has ended.

    Args:
        url: the gateway.
        admin_password: of the account ``admin``.
    """

    def __init__(self, url: str, admin_password: str) -> None:
        self.url = url
        self.tag = secrets.token_hex(3)
        self.everything, self.reading = f"everything_{self.tag}", f"reading_{self.tag}"
        self.clients: dict[str, httpx2.Client] = {}
        self.passwords: dict[str, str] = {}
        self.accounts: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        """The ids of parts, by the list that they stand in: parts of several nouns are called alike."""
        self.administrator = self.clients["administrator"] = self.signed_in("admin", admin_password)
        self.clients["anonymous"] = judged(url, timeout=30)
        self._people()
        self._records()

    def close(self) -> None:
        """Hang up."""
        for client in self.clients.values():
            client.close()

    def tokens(self, username: str, password: str) -> dict[str, Any]:
        """Sign in and return the tokens."""
        form = {"grant_type": "password", "username": username, "password": password}
        return self._ok(httpx2.post(f"{self.url}/v1/auth/token", data=form, timeout=30))

    def signed_in(self, username: str, password: str) -> httpx2.Client:
        """Return a client that is signed in."""
        token = self.tokens(username, password)["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return judged(self.url, headers=headers, timeout=30)

    def path_of(self, route: Route, **instead: str) -> str:
        """Return the path of a route with the ids of records that there are."""
        ids = {**self.ids, **instead}
        for part in PARTS & {*route.parameters}:
            above = route.path.partition(f"/{{{part}}}")[0]
            within = Route(route.method, above, {}).filled(self.ids)
            ids = {**ids, part: instead.get(part, self.parts[within])}
        return route.filled(ids) + route.query

    def make(self, client: httpx2.Client, path: str, body: Any = None) -> dict[str, Any]:
        """POST what must succeed."""
        return self._ok(client.post(path, json=body or {}))

    def _first(self, path: str) -> str:
        """Return the id of the first record of a list, as soon as there is one."""
        return str(self.eventually(lambda: self.administrator.get(path).json()["items"])[0]["id"])

    def eventually(self, look: Callable[[], Any]) -> Any:
        """Return what a look finds as soon as it finds something; the bound is generous."""
        until = time.monotonic() + 60
        while not (found := look()):
            assert time.monotonic() < until, "it did not appear"
            time.sleep(0.1)
        return found

    def filled(self, body: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the example of a body with the ids of records that there are, and without those of others."""
        if body is None:
            return None
        known = {**self.ids, "manager_id": self.accounts["superior"], "account_id": self.accounts["peer"]}
        for name in [name for name in body if name.endswith("_id")]:
            if name not in known:
                del body[name]
            elif body[name] is not None:
                body[name] = known[name]
        if "key" in body:
            body["key"] = f"attack_{secrets.token_hex(4)}"
        if "code" in body and isinstance(body.get("label"), dict):
            tag = secrets.token_hex(4)
            body |= {"code": f"T{tag}", "label": {"zh": f"攻击 {tag}", "en": f"Attack {tag}"}}
        if isinstance(body.get("to"), dict):
            body["to"] = {"kind": "account", "id": self.accounts["peer"]}
        return body

    @staticmethod
    def _ok(answer: httpx2.Response) -> dict[str, Any]:
        assert answer.status_code < 300, (str(answer.request.url), answer.status_code, answer.text)
        content: dict[str, Any] = answer.json() if answer.content else {}
        return content

    def _people(self) -> None:
        admin = self.administrator
        document = self._ok(admin.get("/openapi.json"))
        operations = [o for item in document["paths"].values() for o in item.values() if isinstance(o, dict)]
        permissions = {o["x-permission"] for o in operations if o.get("x-permission")}
        # No route of the document names this one, the services ask for it.
        permissions.add("process.read")
        everything = {name: "own" for name in sorted(permissions) if name.split(".")[0] not in WHOLE}
        reading = {name: "all" for name in permissions if name.endswith(".read")}
        for code, granted in ((self.everything, everything), (self.reading, reading)):
            self.make(admin, "/v1/roles", {"code": code, "name": code, "permissions": granted})
        whole = self.make(admin, "/v1/departments", {"name": f"攻击 {self.tag} 一", "parent_id": None})["id"]
        own = self.make(admin, "/v1/departments", {"name": f"攻击 {self.tag} 一一", "parent_id": whole})["id"]
        other = self.make(admin, "/v1/departments", {"name": f"攻击 {self.tag} 二", "parent_id": None})["id"]
        spare = self.make(admin, "/v1/departments", {"name": f"攻击 {self.tag} 一二", "parent_id": whole})[
            "id"
        ]
        self.ids |= {"department_id": spare, "parent_id": whole}
        self.person("superior", whole, self.everything)
        self.person("owner", own, self.everything, self.accounts["superior"])
        self.person("peer", own, self.everything, self.accounts["superior"])
        self.person("foreign", other, self.everything)
        self.person("reader", other, self.reading)
        self.person("expired", own, self.everything)
        self.person("subject", own, self.reading, self.accounts["owner"])
        self.ids["account_id"] = self.accounts["subject"]
        self._ok(self.clients["expired"].post("/v1/auth/revoke", data={}))

    def person(self, name: str, department_id: str, role: str, manager_id: str | None = None) -> None:
        """Make an account and sign it in."""
        self.passwords[name] = secrets.token_urlsafe(16)
        body = {
            "username": f"{name}.{self.tag}", "display_name": f"攻击 {name}", "department_id": department_id,
            "roles": [role], "password": self.passwords[name], "manager_id": manager_id,
        }  # fmt: skip
        self.accounts[name] = self.make(self.administrator, "/v1/accounts", body)["id"]
        self.clients[name] = self.signed_in(f"{name}.{self.tag}", self.passwords[name])

    def _records(self) -> None:
        """Make one record of every noun, as its owner where that may be."""
        owner, ids = self.clients["owner"], self.ids
        self._await_copies()
        made = self.make(owner, "/v1/customers", {"name": f"攻击目标 {self.tag} 有限公司", "kind": "company"})
        ids["customer_id"] = made["id"]
        customer = f"/v1/customers/{made['id']}"
        ids["contact_id"] = self.make(owner, f"{customer}/contacts", {"name": "周静怡"})["id"]
        address = {"kind": "office", "province": "上海市", "city": "上海市", "street": "世纪大道 100 号"}
        ids["address_id"] = self.make(owner, f"{customer}/addresses", address)["id"]
        lead = {"company_name": f"攻击线索 {self.tag} 有限公司", "contact_name": "吴志强"}
        answer = owner.post("/v1/leads", json=lead)
        ids["lead_id"], ids["correlation_id"] = self._ok(answer)["id"], answer.headers["x-correlation-id"]
        ids |= {
            "service": "contract",
            "event_id": ABSENT,
            "event_type": "contract.signed",
            "delivery_id": ABSENT,
            "key_id": ABSENT,
            "session_id": ABSENT,
        }
        product = {
            "name": f"攻击产品 {self.tag}",
            "code": f"ATTACK-{self.tag}",
            "price": "100.00",
            "currency": "CNY",
            "unit": "件",
        }
        ids["product_id"] = self.make(self.administrator, "/v1/products", product)["id"]
        for noun in ("competitor", "partner"):
            library = {"name": f"攻击 {self.tag}"}
            ids[f"{noun}_id"] = self.make(self.administrator, f"/v1/{noun}s", library)["id"]
        category = {"name": f"攻击 {self.tag}", "code": f"A-{self.tag}"}
        ids["product_category_id"] = self.make(self.administrator, "/v1/product-categories", category)["id"]
        bank = {
            "name": f"攻击户 {self.tag}",
            "bank": "招商银行",
            "number": f"1219000{int(self.tag, 16):08d}",
            "currency": "CNY",
        }
        ids["bank_account_id"] = self.make(self.administrator, "/v1/bank-accounts", bank)["id"]
        role = {
            "code": f"spare_{self.tag}",
            "name": f"攻击角色 {self.tag}",
            "permissions": {"customer.read": "own"},
        }
        ids["role_id"] = self.make(self.administrator, "/v1/roles", role)["id"]
        group = {"name": f"攻击小组 {self.tag}"}
        ids["user_group_id"] = self.make(self.administrator, "/v1/groups", group)["id"]
        groups = dict.fromkeys(("members_group_id", "admins_group_id"), ids["user_group_id"])
        pool = {"name": f"公海 {self.tag}", **groups}
        ids["pool_id"] = self.make(self.administrator, "/v1/pools", pool)["id"]
        position = {"name": f"攻击职位 {self.tag}", "department_id": ids["department_id"]}
        ids["position_id"] = self.make(self.administrator, "/v1/positions", position)["id"]
        institution = {"name": f"攻击机构 {self.tag}"}
        ids["institution_id"] = self.make(self.administrator, "/v1/institutions", institution)["id"]
        program = {"name": f"攻击程序 {self.tag}", "permissions": {"customer.read": "own"}}
        opened = self.make(self.administrator, "/v1/service-accounts", program)
        ids["service_account_id"], ids["secret_id"] = opened["id"], ABSENT
        ids["key"], ids["series"], ids["parameter"] = "source", "customer", "company.name_en"
        term = {"label": {"zh": f"来源{self.tag}", "en": f"Source {self.tag}"}}
        ids["term_id"] = self.make(self.administrator, "/v1/dictionaries/source/terms", term)["id"]
        field = {"noun": "customer", "key": f"attack_{self.tag}", "label": term["label"], "type": "text"}
        ids["field_id"] = self.make(self.administrator, "/v1/fields", field)["id"]
        hook = {"url": "https://receiver.example.com/kehu", "event_types": ["contract.*"], "active": False}
        ids["webhook_id"] = self.make(self.administrator, "/v1/webhooks", hook)["id"]
        self._wait_for_customer()
        opportunity = {
            "name": "攻击商机", "amount": "100.00", "currency": "CNY", "customer_id": ids["customer_id"],
            "expected_close_on": (TODAY + timedelta(days=30)).isoformat(),
        }  # fmt: skip
        ids["opportunity_id"] = self.make(owner, "/v1/opportunities", opportunity)["id"]
        case = {
            "customer_id": ids["customer_id"],
            "subject": "攻击工单",
            "channel": "phone",
            "description": "无",
        }
        ids["case_id"] = self.make(owner, "/v1/cases", case)["id"]
        for parent in (customer, f"/v1/leads/{ids['lead_id']}", f"/v1/opportunities/{ids['opportunity_id']}"):
            done = {"kind": "call", "content": "已致电。"}
            self.parts[f"{parent}/activities"] = self.make(owner, f"{parent}/activities", done)["id"]
        ids["note_id"] = self.make(owner, f"/v1/cases/{ids['case_id']}/notes", {"text": "已致电。"})["id"]
        self._money()

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
        self._shared()
        self._approval()

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
        self._delegation()

    def _delegation(self) -> None:
        """Let the superior decide for the owner, in a time to come."""
        data = {
            "delegate_id": self.accounts["superior"], "starts_at": f"{TODAY + timedelta(days=30)}T00:00:00Z",
            "ends_at": f"{TODAY + timedelta(days=31)}T00:00:00Z",
        }  # fmt: skip
        path = "/v1/approval-delegations"
        self.ids["delegation_id"] = str(self.make(self.clients["owner"], path, data)["id"])
