"""What holds for every noun because it is declared: the matrix, asked of running services, noun by noun.

That each example can be sent, and that no other name is taken, is asked of every operation: ``tests/conformance`` and
``test_mass_assignment.py``; who may ask each route: ``test_access_matrix.py``.
"""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from tests.attack.nouns import DeclaredNoun, declared_nouns
from tests.attack.routes import Route, Routes
from tests.attack.world import CALLERS, World

SIGNED_IN = CALLERS[2:]
WRONG = {"no": {"such": "thing"}}
"""What no field takes."""
LOOKED_AT_LATER = {"custom", "limits", "where"}
"""Fields of run time and conditions: any object may be right by its form, and is judged once the other fields are."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "noun" in metafunc.fixturenames:
        chosen = [
            each
            for each in declared_nouns()
            if metafunc.function not in APPLIES or APPLIES[metafunc.function](each)
        ]
        metafunc.parametrize("noun", chosen, ids=[each.name for each in chosen])


def path_of(world: World, noun: DeclaredNoun) -> str:
    """Return where the noun's record is."""
    return world.path_of(Route("GET", noun.single_path, {}))


def id_of(world: World, noun: DeclaredNoun) -> str:
    """Return the id of the noun's record."""
    return path_of(world, noun).rpartition("/")[2]


def listed(world: World, noun: DeclaredNoun, caller: str) -> httpx2.Response:
    """Ask a caller's list for the record, and how many there are."""
    query = f"?filter[id]={id_of(world, noun)}&count=true"
    return world.clients[caller].get(noun.path + query)


def feed_of(world: World, noun: DeclaredNoun, caller: str) -> list[dict[str, Any]]:
    """Return what the feed tells a caller about the record."""
    query = f"?after=beginning&subject={id_of(world, noun)}&limit=500"
    answer = world.clients[caller].get(f"/v1/events{query}")
    assert answer.status_code == 200, answer.text
    return [event for event in answer.json()["items"] if event["source"] == f"/kehu/{noun.service}"]


def test_every_noun_has_a_record_that_is_asked_for(world: World) -> None:
    admin = world.administrator
    missing = [each.name for each in declared_nouns() if admin.get(path_of(world, each)).status_code != 200]
    assert missing == []
    assert {noun.service for noun in declared_nouns()} == {
        "identity", "customer", "sales", "contract", "finance", "service-desk",
    }  # fmt: skip


@pytest.mark.parametrize("caller", ["foreign", "peer"])
def test_a_stranger_hears_of_no_record(world: World, noun: DeclaredNoun, caller: str) -> None:
    """Not by looking, nor in lists, counts, conditions, history or the feed."""
    client, path = world.clients[caller], path_of(world, noun)
    looks = [client.get(path).status_code, client.get(f"{path}/history").status_code]
    if not noun.owned:
        assert [*looks, listed(world, noun, caller).status_code] == [403, 403, 403]
        return
    assert looks == [404, 404]
    page = listed(world, noun, caller).json()
    assert (page["items"], page["total"]) == ([], 0)
    meant = {"where": {"field": "id", "operator": "eq", "value": id_of(world, noun)}}
    answer = client.post(f"{noun.path}/search", json=meant)
    assert (answer.status_code, answer.json().get("items")) == (200, []), answer.text
    assert feed_of(world, noun, caller) == []


def test_list_and_single_look_agree(world: World, noun: DeclaredNoun) -> None:
    """Whoever is shown a record by one is shown it by the other, and the same of it."""
    seen_by = set()
    for caller in SIGNED_IN:
        look, page = world.clients[caller].get(path_of(world, noun)), listed(world, noun, caller)
        items = page.json().get("items", [])
        assert (look.status_code == 200) == bool(items), caller
        if items:
            seen_by.add(caller)
            alone = look.json()
            assert {name: alone[name] for name in items[0]} == items[0], caller
            assert (len(items), page.json()["total"]) == (1, 1)
    assert seen_by == ({"superior", "owner"} if noun.owned else set()) | {"administrator", "reader"}


def test_bad_input_is_told_by_its_field(world: World, noun: DeclaredNoun, routes: Routes) -> None:
    """What is missing, and what is of another kind: each by its name, all at once."""
    route = next(each for each in routes.all if each.name == f"POST {noun.made_at}")
    fields = dict(routes.fields_of(route)).keys() - LOOKED_AT_LATER
    schema = routes.resolved(route.declared["requestBody"]["content"]["application/json"]["schema"])
    for body, wanted in (({}, {*schema.get("required", ())}), (dict.fromkeys(fields, WRONG), {*fields})):
        answer = world.administrator.post(world.path_of(route), json=body)
        named = {error["field"].partition(".")[0] for error in answer.json().get("errors", ())}
        assert (answer.status_code, named) == (422, wanted), answer.text
        assert all(error["message"] for error in answer.json()["errors"])


def test_its_history_begins_with_its_making(world: World, noun: DeclaredNoun) -> None:
    """Whoever may read it is told when, by which operation and to what each field was set."""
    answer = world.clients["reader"].get(f"{path_of(world, noun)}/history?limit=200")
    assert answer.status_code == 200, answer.text
    first = answer.json()["items"][-1]
    assert first["operation"] and first["at"] and first["changes"]
    assert all(before is None for before, _ in first["changes"].values())
    record = world.clients["reader"].get(path_of(world, noun)).json()
    assert record["created_at"] <= first["at"]
    if noun.created:
        assert first["actor_id"] == (world.accounts["owner"] if noun.owned else administrator_id(world))


def administrator_id(world: World) -> str:
    """Return the account of the administrator, who made what has no owner."""
    return str(world.administrator.get("/v1/me").json()["id"])


def test_a_share_opens_it_and_its_end_closes_it(world: World, noun: DeclaredNoun) -> None:
    """Single look, list, history and feed at once, for viewing only."""
    owner, other, path = world.clients["owner"], world.clients["foreign"], path_of(world, noun)
    to = {"to": {"kind": "account", "id": world.accounts["foreign"]}, "level": "view"}
    share = world.make(owner, f"{path}/shares", to)["id"]
    try:
        assert other.get(path).status_code == 200
        assert listed(world, noun, "foreign").json()["total"] == 1
        assert other.get(f"{path}/history").status_code == 200
        assert world.eventually(lambda: feed_of(world, noun, "foreign"))
        change = other.patch(path, json={}, headers={"If-Match": '"999999"'})
        assert change.status_code == 403, change.text
    finally:
        assert owner.delete(f"{path}/shares/{share}").status_code == 204
    assert (other.get(path).status_code, listed(world, noun, "foreign").json()["total"]) == (404, 0)
    assert feed_of(world, noun, "foreign") == []


def test_its_events_are_like_their_examples(world: World, noun: DeclaredNoun) -> None:
    """Each event about the record has the members that the catalogue's example of its type has."""
    types = {each["type"]: each for each in world.administrator.get("/v1/event-types").json()["items"]}
    told = world.eventually(lambda: feed_of(world, noun, "administrator"))
    for event in told:
        example = types[event["type"]]["example"]
        assert {*event} >= {"id", "type", "source", "subject", "time", "data"}
        assert {*event["data"]} == {*example.get("data", example)}, event["type"]


APPLIES = {
    test_bad_input_is_told_by_its_field: lambda noun: noun.created,
    test_a_share_opens_it_and_its_end_closes_it: lambda noun: noun.shared,
    test_its_events_are_like_their_examples: lambda noun: noun.told,
}
"""Of which nouns a test asks, where it is not all."""
