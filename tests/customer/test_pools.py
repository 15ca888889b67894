"""Customers that lie in a pool until somebody has them, and public ones, through the service's entrypoints."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from customer.customers.model import Customer
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.base.context import EVERYONE
from servicekit.testing import RunningService
from tests.customer.people import a_contact, a_customer, a_salesperson, in_the_directory
from tests.customer.test_sharing import a_full_customer, seen_in_every_way
from tests.flows import bind, decide
from tests.pools import APool, a_pool_of, tell_of_pool
from tests.side_by_side import at_once


def a_pool(service: RunningService, **said: Any) -> APool:
    """Tell the service of a pool of customers."""
    return a_pool_of(service, "customer", **said)


def somebody(*groups: UUID, permissions: tuple[str, ...] = ("activity.read",), **values: Any) -> Caller:
    me = new_id()
    return a_salesperson(*permissions, account_id=me, principals=(me, EVERYONE, *groups), **values)


def in_a_pool(service: RunningService, pool: APool) -> tuple[Caller, dict[str, Any]]:
    """A customer that its owner has laid into a pool, with a contact and an activity."""
    owner = somebody(pool.members)
    customer = a_full_customer(service, owner)
    data = {"pool_id": pool.id}
    return owner, service.call("return_customer", owner, customer_id=customer["id"], data=data)


def test_what_lies_in_a_pool_is_seen_by_its_members_and_no_longer_by_its_owner(
    service: RunningService,
) -> None:
    """CU-35, CU-121: list, count, single look, feed, contacts and activities agree; the owner stays named."""
    pool = a_pool(service)
    owner, customer = in_a_pool(service, pool)
    assert (customer["owner_id"], customer["claim_state"]) == (str(owner.account_id), "unclaimed")
    assert seen_in_every_way(service, somebody(pool.members), customer) == {True}
    alone = a_salesperson("activity.read", account_id=owner.account_id)
    assert seen_in_every_way(service, alone, customer) == {False}
    assert seen_in_every_way(service, somebody(new_id()), customer) == {False}


def test_who_claims_has_the_customer_with_what_belongs_to_it(service: RunningService) -> None:
    """CU-35: others of the pool see it no longer, and all is told."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    who = somebody(pool.members)
    claimed = service.call("claim_customer", who, customer_id=customer["id"])
    assert (claimed["owner_id"], claimed["claim_state"]) == (str(who.account_id), "claimed")
    assert claimed["claimed_at"] is not None and claimed["pool_id"] == pool.id
    contacts = service.call("list_all_contacts", who, query={})["items"]
    assert [each["owner_id"] for each in contacts] == [str(who.account_id)]
    assert seen_in_every_way(service, somebody(pool.members), customer) == {False}
    told = [event.type for event in service.published() if str(event.subject) == customer["id"]]
    assert told[-2:] == ["customer.updated", "customer.claimed"]


def test_of_32_who_claim_at_once_exactly_one_has_it(service: RunningService) -> None:
    """CU-35."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    people = [somebody(pool.members) for _ in range(32)]
    outcomes = at_once(service, [("claim_customer", who, {"customer_id": customer["id"]}) for who in people])
    assert outcomes.count("ok") == 1
    assert {*outcomes} <= {"ok", "already-claimed", "customer-not-found"}
    boss = a_salesperson("customer.read:all")
    owner_id = service.call("get_customer", boss, customer_id=customer["id"])["owner_id"]
    assert owner_id in [str(who.account_id) for who in people]


def test_where_who_keeps_a_pool_assigns_nobody_claims(service: RunningService) -> None:
    """CU-36, CU-85."""
    pool = a_pool(service, policy="assign")
    _, customer = in_a_pool(service, pool)
    member, keeper, chosen = somebody(pool.members), somebody(pool.admins), new_id()
    seen = service.call("get_customer", member, customer_id=customer["id"])
    assert not {"claim_customer", "assign_customer", "update_customer", "discard_customer"} & {*seen["can"]}
    with pytest.raises(Forbidden) as refused:
        service.call("claim_customer", member, customer_id=customer["id"])
    assert refused.value.code == "pool-assigns"
    service.employ(chosen)
    with pytest.raises(Forbidden):
        service.call("assign_customer", member, customer_id=customer["id"], data={"account_id": str(chosen)})
    assigned = service.call(
        "assign_customer", keeper, customer_id=customer["id"], data={"account_id": str(chosen)}
    )
    assert (assigned["owner_id"], assigned["claim_state"]) == (str(chosen), "claimed")


@pytest.mark.parametrize("may_move", [False, True])
def test_a_claimed_customer_goes_back_to_its_own_pool(service: RunningService, may_move: bool) -> None:
    """CU-37: to another one only where members may change the group, or who keeps the pool says so."""
    first, second = a_pool(service, may_move=may_move), a_pool(service)
    _, customer = in_a_pool(service, first)
    who = somebody(first.members)
    service.call("claim_customer", who, customer_id=customer["id"])
    other = {"customer_id": customer["id"], "data": {"pool_id": second.id}}
    if may_move:
        assert service.call("return_customer", who, **other)["pool_id"] == second.id
        return
    with pytest.raises(Forbidden) as refused:
        service.call("return_customer", who, **other)
    assert refused.value.code == "pool-fixed"
    with pytest.raises(Forbidden) as refused:
        service.call("move_customer", who, **other)
    assert refused.value.code == "pool-fixed"
    assert service.call("return_customer", who, customer_id=customer["id"], data={})["pool_id"] == first.id
    assert service.call("move_customer", somebody(first.admins), **other)["pool_id"] == second.id


def test_who_has_a_share_hands_nothing_over_and_keeps_nothing(service: RunningService) -> None:
    """CU-37, CU-17: returning takes shares back, and is not for whom the customer was shared with."""
    pool, friend = a_pool(service), somebody()
    owner = somebody(pool.members)
    customer = a_customer(service, owner)
    service.employ(friend.account_id)
    share = {"to": {"kind": "account", "id": str(friend.account_id)}, "level": "edit"}
    service.call("share_customer", owner, customer_id=customer["id"], data=share)
    with pytest.raises(Forbidden) as refused:
        service.call("return_customer", friend, customer_id=customer["id"], data={"pool_id": pool.id})
    assert refused.value.code == "owner-out-of-reach"
    service.call("return_customer", owner, customer_id=customer["id"], data={"pool_id": pool.id})
    with pytest.raises(NotFound):
        service.call("get_customer", friend, customer_id=customer["id"])
    with pytest.raises(Conflict) as in_pool:
        service.call("share_customer", somebody(pool.admins), customer_id=customer["id"], data=share)
    assert in_pool.value.code == "lies-in-pool"


def test_who_keeps_a_pool_puts_aside_and_restores(service: RunningService) -> None:
    """CU-35."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    keeper, member = somebody(pool.admins), somebody(pool.members)
    put = service.call("discard_customer", keeper, customer_id=customer["id"])
    assert put["claim_state"] == "discarded"
    with pytest.raises(Conflict) as refused:
        service.call("claim_customer", member, customer_id=customer["id"])
    assert refused.value.code == "not-in-that-state"
    with pytest.raises(Forbidden):
        service.call("restore_customer", member, customer_id=customer["id"])
    service.call("restore_customer", keeper, customer_id=customer["id"])
    assert service.call("claim_customer", member, customer_id=customer["id"])["claim_state"] == "claimed"


def test_a_customer_is_made_in_a_pool(service: RunningService) -> None:
    """CU-87, CU-120, CU-122: unclaimed, with its maker as owner; and not in a pool of others, or in none."""
    pool, closed = a_pool(service), a_pool(service, active=False)
    who = somebody(pool.members, closed.members)
    made = a_customer(service, who, pool_id=pool.id, claim_state="unclaimed")
    assert (made["claim_state"], made["owner_id"]) == ("unclaimed", str(who.account_id))
    query = {"filter[pool_id]": pool.id, "filter[claim_state]": "unclaimed"}
    assert [each["id"] for each in service.call("list_customers", who, query=query)["items"]] == [made["id"]]
    for values, code in (
        ({"pool_id": a_pool(service).id}, "unknown-pool"),
        ({"pool_id": closed.id}, "pool-out-of-use"),
        ({"claim_state": "unclaimed"}, "pool-required"),
    ):
        with pytest.raises(Invalid) as refused:
            a_customer(service, who, **values)
        assert refused.value.errors[0]["field"] == "pool_id", code
    with pytest.raises(Invalid):
        a_customer(service, who, claim_state="claimed", pool_id=pool.id)


def test_a_pool_that_is_out_of_use_takes_nothing_back_and_lets_go_of_what_lies_in_it(
    service: RunningService,
) -> None:
    """CU-35, CU-37: neither where the pool is named nor where the customer comes from it."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    tell_of_pool(service, pool, "customer", active=False, version=2)
    who = somebody(pool.members)
    service.call("claim_customer", who, customer_id=customer["id"])
    for data in ({}, {"pool_id": pool.id}):
        with pytest.raises(Invalid) as refused:
            service.call("return_customer", who, customer_id=customer["id"], data=data)
        assert refused.value.errors[0]["code"] == "pool-out-of-use"
    assert service.call("get_customer", who, customer_id=customer["id"])["claim_state"] == "claimed"


def test_why_somebody_sees_a_pooled_customer_and_others_do_not(service: RunningService) -> None:
    """CU-35: by the pool's groups; the owner is no reason."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    keeper = somebody(pool.admins)
    why = service.call("explain_customer_access", keeper, customer_id=customer["id"], query={})
    assert [(each["rule"], each["level"]) for each in why["because"]] == [("pool", "edit")]
    assert {(each["rule"], each["through"]["name"]) for each in why["others"]} == {("pool", "华东公海")}


def test_while_an_approval_is_pending_it_changes_neither_hands_nor_pool(service: RunningService) -> None:
    """CU-09, CU-35, GW-56: those who decide were asked about it as it is; then it may."""
    pool = a_pool(service, may_move=True)
    bind(service, "customer", "upgrade")
    owner, member = somebody(pool.members), somebody(pool.members)
    service.employ(member.account_id)
    customer = a_customer(service, owner, pool_id=pool.id)
    waiting = service.call("upgrade_customer", owner, customer_id=customer["id"], data={})
    assert {"return_customer", "move_customer"}.isdisjoint(waiting["can"])
    sent = {"return": {"data": {}}, "move": {"data": {"pool_id": a_pool(service).id}}}
    for name, data in sent.items():
        with pytest.raises(Conflict) as refused:
            service.call(f"{name}_customer", owner, customer_id=customer["id"], **data)
        assert refused.value.code == "approval-pending"
    decide(service, service.published("approval.asked")[-1].data)
    service.call("return_customer", owner, customer_id=customer["id"], data={})
    claimed = service.call("claim_customer", member, customer_id=customer["id"])
    assert claimed["owner_id"] == str(member.account_id)


def test_nobody_takes_from_a_pool_what_waits_for_an_approval(service: RunningService) -> None:
    """CU-35, GW-56: one that waited when it was laid there by a release before."""
    pool = a_pool(service)
    _, customer = in_a_pool(service, pool)
    keeper = somebody(pool.members, pool.admins)
    service.employ(keeper.account_id)
    pending = {"approval_id": new_id(), "approval_step": "upgrade"}
    with service.database.sessions.begin() as session:
        session.execute(update(Customer).where(Customer.id == customer["id"]).values(pending))
    seen = service.call("get_customer", keeper, customer_id=customer["id"])
    assert {"claim_customer", "assign_customer", "discard_customer"}.isdisjoint(seen["can"])
    sent = {"claim": {}, "assign": {"data": {"account_id": str(keeper.account_id)}}, "discard": {}}
    for name, data in sent.items():
        with pytest.raises(Conflict) as refused:
            service.call(f"{name}_customer", keeper, customer_id=customer["id"], **data)
        assert refused.value.code == "approval-pending"


def test_a_public_customer_is_seen_in_the_department_of_its_owner(service: RunningService) -> None:
    """CU-06, 8.13: list, count, single look, feed, contacts and activities agree; nobody of it changes it."""
    home, elsewhere = new_id(), new_id()
    owner, colleague = somebody(department_id=home), somebody(department_id=home)
    in_the_directory(service, owner, "王芳", home)
    in_the_directory(service, colleague, "李强", home)
    stranger = somebody(department_id=elsewhere)
    customer = a_full_customer(service, owner)
    assert customer["sharing"] == "private"
    assert seen_in_every_way(service, colleague, customer) == {False}
    service.call("update_customer", owner, customer_id=customer["id"], data={"sharing": "public"})
    assert seen_in_every_way(service, colleague, customer) == {True}
    assert seen_in_every_way(service, stranger, customer) == {False}
    with pytest.raises(Forbidden) as refused:
        service.call("update_customer", colleague, customer_id=customer["id"], data={"remark": "改"})
    assert refused.value.code == "permission-required"
    why = service.call("explain_customer_access", colleague, customer_id=customer["id"], query={})
    assert [(each["rule"], each["through"]["id"]) for each in why["because"]] == [("public", str(home))]
    a_contact(service, owner, customer["id"], name="赵敏")
    assert len(service.call("list_all_contacts", colleague, query={})["items"]) == 2
