"""The broker's disk and memory alarms (R10)."""

from __future__ import annotations

import time

from figures import Figures
from signing import Journal
from verdict import judge, load
from watch import Watch
from world import World

ALARMS = {
    "disk": (["set_disk_free_limit", "100000GB"], ["set_disk_free_limit", "200MB"]),
    "memory": (
        ["set_vm_memory_high_watermark", "absolute", "1MB"],
        ["set_vm_memory_high_watermark", "absolute", "1GB"],
    ),
}


def test_requests_are_refused_at_once_under_an_alarm_and_nothing_is_lost(
    world: World, figures: Figures
) -> None:
    """The broker raises its disk alarm, then its memory alarm, while contracts are signed; then it takes it back."""
    refused: list[tuple[float, int, float, str]] = []
    answers: list[tuple[float, int, float, str]] = []
    recoveries: list[float] = []
    raised_now: list[str] = []

    def raise_alarm(kind: str) -> None:
        on, off = ALARMS[kind]
        with Watch(world, "/v1/contracts?limit=1", pause=0.05) as watch:
            raised_now.append(kind)
            world.rabbitmqctl(*on)
            raised = time.monotonic()
            time.sleep(world.size(2, 8))
            lowered = time.monotonic()
            world.rabbitmqctl(*off)
            raised_now.remove(kind)
            recoveries.append(world.seconds_until_it_answers())
        answers.extend(watch.answers)
        # The alarm is looked for every 0.2 s; what was sent a moment before it is another matter.
        refused.extend(a for a in watch.refused(raised + 0.5) if a[0] < lowered)

    def breaking(_journal: Journal) -> None:
        time.sleep(0.5)
        for kind in ALARMS if world.full else ["disk"]:
            raise_alarm(kind)
            time.sleep(0.5)

    try:
        journal = load(world, 60, 1000, breaking)
    finally:
        for kind in raised_now:
            world.rabbitmqctl(*ALARMS[kind][1])
    wrong = judge(world, figures, journal)
    figures.note("reads refused under an alarm", len(refused), at_least=1)
    figures.note("longest refusal under an alarm", max((a[2] for a in refused), default=0), "s", at_most=0.5)
    figures.note("longest answer of all", max(a[2] for a in answers), "s", at_most=2)
    figures.note("from the end of the alarm to every service answering", max(recoveries), "s", at_most=5)
    assert wrong == []
    assert refused, "nothing was refused: there was no alarm"
    assert all(a[3] for a in refused), "a refusal says when to come back"
    assert max(a[2] for a in refused) < 3
