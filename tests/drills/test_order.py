"""Order with several relays, one of which is paused in the middle of its work (R6)."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest
from broker import Recorder
from figures import Figures
from signing import Journal
from verdict import judge, load
from world import World

from stack import processes


def faults_of(events: list[dict[str, Any]]) -> list[str]:
    """What a subscriber finds wrong: numbers that leave a hole or go back, and records told in the wrong order."""
    found: list[str] = []
    last: dict[str, int] = {}
    versions: dict[tuple[str, str], int] = {}
    for event in events:
        source, number = event["source"], int(event["sequence"])
        if number > last.get(source, number - 1) + 1:
            found.append(f"{source}: {number} came after {last[source]}")
        if number <= last.get(source, 0):
            continue  # Once more after a crash, with the number it had.
        last[source] = number
        key = (source, event["subject"])
        if event["data"]["version"] < versions.get(key, 0):
            found.append(f"{source}: version {event['data']['version']} of {event['subject']} came late")
        versions[key] = event["data"]["version"]
    return found


def run(world: World, pauses: int) -> tuple[Journal, list[str], int]:
    """Sign contracts on two replicas, each paused in turn; return what a subscriber finds wrong."""
    recorder = Recorder(world, "order", [("contract", "#")])

    def breaking(_journal: Journal) -> None:
        for turn in range(pauses):
            name = ("contract", "contract-2")[turn % 2]
            time.sleep(world.random.uniform(0.5, 1.5))
            pid = processes.pid_of(world.place, name)
            assert pid is not None
            processes.send(world.place, pid, signal.SIGSTOP)
            time.sleep(world.size(1, 4))
            processes.send(world.place, pid, signal.SIGCONT)

    journal = load(world, 40, 500, breaking)
    world.seconds_until_drained(within=30)
    events = recorder.take()
    return journal, faults_of(events), len(events)


def test_events_keep_their_order_with_two_relays_and_a_pause(world: World, figures: Figures) -> None:
    """Two replicas of the contract service, each paused for seconds in turn; a subscriber compares the numbers."""
    world.platform.start_second("contract")
    journal, faults, events = run(world, world.size(2, 6))
    wrong = judge(world, figures, journal)
    figures.note("events a subscriber saw", events)
    figures.note("holes and swaps", len(faults), at_most=0)
    assert wrong == []
    assert faults == []


@pytest.mark.full
def test_mutant_relays_that_all_lead_break_the_order(world: World, figures: Figures) -> None:
    """Mutant: the same without the leader's lock; a subscriber finds holes or swaps, or the numbers clash."""
    with world.mutant("leader-off", "contract"):
        world.platform.start_second("contract")
        _journal, faults, events = run(world, 2)
        clashes = world.platform.log("contract", 3000).count("relay interrupted")
        clashes += world.platform.log("contract-2", 3000).count("relay interrupted")
        world.platform.stop("contract-2")
    figures.note("events a subscriber saw", events)
    figures.note("holes and swaps found", len(faults))
    figures.note("relays that met each other", clashes)
    figures.note("found", len(faults) + clashes, at_least=1)
    assert faults or clashes
