"""Leads that lie in a pool: what a glimpse shows of them, and who claims and assigns, through the entrypoints."""

from typing import Any
from uuid import UUID

import pytest

from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.base.context import EVERYONE
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.pools import APool, a_pool_of
from tests.sales.builders import a_lead
from tests.side_by_side import at_once

ALL = ("lead.read", "lead.write", "lead.convert")
SECRETS = ("138-0013-8000", "8613800138000", "zhang.wei@example.com", "想看演示", "采购经理", "约了演示")
"""What the lead of these tests has that a glimpse does not show."""


def a_pool(service: RunningService, **said: Any) -> APool:
    """Tell the service of a pool of leads."""
    return a_pool_of(service, "lead", **said)


def somebody(*groups: UUID, permissions: tuple[str, ...] = ALL) -> Caller:
    me = new_id()
    return caller(*permissions, account_id=me, principals=(me, EVERYONE, *groups))


def in_a_pool(service: RunningService, pool: APool) -> tuple[Caller, dict[str, Any]]:
    """A lead with something done about it, which its owner has laid into a pool."""
    owner = somebody(pool.members)
    lead = a_lead(service, owner, title="采购经理")
    noted = {"kind": "call", "content": "约了演示", "occurred_at": "2026-11-22T08:00:00Z"}
    service.call("create_lead_activity", owner, lead_id=lead["id"], data=noted)
    service.call("update_lead", owner, lead_id=lead["id"], data={"remark": "想看演示，下周"})
    data = {"pool_id": pool.id}
    return owner, service.call("return_lead", owner, lead_id=lead["id"], data=data)


def all_that_is_told(service: RunningService, who: Caller, lead_id: str) -> dict[str, Any]:
    """Everything that somebody is told of a lead, by the way that tells it."""
    return {
        "look": service.call("get_lead", who, lead_id=lead_id),
        "list": service.call("list_leads", who, query={"count": "true"}),
        "search": service.call("search_leads", who, data={"where": None}),
        "part": service.call("list_leads", who, query={"fields": "id,mobile,remark,company_name"}),
        "history": service.call("list_lead_history", who, lead_id=lead_id, query={}),
        "feed": service.call("read_events", who, types=["*"]),
        "activities": service.call("list_all_lead_activities", who, query={}),
    }


def is_told(told: Any) -> bool:
    return any(secret in str(told) for secret in SECRETS)


def test_a_member_gets_a_glimpse_until_they_have_claimed(service: RunningService) -> None:
    """SA-13, 8.9: single look, list, search, some fields, history, feed and activities hold nothing more."""
    pool = a_pool(service)
    _, lead = in_a_pool(service, pool)
    member, keeper = somebody(pool.members), somebody(pool.admins)
    told = all_that_is_told(service, member, lead["id"])
    assert {way for way, each in told.items() if is_told(each)} == set()
    look = told["look"]
    assert (look["company_name"], look["contact_name"], look["glimpse"]) == (
        "上海云图科技有限公司",
        "张伟",
        True,
    )
    assert (look["mobile"], look["mobile_e164"], look["custom"]) == (None, None, {})
    assert [each["id"] for each in told["list"]["items"]] == [lead["id"]] and told["list"]["total"] == 1
    assert "lead.created" in [each["type"] for each in told["feed"]["items"]]
    assert all(is_told(each) for each in all_that_is_told(service, keeper, lead["id"]).values())
    claimed = service.call("claim_lead", member, lead_id=lead["id"])
    assert (claimed["owner_id"], claimed["claim_state"]) == (str(member.account_id), "claimed")
    assert (claimed["mobile"], claimed["glimpse"]) == ("138-0013-8000", False)
    assert all(is_told(each) for each in all_that_is_told(service, member, lead["id"]).values())


def test_a_pool_may_let_its_members_look_before_they_claim(service: RunningService) -> None:
    """SA-13: a setting of the pool."""
    pool = a_pool(service, open_details=True)
    _, lead = in_a_pool(service, pool)
    told = all_that_is_told(service, somebody(pool.members), lead["id"])
    assert all(is_told(each) for each in told.values())
    assert told["look"]["glimpse"] is False


def test_only_members_and_who_sees_all_see_what_lies_in_a_pool(service: RunningService) -> None:
    """SA-13: the former owner, who belongs to the pool no longer, and members of other pools see nothing."""
    pool, other = a_pool(service), a_pool(service)
    owner, lead = in_a_pool(service, pool)
    for who in (somebody(), somebody(other.members), caller(*ALL, account_id=owner.account_id)):
        with pytest.raises(NotFound):
            service.call("get_lead", who, lead_id=lead["id"])
        with pytest.raises(NotFound):
            service.call("claim_lead", who, lead_id=lead["id"])
        assert service.call("list_leads", who, query={"count": "true"})["total"] == 0
        assert service.call("read_events", who, types=["lead.*"])["items"] == []
    boss = caller("lead.read:all")
    assert all(is_told(each) for each in all_that_is_told(service, boss, lead["id"]).values())


@pytest.mark.parametrize(
    "query",
    [
        {"filter[mobile]": "13800138000"},
        {"filter[mobile][contains]": "8000"},
        {"filter[email]": "zhang.wei@example.com"},
        {"filter[remark][contains]": "演示"},
        {"filter[search][contains]": "13800138000"},
    ],
)
def test_nobody_finds_out_what_a_glimpse_does_not_show(
    service: RunningService, query: dict[str, str]
) -> None:
    """SA-13: who asks for a hidden value finds nothing, right or wrong; by what is shown it is found."""
    pool = a_pool(service)
    _, lead = in_a_pool(service, pool)
    member, keeper = somebody(pool.members), somebody(pool.admins)
    counted = {**query, "count": "true"}
    assert service.call("list_leads", member, query=counted) == {"items": [], "next": None, "total": 0}
    assert service.call("list_leads", keeper, query=counted)["total"] == 1
    for shown in ({"filter[search][contains]": "云图"}, {"filter[contact_name]": "张伟"}):
        assert [each["id"] for each in service.call("list_leads", member, query=shown)["items"]] == [
            lead["id"]
        ]


def test_a_condition_and_its_opposite_tell_nothing_of_a_hidden_value(service: RunningService) -> None:
    """SA-13: what is asked of a hidden field has one answer, whatever the value is."""
    pool = a_pool(service)
    in_a_pool(service, pool)
    member = somebody(pool.members)

    def found(value: str, operator: str) -> int:
        where = {"field": "mobile", "operator": operator, "value": value}
        return len(service.call("search_leads", member, data={"where": where})["items"])

    for operator in ("eq", "ne"):
        assert found("13800138000", operator) == found("13900139000", operator)


def test_a_glimpse_lets_nobody_change_convert_share_or_note_anything(service: RunningService) -> None:
    """SA-13, SA-15: a member claims, and does nothing else before that; not even the keeper converts it."""
    pool = a_pool(service)
    _, lead = in_a_pool(service, pool)
    member = somebody(pool.members)
    assert service.call("get_lead", member, lead_id=lead["id"])["can"] == ["claim_lead"]
    noted = {"kind": "call", "content": "约了演示", "occurred_at": "2026-11-22T08:00:00Z"}
    asked: dict[str, dict[str, Any]] = {
        "update_lead": {"data": {"remark": "改"}},
        "convert_lead": {"data": {}},
        "contact_lead": {},
        "discard_lead": {},
        "list_lead_shares": {},
        "list_lead_activities": {"query": {}},
        "create_lead_activity": {"data": noted},
    }
    for operation, more in asked.items():
        with pytest.raises(NotFound):
            service.call(operation, member, lead_id=lead["id"], **more)
    with pytest.raises(Conflict) as refused:
        service.call("convert_lead", somebody(pool.admins), lead_id=lead["id"], data={})
    assert refused.value.code == "lies-in-pool"


def test_where_who_keeps_a_pool_assigns_nobody_claims(service: RunningService) -> None:
    """SA-14."""
    pool = a_pool(service, policy="assign")
    _, lead = in_a_pool(service, pool)
    member, keeper, chosen = somebody(pool.members), somebody(pool.admins), new_id()
    service.employ(chosen)
    assert service.call("get_lead", member, lead_id=lead["id"])["can"] == []
    with pytest.raises(Forbidden) as refused:
        service.call("claim_lead", member, lead_id=lead["id"])
    assert refused.value.code == "pool-assigns"
    data = {"account_id": str(chosen)}
    with pytest.raises(NotFound):
        service.call("assign_lead", member, lead_id=lead["id"], data=data)
    assigned = service.call("assign_lead", keeper, lead_id=lead["id"], data=data)
    assert (assigned["owner_id"], assigned["claim_state"]) == (str(chosen), "claimed")


def test_of_several_who_claim_at_once_exactly_one_has_it(service: RunningService) -> None:
    """SA-13"""
    pool = a_pool(service)
    _, lead = in_a_pool(service, pool)
    people = [somebody(pool.members) for _ in range(8)]
    outcomes = at_once(service, [("claim_lead", who, {"lead_id": lead["id"]}) for who in people])
    assert outcomes.count("ok") == 1
    assert {*outcomes} <= {"ok", "already-claimed", "lead-not-found"}


def test_a_lead_is_made_in_a_pool_and_what_is_over_goes_in_none(service: RunningService) -> None:
    """SA-103, SA-16: a member who notes one sees no more of it than others."""
    pool = a_pool(service)
    who = somebody(pool.members)
    made = a_lead(service, who, pool_id=pool.id, claim_state="unclaimed")
    assert (made["claim_state"], made["pool_id"], made["glimpse"]) == ("unclaimed", pool.id, True)
    with pytest.raises(Invalid) as refused:
        a_lead(service, who, pool_id=a_pool(service).id)
    assert refused.value.errors[0]["field"] == "pool_id"
    own = a_lead(service, who)
    service.call("close_lead", who, lead_id=own["id"], data={})
    with pytest.raises(Conflict) as over:
        service.call("return_lead", who, lead_id=own["id"], data={"pool_id": pool.id})
    assert over.value.code == "lead-closed"


def test_why_a_member_gets_a_glimpse(service: RunningService) -> None:
    """SA-13: they are told by what they see it, and what keeps them from more."""
    pool = a_pool(service)
    _, lead = in_a_pool(service, pool)
    why = service.call("explain_lead_access", somebody(pool.members), lead_id=lead["id"], query={})
    assert (why["level"], [(each["rule"], each["level"]) for each in why["because"]]) == (
        "glimpse",
        [("pool", "glimpse")],
    )
    assert {(each["rule"], each["level"]) for each in why["why_not"]} >= {("pool", "view")}
    assert {each["level"] for each in why["others"]} == {"glimpse", "edit"}
