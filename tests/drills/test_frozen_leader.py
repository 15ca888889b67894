"""A leader that is frozen, not dead: the other replica goes on for both (M-36)."""

from __future__ import annotations

import os
import signal
import time

import pytest
from broker import Recorder
from figures import Figures
from signing import Journal
from test_order import faults_of
from verdict import judge, load
from world import PROBES, World

WITHIN = 10.0
"""Seconds after which a frozen replica leads nothing and gets no requests."""

LEADER = """
SELECT split_part(application_name, ':', 2)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND objid = 7226001 AND granted AND datname = current_database()
"""
PUBLISHED_SINCE = (
    "SELECT count(*) FROM outbox WHERE occurred_at > to_timestamp(%s) AND published_at IS NOT NULL"
)


class Pause:
    """What was seen while the leader was frozen."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.until_published: float | None = None
        self.refused_early = 0
        self.refused_late = 0

    def watch(self, world: World, leader: int) -> None:
        """Freeze the leader, look on, and let it go again."""
        began, began_at = time.monotonic(), time.time()
        os.kill(leader, signal.SIGSTOP)
        try:
            while (passed := time.monotonic() - began) < self.seconds:
                if self.until_published is None and world.rows("contract", PUBLISHED_SINCE, began_at)[0][0]:
                    self.until_published = passed
                refused = world.probe(PROBES["contract"], timeout=6)[0] != 200
                self.refused_late += refused and passed > WITHIN
                self.refused_early += refused and passed <= WITHIN
                time.sleep(0.05)
        finally:
            os.kill(leader, signal.SIGCONT)


def run(world: World, pause: Pause, clients: int = 0) -> tuple[Journal, list[str]]:
    """Sign contracts on two replicas while the one that leads is frozen; return what a subscriber finds wrong."""
    recorder = Recorder(world, "frozen", [("contract", "#")])

    def breaking(_journal: Journal) -> None:
        time.sleep(1)
        pause.watch(world, world.rows("contract", LEADER)[0][0])

    journal = load(world, 40, 500, breaking, clients=clients)
    world.seconds_until_drained(within=30)
    return journal, faults_of(recorder.take())


def test_a_frozen_leader_stops_neither_events_nor_requests(world: World, figures: Figures) -> None:
    """The replica that leads the contract service's relay is paused for a minute; the other one goes on for both."""
    pause = Pause(world.size(16, 60))
    world.platform.start_second("contract")
    journal, faults = run(world, pause)
    wrong = judge(world, figures, journal)
    figures.note("until events went out again", pause.until_published or pause.seconds, "s", at_most=WITHIN)
    figures.note("reads refused in the first 10 s", pause.refused_early)
    figures.note("reads refused after that", pause.refused_late, at_most=0)
    figures.note("holes and swaps", len(faults), at_most=0)
    assert wrong == []
    assert faults == []
    assert pause.until_published is not None
    assert pause.refused_late == 0


@pytest.mark.full
def test_mutant_a_lead_that_does_not_end_stops_the_events(world: World, figures: Figures) -> None:
    """Mutant: sessions may be silent, and the broker waits for heartbeats as long as it did: nothing is published."""
    pause = Pause(20)
    with world.mutant("lease-off", "contract", AMQP_HEARTBEAT="10"):
        world.platform.start_second("contract")
        # Few clients: a frozen replica that has been given twenty requests is given no more in any case.
        run(world, pause, clients=1)
        world.platform.stop("contract-2")
    figures.note("events published meanwhile", int(pause.until_published is not None), at_most=0)
    figures.note("reads refused after 10 s", pause.refused_late, at_least=1)
    assert pause.until_published is None
    assert pause.refused_late > 0
