"""Death at the four worst moments: before and after publishing, before and after a handler's commit (R2)."""

from __future__ import annotations

import time

import pytest
from broker import Recorder
from figures import Figures
from signing import Journal, wait_until_same
from verdict import judge, load, replay
from world import MUTANTS, World

POINTS = {
    "before_publish": "contract",
    "after_publish": "contract",
    "before_handler_commit": "finance",
    "after_handler_commit": "finance",
}
FAST = ("after_publish",)


def die_at(world: World, point: str, victim: str, times: int, mutant: str = "") -> list[float]:
    """Let a part die at a point, again and again, and start it once more without; return the recoveries."""
    recoveries = []
    world.platform.stop(victim)
    for _ in range(times):
        environment = {"KEHU_CRASH_AT": point}
        if mutant:
            environment |= {"PYTHONPATH": MUTANTS, "KEHU_MUTANT": mutant}
        world.platform.overrides[victim] = environment
        world.platform.start(victim)
        until = time.monotonic() + 60
        while world.platform.is_running(victim):
            assert time.monotonic() < until, f"{victim} never came to {point}"
            time.sleep(0.05)
        assert world.platform.running[victim].returncode == 9
    world.platform.overrides[victim] = {}
    began = time.monotonic()
    world.revive(victim)
    recoveries.append(time.monotonic() - began)
    return recoveries


@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=[] if point in FAST else pytest.mark.full) for point in POINTS]
)
def test_a_crash_leaves_the_same_state_as_none(world: World, figures: Figures, point: str) -> None:
    """The process dies exactly there while contracts are signed, is started, and dies there again."""
    victim = POINTS[point]
    recorder = Recorder(world, point, [("contract", "#"), ("finance", "#")])
    times = world.size(1, 5)

    def breaking(_journal: Journal) -> None:
        time.sleep(0.3)
        die_at(world, point, victim, times)

    journal = load(world, 12, 100, breaking)
    wrong = judge(world, figures, journal)
    events = [event["id"] for event in recorder.take()]
    figures.note("deaths at this point", times)
    figures.note("events delivered more than once", len(events) - len(set(events)))
    assert wrong == []
    if point == "after_publish":
        assert len(events) > len(set(events)), "nothing was published twice: it did not die there"


def test_mutant_an_event_acknowledged_before_it_is_handled_is_lost(world: World, figures: Figures) -> None:
    """Mutant: finance acknowledges first and dies before its commit; a signed contract without receivables is found."""

    def breaking(_journal: Journal) -> None:
        die_at(world, "before_handler_commit", "finance", 1, mutant="acknowledge-first")

    since = time.time()
    journal = load(world, 4, 50, breaking, clients=2)
    found = wait_until_same(world.admin, journal, seconds=3)
    figures.note("contracts signed", len(journal.signed))
    figures.note("found", len(found), at_least=1)
    assert found
    replay(world, since)
    left = wait_until_same(world.admin, journal, seconds=30)
    figures.note("left after an operator's replay", len(left), at_most=0)
    assert left == []
