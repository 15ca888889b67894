"""A flood of events while their consumer is stopped (R27)."""

from __future__ import annotations

import time

from figures import Figures
from signing import Journal
from verdict import load
from watch import p95
from world import World

POUR = """
INSERT INTO outbox (id, type, subject, data, occurred_at, correlation_id)
SELECT gen_random_uuid(), 'contract.signed', made.id,
       data || jsonb_build_object('contract_id', made.id, 'customer_id', %s::text, 'number', 'FLOOD-' || made.id),
       now(), gen_random_uuid()
FROM (SELECT data FROM outbox WHERE type = 'contract.signed' ORDER BY position DESC LIMIT 1) AS model,
     LATERAL (SELECT gen_random_uuid() AS id, n FROM generate_series(1, %s) AS n) AS made
"""
SPREAD = """
SELECT extract(epoch FROM handled_at)::float, event_id::text FROM inbox
WHERE type = 'customer.created' AND handled_at > to_timestamp(%s)
"""
TOLD = """
SELECT id::text, extract(epoch FROM occurred_at)::float FROM outbox
WHERE type = 'customer.created' AND occurred_at > to_timestamp(%s)
"""
HANDLED = "SELECT count(*) FROM inbox WHERE type = 'contract.signed' AND handled_at > to_timestamp(%s)"
RAISED = """
SELECT count(DISTINCT contract_id) FROM obligation WHERE contract_number LIKE 'FLOOD-%%' AND customer_id = %s
"""
FAILED = "SELECT count(*) FROM failed_event"


def waits_of_others(world: World, since: float) -> list[float]:
    """Seconds from a new customer to its copy in the sales service."""
    told = dict(world.rows("customer", TOLD, since))
    return [handled - told[event] for handled, event in world.rows("sales", SPREAD, since) if event in told]


def test_a_flood_waits_for_its_consumer_and_harms_nobody_else(world: World, figures: Figures) -> None:
    """Events are published while finance is stopped: memory stays flat, other consumers go on, finance catches up."""
    events = world.size(300, 50_000)

    def nothing(_journal: Journal) -> None:
        time.sleep(0.1)

    load(world, 4, 20, nothing)
    world.seconds_until_drained()
    failed = world.rows("finance", FAILED)[0][0]
    quiet_since = time.time()
    for _ in range(world.size(5, 50)):
        world.a_customer()
    time.sleep(1)
    quiet = waits_of_others(world, quiet_since)
    world.platform.stop("finance")
    before = highest = world.memory("contract")
    flood_since, began = time.time(), time.monotonic()
    customer_id = world.a_customer()
    batches = max(1, events // 5_000)
    for _ in range(batches):
        world.rows("contract", POUR, customer_id, events // batches)
    left = 1
    while left:
        highest = max(highest, world.memory("contract"))
        world.a_customer()
        left = world.rows("contract", "SELECT count(*) FROM outbox WHERE published_at IS NULL")[0][0]
        assert time.monotonic() - began < 300, f"{left} events were never published"
    published = time.monotonic() - began
    time.sleep(1)
    flooded = waits_of_others(world, flood_since)
    world.platform.start("finance")
    world.platform.wait_until_ready("finance", within=60)
    began = time.monotonic()
    while (caught := world.rows("finance", HANDLED, flood_since)[0][0]) < events:
        assert time.monotonic() - began < 1200, f"{caught} of {events} were handled"
        time.sleep(0.5)
    caught_up = time.monotonic() - began
    figures.note("events", events, at_least=50_000 if world.full else None)
    figures.note("published a second", events / published)
    figures.note("the publisher's memory before", before, "MB")
    figures.note("its growth at the most", highest - before, "MB", at_most=20)
    figures.note("handled a second while catching up", events / caught_up)
    figures.note("another consumer's p95 when quiet", p95(quiet), "s")
    figures.note("another consumer's p95 in the flood", p95(flooded), "s", at_most=1)
    assert highest - before < 100
    assert flooded
    assert world.rows("finance", RAISED, customer_id)[0][0] == events
    assert world.rows("finance", FAILED)[0][0] == failed
