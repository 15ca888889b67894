"""What the answers about customers say that their caller may do is what the operations let them do."""

from typing import Any

from identity.roles.ready import READY_ROLES
from servicekit.testing import RunningService
from servicekit.testing_possible import House, Trials, looks
from tests.customer.people import a_contact, a_customer, a_salesperson
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
    owner = a_salesperson(account_id=house.owner_id)
    bind(service, "customer", "upgrade")
    customer = a_customer(service, owner)
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
        return [each for look, tried in trials.items() for each in tried.faults(records[look]["id"], BODIES)]

    assert faults() == []
    service.call("upgrade_customer", owner, **which, data={})
    assert faults() == []
    decide(service, service.published("approval.asked")[-1].data)
    assert faults() == []
    service.call("freeze_customer", owner, **which)
    assert faults() == []
    service.call("invalidate_customer", owner, **which)
    assert faults() == [] and not any(tried.untried for tried in trials.values())
