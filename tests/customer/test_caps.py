"""How many private customers somebody may have, through the service's entrypoints."""

from typing import Any

import pytest

from servicekit import Caller, Conflict
from servicekit.testing import RunningService
from tests.customer.people import a_customer, a_salesperson
from tests.customer.test_pools import a_pool, in_a_pool, somebody
from tests.flows import bind
from tests.side_by_side import at_once

CAP = "customer.private_customers_a_person"
BOSS = ("customer.read:all", "customer.write:all")


@pytest.fixture(autouse=True)
def two_each(service: RunningService) -> None:
    """Everybody has two private customers at most."""
    service.define("parameter", CAP, {"value": 2})


def is_refused(service: RunningService, operation: str, who: Caller, **more: Any) -> bool:
    """Whether the cap refuses an operation; nothing else does."""
    try:
        service.call(operation, who, **more)
    except Conflict as refused:
        assert refused.code == "owner-cap-reached"
        return True
    return False


def test_nobody_makes_more_than_they_may_have_and_lowering_takes_nothing_away(
    service: RunningService,
) -> None:
    """CU-21, 8.16: public ones do not count, and those of others neither; nor does it help to maintain customers."""
    me, other = somebody(), somebody(permissions=("customer.maintain",))
    for who in (me, other):
        for name in ("甲公司", "乙公司"):
            a_customer(service, who, name=name)
        assert is_refused(service, "create_customer", who, data={"name": "丙公司"})
    a_customer(service, me, name="丁公司", sharing="public")
    service.define("parameter", CAP, {"value": 1}, version=2)
    assert service.call("list_customers", me, query={"count": "true"})["total"] == 3
    service.define("parameter", CAP, {"value": 0}, version=3)
    a_customer(service, me, name="丙公司")


def test_what_was_public_becomes_private_only_below_the_cap(service: RunningService) -> None:
    """CU-06, CU-21: nobody gets around it by way of a public one; what counts already is changed as ever."""
    me = somebody()
    public = a_customer(service, me, name="丙公司", sharing="public")
    own = [a_customer(service, me, name=name) for name in ("甲公司", "乙公司")]
    private = {"customer_id": public["id"], "data": {"sharing": "private"}}
    assert is_refused(service, "update_customer", me, **private)
    assert not is_refused(service, "update_customer", me, customer_id=own[0]["id"], data={"remark": "老客户"})
    service.call("invalidate_customer", me, customer_id=own[0]["id"])
    assert not is_refused(service, "update_customer", me, **private)


def test_nobody_is_given_more_but_by_who_maintains_customers(service: RunningService) -> None:
    """CU-21, CU-19, 8.16: reassigning goes by the receiver's cap."""
    me, boss = somebody(), a_salesperson(*BOSS)
    service.employ(me.account_id)
    for name in ("甲公司", "乙公司"):
        a_customer(service, me, name=name)
    customer = a_customer(service, boss, name="丙公司")
    given = {"customer_id": customer["id"], "data": {"owner_id": str(me.account_id)}}
    assert is_refused(service, "update_customer", boss, **given)
    made = {"name": "丁公司", "owner_id": str(me.account_id)}
    assert is_refused(service, "create_customer", boss, data=made)
    keeper = a_salesperson(*BOSS, "customer.maintain:all")
    assert not is_refused(service, "create_customer", keeper, data=made)
    assert not is_refused(service, "update_customer", keeper, **given)


def test_out_of_a_pool_comes_no_more_than_one_may_have(service: RunningService) -> None:
    """CU-21, CU-36: claimed and assigned; what lies in a pool counts for nobody."""
    pool = a_pool(service)
    owner, customer = in_a_pool(service, pool)
    service.employ(owner.account_id)
    for name in ("甲公司", "乙公司"):
        a_customer(service, owner, name=name)
    assert is_refused(service, "claim_customer", owner, customer_id=customer["id"])
    given = {"customer_id": customer["id"], "data": {"account_id": str(owner.account_id)}}
    assert is_refused(service, "assign_customer", somebody(pool.admins), **given)
    maintains = somebody(pool.admins, permissions=("customer.maintain",))
    assert not is_refused(service, "assign_customer", maintains, **given)


def test_one_that_is_to_be_valid_again_counts_from_when_that_is_asked_for(service: RunningService) -> None:
    """CU-09, CU-21: several that are asked for at a time would all be agreed to."""
    bind(service, "customer", "upgrade")
    me = somebody()
    service.employ(me.account_id)
    gone = []
    for name in ("甲公司", "乙公司"):
        gone.append(a_customer(service, me, name=name)["id"])
        service.call("invalidate_customer", me, customer_id=gone[-1])
    a_customer(service, me, name="丙公司")
    assert not is_refused(service, "upgrade_customer", me, customer_id=gone[0], data={})
    assert is_refused(service, "upgrade_customer", me, customer_id=gone[1], data={})
    assert is_refused(service, "create_customer", me, data={"name": "丁公司"})


def test_of_two_that_are_claimed_at_once_one_below_the_cap_one_succeeds(service: RunningService) -> None:
    """CU-21."""
    pool = a_pool(service)
    me = somebody(pool.members)
    a_customer(service, me, name="甲公司")
    lying = [in_a_pool(service, pool)[1]["id"] for _ in range(6)]
    outcomes = at_once(service, [("claim_customer", me, {"customer_id": each}) for each in lying])
    assert sorted(outcomes) == ["ok", *["owner-cap-reached"] * 5]
