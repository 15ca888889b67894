"""For which customers an opportunity may be made (SA-25), through the service's entrypoints."""

from typing import Any
from uuid import uuid4

import pytest

from servicekit import Caller, Conflict, Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import a_lead, an_opportunity, change, converted, tell_of_customer, tell_of_merge

ALL = ("opportunity.read", "opportunity.write", "customer.read", "lead.read", "lead.write", "lead.convert")


def invalidate(service: RunningService, customer_id: Any, owner_id: Any, version: int = 2) -> None:
    """Tell sales that a customer is out of use."""
    told = {"customer_id": customer_id, "name": "甲公司", "owner_id": owner_id, "status": "invalid"}
    service.deliver_and_wait("customer", "customer.invalidated", {**told, "version": version})


def refused(service: RunningService, who: Caller, customer_id: Any) -> tuple[str, str]:
    """Return code and field with which an opportunity for a customer is refused."""
    with pytest.raises((Invalid, Conflict)) as error:
        an_opportunity(service, who, customer_id=customer_id)
    return error.value.code, error.value.errors[0]["field"]


def test_a_customer_created_a_moment_ago_is_taken_before_sales_has_heard_of_it(
    service: RunningService,
) -> None:
    """SA-25 (M-22)."""
    me, customer_id = caller(*ALL), new_id()
    assert an_opportunity(service, me, customer_id=customer_id)["customer_id"] == str(customer_id)


def test_unknown_and_foreign_customers_are_refused_at_the_field_and_alike(service: RunningService) -> None:
    """SA-25 (M-22)."""
    me, foreign, mine = caller(*ALL), new_id(), new_id()
    tell_of_customer(service, foreign, "甲公司")
    tell_of_customer(service, mine, "乙公司", owner_id=me.account_id)
    for customer_id in (foreign, uuid4(), "01936f3a-7c00-7000-8000-000000000042"):
        assert refused(service, me, customer_id) == ("unknown-customer", "customer_id")
    assert service.published() == []
    made = an_opportunity(service, me, customer_id=mine)
    with pytest.raises(Invalid) as error:
        change(service, me, "update", made["id"], customer_id=foreign)
    assert error.value.code == "unknown-customer"
    boss = caller("opportunity.write", "customer.read")
    service.employ(me.account_id, manager_id=boss.account_id)
    assert an_opportunity(service, boss, customer_id=mine)["customer_id"] == str(mine)


def test_an_invalid_customer_gets_no_new_opportunity_and_keeps_the_ones_it_has(
    service: RunningService,
) -> None:
    """SA-25, CU-08 (M-22)."""
    me, customer_id = caller(*ALL), new_id()
    tell_of_customer(service, customer_id, "甲公司", owner_id=me.account_id)
    made = an_opportunity(service, me, customer_id=customer_id)
    invalidate(service, customer_id, me.account_id)
    # As replays and restatements tell it: the same version by another event.
    tell_of_customer(service, customer_id, "甲公司", version=3, owner_id=me.account_id, status="invalid")
    assert refused(service, me, customer_id) == ("customer-invalid", "customer_id")
    form = {"customer_id": customer_id, "remark": "客户已失效"}
    assert change(service, me, "update", made["id"], **form)["remark"] == "客户已失效"


def test_a_lead_of_an_invalid_customer_s_name_becomes_a_customer_of_its_own(service: RunningService) -> None:
    """SA-19, CU-08 (M-22)."""
    me, gone, kept = caller(*ALL), new_id(), new_id()
    tell_of_customer(service, gone, "甲公司", owner_id=me.account_id)
    tell_of_customer(service, kept, "乙公司", owner_id=me.account_id)
    tell_of_merge(service, gone, kept)
    invalidate(service, kept, me.account_id)
    conversion = converted(service, me, a_lead(service, me, company_name="甲公司")["id"])
    assert conversion["merged"] is False and conversion["customer_id"] not in {str(gone), str(kept)}


def test_a_conversion_into_a_customer_out_of_sight_names_it_and_its_owner(service: RunningService) -> None:
    """SA-19 (M-15)."""
    me, foreign = caller(*ALL), new_id()
    owner = service.employ(display_name="李经理")
    tell_of_customer(service, foreign, "甲公司", owner_id=owner)
    conversion = converted(service, me, a_lead(service, me, company_name="甲公司")["id"])
    assert (conversion["customer_id"], conversion["merged"]) == (str(foreign), True)
    names = ("customer_name", "customer_owner_id", "customer_owner_name")
    assert [conversion[name] for name in names] == ["甲公司", str(owner), "李经理"]


def test_a_private_person_is_a_lead_and_becomes_a_customer_of_their_own(service: RunningService) -> None:
    """SA-19, CU-05 (M-15)."""
    me = caller(*ALL)
    leads = [service.call("create_lead", me, data={"contact_name": "张伟"}) for _ in range(2)]
    assert leads[0]["company_name"] == ""
    first, second = (converted(service, me, lead["id"], opportunity={"name": "x"}) for lead in leads)
    assert first["customer_id"] != second["customer_id"] and not second["merged"]
    assert first["customer_name"] == "张伟"
    event = service.published("lead.converted")[0].data
    assert (event["company_name"], event["contact_name"]) == ("", "张伟")
    tell_of_customer(service, first["customer_id"], "张伟", kind="person", owner_id=me.account_id)
    company = a_lead(service, me, company_name="张伟")["id"]
    assert converted(service, me, company)["customer_id"] != first["customer_id"]


def test_an_opportunity_is_not_expected_to_close_before_it_began(service: RunningService) -> None:
    """SA-25 (M-24)."""
    me = caller(*ALL)
    for dates in (
        {"started_on": "2026-11-20", "expected_close_on": "2026-11-19"},
        {"expected_close_on": "2020-01-01", "started_on": "2026-11-01"},
    ):
        with pytest.raises(Invalid) as error:
            an_opportunity(service, me, **dates)
        assert [entry["field"] for entry in error.value.errors] == ["expected_close_on"]
    made = an_opportunity(service, me, started_on="2026-11-20", expected_close_on="2026-11-20")
    with pytest.raises(Invalid):
        change(service, me, "update", made["id"], started_on="2026-11-21")
