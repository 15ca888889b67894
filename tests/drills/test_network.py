"""A bad network between gateway, services, broker and databases (R7)."""

from __future__ import annotations

import time

import pytest
from broker import Recorder
from figures import Figures
from signing import Journal, wait_until_same
from verdict import DEADLINE, judge, load, replay
from world import World

from stack.platform import PARTS

RESETS = 0.005
"""Of the pieces of data that pass. A request is ten or so of them on its way: one in twenty meets a reset."""


def test_no_client_waits_over_the_deadline_on_a_bad_network(world: World, figures: Figures) -> None:
    """Connections to broker and databases are cut, silent, 500 ms late and reset, while contracts are signed."""
    names = PARTS if world.full else ("contract",)
    with world.through_proxies(*names, AMQP_HEARTBEAT="5") as (broker, database):
        healed: list[float] = []

        def breaking(_journal: Journal) -> None:
            for proxy in (broker, database):
                time.sleep(0.5)
                proxy.cut()
                healed.append(world.seconds_until_it_answers("contract"))
                proxy.go_silent()
                time.sleep(world.size(1, 16))
                proxy.heal()
                healed.append(world.seconds_until_it_answers("contract"))
                proxy.reset_some(RESETS)
                time.sleep(world.size(1, 15))
                proxy.heal()
                healed.append(world.seconds_until_it_answers("contract"))
            broker.slow_down(0.5)
            time.sleep(world.size(1, 15))
            broker.heal()
            healed.append(world.seconds_until_it_answers("contract"))

        journal = load(world, 40, 1000, breaking)
        wrong = judge(world, figures, journal)
        figures.note("longest from the end of a fault to an answer", max(healed), "s", at_most=5)
    assert wrong == []
    assert journal.longest_request < 2 * DEADLINE + 5, "a client hung"


@pytest.mark.full
def test_mutant_a_relay_that_waits_for_no_confirm_loses_events(world: World, figures: Figures) -> None:
    """Mutant: events written into a connection that has gone silent are taken for delivered, and found missing."""
    recorder = Recorder(world, "confirms", [("contract", "#")])
    with world.through_proxies("contract") as (broker, _database):
        with world.mutant("confirms-off", "contract", **world.platform.overrides["contract"]):

            def breaking(_journal: Journal) -> None:
                for _ in range(4):
                    time.sleep(1)
                    broker.go_silent()
                    time.sleep(2)
                    broker.heal()

            journal = load(world, 100, 100, breaking)
            world.seconds_until_drained(within=15)
        world.seconds_until_drained(within=15)
    seen = {event["id"] for event in recorder.take()}
    marked = {
        str(id)
        for (id,) in world.rows(
            "contract", "SELECT id FROM outbox WHERE published_at > to_timestamp(%s)", recorder.since
        )
    }
    figures.note("events marked as published", len(marked))
    figures.note("of them never seen by a subscriber", len(marked - seen), at_least=1)
    assert marked - seen
    replay(world, recorder.since)
    assert wait_until_same(world.admin, journal) == [], "an operator's replay brings back what was lost"
