"""What is told of competitors and partners of opportunities: analysis, events, history (SA-37, SA-38)."""

from typing import Any

import pytest

from servicekit import Caller, Invalid, NotFound
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.sales.builders import an_opportunity, change
from tests.sales.test_competition import FOLLOW, NOUNS, a_seller, an_entry, change_of, listed, taken

DAY = "2026-11-22"
LOST = {"closed_on": DAY, "reason": "competitor"}


def counted(service: RunningService, who: Caller, **query: str) -> list[tuple[Any, ...]]:
    """Return the groups of the analysis: how the opportunity and the competitor ended, how many, worth how much."""
    page = service.call("total_opportunity_competitors", who, query=query)
    shown = ("status", "outcome", "currency", "count", "amount")
    return [tuple(item[name] for name in shown) for item in page["items"]]


def test_the_analysis_counts_the_opportunities_that_one_may_see(service: RunningService) -> None:
    """SA-38: won, lost and open ones apart, by currency; of a competitor, or of all."""
    me, peer = a_seller(), a_seller()
    blue, red = (an_entry(service, "competitor", name) for name in ("蓝海", "红杉"))
    for who, ends in ((me, ("win", "lose", "")), (peer, ("lose",))):
        for end in ends:
            opportunity = an_opportunity(service, who)
            part = taken(service, who, "competitor", opportunity["id"], blue)
            if end:
                change(
                    service, who, end, opportunity["id"], **(LOST if end == "lose" else {"closed_on": DAY})
                )
            if end == "lose":
                change_of(service, who, "competitor", part["id"], outcome="won")
    taken(service, me, "competitor", an_opportunity(service, me, amount="5", currency="USD")["id"], red)
    of_blue = {"filter[competitor_id]": blue}
    lost = ("lost", "won", "CNY", 1, "12000.00")
    mine = [lost, ("open", "competing", "CNY", 1, "12000.00"), ("won", "competing", "CNY", 1, "12000.00")]
    assert counted(service, me, **of_blue) == mine
    assert counted(service, peer, **of_blue) == counted(service, peer) == [lost]
    assert counted(service, caller("opportunity.read:all"), **of_blue)[0] == (
        "lost",
        "won",
        "CNY",
        2,
        "24000.00",
    )
    assert counted(service, me, **{"filter[opportunity_status]": "open", "filter[competitor_id]": red}) == [
        ("open", "competing", "USD", 1, "5.00")
    ]
    assert counted(service, a_seller()) == []
    where = {"field": "opportunity_status", "operator": "in", "value": ["won", "lost"]}
    found = service.call("search_all_opportunity_competitors", me, data={"where": where})["items"]
    assert {item["opportunity_status"] for item in found} == {"won", "lost"}


def test_only_what_is_lost_is_won_by_a_competitor(service: RunningService) -> None:
    """SA-38: noted on a closed opportunity, as other things that belong to it are."""
    me = a_seller()
    opportunity = an_opportunity(service, me)
    part = taken(service, me, "competitor", opportunity["id"], an_entry(service, "competitor"))
    with pytest.raises(Invalid) as refused:
        change_of(service, me, "competitor", part["id"], outcome="won")
    assert [(each["field"], each["code"]) for each in refused.value.errors] == [("outcome", "not-lost")]
    change(service, me, "lose", opportunity["id"], **LOST)
    won = change_of(service, me, "competitor", part["id"], outcome="won", price="11000")
    assert (won["outcome"], won["opportunity_status"]) == ("won", "lost")
    late = taken(service, me, "competitor", opportunity["id"], an_entry(service, "competitor", "红杉"))
    assert late["opportunity_status"] == "lost"
    # What was said before may come back with a form; it is not said anew.
    assert change_of(service, me, "competitor", part["id"], outcome="won", remark="再争取")["version"] == 3
    service.call("reopen_opportunity", me, opportunity_id=opportunity["id"])
    again = service.call("get_opportunity_competitor", me, opportunity_competitor_id=part["id"])
    assert (again["outcome"], again["version"]) == ("competing", 4)
    assert service.published("opportunity_competitor.updated")[-1].data["outcome"] == "competing"


@pytest.mark.parametrize(
    ("noun", "bad"),
    [
        ("competitor", {"price": "-1"}), ("competitor", {"price": "1.005"}), ("competitor", {"outcome": "maybe"}),
        ("competitor", {"currency": "XXY"}), ("competitor", {"opportunity_status": "won"}),
        ("competitor", {"strategy": "x" * 2001}), ("partner", {"share": "100.01"}), ("partner", {"share": 0.5}),
        ("partner", {"commission": "1e3"}), ("partner", {"role": "boss"}), ("partner", {"contact_phone": "1" * 51}),
        ("partner", {"partner_id": None}), ("partner", {"version": 2}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_by_its_field(service: RunningService, noun: str, bad: dict[str, Any]) -> None:
    """SA-37, SA-38."""
    me = a_seller()
    opportunity, entry = an_opportunity(service, me), an_entry(service, noun)
    with pytest.raises(Invalid) as refused:
        taken(service, me, noun, opportunity["id"], entry, **bad)
    assert [error["field"] for error in refused.value.errors] == [*bad]
    assert listed(service, me, noun) == []


@NOUNS
def test_what_happens_to_them_is_told_to_whoever_sees_the_opportunity(
    service: RunningService, noun: str
) -> None:
    """SA-37, SA-38: as events in the feed, and in a history that outlives them."""
    me, boss, stranger = (a_seller(*FOLLOW) for _ in range(3))
    service.employ(me.account_id, manager_id=boss.account_id)
    opportunity = an_opportunity(service, me)
    part = taken(service, me, noun, opportunity["id"], an_entry(service, noun))
    change_of(service, me, noun, part["id"], remark="旧识")
    look = {f"opportunity_{noun}_id": part["id"]}
    service.call(f"delete_opportunity_{noun}", me, **look)
    types = [f"opportunity_{noun}.{happened}" for happened in ("created", "updated", "deleted")]
    wait_until(lambda: all(event.published_at for event in service.published()))
    for who, expected in ((me, types), (boss, types), (stranger, [])):
        told = service.call("read_events", who, types=[f"opportunity_{noun}.*"])["items"]
        assert [event["type"] for event in told] == expected
    assert told == [] and service.published(types[0])[0].data["opportunity_id"] == opportunity["id"]
    for who in (me, boss):
        items = service.call(f"list_opportunity_{noun}_history", who, query={}, **look)["items"]
        assert [item["kind"] for item in items] == ["deleted", "changed", "created"]
        assert items[1]["changes"] == {"remark": [None, "旧识"]}
    with pytest.raises(NotFound):
        service.call(f"list_opportunity_{noun}_history", stranger, query={}, **look)


@NOUNS
def test_a_role_for_some_opportunities_only_sees_what_belongs_to_those(
    service: RunningService, noun: str
) -> None:
    """SA-37, SA-38, CU-20."""
    me = a_seller()
    entry = an_entry(service, noun)
    small, large = (an_opportunity(service, me, amount=amount) for amount in ("100", "900000"))
    hidden, seen = (taken(service, me, noun, each["id"], entry)["id"] for each in (small, large))
    where = {"field": "amount", "operator": "gte", "value": "1000"}
    who = caller("opportunity.read:all", limits={"opportunity.read": (("all", where),)})
    assert listed(service, who, noun) == [seen]
    with pytest.raises(NotFound):
        service.call(f"get_opportunity_{noun}", who, **{f"opportunity_{noun}_id": hidden})
