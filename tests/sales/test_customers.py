"""The customers sales knows of: their names, and what happens when two of them become one."""

import threading

from sqlalchemy import select

from sales.customer_copy import CustomerCopy
from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import (
    WANTED,
    a_lead,
    an_opportunity,
    at_once,
    converted,
    tell_of_customer,
    tell_of_merge,
)

ALL = ("lead.read", "lead.write", "lead.convert", "opportunity.read", "opportunity.write")


def customer_of(service: RunningService, who: Caller, opportunity_id: str) -> str:
    found: str = service.call("get_opportunity", who, opportunity_id=opportunity_id)["customer_id"]
    return found


def test_an_invalid_customer_is_not_taken_and_a_renamed_one_is_found_by_its_new_name(
    service: RunningService,
) -> None:
    """SA-19."""
    me, invalid, renamed = caller(*ALL), new_id(), new_id()
    tell_of_customer(service, invalid, "甲公司")
    told = {"customer_id": invalid, "name": "甲公司", "owner_id": new_id(), "version": 3, "status": "invalid"}
    service.deliver_and_wait("customer", "customer.invalidated", told)
    tell_of_customer(service, invalid, "甲公司", version=2)
    assert converted(service, me, a_lead(service, me, company_name="甲公司")["id"])["merged"] is False
    tell_of_customer(service, renamed, "乙公司", version=2)
    tell_of_customer(service, renamed, "旧名", version=1)
    assert converted(service, me, a_lead(service, me, company_name="乙公司")["id"])["customer_id"] == str(
        renamed
    )
    assert converted(service, me, a_lead(service, me, company_name="旧名")["id"])["merged"] is False


def test_an_opportunity_shows_the_name_its_customer_has_now(service: RunningService) -> None:
    """SA-25."""
    me, customer_id, other = caller(*ALL, "customer.read"), new_id(), new_id()
    opportunity = an_opportunity(service, me, customer_id=customer_id)
    assert opportunity["customer_name"] is None
    tell_of_customer(service, customer_id, "甲公司", owner_id=me.account_id)
    tell_of_customer(service, other, "乙公司", owner_id=me.account_id)
    assert service.call("list_opportunities", me, query={})["items"][0]["customer_name"] == "甲公司"
    arguments = {"opportunity_id": opportunity["id"], "data": {"customer_id": other}}
    assert service.call("update_opportunity", me, **arguments)["customer_name"] == "乙公司"


def test_a_merge_links_opportunities_and_leads_to_the_customer_that_stays(service: RunningService) -> None:
    """SA-19."""
    me, kept = caller(*ALL, "customer.read:all"), new_id()
    lead_id = a_lead(service, me)["id"]
    conversion = converted(service, me, lead_id, opportunity=WANTED)
    other = an_opportunity(service, me, customer_id=new_id())
    tell_of_customer(service, kept, "上海云图")
    for _ in range(2):
        tell_of_merge(service, conversion["customer_id"], kept)
    moved = service.call("get_opportunity", me, opportunity_id=conversion["opportunity_id"])
    assert (moved["customer_id"], moved["customer_name"], moved["version"]) == (str(kept), "上海云图", 2)
    assert service.call("get_lead", me, lead_id=lead_id)["customer_id"] == str(kept)
    assert customer_of(service, me, other["id"]) == other["customer_id"]
    assert [e.data["customer_id"] for e in service.published("opportunity.updated")] == [str(kept)]
    assert [e.data["customer_id"] for e in service.published("lead.updated")] == [str(kept)]
    again = converted(service, me, a_lead(service, me)["id"])
    assert (again["customer_id"], again["merged"]) == (str(kept), True)


def test_a_merge_that_comes_before_its_customers_still_holds(service: RunningService) -> None:
    """SA-19."""
    me, gone, kept = caller(*ALL), new_id(), new_id()
    tell_of_merge(service, gone, kept)
    assert an_opportunity(service, me, customer_id=gone)["customer_id"] == str(kept)
    tell_of_customer(service, gone, "甲公司")
    assert converted(service, me, a_lead(service, me, company_name="甲公司")["id"])["customer_id"] == str(
        kept
    )


def test_merges_in_a_row_are_followed_to_the_end_in_any_order(service: RunningService) -> None:
    """SA-19."""
    me, first, second, third = caller(*ALL), new_id(), new_id(), new_id()
    opportunity_id = an_opportunity(service, me, customer_id=first)["id"]
    tell_of_merge(service, second, third)
    tell_of_merge(service, first, second)
    assert customer_of(service, me, opportunity_id) == str(third)
    tell_of_merge(service, third, first)
    tell_of_merge(service, third, third)
    an_opportunity(service, me, customer_id=second)


def test_conversions_during_a_merge_leave_nothing_at_the_customer_that_goes(service: RunningService) -> None:
    """SA-19."""
    sellers, gone, kept = [caller(*ALL) for _ in range(6)], new_id(), new_id()
    tell_of_customer(service, gone, "甲公司")
    leads = [a_lead(service, seller, company_name="甲公司")["id"] for seller in sellers]
    merging = threading.Timer(0.02, service.deliver, ("customer", "customer.merged", {
        "customer_id": gone, "kept_customer_id": kept,
    }))  # fmt: skip
    merging.start()
    asked = [("convert_lead", {"lead_id": lead, "data": {"opportunity": WANTED}}) for lead in leads]
    assert all(answer["result"] for answer in at_once(service, asked, *sellers))
    merging.join()
    tell_of_merge(service, gone, kept)
    everything = caller("opportunity.read:all")
    items = service.call("list_opportunities", everything, query={"filter[customer_id]": str(kept)})["items"]
    assert len(items) == len(leads)


def test_every_conversion_leaves_the_customer_in_the_copy(service: RunningService) -> None:
    """SA-19: the customer service's own word replaces it."""
    me = caller(*ALL)
    customer_id = converted(service, me, a_lead(service, me)["id"])["customer_id"]
    tell_of_customer(service, customer_id, "上海云图科技（集团）")
    with service.database.sessions() as session:
        rows = session.scalars(select(CustomerCopy)).all()
    assert [(str(row.id), row.name, row.version) for row in rows] == [
        (customer_id, "上海云图科技（集团）", 1)
    ]
