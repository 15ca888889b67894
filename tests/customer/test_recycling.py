"""Customers that come back into their pools by rule."""

from typing import Any

import pytest

from servicekit import Caller
from servicekit.testing import RunningService
from tests.customer.people import a_customer, a_salesperson
from tests.customer.test_pools import a_pool, in_a_pool, somebody
from tests.pools import tell_of_pool
from tests.recycling import days_pass, taken_back

BOSS = a_salesperson("customer.read:all")


def state_after(service: RunningService, days: int, customer: dict[str, Any]) -> str:
    """How a customer stands when so many days have passed."""
    days_pass(service, "customer", days)
    taken_back(service, "recycle_customers")
    return str(service.call("get_customer", BOSS, customer_id=customer["id"])["claim_state"])


def follow_up(service: RunningService, who: Caller, customer: dict[str, Any]) -> None:
    data = {"kind": "call", "content": "问了续约"}
    service.call("create_activity", who, customer_id=customer["id"], data=data)


def test_what_nobody_follows_up_comes_back_and_is_told(service: RunningService) -> None:
    """CU-38, 8.9: counted from the last activity, the claim, or the creation where it was never claimed."""
    pool = a_pool(service, recycle_idle_days=30)
    me = somebody(pool.members)
    own = a_customer(service, me, pool_id=pool.id)
    _, lying = in_a_pool(service, pool)
    claimed = service.call("claim_customer", me, customer_id=lying["id"])
    assert state_after(service, 29, own) == "own"
    follow_up(service, me, claimed)
    assert (state_after(service, 2, own), state_after(service, 0, claimed)) == ("unclaimed", "claimed")
    assert state_after(service, 27, claimed) == "claimed"
    assert state_after(service, 2, claimed) == "unclaimed"
    told = [event.type for event in service.published() if str(event.subject) == own["id"]]
    assert told[-2:] == ["customer.updated", "customer.returned"]
    history = service.call("list_customer_history", BOSS, customer_id=own["id"], query={})["items"][0]
    assert (history["actor_id"], history["changes"]["claim_state"]) == (None, ["own", "unclaimed"])


def test_what_is_not_won_in_time_comes_back_whatever_was_done_since(service: RunningService) -> None:
    """CU-38, 8.9: counted from the claim."""
    pool = a_pool(service, recycle_unconverted_days=60)
    me = somebody(pool.members)
    _, lying = in_a_pool(service, pool)
    days_pass(service, "customer", 100)
    claimed = service.call("claim_customer", me, customer_id=lying["id"])
    assert state_after(service, 59, claimed) == "claimed"
    follow_up(service, me, claimed)
    assert state_after(service, 2, claimed) == "unclaimed"


def test_what_joins_a_pool_late_has_all_of_its_days(service: RunningService) -> None:
    """CU-38, 8.9: an old customer does not come back on the day it becomes one of a pool."""
    pool = a_pool(service, recycle_idle_days=30)
    me = somebody(pool.members)
    customer = a_customer(service, me)
    assert state_after(service, 400, customer) == "own"
    service.call("move_customer", me, customer_id=customer["id"], data={"pool_id": pool.id})
    assert state_after(service, 29, customer) == "own"
    assert state_after(service, 2, customer) == "unclaimed"


@pytest.mark.parametrize("said", [{}, {"active": False, "recycle_idle_days": 1}])
def test_without_a_rule_nothing_comes_back(service: RunningService, said: dict[str, Any]) -> None:
    """CU-38: of a pool that says nothing, or takes nothing more."""
    pool = a_pool(service)
    customer = a_customer(service, somebody(pool.members), pool_id=pool.id)
    tell_of_pool(service, pool, "customer", version=2, **said)
    assert state_after(service, 400, customer) == "own"


def test_a_frozen_one_stays(service: RunningService) -> None:
    """CU-09, CU-38: it rests until it is unfrozen."""
    pool = a_pool(service, recycle_idle_days=30)
    me = somebody(pool.members)
    customer = a_customer(service, me, pool_id=pool.id)
    service.call("freeze_customer", me, customer_id=customer["id"])
    assert state_after(service, 31, customer) == "own"
    service.call("unfreeze_customer", me, customer_id=customer["id"])
    assert state_after(service, 0, customer) == "unclaimed"
