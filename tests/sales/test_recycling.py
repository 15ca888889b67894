"""Leads that come back into their pools by rule."""

from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.recycling import days_pass, taken_back
from tests.sales.builders import a_lead
from tests.sales.test_lead_pools import a_pool, somebody

BOSS = caller("lead.read:all")


def test_a_lead_that_nobody_follows_up_comes_back_and_one_that_is_over_does_not(
    service: RunningService,
) -> None:
    """SA-18: what is closed stays with whose it is; what one did with a lead starts its days anew."""
    pool = a_pool(service, recycle_idle_days=7)
    me = somebody(pool.members)
    idle, closed, busy = (
        a_lead(service, me, company_name=name, pool_id=pool.id) for name in ("甲", "乙", "丙")
    )
    service.call("close_lead", me, lead_id=closed["id"], data={})
    days_pass(service, "lead", 8)
    noted = {"kind": "call", "content": "约了演示"}
    service.call("create_lead_activity", me, lead_id=busy["id"], data=noted)
    taken_back(service, "recycle_leads")
    states = [
        service.call("get_lead", BOSS, lead_id=each["id"])["claim_state"] for each in (idle, closed, busy)
    ]
    assert states == ["unclaimed", "own", "own"]
    assert service.call("get_lead", me, lead_id=idle["id"])["glimpse"] is True
