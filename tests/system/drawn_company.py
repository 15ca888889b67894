"""A company drawn at random, and what may happen to it.

There are people with roles that are limited to kinds, groups with pools, and customers of all sorts, each with an
opportunity, a signed contract and a case.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from tests.days import today

from client import Client, HttpError

SCOPES = ("own", "own", "department", "department_only", "institution", "all")
COMPANIES = {"field": "kind", "operator": "eq", "value": "company"}
LIMITS: tuple[Any, ...] = (
    None,
    None,
    COMPANIES,
    {"not": COMPANIES},
    {"field": "grade", "operator": "in", "value": [" a", "重点"]},
    {"field": "grade", "operator": "not_in", "value": ["A"]},
    {"any": [{"field": "region", "operator": "empty", "value": True}, COMPANIES]},
    {"field": "region", "operator": "contains", "value": "京"},
    {"all": [{"field": "sharing", "operator": "eq", "value": "private"}, {"not": {"any": [
        {"field": "claim_state", "operator": "eq", "value": "unclaimed"}]}}]},
    {"field": "created_at", "operator": "within_last", "value": 3},
    {"field": "claimed_at", "operator": "empty", "value": False},
    {"field": "status", "operator": "ne", "value": "invalid"},
)  # fmt: skip
"""Of what kinds customers are that a role sees."""
WORKS = {
    "opportunity.read": "all", "opportunity.write": "own", "contract.read": "all", "contract.write": "own",
    "receivable.read": "all", "case.read": "all", "case.write": "own",
}  # fmt: skip
"""What everybody may: name customers, and see the records in which others have named them."""
PEOPLE, CUSTOMERS = 5, 8


@dataclass
class Person:
    """Somebody who works there, signed in."""

    id: str
    client: Client


@dataclass
class Company:
    """The company.

    Args:
        platform: where it works.
        draw: what it is drawn by.
    """

    platform: Any
    draw: Random
    people: list[Person] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tag, draw = secrets.token_hex(3), self.draw
        self.admin = Client(self.platform.url).sign_in("admin", self.platform.admin_password)
        region = self._department("大区", None)
        self.departments = [region, self._department("一部", region), self._department("二部", region)]
        work = {"code": f"works_{self.tag}", "name": "干活", "permissions": WORKS}
        self._work = self.admin.post("/v1/roles", work)["code"]
        self.roles = [self._role(draw.choice(SCOPES), draw.choice(LIMITS)) for _ in range(6)]
        for _ in range(PEOPLE):
            boss = draw.choice([None, *(each.id for each in self.people)])
            self._employ(draw.sample(self.roles, draw.randint(1, 2)), draw.choice(self.departments), boss)
        self.groups = [self._group(draw.sample(self.people, draw.randint(1, 3))) for _ in range(3)]
        self.pools = [self._pool(*draw.choices(self.groups, k=2)) for _ in range(2)]
        for _ in range(CUSTOMERS):
            pooled = {"pool_id": draw.choice(self.pools), "claim_state": "unclaimed"}
            lies = draw.random() < 0.25
            self._open(self.a_person(), **self.some_card(), **(pooled if lies else {}))

    def make_all_sorts(self) -> None:
        """Let there be a colleague's public customer, one in a pool that is not its owner's, and a limited role."""
        own, team = self._role("own", None), self.departments[1]
        owner, colleague = self._employ([own], team), self._employ([own], team)
        self._employ([self._role("all", COMPANIES)], self.departments[0])
        pool_id = self._pool(*[self._group([colleague])] * 2)
        self._open(owner, kind="company", sharing="public")
        self._open(owner, kind="company", pool_id=pool_id, claim_state="unclaimed")

    def _department(self, name: str, parent_id: str | None) -> str:
        body = {"name": f"{name} {self.tag}", "parent_id": parent_id}
        return str(self.admin.post("/v1/departments", body)["id"])

    def _role(self, scope: str, limit: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.admin.post("/v1/roles", {
            "code": f"sees_{secrets.token_hex(4)}", "name": "看客户", "permissions": {"customer.read": scope},
            "limits": {"customer.read": limit} if limit else {},
        })  # fmt: skip
        return made

    def _employ(self, roles: list[dict[str, Any]], department_id: str, boss: str | None = None) -> Person:
        username, password = f"person{len(self.people)}.{self.tag}", secrets.token_urlsafe(12)
        account = self.admin.post("/v1/accounts", {
            "username": username, "display_name": username, "password": password, "department_id": department_id,
            "roles": [self._work, *(each["code"] for each in roles)], "manager_id": boss,
        })  # fmt: skip
        self.people.append(Person(account["id"], Client(self.platform.url).sign_in(username, password)))
        return self.people[-1]

    def _group(self, members: list[Person]) -> str:
        group_id = self.admin.post("/v1/groups", {"name": f"小组 {secrets.token_hex(4)}"})["id"]
        self.admin.post(f"/v1/groups/{group_id}/members", {"account_ids": [each.id for each in members]})
        return str(group_id)

    def _pool(self, members_id: str, admins_id: str) -> str:
        groups = {"members_group_id": members_id, "admins_group_id": admins_id}
        body = {"name": f"公海 {secrets.token_hex(4)}", "may_move": True, **groups}
        return str(self.admin.post("/v1/pools", body)["id"])

    def _open(self, owner: Person, **card: Any) -> None:
        """Make a customer, and name it in an opportunity, a contract and a case."""
        name = f"客户 {len(self.customers)} {self.tag}"
        customer_id = self._made("customers", {"name": name, "owner_id": owner.id, **card})["id"]
        named = {"customer_id": customer_id}
        self._made("opportunities", {**named, **OPPORTUNITY})
        self._made("cases", {**named, **CASE})
        contract = self._made("contracts", {**named, **CONTRACT})
        self._made(f"contracts/{contract['id']}/submit", None)
        self.admin.post(f"/v1/contracts/{contract['id']}/sign", {"signed_on": today().isoformat()})
        self.customers.append(customer_id)

    def _made(self, path: str, body: Any) -> dict[str, Any]:
        """Make something once the news has come of what it names."""
        until = time.monotonic() + 20
        while True:
            try:
                made: dict[str, Any] = self.admin.post(f"/v1/{path}", body)
                return made
            except HttpError as error:
                if error.status != 422 or time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def close(self) -> None:
        """Let everybody go."""
        for client in (self.admin, *(person.client for person in self.people)):
            client.close()

    def a_person(self) -> Person:
        return self.draw.choice(self.people)

    def some_card(self) -> dict[str, Any]:
        """Return what says of what kind a customer is."""
        return {
            "kind": self.draw.choice(["company", "person"]), "grade": self.draw.choice([None, "A", "B", "重点"]),
            "region": self.draw.choice([None, "北京", "上海"]),
            "sharing": self.draw.choice(["private", "private", "public"]),
        }  # fmt: skip

    def happen(self) -> str:
        """Let something happen, whatever comes of it, and return what."""
        what: Callable[[str], Any] = self.draw.choice([
            self._share, self._share, self._correct, self._correct, self._return, self._assign, self._hand_over,
            self._move, self._limit, self._regroup, self._retire,
        ])  # fmt: skip
        what(self.draw.choice(self.customers))
        return what.__name__

    def _try(self, method: str, path: str, body: Any = None) -> Any:
        """Ask for what may be refused: of an invalid customer nothing is changed, a pooled one is not shared."""
        try:
            return self.admin.send(method, path, body=body).body
        except HttpError as error:
            assert error.status < 500, error
            return None

    def _share(self, customer_id: str) -> None:
        shares = self._try("GET", f"/v1/customers/{customer_id}/shares")["items"]
        if shares and self.draw.random() < 0.4:
            gone = self.draw.choice(shares)
            self._try("DELETE", f"/v1/customers/{customer_id}/shares/{gone['id']}")
            return
        kinds = {"account": self.a_person().id, "department": self.draw.choice(self.departments)}
        kind, of = self.draw.choice(
            [*kinds.items(), ("group", self.draw.choice(self.groups)), ("everyone", None)]
        )
        body = {"to": {"kind": kind, "id": of}, "level": self.draw.choice(["view", "edit"])}
        self._try("POST", f"/v1/customers/{customer_id}/shares", body)

    def _correct(self, customer_id: str) -> None:
        self._try("PATCH", f"/v1/customers/{customer_id}", self.some_card())

    def _hand_over(self, customer_id: str) -> None:
        self._try("PATCH", f"/v1/customers/{customer_id}", {"owner_id": self.a_person().id})

    def _return(self, customer_id: str) -> None:
        self._try("POST", f"/v1/customers/{customer_id}/return", {"pool_id": self.draw.choice(self.pools)})

    def _assign(self, customer_id: str) -> None:
        self._try("POST", f"/v1/customers/{customer_id}/assign", {"account_id": self.a_person().id})

    def _retire(self, customer_id: str) -> None:
        self._try("POST", f"/v1/customers/{customer_id}/invalidate")

    def _move(self, _customer_id: str) -> None:
        department_id = self.draw.choice(self.departments)
        self.admin.patch(f"/v1/accounts/{self.a_person().id}", {"department_id": department_id})

    def _limit(self, _customer_id: str) -> None:
        role, limit = self.draw.choice(self.roles), self.draw.choice(LIMITS)
        self.admin.patch(f"/v1/roles/{role['id']}", {"limits": {"customer.read": limit} if limit else {}})

    def _regroup(self, _customer_id: str) -> None:
        body = {"members_group_id": self.draw.choice(self.groups)}
        self.admin.patch(f"/v1/pools/{self.draw.choice(self.pools)}", body)


OPPORTUNITY = {
    "name": "商机", "amount": "100.00", "currency": "CNY", "type": "新客户",
    "expected_close_on": (today() + timedelta(days=30)).isoformat(),
}  # fmt: skip
CASE = {
    "subject": "咨询", "source": "customer_request", "channel": "phone", "kind": "question", "priority": "normal",
}  # fmt: skip
CONTRACT = {
    "name": "合同", "nature": "income", "payment_mode": "one_off", "currency": "CNY", "amount": "100.00",
    "starts_on": today().isoformat(), "ends_on": today().isoformat(),
    "lines": [{"name": "软件", "quantity": "1", "price": "100.00"}],
}  # fmt: skip
