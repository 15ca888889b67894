"""Every route of the merged OpenAPI, asked by eight callers: who is let in, refused, or told that there is nothing.

The records belong to the owner. The answers that are expected stand in ``access.py``; a route that is not there fails.
"""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from tests.attack.access import EXPECTED, OPERATED, UNLISTED
from tests.attack.records import ABSENT, TODAY
from tests.attack.routes import Route, Routes
from tests.attack.world import CALLERS, World

FORMS = {
    "POST /v1/auth/token": {"grant_type": "refresh_token", "refresh_token": "nonsense"},
    # Without a form it would end the session of whoever asks.
    "POST /v1/auth/revoke": {"token": "nonsense"},
}
CONSUMER = {"consumer": "finance"}
BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/bus/parked/{service}/{event_id}/discard": {"reason": "it was tried"},
    "POST /v1/bus/{service}/replay": {**CONSUMER, "since": "2099-01-01T00:00:00Z"},
    "POST /v1/bus/{service}/rebuild": {**CONSUMER, "types": ["contract.nothing"]},
    "POST /v1/contracts/{contract_id}/deliveries": {
        "line_id": ABSENT,
        "delivered_on": TODAY.isoformat(),
        "quantity": "1",
    },
    "POST /v1/cases/{case_id}/assign": {"handler_id": "OWNER"},
    "POST /v1/access/preview": {"change": {"kind": "role", "role_id": ABSENT, "permissions": {}}},
    # When an account was opened is not on its card.
    "POST /v1/accounts/search": {"where": None},
}
"""What a route is sent where its example says nothing that could be carried out."""
LETTERS = {401: "U", 403: "F", 404: "H"}
"""Unknown, forbidden, hidden; everything else that is no failure of ours is I: let in."""


class Attack:
    """One route, asked again and again."""

    def __init__(self, world: World, routes: Routes, route: Route) -> None:
        self.world = world
        self.published = routes.published
        self.route = route
        body = BODIES.get(route.name)
        self.body = world.filled(routes.body_of(route)) if body is None else with_owner(body, world)

    def by(self, caller: str, **instead: str) -> httpx2.Response:
        """Ask as a caller; with a stale If-Match, so that whoever is let in changes nothing."""
        path = self.world.path_of(self.route, **instead)
        headers = {"If-Match": '"999999"'} if self.route.parameters and self.route.method != "GET" else {}
        content: dict[str, Any] = {} if self.body is None else {"json": self.body}
        if self.route.name in FORMS:
            content = {"data": FORMS[self.route.name]}
        client = self.world.clients[caller]
        answer: httpx2.Response = client.request(self.route.method, path, headers=headers, **content)
        if answer.status_code >= 400:
            self.published.check(answer)  # (K-2)
        return answer

    def letters(self) -> str:
        """Return one letter a caller."""
        return "".join(letter(self.by(caller)) for caller in CALLERS)


def letter(answer: httpx2.Response) -> str:
    """Return what an answer says of who may come in."""
    assert answer.status_code < 500, (str(answer.request.url), answer.text)
    return LETTERS.get(answer.status_code, "I")


def with_owner(body: dict[str, Any], world: World) -> dict[str, Any]:
    """Return a body with the owner's id where it names the owner."""
    return {name: world.accounts["owner"] if value == "OWNER" else value for name, value in body.items()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", sorted(EXPECTED))


@pytest.fixture
def attack(name: str, world: World, routes: Routes) -> Attack:
    return Attack(world, routes, next(route for route in routes.all if route.name == name))


def test_the_table_has_every_route_and_no_other(routes: Routes) -> None:
    assert {route.name for route in routes.all} == set(EXPECTED)


def test_who_may_ask_may_and_nobody_else(attack: Attack, name: str) -> None:
    found = dict(zip(CALLERS, attack.letters(), strict=True))
    assert found == dict(zip(CALLERS, EXPECTED[name], strict=True))


def test_a_foreign_record_answers_like_one_that_is_not_there(attack: Attack, name: str) -> None:
    if EXPECTED[name] == OPERATED:
        return  # Who may operate the bus sees all of it; here there is no such event at all.
    for caller, expected in zip(CALLERS, EXPECTED[name], strict=True):
        if expected == "H":
            foreign, absent = attack.by(caller), attack.by(caller, **{attack.route.parameters[0]: ABSENT})
            assert told(foreign) == told(absent), caller


def told(answer: httpx2.Response) -> tuple[int, dict[str, Any]]:
    """Return what an answer tells besides which request it answers."""
    problem = answer.json()
    return answer.status_code, {
        name: value for name, value in problem.items() if name not in ("instance", "correlation_id")
    }


def test_what_stands_in_no_document_is_open_on_purpose(world: World) -> None:
    for path, status in UNLISTED.items():
        assert world.clients["anonymous"].get(path).status_code == status, path
