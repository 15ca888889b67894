"""The search before a customer is created (CU-01): what it tells, and how often."""

from datetime import timedelta

import pytest
from sqlalchemy import Select, func, select, update

from customer.customers.operations import MOST_LOOKUPS_AN_HOUR
from servicekit import Caller, Conflict, Forbidden, Invalid, utcnow
from servicekit.nouns.journal import JournalRow
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.customer.people import a_customer, a_salesperson, in_the_directory
from tests.side_by_side import at_once


def test_the_search_before_creation_tells_only_names_of_customers_one_may_not_see(
    service: RunningService,
) -> None:
    """CU-01 (M-37)."""
    me, colleague = a_salesperson(), a_salesperson()
    in_the_directory(service, colleague, "李娜")
    mine = a_customer(service, me, name="上海云图科技有限公司")
    a_customer(service, colleague, name="北京云图贸易有限公司", phone="13800138000")
    for typed in ("云图", "yuntu", "Yun Tu"):
        found = service.call("look_up_customers", me, query={"name": typed})
        assert sorted(found["items"], key=len) == [
            {"name": "北京云图贸易有限公司"},
            {
                "name": mine["name"], "owner_name": None, "id": mine["id"], "number": mine["number"],
                "status": "basic",
            },
        ], typed  # fmt: skip
    everybody_s = caller("customer.write", "customer.read:all")
    found = service.call("look_up_customers", everybody_s, query={"name": "bjytmy"})["items"]
    assert found[0]["owner_name"] == "李娜"
    assert service.call("look_up_customers", me, query={"name": "没有"}) == {"items": [], "more": False}


def test_the_search_before_creation_puts_the_very_name_first_and_says_if_there_is_more(
    service: RunningService,
) -> None:
    """CU-01."""
    me = a_salesperson()
    for number in range(21):
        a_customer(service, me, name=f"云图科技 {number}")
    a_customer(service, me, name="ＹＴ云图科技")
    found = service.call("look_up_customers", me, query={"name": "yt云图科技"})
    assert found["items"][0]["name"] == "ＹＴ云图科技"
    found = service.call("look_up_customers", me, query={"name": "云图"})
    assert (len(found["items"]), found["more"]) == (20, True)


def test_a_search_of_a_letter_or_two_is_refused(service: RunningService) -> None:
    """CU-01 (M-12)."""
    me = a_salesperson()
    for term in ("云", "a", "ab", "a b", "云a", "%", "  云  ", "\u200b云\u200b"):
        with pytest.raises(Invalid) as refused:
            service.call("look_up_customers", me, query={"name": term})
        assert [error["field"] for error in refused.value.errors] == ["name"], term
    for term in ("云图", "abc", "云 图", "云ab"):
        assert service.call("look_up_customers", me, query={"name": term})["items"] == []


def test_searches_before_creation_are_journalled_and_counted(service: RunningService) -> None:
    """CU-01 (M-12)."""
    me, colleague = a_salesperson(), a_salesperson()

    def journalled(who: Caller) -> Select[int]:
        mine = (JournalRow.account_id == who.account_id, JournalRow.operation == "look_up_customers")
        return select(func.count()).select_from(JournalRow).where(*mine)

    service.call("look_up_customers", me, query={"name": "云图"})
    with service.database.sessions.begin() as session:
        assert session.scalar(journalled(me)) == 1
    service.asked_before(me, "look_up_customers", MOST_LOOKUPS_AN_HOUR.default - 1)
    with pytest.raises(Conflict) as refused:
        service.call("look_up_customers", me, query={"name": "云图"})
    assert refused.value.code == "rate-limited"
    service.call("look_up_customers", colleague, query={"name": "云图"})
    with service.database.sessions.begin() as session:
        session.execute(update(JournalRow).values(at=utcnow() - timedelta(minutes=61)))
    service.call("look_up_customers", me, query={"name": "云图"})


def test_searches_made_at_once_are_all_counted(service: RunningService) -> None:
    """CU-01 (M-12)."""
    me = a_salesperson()
    service.asked_before(me, "look_up_customers", MOST_LOOKUPS_AN_HOUR.default - 5)
    outcomes = at_once(service, [("look_up_customers", me, {"query": {"name": "云图"}})] * 16)
    assert sorted(outcomes) == ["ok"] * 5 + ["rate-limited"] * 11


def test_whoever_may_not_create_may_not_search_everybody_s_names(service: RunningService) -> None:
    """CU-01."""
    with pytest.raises(Forbidden):
        service.call("look_up_customers", caller("customer.read:all"), query={"name": "云图"})
    for query in ({}, {"name": ""}, {"name": "a", "colour": "1"}, {"name": "a" * 101}):
        with pytest.raises(Invalid):
            service.call("look_up_customers", a_salesperson(), query=query)


def test_a_second_customer_of_a_name_may_be_created_all_the_same(service: RunningService) -> None:
    """CU-01."""
    me = a_salesperson()
    assert a_customer(service, me)["id"] != a_customer(service, me)["id"]
