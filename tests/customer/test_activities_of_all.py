"""The list of what was done with all customers, and the follow-ups that are due."""

from datetime import timedelta
from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, new_id, utcnow
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.customer.people import a_customer, a_salesperson, in_the_directory

NOW = utcnow()


def days(count: float) -> str:
    return (NOW + timedelta(days=count)).isoformat()


def noted(service: RunningService, who: Caller, customer_id: str, content: str, **values: Any) -> None:
    data = {"kind": "call", "content": content, **values}
    service.call("create_activity", who, customer_id=customer_id, data=data)


def listed(service: RunningService, who: Caller, **query: str) -> list[str]:
    found = service.call("list_all_activities", who, query=query)
    return [activity["content"] for activity in found["items"]]


def test_one_sees_what_was_done_with_the_customers_within_ones_reach(service: RunningService) -> None:
    """(W-2) CU-55: whoever may see the customer, whoever wrote it."""
    department = new_id()
    owner, superior = a_salesperson(department_id=department), a_salesperson()
    mate = caller("customer.read:department", department_id=department)
    agent = caller("customer.read:all")
    in_the_directory(service, superior, "主管")
    in_the_directory(service, owner, "甲", department, manager=superior.account_id)
    peer = a_salesperson()
    noted(service, owner, a_customer(service, owner)["id"], "第一")
    theirs = a_customer(service, peer, name="别家")["id"]
    noted(service, agent, theirs, "第二")
    noted(service, peer, theirs, "第三")
    assert listed(service, owner) == listed(service, superior) == listed(service, mate) == ["第一"]
    assert listed(service, peer) == ["第三", "第二"]
    assert listed(service, agent) == ["第三", "第二", "第一"]
    assert listed(service, agent, **{"filter[customer_id]": theirs}) == ["第三", "第二"]
    assert listed(service, a_salesperson()) == []
    with pytest.raises(Forbidden):
        listed(service, caller("contact.read:all"))


def test_what_was_done_goes_with_its_customer_to_another_owner(service: RunningService) -> None:
    """(W-2) CU-12."""
    director, heir = a_salesperson("customer.write:all"), a_salesperson()
    service.employ(heir.account_id)
    customer_id = a_customer(service, director)["id"]
    noted(service, director, customer_id, "拜访")
    service.call(
        "update_customer", director, customer_id=customer_id, data={"owner_id": str(heir.account_id)}
    )
    assert listed(service, heir) == ["拜访"]
    assert listed(service, director) == []


def test_my_follow_ups_are_found_in_the_order_they_are_due(service: RunningService) -> None:
    """(W-2) CU-55, CU-62."""
    me, colleague = a_salesperson(), caller("customer.read:all")
    mine = [a_customer(service, me, name=f"客户 {place}")["id"] for place in range(4)]
    noted(service, me, mine[0], "下周", occurred_at=days(-9), next_contact_at=days(7))
    noted(service, me, mine[1], "昨天", occurred_at=days(-8), next_contact_at=days(-1))
    noted(service, me, mine[2], "已跟进", occurred_at=days(-7), next_contact_at=days(-3))
    noted(service, me, mine[2], "明天", occurred_at=days(-2), next_contact_at=days(1))
    noted(service, colleague, mine[3], "别人的", occurred_at=days(-6), next_contact_at=days(-2))
    noted(service, me, mine[3], "没有约", occurred_at=days(-7))
    by_me = {"filter[author_id]": str(me.account_id), "sort": "next_contact_at"}
    assert listed(service, me, **by_me) == ["已跟进", "昨天", "明天", "下周", "没有约"]
    due = {**by_me, "filter[next_contact_at][lt]": NOW.isoformat(), "filter[followed_up]": "false"}
    assert listed(service, me, **due) == ["昨天"]
    week = {"filter[next_contact_at][gte]": days(0), "filter[next_contact_at][lt]": days(6)}
    assert listed(service, me, **by_me, **week) == ["明天"]
    assert listed(service, me, **{"filter[next_contact_at][empty]": "true"}) == ["没有约"]
    assert listed(service, me, **{"filter[followed_up]": "true", "sort": "occurred_at"}) == [
        "已跟进",
        "没有约",
    ]


@pytest.mark.parametrize("sort", ["next_contact_at", "-next_contact_at", "occurred_at", "-occurred_at"])
def test_pages_follow_each_other_where_some_have_no_next_contact(service: RunningService, sort: str) -> None:
    """(W-2)"""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    for place in range(6):
        planned = {"next_contact_at": days(place)} if place % 2 else {}
        noted(service, me, customer_id, str(place), **planned)
    whole = listed(service, me, sort=sort)
    assert sorted(whole) == list("012345")
    seen: list[str] = []
    query = {"sort": sort, "limit": "2"}
    while query:
        page = service.call("list_all_activities", me, query=query)
        seen += [activity["content"] for activity in page["items"]]
        query = {**query, "cursor": page["next"]} if page["next"] else {}
    assert seen == whole


def test_texts_are_not_searched_among_everybodys_activities(service: RunningService) -> None:
    """(W-2)"""
    for query in ({"filter[content][contains]": "报价"}, {"filter[subject]": "演示"}, {"sort": "created_at"}):
        with pytest.raises(Invalid):
            service.call("list_all_activities", a_salesperson(), query=query)
