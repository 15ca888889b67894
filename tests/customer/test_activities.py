"""Activities through the service's entrypoints."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from servicekit import Caller, Forbidden, Invalid, NotFound, new_id, utcnow
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.customer.people import a_contact, a_customer, a_salesperson


def an_activity(service: RunningService, who: Caller, customer_id: str, **values: Any) -> dict[str, Any]:
    """Write down a call, with what the test changes."""
    data = {"kind": "call", "content": "介绍了产品", **values}
    created: dict[str, Any] = service.call("create_activity", who, customer_id=customer_id, data=data)
    return created


def test_an_activity_is_written_down_and_told_with_all_it_is_about(service: RunningService) -> None:
    """CU-55, CU-56."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    contact = a_contact(service, me, customer_id)
    about = {"contact_id": contact["id"], "opportunity_id": str(new_id()), "lead_id": str(new_id())}
    activity = an_activity(
        service, me, customer_id, subject="演示", next_contact_at="2026-12-01T02:00:00+00:00", **about
    )
    assert {name: activity[name] for name in about} == about
    assert activity["author_id"] == str(me.account_id)
    event = service.published("activity.recorded")[0].data
    assert {name: event[name] for name in about} == about
    assert (event["customer_id"], event["kind"], event["activity_id"]) == (
        customer_id,
        "call",
        activity["id"],
    )
    assert event["owner_id"] == event["author_id"] == str(me.account_id)


def test_whoever_may_view_the_customer_may_write(service: RunningService) -> None:
    """CU-55 (M-37)."""
    owner = a_salesperson()
    customer_id = a_customer(service, owner)["id"]
    agent = caller("customer.read:all")
    an_activity(service, agent, customer_id)
    event = service.published("activity.recorded")[0].data
    assert (event["owner_id"], event["author_id"]) == (str(owner.account_id), str(agent.account_id))
    assert len(service.call("list_activities", owner, customer_id=customer_id, query={})["items"]) == 1
    with pytest.raises(NotFound):
        an_activity(service, a_salesperson(), customer_id)
    assert len(service.call("list_activities", agent, customer_id=customer_id, query={})["items"]) == 1
    with pytest.raises(Forbidden):
        an_activity(service, caller("contact.read:all"), customer_id)


def test_activities_are_listed_newest_first_and_can_be_filtered(service: RunningService) -> None:
    """CU-55."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    for place, kind in enumerate(("call", "visit", "email")):
        moment = utcnow() - timedelta(days=10 * (place % 2) + place)
        an_activity(service, me, customer_id, kind=kind, occurred_at=moment.isoformat())

    def listed(**query: str) -> list[str]:
        found = service.call("list_activities", me, customer_id=customer_id, query=query)
        return [activity["kind"] for activity in found["items"]]

    assert listed() == ["call", "email", "visit"]
    assert listed(sort="-created_at", limit="10") == ["email", "visit", "call"]
    assert listed(**{"filter[kind]": "visit"}) == ["visit"]
    other = a_customer(service, me, name="北京大学")["id"]
    assert service.call("list_activities", me, customer_id=other, query={"count": "true"})["total"] == 0


def test_the_customer_s_last_activity_moves_forward_only(service: RunningService) -> None:
    """CU-55, CU-62."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    late, early = utcnow() - timedelta(days=1), utcnow() - timedelta(days=400)
    for moment in (late, early):
        an_activity(service, me, customer_id, occurred_at=moment.isoformat())
    customer = service.call("get_customer", me, customer_id=customer_id)
    assert customer["last_activity_at"] == late.isoformat()
    assert customer["version"] == 1


def tell_of(service: RunningService, noun: str, record_id: Any, customer_id: Any, owner_id: Any) -> None:
    """Tell the service of a lead or an opportunity as sales does."""
    told = {
        f"{noun}_id": record_id,
        "name": "采购",
        "contact_name": "张伟",
        "owner_id": owner_id,
        "version": 1,
    }
    service.deliver_and_wait("sales", f"{noun}.created", {**told, "customer_id": customer_id})


@pytest.mark.parametrize("noun", ["lead", "opportunity"])
def test_an_activity_names_only_leads_and_opportunities_of_the_customer_that_one_may_see(
    service: RunningService, noun: str
) -> None:
    """CU-56 (M-13, M-37)."""
    me = a_salesperson(f"{noun}.read")
    mine, other = a_customer(service, me)["id"], a_customer(service, me, name="北京大学")["id"]
    owner_id = me.account_id
    cases = {
        "mine": (mine, owner_id),
        "foreign": (mine, new_id()),
        "elsewhere": (other, owner_id),
        "free": (None, owner_id),
    }
    ids = {name: str(new_id()) for name in cases}
    for name, (customer_id, owner) in cases.items():
        tell_of(service, noun, ids[name], customer_id, owner)
    field = f"{noun}_id"
    assert an_activity(service, me, mine, **{field: ids["mine"]})[field] == ids["mine"]
    for name in ("foreign", "elsewhere", "free"):
        with pytest.raises(Invalid) as refused:
            an_activity(service, me, mine, **{field: ids[name]})
        assert (refused.value.code, refused.value.errors[0]["field"]) == (f"unknown-{noun}", field), name
    with pytest.raises(Invalid):
        an_activity(service, me, mine, **{field: str(uuid4())})
    agent = caller("customer.read:all")
    with pytest.raises(Invalid):
        an_activity(service, agent, mine, **{field: ids["mine"]})
    assert len(service.published("activity.recorded")) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "dance"}, {"content": " "}, {"content": "x" * 10_001}, {"occurred_at": "2999-01-01T00:00:00Z"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"}, {"occurred_at": "2026-11-22T08:00:00"}, {"occurred_at": None},
        {"next_contact_at": "9999-12-31T23:59:59-14:00"}, {"contact_id": str(new_id())}, {"lead_id": "7"},
        {"author_id": str(new_id())},
    ],
)  # fmt: skip
def test_a_bad_activity_is_refused(service: RunningService, bad: dict[str, Any]) -> None:
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    with pytest.raises(Invalid) as refused:
        an_activity(service, me, customer_id, **bad)
    assert [error["field"] for error in refused.value.errors] == list(bad)
    assert service.published("activity.recorded") == []


def test_another_customer_s_contact_is_refused(service: RunningService) -> None:
    me = a_salesperson()
    customer_id, other = a_customer(service, me)["id"], a_customer(service, me, name="北京大学")["id"]
    contact = a_contact(service, me, other)
    with pytest.raises(Invalid) as refused:
        an_activity(service, me, customer_id, contact_id=contact["id"])
    assert refused.value.errors[0]["field"] == "contact_id"


def test_an_activity_names_a_lead_that_is_shared_until_that_is_taken_back(service: RunningService) -> None:
    """CU-16, CU-56: judged by the grants that the lead's events have told."""
    me, lead_id = a_salesperson("activity.read", "lead.read"), str(new_id())
    customer = a_customer(service, me)
    told = {
        "lead_id": lead_id,
        "contact_name": "张伟",
        "owner_id": str(new_id()),
        "customer_id": customer["id"],
    }
    grant = {
        "principal_id": str(me.account_id), "kind": "account", "reason": "share", "level": "view",
        "security_from": 10, "security_to": 100, "until": None,
    }  # fmt: skip
    noted = {"kind": "call", "content": "回访", "occurred_at": "2026-11-23T08:00:00Z", "lead_id": lead_id}
    for version, grants in ((1, [grant]), (2, [])):
        service.deliver_and_wait(
            "sales", "lead.access_changed", {**told, "version": version, "grants": grants}
        )
        which = {"customer_id": customer["id"], "data": noted}
        if grants:
            assert service.call("create_activity", me, **which)["lead_id"] == lead_id
        else:
            with pytest.raises(Invalid) as refused:
                service.call("create_activity", me, **which)
            assert refused.value.code == "unknown-lead"
