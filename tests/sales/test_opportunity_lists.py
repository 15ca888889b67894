"""Who sees which opportunities, and how they are found, through the service's entrypoints."""

from typing import Any

import pytest

from servicekit import Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import a_lead, an_opportunity, change, converted, tell_of_merge

ALL = ("opportunity.read", "opportunity.write", "opportunity.close")


def test_opportunities_are_filtered_sorted_and_paged(service: RunningService) -> None:
    """SA-27, SA-32."""
    me, customer_id = caller(*ALL), new_id()
    small = an_opportunity(service, me, name="Acme renewal", amount="10", customer_id=customer_id)["id"]
    middle = an_opportunity(service, me, name="北京星河 续约", amount="200", expected_close_on="2027-01-31")[
        "id"
    ]
    large = an_opportunity(service, me, name="北京星河 新购", amount="3000", started_on="2020-01-01")["id"]
    change(service, me, "win", large, closed_on="2020-06-30")

    def found(**filters: str) -> list[str]:
        query = {f"filter[{name.replace('__', '][')}]": value for name, value in filters.items()}
        return [
            item["id"]
            for item in service.call("list_opportunities", me, query={**query, "sort": "amount"})["items"]
        ]

    assert found() == [small, middle, large]
    assert found(customer_id=str(customer_id)) == [small]
    assert found(name__contains="星河") == [middle, large]
    assert found(name__contains="RENEW") == [small]
    assert found(status="won") == found(stage="won") == found(closed_on__lte="2020-06-30") == [large]
    assert found(amount__gte="200") == [middle, large]
    assert found(expected_close_on__gt="2027-01-30") == [middle]
    assert found(owner_id=str(me.account_id), status="open") == [small, middle]
    assert found(customer_id__empty="true") == [middle, large]
    for name, value in (("amount", "much"), ("customer_id", "42"), ("closed_on", "soon"), ("name", "\u0000")):
        with pytest.raises(Invalid):
            found(**{name: value})
    for sort, expected in (
        ("-amount", [large, middle, small]),
        ("started_on", [large]),
        ("-created_at", [large]),
    ):
        page = service.call("list_opportunities", me, query={"sort": sort, "limit": "1"})
        ids = [page["items"][0]["id"]]
        for _ in expected[1:]:
            page = service.call(
                "list_opportunities", me, query={"sort": sort, "limit": "1", "cursor": page["next"]}
            )
            ids.append(page["items"][0]["id"])
        assert ids == expected


def test_the_list_of_a_head_of_a_few_people_shows_customer_names_too(service: RunningService) -> None:
    """SA-27: the kit reads it by another query, which has to bring the name as well."""
    agent, boss = caller(*ALL, "customer.read"), caller("opportunity.read", "customer.read")
    customer_id = new_id()
    service.deliver_and_wait(
        "identity", "account.changed",
        {
            "account_id": agent.account_id, "display_name": "张伟", "department_id": None,
            "manager_id": boss.account_id, "active": True, "version": 1,
        },
    )  # fmt: skip
    service.deliver_and_wait(
        "customer",
        "customer.created",
        {"customer_id": customer_id, "name": "甲公司", "owner_id": agent.account_id, "version": 1},
    )
    an_opportunity(service, agent, customer_id=customer_id)
    items = service.call("list_opportunities", boss, query={})["items"]
    assert [item["customer_name"] for item in items] == ["甲公司"]


def test_an_activity_moves_the_last_one_forward_and_never_back(service: RunningService) -> None:
    """SA-27, SA-29 (M-13)."""
    me = caller(*ALL, "lead.read", "lead.write", "lead.convert")
    named, other = (an_opportunity(service, me, customer_id=new_id()) for _ in range(2))
    lead = a_lead(service, me)
    customer_id = converted(service, me, lead["id"])["customer_id"]
    tell_of_merge(service, customer_id, named["customer_id"])

    def tell(at: str, on: Any = named["customer_id"], **more: Any) -> None:
        activity = {
            "activity_id": new_id(), "customer_id": on, "opportunity_id": None, "lead_id": None,
            "kind": "call", "occurred_at": at, "owner_id": me.account_id, **more,
        }  # fmt: skip
        service.deliver_and_wait("customer", "activity.recorded", activity)

    for day in ("2026-11-20", "2026-11-22", "2026-11-21"):
        tell(f"{day}T08:00:00Z", opportunity_id=named["id"], lead_id=lead["id"])
    # An activity on one's own customer says nothing about another customer's opportunity, or a lead that is none yet.
    foreign = a_lead(service, caller("lead.write"))
    tell("2026-11-23T08:00:00Z", opportunity_id=other["id"], lead_id=foreign["id"])
    tell("2026-11-30T08:00:00Z", on=new_id(), opportunity_id=named["id"], lead_id=lead["id"])
    assert (
        service.call("get_lead", caller("lead.read:all"), lead_id=foreign["id"])["last_activity_at"] is None
    )
    # What was done with a customer was done with the lead it was, whether or not anybody named that.
    tell("2026-11-24T08:00:00Z")
    tell("2026-11-25T08:00:00Z", opportunity_id=new_id())
    seen = service.call("get_opportunity", me, opportunity_id=named["id"])
    assert seen == {**named, "last_activity_at": "2026-11-22T08:00:00+00:00"}
    assert service.call("get_opportunity", me, opportunity_id=other["id"])["last_activity_at"] is None
    assert service.call("get_lead", me, lead_id=lead["id"])["last_activity_at"] == "2026-11-25T08:00:00+00:00"


def test_opportunities_are_sorted_by_close_name_and_how_long_they_have_been_quiet(
    service: RunningService,
) -> None:
    """(W-2) SA-27, CU-62: of one owner and of several, page by page; what has no day to close on comes last."""
    me, head = caller(*ALL), caller("opportunity.read:all")
    first = an_opportunity(service, me, name="丙", expected_close_on="2027-03-01")["id"]
    second = an_opportunity(service, me, name="乙")["id"]
    third = an_opportunity(service, me, name="Acme", expected_close_on="2027-01-01")["id"]
    data = {"kind": "call", "content": "通话"}
    service.call("create_opportunity_activity", me, opportunity_id=first, data=data)
    for who in (me, head):
        for sort, expected in (
            ("expected_close_on", [third, first, second]),
            ("name", [third, first, second]),
            ("last_activity_at", [second, third, first]),
        ):
            for sign, order in (("", expected), ("-", expected[::-1])):
                seen: list[str] = []
                query = {"sort": sign + sort, "limit": "1"}
                while query:
                    page = service.call("list_opportunities", who, query=query)
                    seen += [item["id"] for item in page["items"]]
                    query = {**query, "cursor": page["next"]} if page["next"] else {}
                assert seen == order, sign + sort


def test_what_has_been_quiet_for_long_is_found_whether_or_not_anything_was_ever_done(
    service: RunningService,
) -> None:
    """(W-3) CU-62: until something is done it is quiet since it was noted; counted so too."""
    me = caller(*ALL)
    untouched = an_opportunity(service, me, name="无人问津")["id"]
    old = an_opportunity(service, me, name="很久没联系")["id"]
    called = {"kind": "call", "content": "通话", "occurred_at": "2026-10-01T08:00:00Z"}
    service.call("create_opportunity_activity", me, opportunity_id=old, data=called)

    def quiet_before(moment: str) -> tuple[list[str], int]:
        asked = {"filter[quiet_since][lt]": moment}
        found = service.call("list_opportunities", me, query={**asked, "sort": "last_activity_at"})["items"]
        totals = service.call("total_opportunities", me, query=asked)["items"]
        return [item["id"] for item in found], sum(total["count"] for total in totals)

    assert quiet_before("2026-10-02T00:00:00Z") == ([old], 1)
    assert quiet_before("2999-01-01T00:00:00Z") == ([old, untouched], 2)
    assert quiet_before("2026-09-01T00:00:00Z") == ([], 0)
