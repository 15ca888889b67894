"""What the measurements on the whole platform work with: a salesperson, a customer, contracts, made over HTTP."""

import itertools
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.stage import Stage
from stack.places import ROOT
from stack.platform import GATEWAY

sys.path.append(str(ROOT / "deploy" / "local"))
from client import Client

HANDS = 8
"""Connections that prepare things side by side."""

PERMISSIONS = (
    "customer.read", "customer.write", "contact.read", "contact.write", "activity.read",
    "opportunity.read", "opportunity.write", "contract.read", "contract.write", "contract.sign", "receivable.read",
    "case.read", "case.write", "lead.read", "lead.write",
)  # fmt: skip

_numbers = itertools.count(1)


def one_worker(stage: Stage) -> None:
    """Let the gateway run as one worker process, as the baselines do."""
    platform = stage.platform
    if platform.extra_environment.get("WEB_CONCURRENCY") != "1":
        platform.extra_environment["WEB_CONCURRENCY"] = "1"
        platform.stop(GATEWAY)
        platform.start(GATEWAY)
        platform.wait_until_ready()


class Office:
    """A salesperson who is signed in, with a customer of their own."""

    def __init__(self, stage: Stage) -> None:
        self.url = stage.platform.url
        admin = Client(self.url).sign_in("admin", stage.platform.admin_password)
        role = f"bench_{secrets.token_hex(4)}"
        permissions = dict.fromkeys(PERMISSIONS, "own")
        admin.post("/v1/roles", {"code": role, "name": "销售员", "permissions": permissions})
        username, password = f"bench.{secrets.token_hex(4)}", secrets.token_urlsafe(18)
        body = {"username": username, "display_name": "李娜", "roles": [role], "password": password}
        self.account_id = admin.post("/v1/accounts", body)["id"]
        self.client = Client(self.url).sign_in(username, password)
        customer = self.client.post("/v1/customers", {"name": f"上海云图科技 {secrets.token_hex(4)}"})
        self.customer_id: str = customer["id"]

    @property
    def headers(self) -> dict[str, str]:
        """What a request of the salesperson carries."""
        return {"Authorization": f"Bearer {self.client.token}"}

    def another_client(self) -> Client:
        """Return a client with a connection of its own, for another thread."""
        return Client(self.url, token=self.client.token)

    def contract(self) -> dict[str, Any]:
        """Return what is sent for a contract with two lines and two payment terms."""
        return {
            "name": f"上海云图科技 2027 年度合同 {next(_numbers)}",
            "customer_id": self.customer_id,
            "nature": "income",
            "payment_mode": "instalments",
            "starts_on": "2026-12-01",
            "ends_on": "2027-11-30",
            "customer_signer": "王强",
            "lines": [
                {"name": "CRM 专业版 年度订阅", "quantity": "10", "price": "1000"},
                {"name": "实施服务", "quantity": "1", "price": "2000", "delivery_due_on": "2026-12-31"},
            ],
            "payment_terms": [
                {"due_on": "2026-12-31", "amount": "5000.00"},
                {"due_on": "2027-06-30", "amount": "7000.00"},
            ],
        }

    def approved_contracts(self, count: int) -> list[str]:
        """Make contracts that may be signed; return their ids."""
        clients = [self.another_client() for _ in range(HANDS)]

        def make(hand: int) -> list[str]:
            made = []
            for _ in range(hand, count, HANDS):
                contract_id = clients[hand].post("/v1/contracts", self.contract())["id"]
                answer = clients[hand].post_once_known(f"/v1/contracts/{contract_id}/submit")
                if answer["status"] != "approved":
                    raise AssertionError(f"the contract is {answer['status']}")
                made.append(contract_id)
            return made

        with ThreadPoolExecutor(HANDS) as pool:
            return [contract_id for made in pool.map(make, range(HANDS)) for contract_id in made]
