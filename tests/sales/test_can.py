"""What the answers of sales say that their caller may do is what the operations let them do."""

from typing import Any

import pytest

from identity.roles.ready import READY_ROLES
from servicekit import Caller
from servicekit.nouns.besides import DISCARDED, IN_POOL
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_possible import House, Trials, looks
from tests.pools import APool
from tests.sales.builders import a_lead, an_opportunity, change, converted
from tests.sales.test_lead_pools import a_pool, somebody

ALL = (
    "lead.read", "lead.write", "lead.convert", "opportunity.read", "opportunity.write", "opportunity.close",
    "product.read:all", "product.write:all",
)  # fmt: skip
ROLES = [role.permissions for role in READY_ROLES]
SPOKEN = {"data": {"kind": "call", "content": "约了演示", "occurred_at": "2026-11-22T08:00:00Z"}}
CLOSED_ON = "2026-11-22"
CLOSINGS: dict[str, tuple[str, dict[str, str]] | None] = {
    "open": None, "won": ("win", {}), "lost": ("lose", {"reason": "price"}),
}  # fmt: skip


@pytest.fixture
def house(service: RunningService) -> House:
    house = House()
    house.move_in(service)
    return house


def a_lead_in(service: RunningService, who: Caller, status: str, pool: APool) -> dict[str, Any]:
    """A lead of a pool that has come so far, or lies in the pool."""
    lead = a_lead(service, who, pool_id=pool.id)
    if status in IN_POOL:
        service.call("return_lead", who, lead_id=lead["id"], data={})
        if status == DISCARDED:
            service.call("discard_lead", somebody(pool.admins), lead_id=lead["id"])
    elif status == "converted":
        converted(service, who, lead["id"])
    elif status != "untouched":
        step, data = {"contacted": ("contact", {}), "closed": ("close", {"data": {"reason": "没有预算"}})}[
            status
        ]
        service.call(f"{step}_lead", who, lead_id=lead["id"], **data)
    return lead


def test_can_of_a_lead_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) In each state, by each role, for the owner, their superior, a colleague and a stranger."""
    pool = a_pool(service)
    bodies = {
        "update_lead": {"data": {"remark": "想看演示"}},
        "close_lead": {"data": {"reason": "没有预算"}},
        "convert_lead": {"data": {"opportunity": None}},
        "create_lead_activity": SPOKEN,
        "move_lead": {"data": {"pool_id": pool.id}},
    }
    trials = Trials(service, "get_lead", house, ROLES)
    owner = caller(*ALL, account_id=house.owner_id, principals=(house.owner_id, pool.members))
    for status in ("untouched", "contacted", "closed", "converted", *IN_POOL):
        lead_id = a_lead_in(service, owner, status, pool)["id"]
        assert (status, trials.faults(lead_id, bodies)) == (status, [])
    assert trials.untried == set()


def test_can_of_an_opportunity_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) What is known of a closed one may be changed all the same, but for its figures."""
    owner = caller(*ALL, account_id=house.owner_id)
    bodies = {
        "update_opportunity": {"data": {"remark": "等预算"}},
        "advance_opportunity": {"data": {"stage": "negotiating"}},
        "win_opportunity": {"data": {"closed_on": CLOSED_ON}},
        "lose_opportunity": {"data": {"closed_on": CLOSED_ON, "reason": "price"}},
        "create_opportunity_activity": SPOKEN,
        **{f"create_opportunity_{noun}": entry_of(service, noun) for noun in ("competitor", "partner")},
    }
    trials = Trials(service, "get_opportunity", house, ROLES)
    for status, step in CLOSINGS.items():
        opportunity = an_opportunity(service, owner)
        if step:
            opportunity = change(service, owner, step[0], opportunity["id"], closed_on=CLOSED_ON, **step[1])
        assert (opportunity["status"], trials.faults(opportunity["id"], bodies)) == (status, [])
    assert trials.untried == set()


def test_can_of_a_product_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) It has no owner: who may change one may change all."""
    product = service.call("create_product", caller(*ALL), data={"name": "CRM 专业版", "price": "1.00"})
    bodies = {"update_product": {"data": {"active": False}}}
    trials = Trials(service, "get_product", house, ROLES)
    assert trials.faults(product["id"], bodies) == [] and trials.untried == set()


@pytest.mark.parametrize("noun", ["competitor", "partner", "product_category"])
def test_can_of_a_library_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, noun: str
) -> None:
    """SA-37, SA-38, SA-49: it has no owner either."""
    who = caller(f"{noun}.read:all", f"{noun}.write:all")
    made = service.call(
        f"create_{noun}", who, data={"name": "蓝海", **({"code": "LH"} if "category" in noun else {})}
    )
    trials = Trials(service, f"get_{noun}", house, ROLES)
    assert trials.faults(made["id"], {f"update_{noun}": {"data": {"remark": "旧识"}}}) == []
    assert trials.untried == set()


def entry_of(service: RunningService, noun: str) -> dict[str, Any]:
    """Return the body with which an opportunity takes an entry of a library that is there."""
    who = caller(f"{noun}.read:all", f"{noun}.write:all")
    return {"data": {f"{noun}_id": service.call(f"create_{noun}", who, data={"name": "红杉"})["id"]}}


@pytest.mark.parametrize("noun", ["competitor", "partner"])
def test_can_of_what_an_opportunity_takes_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, noun: str
) -> None:
    """SA-37, SA-38: what the opportunity lets them do, open or closed."""
    owner = caller(*ALL, account_id=house.owner_id)
    entry, trials = entry_of(service, noun), Trials(service, f"get_opportunity_{noun}", house, ROLES)
    for step in CLOSINGS.values():
        opportunity_id = an_opportunity(service, owner)["id"]
        part = service.call(f"create_opportunity_{noun}", owner, opportunity_id=opportunity_id, **entry)
        if step:
            change(service, owner, step[0], opportunity_id, closed_on=CLOSED_ON, **step[1])
        bodies = {f"update_opportunity_{noun}": {"data": {"remark": "旧识"}}}
        assert trials.faults(part["id"], bodies) == []
    assert trials.untried == set()


def test_every_look_at_a_record_of_sales_has_a_test_of_what_can_be_done(service: RunningService) -> None:
    libraries = {"get_competitor", "get_partner", "get_product_category"}
    libraries |= {"get_opportunity_competitor", "get_opportunity_partner"}
    assert looks(service) == {"get_lead", "get_opportunity", "get_product", *libraries}
