"""What every drill asks at its end: nothing lost, nothing twice, in order, everybody answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from figures import Figures
from signing import Journal, sign_while, wait_until_same
from world import World

DEADLINE = 4.0
"""Seconds the gateway gives a service; no client may wait much longer for a single request."""


def load(
    world: World,
    fast: int,
    full: int,
    breaking: Callable[[Journal], None],
    *,
    keyed: bool = True,
    clients: int = 0,
) -> Journal:
    """Sign contracts while something breaks."""
    return sign_while(
        world.sign_in,
        world.a_customer(),
        contracts=world.size(fast, full),
        clients=clients or world.size(4, 8),
        seed=world.seed,
        breaking=breaking,
        keyed=keyed,
    )


def replay(world: World, since: float) -> None:
    """What an operator does when a consumer has lost events: send it those of a time once more."""
    body = {
        "consumer": "finance",
        "types": ["contract.signed"],
        "since": datetime.fromtimestamp(since, UTC).isoformat(),
    }
    answer = world.admin.post("/v1/bus/contract/replay", body)
    while answer["next"] is not None:
        answer = world.admin.post("/v1/bus/contract/replay", {**body, "after": answer["next"]})


def judge(world: World, figures: Figures, journal: Journal) -> list[str]:
    """Note the figures of a load; return everything that is wrong, in sentences."""
    drained = world.seconds_until_drained()
    wrong = wait_until_same(world.admin, journal)
    wrong += world.order_faults("contract", journal.began) + world.order_faults("finance", journal.began)
    figures.note("contracts signed", len(journal.signed))
    figures.note("requests repeated", sum(journal.repeated.values()))
    figures.note("without an answer", len(journal.unanswered), at_most=0)
    figures.note("lost, double, out of order", len(wrong), at_most=0)
    figures.note("longest single request", journal.longest_request, "s", at_most=DEADLINE + 2)
    figures.note("longest wait with repetitions", journal.longest_wait, "s")
    figures.note("delivered after the end of the load", drained, "s", at_most=10)
    return wrong
