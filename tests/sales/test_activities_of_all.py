"""What was done with all leads and opportunities: found by what they have become, and by when to be in touch again."""

from datetime import timedelta
from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, new_id, utcnow
from servicekit.nouns import reach
from servicekit.nouns.reach import FEW_OWNERS
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import WANTED, a_lead, an_opportunity, converted, tell_of_customer, tell_of_merge

ALL = ("lead.read", "lead.write", "lead.convert", "opportunity.read", "opportunity.write", "customer.read")
NOW = utcnow()
NOUNS = pytest.mark.parametrize("noun", ["lead", "opportunity"])


def days(count: float) -> str:
    return (NOW + timedelta(days=count)).isoformat()


def made(service: RunningService, who: Caller, noun: str) -> str:
    record = a_lead(service, who) if noun == "lead" else an_opportunity(service, who)
    return str(record["id"])


def noted(service: RunningService, who: Caller, noun: str, of: str, content: str, **values: Any) -> None:
    data = {"kind": "call", "content": content, **values}
    service.call(f"create_{noun}_activity", who, **{f"{noun}_id": of}, data=data)


def listed(service: RunningService, who: Caller, noun: str, **query: str) -> list[str]:
    found = service.call(f"list_all_{noun}_activities", who, query=query)
    return [activity["content"] for activity in found["items"]]


@NOUNS
def test_one_sees_what_was_done_with_what_one_may_see(service: RunningService, noun: str) -> None:
    """(W-3) SA-29, CU-56: whoever may see the lead or the opportunity, whoever wrote it."""
    owner, boss, peer = caller(*ALL), caller(*ALL), caller(*ALL)
    service.employ(owner.account_id, manager_id=boss.account_id)
    everybody = caller(f"{noun}.read:all")
    mine, theirs = made(service, owner, noun), made(service, peer, noun)
    noted(service, owner, noun, mine, "第一")
    noted(service, everybody, noun, theirs, "第二")
    noted(service, peer, noun, theirs, "第三")
    assert listed(service, owner, noun) == listed(service, boss, noun) == ["第一"]
    assert listed(service, peer, noun) == ["第三", "第二"]
    assert listed(service, everybody, noun) == ["第三", "第二", "第一"]
    assert listed(service, everybody, noun, **{f"filter[{noun}_id]": theirs}) == ["第三", "第二"]
    assert listed(service, caller(*ALL), noun) == []
    with pytest.raises(Forbidden):
        listed(service, caller("customer.read:all"), noun)


def test_what_was_said_to_a_lead_is_found_by_what_it_has_become(service: RunningService) -> None:
    """(W-3) SA-19, CU-56: by its customer and by its opportunity; a merger of the customer changes nothing of it."""
    me = caller(*ALL)
    lead_id, other = a_lead(service, me)["id"], a_lead(service, me, company_name="别家")["id"]
    noted(service, me, "lead", lead_id, "下周给报价")
    noted(service, me, "lead", other, "别家的事")
    made_of_it = converted(service, me, lead_id, opportunity=WANTED)
    converted(service, me, other)
    noted(service, me, "opportunity", made_of_it["opportunity_id"], "报价已发")
    by_customer = {"filter[customer_id]": made_of_it["customer_id"]}
    assert listed(service, me, "lead", **by_customer) == ["下周给报价"]
    assert listed(service, me, "opportunity", **by_customer) == ["报价已发"]
    by_opportunity = {"filter[opportunity_id]": made_of_it["opportunity_id"]}
    assert listed(service, me, "lead", **by_opportunity) == ["下周给报价"]
    kept = new_id()
    tell_of_customer(service, kept, "上海云图", owner_id=me.account_id)
    tell_of_merge(service, made_of_it["customer_id"], kept)
    by_kept = {"filter[customer_id]": str(kept)}
    assert listed(service, me, "lead", **by_kept) == ["下周给报价"]
    assert listed(service, me, "opportunity", **by_kept) == ["报价已发"]
    assert listed(service, me, "lead", **by_customer) == []


@pytest.mark.parametrize("few", [0, FEW_OWNERS])
def test_whoever_has_the_customer_sees_what_was_said_to_the_lead_and_nothing_of_other_leads(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """(W-3) CU-12, CU-56: a customer that is handed over takes along what was said before it was one.

    It is asked in another way for those who see the leads of few and those who see the leads of many.
    """
    monkeypatch.setattr(reach, "FEW_OWNERS", few)
    me, heir = caller(*ALL), caller("lead.read", "customer.read")
    lead_id, still_one = a_lead(service, me)["id"], a_lead(service, me, company_name="别家")["id"]
    noted(service, me, "lead", lead_id, "下周给报价")
    noted(service, me, "lead", still_one, "还是线索")
    customer_id = converted(service, me, lead_id)["customer_id"]
    assert listed(service, heir, "lead") == []
    tell_of_customer(service, customer_id, "上海云图", version=2, owner_id=heir.account_id)
    assert listed(service, heir, "lead") == ["下周给报价"]
    assert listed(service, heir, "lead", **{"filter[customer_id]": customer_id}) == ["下周给报价"]
    assert listed(service, caller("lead.read", account_id=heir.account_id), "lead") == []
    assert listed(service, caller("lead.read", "customer.read:all"), "lead") == ["下周给报价"]
    assert listed(service, me, "lead") == ["还是线索", "下周给报价"]


@NOUNS
def test_my_follow_ups_are_found_in_the_order_they_are_due(service: RunningService, noun: str) -> None:
    """(W-3) SA-29, CU-61, CU-62."""
    me, colleague = caller(*ALL), caller(f"{noun}.read:all")
    mine = [made(service, me, noun) for _ in range(4)]
    noted(service, me, noun, mine[0], "下周", occurred_at=days(-9), next_contact_at=days(7))
    noted(service, me, noun, mine[1], "昨天", occurred_at=days(-8), next_contact_at=days(-1))
    noted(service, me, noun, mine[2], "已跟进", occurred_at=days(-7), next_contact_at=days(-3))
    noted(service, me, noun, mine[2], "明天", occurred_at=days(-2), next_contact_at=days(1))
    noted(service, colleague, noun, mine[3], "别人的", occurred_at=days(-6), next_contact_at=days(-2))
    noted(service, me, noun, mine[3], "没有约", occurred_at=days(-7))
    by_me = {"filter[author_id]": str(me.account_id), "sort": "next_contact_at"}
    assert listed(service, me, noun, **by_me) == ["已跟进", "昨天", "明天", "下周", "没有约"]
    due = {**by_me, "filter[next_contact_at][lt]": NOW.isoformat(), "filter[followed_up]": "false"}
    assert listed(service, me, noun, **due) == ["昨天"]
    for record_id, expected in ((mine[1], ["昨天"]), (mine[2], [])):
        query = {name: value for name, value in due.items() if name != "sort"}
        of_one = service.call(f"list_{noun}_activities", me, **{f"{noun}_id": record_id}, query=query)
        assert [activity["content"] for activity in of_one["items"]] == expected


def test_what_is_done_with_the_customer_follows_up_what_was_agreed_with_the_lead(
    service: RunningService,
) -> None:
    """(W-3) SA-19, CU-61: the lead has become the customer, so nobody is reminded of it twice."""
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    noted(service, me, "lead", lead_id, "周三再打", occurred_at=days(-3), next_contact_at=days(-1))
    customer_id = converted(service, me, lead_id)["customer_id"]
    due = {"filter[next_contact_at][lt]": NOW.isoformat(), "filter[followed_up]": "false"}
    assert listed(service, me, "lead", **due) == ["周三再打"]
    done = {
        "activity_id": new_id(), "customer_id": customer_id, "opportunity_id": None, "lead_id": None,
        "kind": "call", "occurred_at": days(-2), "owner_id": me.account_id,
    }  # fmt: skip
    service.deliver_and_wait("customer", "activity.recorded", done)
    assert listed(service, me, "lead", **due) == []


@NOUNS
@pytest.mark.parametrize("sort", ["next_contact_at", "-next_contact_at", "occurred_at", "-occurred_at"])
def test_pages_follow_each_other_where_some_have_no_next_contact(
    service: RunningService, noun: str, sort: str
) -> None:
    """(W-3)"""
    me = caller(*ALL)
    record_id = made(service, me, noun)
    for place in range(6):
        planned = {"next_contact_at": days(place)} if place % 2 else {}
        noted(service, me, noun, record_id, str(place), **planned)
    whole = listed(service, me, noun, sort=sort)
    assert sorted(whole) == list("012345")
    seen: list[str] = []
    query = {"sort": sort, "limit": "2"}
    while query:
        page = service.call(f"list_all_{noun}_activities", me, query=query)
        seen += [activity["content"] for activity in page["items"]]
        query = {**query, "cursor": page["next"]} if page["next"] else {}
    assert seen == whole


@NOUNS
def test_when_to_be_in_touch_again_is_told_and_has_its_limits(service: RunningService, noun: str) -> None:
    """(W-3) CU-61."""
    me = caller(*ALL)
    record_id = made(service, me, noun)
    noted(service, me, noun, record_id, "约好了", next_contact_at="2026-12-01T10:00:00+08:00")
    (event,) = service.published(f"{noun}.activity_recorded")
    assert event.data["next_contact_at"] == "2026-12-01T02:00:00+00:00"
    for bad in ("2999-01-01T00:00:00Z", "1899-12-31T00:00:00Z", "明天"):
        with pytest.raises(Invalid) as refused:
            noted(service, me, noun, record_id, "不行", next_contact_at=bad)
        assert [error["field"] for error in refused.value.errors] == ["next_contact_at"]
    assert listed(service, me, noun) == ["约好了"]


def test_texts_are_not_searched_among_everybodys_activities(service: RunningService) -> None:
    """(W-3)"""
    for query in ({"filter[content][contains]": "报价"}, {"filter[subject]": "演示"}, {"sort": "created_at"}):
        with pytest.raises(Invalid):
            service.call("list_all_lead_activities", caller(*ALL), query=query)
