"""Shares, teams, and why somebody sees a customer: through the service's entrypoints."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from customer.customers.model import Customer
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id, utcnow
from servicekit.base.context import EVERYONE
from servicekit.testing import RunningService, wait_until
from tests.customer.people import a_contact, a_customer, a_salesperson, in_the_directory
from tests.sharing import end_shares, share_record
from tests.side_by_side import at_once


def seen_in_every_way(service: RunningService, who: Caller, customer: dict[str, Any]) -> set[bool]:
    """Whether somebody sees a customer: by a single look, in the list, in its count, in the feed, and its parts."""
    try:
        service.call("get_customer", who, customer_id=customer["id"])
        singly = True
    except NotFound:
        singly = False
    page = service.call("list_customers", who, query={"count": "true"})
    listed = customer["id"] in [each["id"] for each in page["items"]]
    told = service.call("read_events", who, types=["customer.*"])["items"]
    return {
        singly,
        listed,
        page["total"] == len(page["items"]) and listed,
        customer["id"] in [event["subject"] for event in told],
        bool(service.call("list_all_contacts", who, query={})["items"]),
        bool(service.call("list_all_activities", who, query={})["items"]),
    }


def a_full_customer(service: RunningService, owner: Caller) -> dict[str, Any]:
    """A customer with a contact and an activity."""
    customer = a_customer(service, owner)
    a_contact(service, owner, customer["id"])
    noted = {"kind": "call", "content": "约了演示", "occurred_at": "2026-11-22T08:00:00Z"}
    service.call("create_activity", owner, customer_id=customer["id"], data=noted)
    return customer


def principals(me: UUID, *more: UUID) -> tuple[UUID, ...]:
    return (me, EVERYONE, *more)


@pytest.mark.parametrize("kind", ["account", "department", "institution", "role", "group", "everyone"])
def test_whom_it_is_shared_with_sees_it_at_once_and_no_longer_once_that_is_taken_back(
    service: RunningService, kind: str
) -> None:
    """CU-16, CU-18: list, count, single look, feed, contacts and activities agree."""
    owner, to, me = a_salesperson("activity.read"), new_id(), new_id()
    customer = a_full_customer(service, owner)
    if kind == "account":
        to = me
        service.employ(me)
    elif kind == "department":
        in_the_directory(service, a_salesperson(), "王芳", to)
    belongs = () if kind in ("account", "everyone") else (to,)
    other = a_salesperson("activity.read", account_id=me, principals=principals(me, *belongs))
    stranger = a_salesperson("activity.read")
    assert seen_in_every_way(service, other, customer) == {False}
    made = share_record(service, owner, "customer", customer, kind, None if kind == "everyone" else to)
    assert (made["level"], made["security_from"], made["security_to"]) == ("view", 10, 100)
    assert seen_in_every_way(service, other, customer) == {True}
    assert seen_in_every_way(service, stranger, customer) == {kind == "everyone"}
    service.call("unshare_customer", owner, customer_id=customer["id"], share_id=made["id"])
    assert seen_in_every_way(service, other, customer) == {False}


def test_viewing_adds_activities_and_editing_changes_the_card(service: RunningService) -> None:
    """CU-16, 8.3."""
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id)
    customer = a_full_customer(service, owner)
    which = {"customer_id": customer["id"]}
    share_record(service, owner, "customer", customer, "account", other.account_id)
    noted = {"kind": "call", "content": "回访", "occurred_at": "2026-11-23T08:00:00Z"}
    service.call("create_activity", other, **which, data=noted)
    with pytest.raises(Forbidden):
        service.call("update_customer", other, **which, data={"grade": "A"})
    assert "update_customer" not in service.call("get_customer", other, **which)["can"]
    share_record(service, owner, "customer", customer, "account", other.account_id, level="edit")
    assert "update_customer" in service.call("get_customer", other, **which)["can"]
    assert service.call("update_customer", other, **which, data={"grade": "A"})["grade"] == "A"
    a_contact(service, other, customer["id"], name="李雷")
    assert len(service.call("list_customer_shares", owner, **which)["items"]) == 1


def test_whoever_may_only_edit_by_a_share_does_not_take_the_customer_for_their_own(
    service: RunningService,
) -> None:
    """CU-19: handing over is for those in whose reach the owner is."""
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id)
    customer = a_customer(service, owner)
    share_record(service, owner, "customer", customer, "account", other.account_id, level="edit")
    taken = {"customer_id": customer["id"], "data": {"owner_id": other.account_id}}
    with pytest.raises(Forbidden) as refused:
        service.call("update_customer", other, **taken)
    assert refused.value.code == "owner-out-of-reach"


@pytest.mark.parametrize(("level", "sees"), [(9, False), (10, True), (50, True), (51, False)])
def test_both_ends_of_a_security_range_are_inside(service: RunningService, level: int, sees: bool) -> None:
    """ID-24."""
    owner, other = a_salesperson("activity.read"), a_salesperson("activity.read", security_level=level)
    customer = a_full_customer(service, owner)
    share_record(service, owner, "customer", customer, "everyone", None, security_from=10, security_to=50)
    assert seen_in_every_way(service, other, customer) == {sees}


def test_a_share_ends_by_itself(service: RunningService) -> None:
    """CU-16."""
    owner, other = a_salesperson("activity.read"), a_salesperson("activity.read")
    customer = a_full_customer(service, owner)
    share_record(service, owner, "customer", customer, "everyone", None, until=utcnow() + timedelta(hours=1))
    assert seen_in_every_way(service, other, customer) == {True}
    end_shares(service)
    assert seen_in_every_way(service, other, customer) == {False}


def test_a_team_sees_the_customer_and_a_custodian_edits_it(service: RunningService) -> None:
    """CU-22, CU-43."""
    owner, member, custodian = a_salesperson(), a_salesperson(), a_salesperson()
    customer = a_customer(service, owner)
    which = {"customer_id": customer["id"]}
    for who, role in ((member, "member"), (custodian, "custodian")):
        service.employ(who.account_id)
        joined = service.call(
            "add_customer_member", owner, **which, data={"account_id": who.account_id, "role": role}
        )
        assert joined["level"] == ("edit" if role == "custodian" else "view")
    team = service.call("list_customer_team", member, **which)["items"]
    assert [(each["account_id"], each["role"]) for each in team] == [
        (str(member.account_id), "member"), (str(custodian.account_id), "custodian"),
    ]  # fmt: skip
    assert service.call("update_customer", custodian, **which, data={"grade": "A"})["grade"] == "A"
    with pytest.raises(Forbidden):
        service.call("update_customer", member, **which, data={"grade": "B"})
    service.call("remove_customer_member", owner, **which, member_id=custodian.account_id)
    with pytest.raises(NotFound):
        service.call("get_customer", custodian, **which)
    with pytest.raises(NotFound) as gone:
        service.call("remove_customer_member", owner, **which, member_id=custodian.account_id)
    assert gone.value.code == "member-not-found"


def test_it_says_why_one_sees_a_customer_and_who_else_does(service: RunningService) -> None:
    """Explain: the rules are those that let somebody see it."""
    head, owner, other = a_salesperson(), a_salesperson(), a_salesperson("customer.read:department")
    home = new_id()
    in_the_directory(service, head, "陈总", home)
    in_the_directory(service, owner, "王芳", home, manager=head.account_id)
    colleague = a_salesperson("customer.read:department", department_id=home)
    customer = a_customer(service, owner)
    which = {"customer_id": customer["id"]}
    service.employ(other.account_id, display_name="李雷")
    share_record(service, owner, "customer", customer, "account", other.account_id)

    def because(who: Caller) -> list[tuple[str, str, str]]:
        told = service.call("explain_customer_access", who, **which)
        return [(each["rule"], each["through"]["name"], each["level"]) for each in told["because"]]

    assert because(owner) == [("owner", "王芳", "edit")]
    assert because(head) == [("superior", "王芳", "edit")]
    assert because(other) == [("share", "李雷", "view")]
    assert because(colleague) == [("scope", "部门", "view")]
    others = service.call("explain_customer_access", owner, **which)["others"]
    assert [(each["rule"], each["through"]["name"]) for each in others] == [
        ("owner", "王芳"), ("superior", "陈总"), ("share", "李雷"),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        service.call("explain_customer_access", a_salesperson(), **which)


@pytest.mark.parametrize("kind", ["department", "department_only", "departments", "institution"])
def test_it_says_by_which_kind_of_scope_one_sees_a_customer(service: RunningService, kind: str) -> None:
    """ID-21: the kind alone: which departments are given stands beside it."""
    owner, home, house = a_salesperson(), new_id(), new_id()
    in_the_directory(service, owner, "王芳", home, institution=house)
    scope = f"departments:{home}" if kind == "departments" else kind
    place = {} if kind == "departments" else {"department_id": home, "institution_id": house}
    colleague = a_salesperson(f"customer.read:{scope}", **place)
    customer = a_customer(service, owner)
    told = service.call("explain_customer_access", colleague, customer_id=customer["id"])
    assert {(each["rule"], each["scope"]) for each in told["because"]} == {("scope", kind)}
    through = {each["through"]["id"] for each in told["because"]}
    assert str(house if kind == "institution" else home) in through


BAD_SHARES: list[tuple[dict[str, Any], str]] = [
    ({"to": {"kind": "account"}}, "to.id"),
    ({"to": {"kind": "team", "id": str(new_id())}}, "to.kind"),
    ({"to": {"kind": "account", "id": "x"}}, "to.id"),
    ({"to": {"kind": "account", "id": str(new_id())}}, "to.id"),
    ({"to": {"kind": "department", "id": str(new_id())}}, "to.id"),
    ({"to": {"kind": "everyone"}, "level": "own"}, "level"),
    ({"to": {"kind": "everyone"}, "security_from": -1}, "security_from"),
    ({"to": {"kind": "everyone"}, "security_from": 60, "security_to": 50}, "security_to"),
    ({"to": {"kind": "everyone"}, "until": "morgen"}, "until"),
    ({"to": {"kind": "everyone"}, "until": "2020-01-01T00:00:00Z"}, "until"),
    ({}, "to"),
]


@pytest.mark.parametrize(("data", "field"), BAD_SHARES)
def test_a_bad_share_is_told_and_changes_nothing(
    service: RunningService, data: dict[str, Any], field: str
) -> None:
    owner = a_salesperson()
    customer = a_customer(service, owner)
    with pytest.raises(Invalid) as refused:
        service.call("share_customer", owner, customer_id=customer["id"], data=data)
    assert refused.value.errors[0]["field"] == field
    assert service.call("list_customer_shares", owner, customer_id=customer["id"])["items"] == []
    assert service.call("get_customer", owner, customer_id=customer["id"])["version"] == 1


def test_what_one_may_not_change_one_does_not_share(service: RunningService) -> None:
    """CU-17; and a share of another customer is none of this one."""
    owner, viewer, stranger = a_salesperson(), a_salesperson(), a_salesperson()
    mine, theirs = a_customer(service, owner), a_customer(service, stranger, name="北京大学")
    service.employ(viewer.account_id)
    made = share_record(service, owner, "customer", mine, "account", viewer.account_id)
    with pytest.raises(Forbidden):
        share_record(service, viewer, "customer", mine, "everyone", None)
    with pytest.raises(NotFound):
        share_record(service, stranger, "customer", mine, "everyone", None)
    for operation in ("get_customer_share", "unshare_customer"):
        with pytest.raises(NotFound) as gone:
            service.call(operation, stranger, customer_id=theirs["id"], share_id=made["id"])
        assert gone.value.code == "share-not-found"
    assert service.call("get_customer_share", viewer, customer_id=mine["id"], share_id=made["id"]) == made


def test_sharing_counts_as_a_change_and_tells_all_grants_there_are(service: RunningService) -> None:
    """What others judge references by."""
    owner, other = a_salesperson(), a_salesperson()
    service.employ(other.account_id)
    customer = a_customer(service, owner)
    made = share_record(service, owner, "customer", customer, "account", other.account_id)
    share_record(service, owner, "customer", customer, "everyone", None, level="edit")
    service.call("unshare_customer", owner, customer_id=customer["id"], share_id=made["id"])
    told = [event.data for event in service.published("customer.access_changed")]
    assert [(each["version"], [grant["level"] for grant in each["grants"]]) for each in told] == [
        (2, ["view"]), (3, ["view", "edit"]), (4, ["edit"]),
    ]  # fmt: skip
    assert told[-1]["name"] == customer["name"]
    with pytest.raises(Conflict) as stale:
        to_all = {"customer_id": customer["id"], "data": {"to": {"kind": "everyone"}}}
        service.call("share_customer", owner, {"if_match": "1"}, **to_all)
    assert stale.value.code == "stale-version"


def test_two_who_share_at_once_both_share(service: RunningService) -> None:
    owner = a_salesperson()
    customer = a_customer(service, owner)
    people = [service.employ() for _ in range(4)]
    bodies = [
        {"customer_id": customer["id"], "data": {"to": {"kind": "account", "id": each}}} for each in people
    ]
    assert at_once(service, [("share_customer", owner, body) for body in bodies]) == ["ok"] * len(people)
    last = service.published("customer.access_changed")[-1]
    assert {grant["principal_id"] for grant in last.data["grants"]} == {str(each) for each in people}


def test_whoever_edits_by_a_share_gives_it_to_others_only_and_for_no_longer(service: RunningService) -> None:
    """CU-17: else what is taken back from them would not be."""
    owner, other, third = a_salesperson(), a_salesperson(), a_salesperson()
    for who in (other, third):
        service.employ(who.account_id)
    customer = a_customer(service, owner)
    until = utcnow() + timedelta(hours=1)
    share_record(service, owner, "customer", customer, "account", other.account_id, level="edit", until=until)
    for kind, to, ends in (
        ("account", other.account_id, until),
        ("everyone", None, until),
        ("account", third.account_id, None),
        ("account", third.account_id, until + timedelta(seconds=1)),
    ):
        with pytest.raises(Forbidden) as refused:
            share_record(service, other, "customer", customer, kind, to, level="edit", until=ends)
        assert refused.value.code == "share-outlives-ones-own"
    assert (
        share_record(service, other, "customer", customer, "account", third.account_id, until=until)["level"]
        == "view"
    )


@pytest.mark.parametrize(
    ("operation", "data"),
    [("share_customer", {"to": {"kind": "everyone"}}), ("create_address", {"street": "世纪大道 1 号"})],
)
def test_whoever_waits_for_a_customer_is_judged_again_once_it_is_held(
    service: RunningService, operation: str, data: dict[str, Any]
) -> None:
    """Whoever was waited for may have given it to somebody else (CU-16, CU-24)."""
    owner, heir = a_salesperson(), a_salesperson()
    customer = a_customer(service, owner)
    began, answers = threading.Event(), []

    def ask() -> None:
        began.set()
        answers.extend(at_once(service, [(operation, owner, {"customer_id": customer["id"], "data": data})]))

    with service.database.sessions() as session:
        held = session.get_one(Customer, UUID(customer["id"]), with_for_update=True)
        waiting = threading.Thread(target=ask)
        waiting.start()
        began.wait()
        wait_until(lambda: is_waited_for(service))
        held.owner_id = heir.account_id
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.commit()
    waiting.join()
    assert answers == ["customer-not-found"]


def is_waited_for(service: RunningService) -> bool:
    """Whether somebody waits for a lock."""
    with service.database.autocommit_engine.connect() as connection:
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(connection.scalar(waiting))


def test_what_is_granted_is_compared_and_told_again_also_where_it_is_no_more(service: RunningService) -> None:
    """A copy that missed that a share was taken back would let somebody in for ever."""
    owner = a_salesperson()
    customer = a_customer(service, owner)
    made = share_record(service, owner, "customer", customer, "everyone", None)

    def compared() -> list[str]:
        rows = service.call("tell_audit_rows", kind="customer-grants")["rows"]
        return [row["figures"]["grants"] for row in rows]

    assert [EVERYONE.hex in each.replace("-", "") for each in compared()] == [True]
    service.call("unshare_customer", owner, customer_id=customer["id"], share_id=made["id"])
    assert compared() == [""]
