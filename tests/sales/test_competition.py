"""Competitors (SA-38) and partners (SA-37) of opportunities: many of each, seen by whoever sees the opportunity."""

from typing import Any

import pytest

from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller, without_can
from tests.sales.builders import an_opportunity, at_once
from tests.sales.test_libraries import KEEPER

KINDS = ("competitor", "partner")
NOUNS = pytest.mark.parametrize("noun", KINDS)
FOLLOW = tuple(f"opportunity_{noun}.read" for noun in KINDS)


def a_seller(*more: str, **values: Any) -> Caller:
    return caller("opportunity.read", "opportunity.write", "opportunity.close", *more, **values)


def an_entry(service: RunningService, noun: str, name: str = "蓝海软件", **values: Any) -> str:
    """Add an entry to a library, and return its id."""
    return str(service.call(f"create_{noun}", KEEPER, data={"name": name, **values})["id"])


def taken(
    service: RunningService, who: Caller, noun: str, opportunity_id: str, entry_id: str, **values: Any
) -> dict[str, Any]:
    """Let an opportunity name an entry of a library."""
    data = {f"{noun}_id": entry_id, **values}
    made: dict[str, Any] = service.call(
        f"create_opportunity_{noun}", who, opportunity_id=opportunity_id, data=data
    )
    return made


def change_of(service: RunningService, who: Caller, noun: str, part_id: str, **data: Any) -> dict[str, Any]:
    """Change what is known of a competitor or a partner of an opportunity."""
    changed: dict[str, Any] = service.call(
        f"update_opportunity_{noun}", who, **{f"opportunity_{noun}_id": part_id}, data=data
    )
    return changed


def listed(service: RunningService, who: Caller, noun: str, **query: str) -> list[str]:
    """Return the ids of what the list of all shows."""
    page = service.call(f"list_all_opportunity_{noun}s", who, query={"count": "true", **query})
    assert page["total"] == len(page["items"])
    return [item["id"] for item in page["items"]]


def test_an_opportunity_has_many_competitors_with_what_is_known_of_each(service: RunningService) -> None:
    """SA-38."""
    me = a_seller()
    opportunity = an_opportunity(service, me, currency="USD")
    known = {
        "threat": "high", "products": "蓝海 CRM", "price": "9800.00", "strengths": "价格低", "weaknesses": "实施慢",
        "strategy": "安排客户参观", "outcome": "withdrawn", "remark": "老对手",
    }  # fmt: skip
    first = taken(service, me, "competitor", opportunity["id"], an_entry(service, "competitor"), **known)
    assert {name: first[name] for name in known} == known
    assert (first["currency"], first["opportunity_status"], first["version"]) == ("USD", "open", 1)
    entry = an_entry(service, "competitor", "红杉软件")
    second = taken(service, me, "competitor", opportunity["id"], entry, price="100", currency="CNY")
    assert (second["currency"], second["threat"], second["outcome"]) == ("CNY", "medium", "competing")
    below = service.call("list_opportunity_competitors", me, opportunity_id=opportunity["id"], query={})
    assert below["items"] == [without_can(second), without_can(first)]
    assert listed(service, me, "competitor", **{"filter[competitor_id]": entry}) == [second["id"]]
    changed = change_of(service, me, "competitor", first["id"], strategy="比服务")
    assert (first["opportunity_name"], first["competitor_name"]) == (opportunity["name"], "蓝海软件")
    assert change_of(service, me, "competitor", second["id"], remark="x")["competitor_name"] == "红杉软件"
    assert (changed["strategy"], changed["price"], changed["version"]) == ("比服务", "9800.00", 2)


def test_an_opportunity_has_many_partners_who_share_at_most_the_whole(service: RunningService) -> None:
    """SA-37."""
    me = a_seller()
    opportunity = an_opportunity(service, me)
    known = {
        "role": "delivery", "share": "60", "commission": "1200.00", "contact_name": "陈晨",
        "contact_phone": "138-0013-8000", "remark": "华东",
    }  # fmt: skip
    first = taken(service, me, "partner", opportunity["id"], an_entry(service, "partner"), **known)
    assert {name: first[name] for name in known} == known
    assert (first["contact_phone_e164"], first["currency"]) == ("+8613800138000", "CNY")
    other = an_entry(service, "partner", "红杉渠道")
    with pytest.raises(Invalid) as refused:
        taken(service, me, "partner", opportunity["id"], other, share="40.01")
    assert refused.value.errors[0]["code"] == "shares-above-whole"
    second = taken(service, me, "partner", opportunity["id"], other, share="40")
    # What stays as it is, or takes less, is within what the others leave.
    assert change_of(service, me, "partner", first["id"], share="60", role="referral")["version"] == 2
    with pytest.raises(Invalid):
        change_of(service, me, "partner", second["id"], share="41")
    # Another opportunity's partners have a whole of their own.
    elsewhere = an_opportunity(service, me)
    assert taken(service, me, "partner", elsewhere["id"], other, share="100")["share"] == "100"


def test_partners_that_are_added_at_the_same_time_share_at_most_the_whole(service: RunningService) -> None:
    """SA-37."""
    me = a_seller()
    opportunity = an_opportunity(service, me)
    entries = [an_entry(service, "partner", f"渠道 {place}") for place in range(4)]
    asked = [
        (
            "create_opportunity_partner",
            {"opportunity_id": opportunity["id"], "data": {"partner_id": entry, "share": "40"}},
        )
        for entry in entries
    ]
    at_once(service, asked, me)
    page = service.call("list_opportunity_partners", me, opportunity_id=opportunity["id"], query={})
    assert [item["share"] for item in page["items"]] == ["40", "40"]


@NOUNS
def test_an_entry_stands_once_in_an_opportunity_also_when_it_is_named_twice_at_the_same_time(
    service: RunningService, noun: str
) -> None:
    """SA-37, SA-38."""
    me = a_seller()
    opportunity, entry = an_opportunity(service, me), an_entry(service, noun)
    one = {"opportunity_id": opportunity["id"], "data": {f"{noun}_id": entry}}
    answers = at_once(service, [(f"create_opportunity_{noun}", one)] * 3, me)
    assert len(listed(service, me, noun)) == 1 == sum(answer["error"] is None for answer in answers)
    with pytest.raises(Conflict) as refused:
        taken(service, me, noun, opportunity["id"], entry)
    assert refused.value.code == f"opportunity-{noun}-taken"
    assert refused.value.errors[0]["field"] == f"{noun}_id"
    other = taken(service, me, noun, opportunity["id"], an_entry(service, noun, "红杉"))
    with pytest.raises(Conflict):
        change_of(service, me, noun, other["id"], **{f"{noun}_id": entry})
    # Of another opportunity it is another matter; and what is named already may be said again.
    assert taken(service, me, noun, an_opportunity(service, me)["id"], entry)
    assert change_of(service, me, noun, other["id"], **{f"{noun}_id": other[f"{noun}_id"]})


@NOUNS
def test_what_is_out_of_use_or_unknown_is_not_newly_taken(service: RunningService, noun: str) -> None:
    """SA-37, SA-38: what was named before it went out of use stays."""
    me = a_seller()
    opportunity, gone = an_opportunity(service, me), an_entry(service, noun, "旧识")
    kept = taken(service, me, noun, opportunity["id"], gone)
    service.call(f"update_{noun}", KEEPER, **{f"{noun}_id": gone}, data={"active": False})
    elsewhere = an_opportunity(service, me)["id"]
    for entry, code in ((gone, "entry-out-of-use"), (str(new_id()), "unknown-entry")):
        with pytest.raises(Invalid) as refused:
            taken(service, me, noun, elsewhere, entry)
        assert [(each["field"], each["code"]) for each in refused.value.errors] == [(f"{noun}_id", code)]
    changed = change_of(service, me, noun, kept["id"], remark="还在", **{f"{noun}_id": gone})
    assert changed["remark"] == "还在"


@NOUNS
def test_an_entry_that_an_opportunity_names_is_not_deleted(service: RunningService, noun: str) -> None:
    """SA-37, SA-38."""
    me = a_seller()
    entry = an_entry(service, noun)
    part = taken(service, me, noun, an_opportunity(service, me)["id"], entry)
    with pytest.raises(Conflict) as refused:
        service.call(f"delete_{noun}", KEEPER, **{f"{noun}_id": entry})
    assert refused.value.code == f"{noun}-in-use"
    service.call(f"delete_opportunity_{noun}", me, **{f"opportunity_{noun}_id": part["id"]})
    service.call(f"delete_{noun}", KEEPER, **{f"{noun}_id": entry})
    assert listed(service, me, noun) == []


@NOUNS
def test_whoever_sees_the_opportunity_sees_them_and_nobody_else(service: RunningService, noun: str) -> None:
    """SA-37, SA-38: by the owner, a superior, a share; it follows the opportunity to its next owner."""
    me, boss, heir, friend = a_seller(), a_seller(), a_seller(), caller("opportunity.read")
    service.employ(me.account_id, manager_id=boss.account_id)
    for known in (heir, friend):
        service.employ(known.account_id)
    opportunity = an_opportunity(service, me)
    part = taken(service, me, noun, opportunity["id"], an_entry(service, noun))
    look = {f"opportunity_{noun}_id": part["id"]}

    def seen_by(who: Caller) -> bool:
        """Tell whether somebody sees it, in every way alike."""
        found = listed(service, who, noun) == [part["id"]]
        try:
            service.call(f"get_opportunity_{noun}", who, **look)
        except NotFound:
            for refused in (f"list_opportunity_{noun}_history", f"list_opportunity_{noun}s"):
                about = look if "history" in refused else {"opportunity_id": opportunity["id"]}
                with pytest.raises(NotFound):
                    service.call(refused, who, query={}, **about)
            assert not found
        else:
            assert found
        return found

    everybody = caller("opportunity.read:all")
    assert [seen_by(who) for who in (me, boss, everybody, heir, friend)] == [True, True, True, False, False]
    shared = {"opportunity_id": opportunity["id"]}
    to = {"to": {"kind": "account", "id": str(friend.account_id)}, "level": "view"}
    share = service.call("share_opportunity", me, **shared, data=to)
    assert seen_by(friend)
    # Whoever may only look changes nothing; neither does a stranger, who hears of nothing.
    writer = a_seller(account_id=friend.account_id)
    for who, refusal in ((writer, Forbidden), (heir, NotFound)):
        with pytest.raises(refusal):
            change_of(service, who, noun, part["id"], remark="不行")
        with pytest.raises(refusal):
            taken(service, who, noun, opportunity["id"], part[f"{noun}_id"])
        with pytest.raises(refusal):
            service.call(f"delete_opportunity_{noun}", who, **look)
    service.call("unshare_opportunity", me, **shared, share_id=share["id"])
    assert not seen_by(friend)
    service.call("update_opportunity", boss, **shared, data={"owner_id": str(boss.account_id)})
    assert [seen_by(who) for who in (boss, me)] == [True, False]
