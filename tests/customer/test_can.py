"""What the answers about customers say that their caller may do is what the operations let them do."""

from typing import Any

from identity.roles.ready import READY_ROLES
from servicekit import Caller, Conflict, Forbidden, new_id
from servicekit.testing import RunningService
from servicekit.testing_possible import House, Trials, looks
from tests.customer.people import a_contact, a_customer, a_salesperson
from tests.customer.test_pools import a_pool, in_a_pool, somebody
from tests.flows import bind, decide

BODIES: dict[str, Any] = {
    "update_customer": {"data": {"remark": "老客户"}},
    "upgrade_customer": {"data": {}},
    "downgrade_customer": {"data": {}},
    "create_contact": {"data": {"name": "李娜"}},
    "create_address": {"data": {"street": "世纪大道 1 号"}},
    "create_activity": {"data": {"kind": "call", "content": "问了续约"}},
    "update_contact": {"data": {"title": "经理"}},
    "update_address": {"data": {"city": "上海"}},
}


def test_can_names_what_the_operations_let_the_caller_do(service: RunningService) -> None:
    """(W-2) Of an invalid customer nothing is changed, and nothing of what belongs to it."""
    house = House()
    house.move_in(service)
    pool = a_pool(service)
    owner = a_salesperson(account_id=house.owner_id, principals=(house.owner_id, pool.members))
    bind(service, "customer", "upgrade")
    customer = a_customer(service, owner, pool_id=pool.id)
    which = {"customer_id": customer["id"]}
    records = {
        "get_customer": customer,
        "get_contact": a_contact(service, owner, customer["id"]),
        "get_address": service.call("create_address", owner, **which, **BODIES["create_address"]),
    }
    assert looks(service) == records.keys()
    roles = [role.permissions for role in READY_ROLES]
    trials = {look: Trials(service, look, house, roles) for look in records}

    def faults() -> list[str]:
        bodies = {**BODIES, "move_customer": {"data": {"pool_id": pool.id}}}
        return [each for look, tried in trials.items() for each in tried.faults(records[look]["id"], bodies)]

    assert faults() == []
    keeper = a_salesperson(principals=(new_id(), pool.admins))
    for step, who in (("return", owner), ("discard", keeper), ("restore", keeper), ("claim", owner)):
        service.call(f"{step}_customer", who, **which, **({"data": {}} if step == "return" else {}))
        assert faults() == []
    service.call("upgrade_customer", owner, **which, data={})
    assert faults() == []
    decide(service, service.published("approval.asked")[-1].data)
    assert faults() == []
    service.call("freeze_customer", owner, **which)
    assert faults() == []
    service.call("invalidate_customer", owner, **which)
    assert faults() == [] and not any(tried.untried for tried in trials.values())


def test_can_of_a_pooled_customer_names_what_the_operations_let_the_caller_do(
    service: RunningService,
) -> None:
    """(W-2, CU-35) Of its members, of who keeps it, and of who keeps all customers."""
    pool, chosen = a_pool(service), House()
    chosen.move_in(service)
    bodies = {"assign_customer": {"account_id": str(chosen.owner_id)}, "move_customer": {"pool_id": pool.id}}
    steps = {"claim_customer": {}, "discard_customer": {}, "restore_customer": {}, **bodies}
    people = [somebody(pool.members), somebody(pool.admins), a_salesperson("customer.read:all")]
    for who in [*people, a_salesperson("customer.read:all", "customer.write:all")]:
        for step, data in steps.items():
            _, customer = in_a_pool(service, pool)
            offered = step in service.call("get_customer", who, customer_id=customer["id"])["can"]
            assert offered == is_let(service, step, who, customer["id"], data), step


def is_let(service: RunningService, step: str, who: Caller, customer_id: str, data: dict[str, Any]) -> bool:
    try:
        service.call(step, who, customer_id=customer_id, **({"data": data} if data else {}))
    except (Conflict, Forbidden):
        return False
    return True
