"""Events delivered several times and out of order (R8)."""

from __future__ import annotations

import json
import random
import time
from collections import defaultdict
from typing import Any

import pytest
from broker import Recorder, deliver
from figures import Figures
from signing import Journal
from verdict import load
from world import MUTANTS, World

TABLES = {
    "obligation": "contract_id, contract_number, customer_id, owner_id, currency, amount, due_on, summary",
    "customer_copy": "id, name, version",
}


def record(world: World, customers: int, contracts: int) -> list[dict[str, Any]]:
    """What customer and contract service publish while customers are changed and contracts signed."""
    recorder = Recorder(
        world,
        "history",
        [("customer", "customer.created"), ("customer", "customer.updated"), ("contract", "contract.signed")],
    )

    def breaking(_journal: Journal) -> None:
        for number in range(customers):
            customer_id = world.a_customer()
            for change in range(4):
                world.admin.patch(f"/v1/customers/{customer_id}", {"name": f"演练 {number} 第 {change} 名"})

    load(world, contracts, contracts, breaking)
    world.seconds_until_drained()
    return recorder.take()


def shuffled(events: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Each event one to three times; the places of a record's events are dealt out anew among them."""
    chance = random.Random(seed)
    many = [event for event in events for _ in range(chance.randint(1, 3))]
    places = defaultdict(list)
    for place, event in enumerate(many):
        places[event["subject"]].append(place)
    result = list(many)
    for own in places.values():
        for place, source in zip(own, chance.sample(own, len(own)), strict=True):
            result[place] = many[source]
    return result


def state_after(
    world: World, events: list[dict[str, Any]], name: str, mutant: str = ""
) -> tuple[dict[str, list[Any]], int, float]:
    """Deliver events to finance with an empty database; return its state, how many handlers ran, and the rate."""
    database = f"kehu_drills_{name}_{time.time_ns()}"
    world.platform.stop("finance")
    world.run_tool("finance", ["-m", "servicekit", "migrate", "finance"], DATABASE_NAME=database)
    mutated = {"PYTHONPATH": MUTANTS, "KEHU_MUTANT": mutant} if mutant else {}
    world.restart_with("finance", {"DATABASE_NAME": database, **mutated})
    began = time.monotonic()
    deliver(world, "finance.inbox", [json.dumps(event) for event in events])
    distinct = len({event["id"] for event in events})

    def count(query: str) -> int:
        return int(world.rows("", query, database=database)[0][0])

    quiet, before = 0, -1.0
    while quiet < 4 and time.monotonic() - began < 300:
        time.sleep(0.25)
        done = world.metric("finance", "kehu_event_handled_seconds_count")
        quiet = quiet + 1 if done == before and count("SELECT count(*) FROM inbox") >= distinct else 0
        before = done
    rate = len(events) / (time.monotonic() - began - 1)
    state: dict[str, list[Any]] = {
        table: sorted(map(repr, world.rows("", f"SELECT {columns} FROM {table}", database=database)))
        for table, columns in TABLES.items()
    }
    state["failed"] = [count("SELECT count(*) FROM failed_event")]
    state["inbox"] = [count("SELECT count(*) FROM inbox")]
    ran = int(world.metric("finance", "kehu_event_handled_seconds_count", outcome="done"))
    return state, ran, rate


def differing(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> int:
    """How many rows are not in both."""
    return sum(
        len(set(one[table]) ^ set(other[table])) + abs(len(one[table]) - len(other[table])) for table in one
    )


@pytest.mark.full
def test_duplicates_and_disorder_end_in_the_same_state(world: World, figures: Figures) -> None:
    """Recorded events go to finance once in order, and once more each 1 to 3 times and shuffled within a record."""
    events = record(world, world.size(20, 800), world.size(20, 1000))
    mixed = shuffled(events, world.seed)
    in_order, ran_in_order, _ = state_after(world, events, "ordered")
    in_disorder, ran_in_disorder, rate = state_after(world, mixed, "shuffled")
    figures.note("events", len(events), at_least=5000 if world.full else None)
    figures.note("deliveries in disorder", len(mixed))
    figures.note("deliveries a second", rate)
    figures.note("rows that differ", differing(in_order, in_disorder), at_most=0)
    figures.note("handlers that ran", ran_in_disorder, at_most=len(events))
    assert in_disorder == in_order
    assert len(in_order["customer_copy"]) > 10 and len(in_order["obligation"]) > 10
    assert in_disorder["inbox"] == [len(events)]
    assert ran_in_order == ran_in_disorder == len(events), "a handler ran once for each event"


@pytest.mark.full
@pytest.mark.parametrize("mutant", ["inbox-off", "versions-off"])
def test_mutant_a_consumer_without_its_guard_is_found_out(
    world: World, figures: Figures, mutant: str
) -> None:
    """Mutant: the inbox lets everything through; or a copy takes what is older than it has."""
    events = record(world, 20, 20)
    mixed = shuffled(events, world.seed)
    in_order, _, _ = state_after(world, events, "ordered")
    state, ran, _ = state_after(world, mixed, "mutant", mutant)
    figures.note("rows that differ", differing(in_order, state))
    figures.note("handlers that ran too often", ran - len(events))
    figures.note("found", differing(in_order, state) + ran - len(events), at_least=1)
    assert differing(in_order, state) + ran - len(events) > 0
