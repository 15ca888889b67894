"""A program that was broken into: what its secret and its tokens are good for, and for how long (K-8)."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.attack.world import World
from tests.judged import judged

CREDENTIALS = {"grant_type": "client_credentials"}
GRANTED = {"lead.read": "own", "lead.write": "own", "approval.read": "all"}


class Program:
    """A service account, and a client that has a token of it."""

    def __init__(self, world: World, **values: Any) -> None:
        self.world = world
        body = {"name": f"攻击 {secrets.token_hex(4)}", "permissions": GRANTED, **values}
        self.account = world.make(world.administrator, "/v1/service-accounts", body)
        self.id = self.account["id"]
        self.path = f"/v1/service-accounts/{self.id}"
        self.client = judged(world.url, timeout=30)
        self.client.headers["Authorization"] = f"Bearer {self.token()['access_token']}"

    def token(self) -> dict[str, Any]:
        """Ask for a token by HTTP Basic."""
        answer = self.asked(auth=(self.id, self.account["client_secret"]))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def asked(self, **how: Any) -> httpx2.Response:
        """Ask for a token in some way."""
        form = {**CREDENTIALS, **how.pop("form", {})}
        answer: httpx2.Response = httpx2.post(f"{self.world.url}/v1/auth/token", data=form, timeout=30, **how)
        return answer

    def status(self, path: str = "/v1/me") -> int:
        """Return the status of a GET with its token."""
        return int(self.client.get(path).status_code)


@pytest.fixture
def program(world: World) -> Iterator[Program]:
    program = Program(world)
    yield program
    program.client.close()


def test_both_ways_of_showing_a_secret_get_a_token_that_says_whose_it_is(
    world: World, program: Program
) -> None:
    posted = {"client_id": program.id, "client_secret": program.account["client_secret"]}
    tokens = program.asked(form=posted).json()
    payload = tokens["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    told = world.clients["anonymous"].get("/.well-known/oauth-authorization-server").json()
    assert (claims["client_id"], claims["sub"], claims["iss"]) == (program.id, program.id, told["issuer"])
    assert told["issuer"] == world.url
    assert "refresh_token" not in tokens


def test_what_it_creates_names_it(world: World, program: Program) -> None:
    answer = program.client.post("/v1/leads", json={"company_name": "程序线索", "contact_name": "机器"})
    if answer.status_code != 201:  # The service hears of the new account a moment later.
        world.eventually(lambda: program.client.get("/v1/leads").status_code == 200)
        answer = program.client.post("/v1/leads", json={"company_name": "程序线索", "contact_name": "机器"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["owner_id"] == program.id
    query = {"types": "lead.created", "subject": answer.json()["id"], "wait": "10"}
    [event] = world.administrator.get("/v1/events", params=query).json()["items"]
    assert event["actorid"] == program.id
    card = world.administrator.get(f"/v1/accounts/{program.id}").json()
    assert (card["kind"], card["display_name"]) == ("service", program.account["name"])


def test_it_cannot_widen_itself(world: World, program: Program) -> None:
    wider = {"permissions": {"lead.read": "all"}}
    attempts = [
        program.client.patch(program.path, json=wider),
        program.client.post(f"{program.path}/rotate-secret", json={}),
        program.client.post("/v1/service-accounts", json={"name": "more", **wider}),
        program.client.patch(f"/v1/accounts/{program.id}", json={"roles": ["administrator"]}),
        program.client.post("/v1/roles", json={"code": "mine", "name": "mine", **wider}),
        program.client.post(f"/v1/accounts/{program.id}/password", json={"password": "a-long-new-password"}),
    ]
    assert {answer.status_code for answer in attempts} <= {403, 404}, [a.text for a in attempts]
    assert program.client.get("/v1/me").json()["permissions"] == GRANTED


def test_nobody_makes_it_more_than_a_program(world: World, program: Program) -> None:
    admin = world.administrator
    for permission in ("*", "approval.decide", "account.write", "role.write", "service_account.write"):
        answer = admin.patch(program.path, json={"permissions": {permission: "all"}})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input"), permission
    answer = admin.patch(f"/v1/accounts/{program.id}", json={"roles": ["administrator"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "not-a-person")


def test_it_cannot_sign_in_by_password(world: World, program: Program) -> None:
    names = (program.id, program.account["name"], f"service:{program.account['name']}")
    for name in names:
        form = {"grant_type": "password", "username": name, "password": program.account["client_secret"]}
        answer = httpx2.post(f"{world.url}/v1/auth/token", data=form, timeout=30)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_it_cannot_decide_an_approval(world: World, program: Program) -> None:
    for decision in ("approve", "reject"):
        answer = program.client.post(f"/v1/approvals/{world.ids['approval_id']}/{decision}", json={})
        assert answer.status_code in (403, 404)


def test_its_tokens_end_as_soon_as_it_is_disabled(world: World, program: Program) -> None:
    assert program.status() == 200
    assert world.administrator.patch(program.path, json={"status": "disabled"}).status_code == 200
    world.eventually(lambda: [program.status() for _ in range(6)] == [401] * 6)
    refused = program.asked(auth=(program.id, program.account["client_secret"]))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


def test_its_tokens_end_as_soon_as_their_secret_is_withdrawn(world: World, program: Program) -> None:
    assert program.status() == 200
    [secret] = world.administrator.get(program.path).json()["secrets"]
    gone = world.administrator.delete(f"{program.path}/secrets/{secret['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    world.eventually(lambda: [program.status() for _ in range(6)] == [401] * 6)


def test_a_secret_is_shown_once_and_not_to_whoever_repeats_the_request(world: World) -> None:
    """Nor stands it in what anybody reads of the account."""
    body = {"name": f"攻击 {secrets.token_hex(4)}", "permissions": GRANTED}
    once = {"Idempotency-Key": secrets.token_hex(8)}
    first, again = (
        world.administrator.post("/v1/service-accounts", json=body, headers=once).json() for _ in range(2)
    )
    assert (again["id"], again["client_secret"]) == (first["id"], None)
    pages = ("/v1/service-accounts", f"/v1/service-accounts/{first['id']}")
    query = {"types": "service_account.*", "subject": first["id"], "wait": "10"}
    told = world.administrator.get("/v1/events", params=query).text
    read = [world.administrator.get(page).text for page in pages]
    assert first["id"] in told and first["client_secret"] not in "".join([told, *read])
