"""Eight callers, and one record of every noun that the owner among them has: what the attacks are after."""

from __future__ import annotations

import secrets
from typing import Any

import httpx2
from tests.attack.records import Records
from tests.attack.routes import Route
from tests.judged import judged

CALLERS = ("anonymous", "expired", "foreign", "peer", "superior", "owner", "administrator", "reader")
PARTS = {"activity_id", "share_id", "member_id"}
"""Ids of parts, which are called alike in several nouns."""
WHOLE = (
    "approval_flow", "bank_account", "bus", "competitor", "definition", "institution", "partner", "pool", "position",
    "process", "product", "product_category", "role", "service_account", "sign_in", "signing_key", "user_group",
    "webhook",
)  # fmt: skip
"""Nouns without owners: a permission about them is held for all or not at all."""


class World(Records):
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
        self.administrator = self.clients["administrator"] = self.signed_in("admin", admin_password)
        self.clients["anonymous"] = judged(url, timeout=30)
        self._people()
        self.make_records()

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
