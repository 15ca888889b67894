"""What a board says above its columns: opportunities counted and summed up by stage and currency."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import an_opportunity, change

ALL = ("opportunity.read", "opportunity.write", "opportunity.close")


def totals(service: RunningService, who: Caller, **query: str) -> list[tuple[Any, ...]]:
    page = service.call("total_opportunities", who, query=query)
    assert page["next"] is None
    return [(each["stage"], each["currency"], each["amount"], each["count"]) for each in page["items"]]


def test_each_stage_is_counted_and_summed_up_and_no_currency_is_added_to_another(
    service: RunningService,
) -> None:
    """(W-2) SA-32, SA-33: exact, with the digits of each currency, over more than a page has."""
    me = caller(*ALL)
    for cents in range(1, 25):
        an_opportunity(service, me, amount=f"0.{cents:02}")
    an_opportunity(service, me, amount="999999999999999.99")
    an_opportunity(service, me, amount="1000", currency="JPY")
    an_opportunity(service, me, amount="0.125", currency="KWD", stage="negotiating")
    won = an_opportunity(service, me, amount="5")["id"]
    change(service, me, "win", won, closed_on="2026-11-22")
    assert totals(service, me) == [
        ("negotiating", "KWD", "0.125", 1),
        ("prospecting", "CNY", "1000000000000002.99", 25),
        ("prospecting", "JPY", "1000", 1),
        ("won", "CNY", "5.00", 1),
    ]


def test_a_filter_lets_the_same_opportunities_into_the_sums_as_into_the_list(service: RunningService) -> None:
    """(W-2)"""
    me, customer_id = caller(*ALL), str(new_id())
    an_opportunity(service, me, name="北京星河 续约", amount="10", expected_close_on="2027-01-31")
    an_opportunity(service, me, name="北京星河 新购", amount="20", stage="engaging", importance="high")
    an_opportunity(service, me, name="Acme", amount="40", customer_id=customer_id)
    for query in (
        {}, {"filter[name][contains]": "星河"}, {"filter[status]": "open"}, {"filter[stage][in]": "engaging,proposing"},
        {"filter[customer_id]": customer_id}, {"filter[expected_close_on][gte]": "2027-01-01"},
        {"filter[expected_close_on][empty]": "true"}, {"filter[amount][gt]": "15", "filter[importance]": "high"},
        {"filter[owner_id]": str(new_id())},
    ):  # fmt: skip
        listed = service.call("list_opportunities", me, query={**query, "count": "true"})
        summed = totals(service, me, **query)
        assert sum(count for *_, count in summed) == listed["total"], query
        amounts = sum(float(each["amount"]) for each in listed["items"])
        assert sum(float(amount) for _, _, amount, _ in summed) == amounts, query
    for bad in ({"sort": "amount"}, {"limit": "5"}, {"filter[colour]": "red"}, {"filter[stage]": "asleep"}):
        with pytest.raises(Invalid) as refused:
            totals(service, me, **bad)
        assert [error["field"] for error in refused.value.errors] == [*bad]


def test_the_sums_are_of_what_one_may_see(service: RunningService) -> None:
    """(W-2) SA-30, SA-32: own, as a superior, the department's, everybody's, nobody's."""
    team = new_id()
    agent, peer = (caller(*ALL, department_id=team) for _ in range(2))
    boss, mate = caller(*ALL), caller("opportunity.read:department", department_id=team)
    service.deliver_and_wait(
        "identity",
        "department.changed",
        {"department_id": team, "name": "部门", "path": [team], "version": 1},
    )
    for who, manager in ((agent, boss.account_id), (peer, None)):
        account = {
            "account_id": who.account_id, "display_name": "张伟", "department_id": team, "manager_id": manager,
            "active": True, "version": 1,
        }  # fmt: skip
        service.deliver_and_wait("identity", "account.changed", account)
    an_opportunity(service, agent, amount="10")
    an_opportunity(service, peer, amount="5")
    for who, seen in ((agent, "10.00"), (peer, "5.00"), (boss, "10.00")):
        assert totals(service, who) == [("prospecting", "CNY", seen, 1)]
    for who in (mate, caller("opportunity.read:all")):
        assert totals(service, who) == [("prospecting", "CNY", "15.00", 2)]
    assert totals(service, caller(*ALL)) == []
    with pytest.raises(Forbidden):
        totals(service, caller("lead.read:all"))
