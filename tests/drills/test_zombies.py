"""Requests whose callers have gone are not begun (R12)."""

from __future__ import annotations

import signal
import time
from functools import partial

import pytest
from figures import Figures
from world import World, side_by_side


def late_creations(world: World, requests: int) -> tuple[list[int], list[float], int]:
    """Pause the contract service until its callers have given up; return what they got, and what was done."""
    customer_id = world.a_customer()
    tag = f"{world.seed}-{time.time_ns()}"
    body = {
        "customer_id": customer_id,
        "nature": "income",
        "payment_mode": "one_off",
        "currency": "CNY",
        "amount": "1.00",
    }
    world.signal("contract", signal.SIGSTOP)
    try:
        answers = side_by_side(
            [
                partial(world.probe, "/v1/contracts", "POST", {**body, "name": f"迟到 {tag} {i}"})
                for i in range(requests)
            ]
        )
    finally:
        world.signal("contract", signal.SIGCONT)
    world.seconds_until_it_answers("contract")
    time.sleep(1)
    done = world.rows("contract", "SELECT count(*) FROM contract WHERE name LIKE %s", f"迟到 {tag} %")[0][0]
    return [answer[0] for answer in answers], [answer[1] for answer in answers], done


def test_a_request_whose_caller_has_gone_is_never_begun(world: World, figures: Figures) -> None:
    """The contract service is paused until its callers got a 503, then goes on: nothing of theirs is done."""
    statuses, seconds, done = late_creations(world, world.size(30, 300))
    figures.note("requests that were given up", statuses.count(503))
    figures.note("longest until the refusal", max(seconds), "s", at_most=6)
    figures.note("carried out all the same", done, at_most=0)
    assert set(statuses) == {503}
    assert done == 0


@pytest.mark.full
def test_mutant_a_service_without_deadlines_works_for_nobody(world: World, figures: Figures) -> None:
    """Mutant: the service looks at no deadline; what it had taken from the broker is carried out late, and found."""
    with world.mutant("deadline-off", "contract"):
        _statuses, _seconds, done = late_creations(world, 30)
    figures.note("carried out all the same", done, at_least=1)
    assert done > 0
