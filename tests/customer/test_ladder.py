"""The status of a customer: upward by approval, downward and frozen at once (CU-09 to CU-11, 8.14)."""

from typing import Any

import pytest
from sqlalchemy import update

from customer.customers.model import Customer
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound
from servicekit.testing import RunningService
from tests.customer.people import a_customer, a_salesperson
from tests.flows import bind, decide


def step(service: RunningService, who: Caller, name: str, customer: Any, **data: Any) -> dict[str, Any]:
    body = {"data": data} if name in ("upgrade", "downgrade") else {}
    changed: dict[str, Any] = service.call(f"{name}_customer", who, customer_id=customer["id"], **body)
    return changed


def look(service: RunningService, who: Caller, customer: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.call("get_customer", who, customer_id=customer["id"])
    return found


def asked(service: RunningService) -> Any:
    return service.published("approval.asked")[-1].data


def risen(service: RunningService, who: Caller, customer: Any, *statuses: str) -> None:
    """Let a customer rise by approvals."""
    for status in statuses:
        step(service, who, "upgrade", customer, to=status)
        decide(service, asked(service))
        assert look(service, who, customer)["status"] == status


def refusal(service: RunningService, who: Caller, name: str, customer: Any, **data: Any) -> str:
    with pytest.raises((Conflict, Forbidden, Invalid)) as refused:
        step(service, who, name, customer, **data)
    assert refused.value.code != "invalid-input"
    return refused.value.code


def test_an_upgrade_takes_effect_after_its_approval_and_not_before(service: RunningService) -> None:
    """CU-09."""
    me = a_salesperson()
    flow_id = bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    waiting = step(service, me, "upgrade", customer)
    assert (waiting["status"], waiting["approval_step"]) == ("basic", "upgrade")
    told = asked(service)
    assert (told["approval_id"], told["flow_id"], told["requester_id"]) == (
        waiting["approval_id"], flow_id, str(me.account_id),
    )  # fmt: skip
    assert (told["facts"]["status"], told["facts"]["to"]) == ("basic", "potential")
    assert service.published("customer.status_asked")[-1].data["to"] == "potential"
    decide(service, told)
    done = look(service, me, customer)
    assert (done["status"], done["approval_id"], done["approval_step"]) == ("potential", None, None)
    assert service.published("customer.upgraded")[-1].data["version"] == done["version"]
    listed = service.call("list_customers", me, query={"filter[status]": "potential"})["items"]
    assert [each["id"] for each in listed] == [customer["id"]]


def test_it_follows_exactly_the_decision_that_it_waits_for_once(service: RunningService) -> None:
    """CU-09: a late one, one twice, one of before change nothing."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    step(service, me, "upgrade", customer)
    first = asked(service)
    decide(service, first, "rejected", comment="资料不全")
    kept = look(service, me, customer)
    assert (kept["status"], kept["approval_step"]) == ("basic", None)
    assert service.published("customer.status_refused")[-1].data["comment"] == "资料不全"
    step(service, me, "upgrade", customer)
    second = asked(service)
    decide(service, first)
    assert look(service, me, customer)["approval_id"] == second["approval_id"]
    for _ in range(2):
        decide(service, second)
    decide(service, second, "rejected")
    assert look(service, me, customer)["status"] == "potential"
    assert len(service.published("customer.upgraded")) == 1


def test_what_is_taken_back_leaves_the_customer_as_it_was(service: RunningService) -> None:
    """CU-09, GW-56."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    step(service, me, "upgrade", customer)
    decide(service, asked(service), "withdrawn", comment="再等等")
    kept = look(service, me, customer)
    assert (kept["status"], kept["approval_id"]) == ("basic", None)


def test_while_it_waits_nothing_of_it_is_changed(service: RunningService) -> None:
    """CU-09, GW-56."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    step(service, me, "upgrade", customer)
    for name, data in (("update", {"data": {"remark": "改一下"}}), ("invalidate", {})):
        with pytest.raises(Conflict) as refused:
            service.call(f"{name}_customer", me, customer_id=customer["id"], **data)
        assert refused.value.code == "approval-pending"
    for name in ("upgrade", "downgrade", "freeze"):
        assert refusal(service, me, name, customer) in ("approval-pending", "customer-lowest")
    assert "upgrade_customer" not in look(service, me, customer)["can"]


def test_one_that_has_gone_on_in_the_meantime_waits_no_longer(service: RunningService) -> None:
    """CU-09: as when it was merged away; what was agreed to is of no use, and it can be changed again."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    step(service, me, "upgrade", customer)
    with service.database.sessions.begin() as session:
        session.execute(update(Customer).values(status="invalid"))
    decide(service, asked(service))
    left = look(service, me, customer)
    assert (left["status"], left["approval_id"], left["approval_step"]) == ("invalid", None, None)
    assert service.published()[-1].type == "customer.updated"
    risen(service, me, customer, "basic")


def test_only_its_manager_asks_for_an_upgrade(service: RunningService) -> None:
    """CU-10: who may change every customer may not."""
    me, chief = a_salesperson(), a_salesperson("customer.read:all", "customer.write:all")
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    assert refusal(service, chief, "upgrade", customer) == "only-its-manager"
    with pytest.raises(NotFound):
        step(service, a_salesperson(), "upgrade", customer)
    assert "upgrade_customer" in look(service, me, customer)["can"]
    assert "upgrade_customer" not in look(service, chief, customer)["can"]


def test_its_type_must_be_bound_to_a_flow(service: RunningService) -> None:
    """CU-11: a flow for companies is none for people."""
    me = a_salesperson()
    customer = a_customer(service, me)
    assert refusal(service, me, "upgrade", customer) == "approval-flow-missing"
    assert "upgrade_customer" not in look(service, me, customer)["can"]
    company = {"field": "kind", "operator": "eq", "value": "company"}
    bind(service, "customer", "upgrade", where=company)
    person = a_customer(service, me, name="张三", kind="person")
    assert refusal(service, me, "upgrade", person) == "approval-flow-missing"
    assert step(service, me, "upgrade", customer)["approval_step"] == "upgrade"


def test_upward_it_goes_one_step_at_a_time_and_above_success_to_one_of_two(service: RunningService) -> None:
    """CU-09, 8.14: pilot and model follow each other."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    for to in ("success", "pilot", "model", "basic"):
        with pytest.raises(Invalid) as refused:
            step(service, me, "upgrade", customer, to=to)
        assert refused.value.errors[0]["field"] == "to"
    risen(service, me, customer, "potential", "success")
    with pytest.raises(Invalid):
        step(service, me, "upgrade", customer)
    risen(service, me, customer, "pilot", "model", "pilot")


def test_a_downgrade_and_a_freezing_hold_at_once(service: RunningService) -> None:
    """CU-09, 8.14: and unfrozen it is what it was."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    assert refusal(service, me, "downgrade", customer) == "customer-lowest"
    risen(service, me, customer, "potential", "success")
    frozen = step(service, me, "freeze", customer)
    assert (frozen["status"], frozen["frozen_from"]) == ("frozen", "success")
    for name in ("upgrade", "downgrade", "freeze"):
        assert refusal(service, me, name, customer) == "customer-frozen"
    assert step(service, me, "unfreeze", customer)["status"] == "success"
    assert refusal(service, me, "unfreeze", customer) == "customer-not-frozen"
    assert step(service, me, "downgrade", customer)["status"] == "potential"
    with pytest.raises(Invalid):
        step(service, me, "downgrade", customer, to="success")
    types = [event.type for event in service.published()][-3:]
    assert types == ["customer.frozen", "customer.unfrozen", "customer.downgraded"]


def test_a_house_may_want_an_approval_of_these_too(service: RunningService) -> None:
    """8.14: where a flow is bound to them; without one they hold at once as before."""
    me = a_salesperson()
    service.define("parameter", "customer.downgrades_need_approval", {"value": True})
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    risen(service, me, customer, "potential", "success")
    assert step(service, me, "downgrade", customer)["status"] == "potential"
    for name in ("downgrade", "freeze"):
        bind(service, "customer", name)
    waiting = step(service, me, "downgrade", customer)
    assert (waiting["status"], waiting["approval_step"]) == ("potential", "downgrade")
    decide(service, asked(service))
    assert look(service, me, customer)["status"] == "basic"
    waiting = step(service, me, "freeze", customer)
    assert (waiting["status"], waiting["frozen_from"]) == ("basic", None)
    decide(service, asked(service))
    assert look(service, me, customer)["frozen_from"] == "basic"


def test_an_invalid_customer_is_taken_into_use_again_by_an_upgrade(service: RunningService) -> None:
    """CU-09: the lowest rung; others hear that it may be named again."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    service.call("invalidate_customer", me, customer_id=customer["id"])
    risen(service, me, customer, "basic")
    told = service.published("customer.updated")[-1].data
    assert (told["status"], told["customer_id"]) == ("basic", customer["id"])


def test_history_tells_each_step(service: RunningService) -> None:
    """CU-09, CU-23."""
    me = a_salesperson()
    bind(service, "customer", "upgrade")
    customer = a_customer(service, me)
    risen(service, me, customer, "potential")
    step(service, me, "downgrade", customer)
    query = {"filter[field]": "status"}
    found = service.call("list_customer_history", me, customer_id=customer["id"], query=query)["items"]
    assert [each["changes"]["status"] for each in found[:2]] == [
        ["potential", "basic"],
        ["basic", "potential"],
    ]


def test_one_frozen_before_there_was_a_ladder_is_a_basic_one(service: RunningService) -> None:
    """Decision 17."""
    me = a_salesperson()
    customer = a_customer(service, me)
    service.database.transact(lambda session: session.execute(update(Customer).values(status="frozen")))
    assert step(service, me, "unfreeze", customer)["status"] == "basic"
