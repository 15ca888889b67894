"""Conversion of leads through the service's entrypoints."""

from typing import Any

import pytest

from sales.leads.operations import MOST_CONVERSIONS_AN_HOUR
from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import WANTED, a_lead, at_once, converted, tell_of_customer, tell_of_merge

ALL = ("lead.read", "lead.write", "lead.convert", "opportunity.read")


def test_a_lead_becomes_a_customer_with_contact_and_opportunity(service: RunningService) -> None:
    """SA-19, SA-69."""
    me = caller(*ALL, "customer.read")
    known = {"title": "采购经理", "email": "zhang@example.com", "phone": "021-5555", "mobile": "13800138000"}
    lead_id = a_lead(service, me, **known)["id"]
    conversion = converted(service, me, lead_id, opportunity=WANTED)
    shown = {
        name: conversion.pop(name) for name in ("customer_name", "customer_owner_id", "customer_owner_name")
    }
    assert set(conversion) == {"lead_id", "customer_id", "contact_id", "opportunity_id", "merged"}
    assert shown == {
        "customer_name": "上海云图科技有限公司", "customer_owner_id": str(me.account_id), "customer_owner_name": None,
    }  # fmt: skip
    assert (conversion["lead_id"], conversion["merged"]) == (lead_id, False)
    lead = service.call("get_lead", me, lead_id=lead_id)
    assert lead["status"] == "converted"
    assert all(lead[name] == conversion[name] for name in ("customer_id", "contact_id", "opportunity_id"))
    opportunity = service.call("get_opportunity", me, opportunity_id=conversion["opportunity_id"])
    assert (opportunity["amount"], opportunity["stage"], opportunity["expected_close_on"]) == (
        "12000.00", "prospecting", "2027-03-31",
    )  # fmt: skip
    assert opportunity["customer_id"] == conversion["customer_id"]
    assert opportunity["customer_name"] == "上海云图科技有限公司"
    assert (opportunity["owner_id"], opportunity["source"]) == (str(me.account_id), "展会")
    event = service.published("lead.converted")[0].data
    assert {name: event[name] for name in conversion} == conversion
    assert (event["owner_id"], event["company_name"], event["contact_name"]) == (
        str(me.account_id), "上海云图科技有限公司", "张伟",
    )  # fmt: skip
    assert {name: event[name] for name in known} == known
    assert (event["source"], event["remark"]) == ("展会", "想看演示")
    assert [e.type for e in service.published()] == ["lead.created", "opportunity.created", "lead.converted"]


@pytest.mark.parametrize("data", [{}, {"opportunity": None}, None])
def test_the_opportunity_is_optional(service: RunningService, data: Any) -> None:
    """SA-19."""
    me = caller(*ALL)
    arguments = {"lead_id": a_lead(service, me)["id"]} | ({} if data is None else {"data": data})
    assert service.call("convert_lead", me, **arguments)["opportunity_id"] is None
    assert service.published("opportunity.created") == []


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"name": "x", "amount": "-1"},
        {"name": "x", "amount": 1.5},
        {"name": "x", "amount": "1.001"},
        {"name": "x", "amount": "1.5", "currency": "JPY"},
        {"name": "x", "currency": "ZZZ"},
        {"name": "x", "stage": "won"},
        7,
        [],
        "",
    ],
)
def test_a_bad_opportunity_converts_nothing(service: RunningService, wanted: Any) -> None:
    """SA-19."""
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    with pytest.raises(Invalid) as refused:
        converted(service, me, lead_id, opportunity=wanted)
    assert refused.value.errors
    assert all(error["field"].partition(".")[0] == "opportunity" for error in refused.value.errors)
    assert service.call("get_lead", me, lead_id=lead_id)["status"] == "untouched"


def test_nobody_reads_out_whose_customers_there_are_by_converting(service: RunningService) -> None:
    """SA-19 (M-12)."""
    me = caller(*ALL)
    service.asked_before(me, "convert_lead", MOST_CONVERSIONS_AN_HOUR.default - 2)
    leads = [a_lead(service, me)["id"] for _ in range(4)]
    answers = at_once(service, [("convert_lead", {"lead_id": lead, "data": {}}) for lead in leads], me)
    codes = sorted(answer["error"]["code"] if answer.get("error") else "ok" for answer in answers)
    assert codes == ["ok", "ok", "rate-limited", "rate-limited"]
    converted(service, (colleague := caller(*ALL)), a_lead(service, colleague)["id"])


def test_a_lead_is_converted_once(service: RunningService) -> None:
    """SA-19."""
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    converted(service, me, lead_id)
    for operation, arguments in (
        ("convert_lead", {"data": {"opportunity": WANTED}}),
        ("update_lead", {"data": {"title": "经理"}}),
        ("close_lead", {"data": {}}),
    ):
        with pytest.raises(Conflict) as refused:
            service.call(operation, me, lead_id=lead_id, **arguments)
        assert refused.value.code == "lead-already-converted"
    assert len(service.published("lead.converted")) == 1


def test_a_closed_lead_is_not_converted(service: RunningService) -> None:
    """SA-19."""
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    service.call("close_lead", me, lead_id=lead_id, data={"reason": "没有预算"})
    with pytest.raises(Conflict) as refused:
        converted(service, me, lead_id)
    assert refused.value.code == "lead-closed"


def test_converting_needs_its_own_permission(service: RunningService) -> None:
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    with pytest.raises(Forbidden):
        converted(service, caller("lead.read:all", "lead.write:all"), lead_id)
    with pytest.raises(NotFound):
        converted(service, caller("lead.read", "lead.convert"), lead_id)


def test_the_same_key_converts_once_and_answers_twice(service: RunningService) -> None:
    """SA-19."""
    me = caller(*ALL)
    arguments = {"lead_id": a_lead(service, me)["id"], "data": {"opportunity": WANTED}}
    first = service.call("convert_lead", me, headers={"idempotency_key": "k-1"}, **arguments)
    assert service.call("convert_lead", me, headers={"idempotency_key": "k-1"}, **arguments) == first
    assert len(service.published("lead.converted")) == 1


def test_a_customer_of_the_same_name_is_taken_instead_of_a_second_one(service: RunningService) -> None:
    """SA-19."""
    me, known = caller(*ALL), new_id()
    tell_of_customer(service, known, "Acme （China） Ltd")
    conversion = converted(service, me, a_lead(service, me, company_name=" ACME  (china) ltd")["id"])
    assert (conversion["customer_id"], conversion["merged"]) == (str(known), True)
    first = converted(service, me, a_lead(service, me, company_name="北京星河")["id"])
    second = converted(service, me, a_lead(service, me, company_name="北京星河")["id"])
    assert (first["merged"], second["merged"]) == (False, True)
    assert first["customer_id"] == second["customer_id"]
    assert first["contact_id"] != second["contact_id"]


def test_two_conversions_of_one_company_at_the_same_time_end_in_one_customer(
    service: RunningService,
) -> None:
    """SA-19."""
    sellers = [caller(*ALL) for _ in range(8)]
    leads = [a_lead(service, seller, company_name="深圳远航")["id"] for seller in sellers]
    answers = at_once(service, [("convert_lead", {"lead_id": lead, "data": {}}) for lead in leads], *sellers)
    results = [answer["result"] for answer in answers]
    assert all(results), answers
    assert len({result["customer_id"] for result in results}) == 1
    assert sorted(result["merged"] for result in results) == [False] + [True] * 7


def test_of_two_conversions_of_one_lead_at_the_same_time_one_is_refused(service: RunningService) -> None:
    """SA-19."""
    lead_id = a_lead(service, caller(*ALL))["id"]
    asked = ("convert_lead", {"lead_id": lead_id, "data": {"opportunity": WANTED}})
    answers = at_once(service, [asked] * 4, *(caller("lead.read:all", "lead.convert:all") for _ in range(4)))
    assert sum(answer["error"] is None for answer in answers) == 1
    assert {answer["error"]["code"] for answer in answers if answer["error"]} == {"lead-already-converted"}
    assert len(service.published("opportunity.created")) == 1


def test_a_lead_is_converted_into_the_customer_that_was_chosen(service: RunningService) -> None:
    """SA-19, (W-6): whatever the customer is called; a private person too."""
    me = caller(*ALL, "customer.read")
    customer_id = str(new_id())
    tell_of_customer(service, customer_id, "云图集团", owner_id=me.account_id)
    for more in ({}, {"company_name": ""}):
        lead_id = a_lead(service, me, **more)["id"]
        conversion = converted(service, me, lead_id, customer_id=customer_id, opportunity=WANTED)
        assert (conversion["customer_id"], conversion["merged"]) == (customer_id, True)
        assert conversion["customer_name"] == "云图集团"
        opportunity = service.call("get_opportunity", me, opportunity_id=conversion["opportunity_id"])
        assert opportunity["customer_id"] == customer_id
    assert {event.data["customer_id"] for event in service.published("lead.converted")} == {customer_id}


def test_a_lead_is_converted_into_the_customer_that_the_chosen_one_was_merged_into(
    service: RunningService,
) -> None:
    """SA-19, (W-6): an id that nobody knows is not chosen, nor one that was merged into such a one."""
    me = caller(*ALL, "customer.read")
    gone, kept, unheard = new_id(), new_id(), new_id()
    tell_of_customer(service, kept, "云图集团", owner_id=me.account_id)
    tell_of_merge(service, gone, kept)
    tell_of_merge(service, unheard, new_id())
    lead_id = a_lead(service, me)["id"]
    for nobodys in (new_id(), unheard):
        with pytest.raises(Invalid) as refused:
            converted(service, me, lead_id, customer_id=nobodys)
        assert (refused.value.errors[0]["field"], refused.value.code) == ("customer_id", "unknown-customer")
    assert converted(service, me, lead_id, customer_id=gone)["customer_id"] == str(kept)


def test_only_a_customer_that_one_sees_is_chosen(service: RunningService) -> None:
    """SA-19, (W-6): nothing is told of another one, and the lead stays what it was."""
    me = caller(*ALL, "customer.read")
    hidden = str(new_id())
    tell_of_customer(service, hidden, "别人的客户")
    lead_id = a_lead(service, me)["id"]
    with pytest.raises(Invalid) as refused:
        converted(service, me, lead_id, customer_id=hidden)
    assert refused.value.errors[0]["field"] == "customer_id"
    assert service.call("get_lead", me, lead_id=lead_id)["status"] == "untouched"
