"""Kill -9 of services and gateway at random moments under load (R1)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from figures import Figures
from signing import Journal
from verdict import judge, load
from world import World

from client import HttpError
from stack.platform import PARTS

FAST_VICTIMS = ["contract", "gateway"]


def killing(
    world: World, recoveries: list[float], inside: list[int], victims: list[str]
) -> Callable[[Journal], None]:
    """Kill one part after the other at random moments; each is started again at once and seen to answer."""

    def breaking(journal: Journal) -> None:
        for victim in victims:
            time.sleep(world.random.uniform(0.3, 1.5))
            inside.append(journal.waiting)
            began = time.monotonic()
            world.kill(victim)
            world.revive(victim)
            recoveries.append(time.monotonic() - began)

    return breaking


def test_no_signing_is_lost_or_doubled_when_parts_are_killed(world: World, figures: Figures) -> None:
    """Services and gateway are killed with -9 at random moments, and started again, while contracts are signed."""
    turns = [part for _ in range(world.size(1, 3)) for part in world.random.sample(PARTS, len(PARTS))]
    victims = turns[:20] if world.full else FAST_VICTIMS
    recoveries: list[float] = []
    inside: list[int] = []
    journal = load(world, 60, 2000, killing(world, recoveries, inside, victims))
    wrong = judge(world, figures, journal)
    figures.note("kills", len(inside))
    figures.note("kills with requests under way", sum(map(bool, inside)))
    figures.note("longest from kill to answer", max(recoveries), "s", at_most=5)
    figures.note("median from kill to answer", sorted(recoveries)[len(recoveries) // 2], "s")
    assert wrong == []
    assert any(inside), "no kill met a request: nothing was tried"


@pytest.mark.full
def test_mutant_clients_without_an_idempotency_key_make_contracts_twice(
    world: World, figures: Figures
) -> None:
    """Mutant: the same load without Idempotency-Keys, with the contract service killed, is found out."""
    inside: list[int] = []
    found: list[str] = []
    try:
        journal = load(world, 100, 200, killing(world, [], inside, ["contract", "gateway"] * 5), keyed=False)
        found = judge(world, figures, journal)
    except (AssertionError, HttpError) as error:
        # Signing what is signed already is refused: the client cannot know that it was its own first try.
        found = [str(error)]
    figures.note("found", len(found), at_least=1)
    assert found
