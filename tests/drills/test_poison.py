"""Events that cannot be handled, among those that can (R9)."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from broker import deliver
from figures import Figures
from world import World

HANDLED = """
SELECT event_id::text, extract(epoch FROM handled_at)::float FROM inbox WHERE handled_at > now() - interval '5 min'
"""
DELAYS = {"EVENT_RETRY_DELAYS": "[0.2, 0.5, 1.0]"}


def envelope(event_type: str, data: dict[str, Any]) -> dict[str, Any]:
    """A CloudEvents envelope as the relay makes them."""
    return {
        "specversion": "1.0", "id": str(uuid4()), "source": "/kehu/drills", "type": event_type,
        "subject": str(uuid4()), "time": datetime.now(UTC).isoformat(), "sequence": "0", "correlationid": str(uuid4()),
        "data": data,
    }  # fmt: skip


def a_good_one() -> dict[str, Any]:
    return envelope("customer.created", {"customer_id": str(uuid4()), "name": "演练：好的", "version": 1})


def bad_ones() -> list[str]:
    """Ten messages, each bad in its own way."""
    does_not_add_up = {
        "contract_id": str(uuid4()), "number": "HT", "name": "演练：坏的", "customer_id": str(uuid4()),
        "owner_id": str(uuid4()), "nature": "income", "payment_mode": "instalments", "currency": "CNY",
        "amount": "100.00", "signed_on": "2026-11-22", "payment_terms": [{"due_on": "2027-01-01", "amount": "1.00"}],
    }  # fmt: skip
    return [
        "{not json", "[]", "\x80\x04\x95 pickle", json.dumps({"id": "x"}), json.dumps(envelope("nobody.listens", {})),
        json.dumps(envelope("customer.created", {})),
        json.dumps(envelope("customer.created", {"customer_id": "no id", "name": 1, "version": "x"})),
        json.dumps(envelope("contract.signed", {"amount": "10e400"})),
        json.dumps(envelope("contract.signed", does_not_add_up)),
        json.dumps({**envelope("customer.created", {"name": "x" * 1_000_000}), "type": "customer.updated"}),
    ]  # fmt: skip


def poison(world: World, good: int) -> tuple[list[dict[str, Any]], list[float], int]:
    """Deliver good events with ten bad ones among them; return what was parked, the waits, and how many are missing."""
    world.platform.stop("finance")
    world.run_tool("finance", ["-m", "servicekit", "topology", "finance"], **DELAYS)
    world.restart_with("finance", {**world.platform.overrides.get("finance", {}), **DELAYS})
    events = [a_good_one() for _ in range(good)]
    bodies: list[str] = [json.dumps(event) for event in events]
    places = world.random.sample(range(good // 2), 10)
    for place, body in zip(places, bad_ones(), strict=True):
        bodies.insert(place, body)
    sent = dict(zip(bodies, deliver(world, "finance.inbox", bodies, per_second=100), strict=True))
    until = time.monotonic() + 20
    while time.monotonic() < until:
        handled = dict(world.rows("finance", HANDLED))
        parked = world.admin.get("/v1/bus/parked", service="finance")["items"]
        if len(parked) >= 10 and all(event["id"] in handled for event in events):
            break
        time.sleep(0.2)
    waits = [handled[e["id"]] - sent[json.dumps(e)] for e in events if e["id"] in handled]
    return parked, waits, sum(event["id"] not in handled for event in events)


def test_poison_is_parked_and_nobody_waits_for_it(world: World, figures: Figures) -> None:
    """Ten bad messages among good ones are parked with error and payload, and the others do not wait for them."""
    parked, waits, missing = poison(world, world.size(190, 990))
    figures.note("good events handled", len(waits))
    figures.note("parked", len(parked), at_least=10, at_most=10)
    figures.note("longest wait of a good event", max(waits), "s", at_most=1)
    figures.note("most tries of a bad event", max(one["attempts"] for one in parked), at_most=6)
    assert missing == 0
    assert len(parked) == 10
    assert all(one["error"] for one in parked)
    assert {one["attempts"] for one in parked} == {1, 4}, (
        "what cannot be read is tried once, the rest after each delay"
    )
    for one in parked:
        shown = world.admin.get(f"/v1/bus/parked/finance/{one.get('event_id') or one['id']}")
        assert shown["body"] is not None
        path = f"/v1/bus/parked/finance/{one.get('event_id') or one['id']}/discard"
        world.admin.post(path, {"reason": "演练"})
    assert world.admin.get("/v1/bus/parked", service="finance")["items"] == []


@pytest.mark.full
def test_mutant_failures_that_are_never_parked_are_found_out(world: World, figures: Figures) -> None:
    """Mutant: what fails goes back to the queue at once; nothing is parked, and good events wait for bad ones."""
    with world.mutant("parking-off", "finance", **DELAYS):
        world.platform.overrides["finance"] |= DELAYS
        parked, waits, missing = poison(world, 200)
        figures.note("parked", len(parked))
        figures.note("good events not handled", missing)
        figures.note("longest wait of a good event", max(waits, default=0), "s")
    figures.note("found", 10 - len(parked) + missing, at_least=1)
    assert len(parked) < 10
