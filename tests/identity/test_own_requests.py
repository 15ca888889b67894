"""Nobody agrees to what they requested, and nothing waits for who cannot decide (M-07, GW-56)."""

from typing import Any

import pytest
from sqlalchemy import update

from identity.accounts.model import Account
from identity.approvals.approvers import choose_again
from servicekit import Caller, Forbidden
from servicekit.testing import RunningService
from tests.identity.people import acting, an_account, change, the_administrator
from tests.identity.test_approvals import FINANCE, SUPERIOR, a_flow, approve, get, listed, submitted

MINE, OTHERS = {"filter[waiting_for_me]": "true"}, {"filter[waiting_for_me]": "false"}


def a_person(service: RunningService, username: str, *roles: str, **values: Any) -> Caller:
    account = an_account(service, the_administrator(service), username, roles=list(roles), **values)
    return acting(service, account["id"])


def named(who: Caller) -> dict[str, Any]:
    return {"kind": "person", "account_id": str(who.account_id)}


def refusal(service: RunningService, who: Caller, approval_id: str) -> str:
    with pytest.raises(Forbidden) as refused:
        approve(service, who, approval_id)
    return refused.value.code


def test_nobody_approves_their_own_request_by_role(service: RunningService) -> None:
    """M-07: of those who have the role the others are asked."""
    admin = the_administrator(service)
    me, mate = a_person(service, "me", "finance"), a_person(service, "mate", "finance")
    approval_id = submitted(service, me.account_id, a_flow(service, admin, FINANCE))
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(mate.account_id)]
    assert refusal(service, me, approval_id) == "own-request"
    assert approve(service, mate, approval_id)["state"] == "approved"


def test_who_alone_has_the_role_or_is_named_is_not_chosen_for_their_own_request(
    service: RunningService,
) -> None:
    """M-07."""
    admin = the_administrator(service)
    me = a_person(service, "me", "finance")
    for step in (FINANCE, named(me)):
        waiting = get(service, admin, submitted(service, me.account_id, a_flow(service, admin, step)))
        assert (waiting["approver_role"], waiting["approver_id"]) == ("administrator", None)
        assert waiting["history"][0]["note"]


def test_an_administrator_does_not_approve_their_own_request_while_there_is_another(
    service: RunningService,
) -> None:
    """M-07: with nobody else to ask, it goes on all the same, and the history says by whom."""
    admin = the_administrator(service)
    flow = a_flow(service, admin, {"kind": "role", "role": "administrator"})
    alone = submitted(service, admin.account_id, flow)
    assert listed(service, admin, **MINE) == [alone]
    assert approve(service, admin, alone)["history"][0]["decided_by_id"] == str(admin.account_id)
    second = a_person(service, "second", "administrator")
    approval_id = submitted(service, admin.account_id, flow)
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(second.account_id)]
    assert refusal(service, admin, approval_id) == "own-request"
    assert listed(service, admin, **MINE) == []
    assert listed(service, second, **MINE) == [approval_id]
    change(service, admin, {"id": str(second.account_id)}, locked=True)
    assert listed(service, admin, **MINE) == [approval_id]
    assert approve(service, admin, approval_id)["state"] == "approved"


def test_a_flow_may_allow_it(service: RunningService) -> None:
    """M-07: `allow_own` as the flow said when the approval began."""
    admin = the_administrator(service)
    me = a_person(service, "me", "finance")
    flow = a_flow(service, admin, FINANCE, allow_own=True)
    approval_id = submitted(service, me.account_id, flow)
    service.call("update_approval_flow", admin, flow_id=flow["id"], data={"allow_own": False})
    assert listed(service, me, **MINE) == [approval_id]
    assert approve(service, me, approval_id)["state"] == "approved"
    assert get(service, admin, submitted(service, me.account_id, flow))["approver_role"] == "administrator"


def test_when_an_approver_leaves_or_is_locked_somebody_else_is_chosen(service: RunningService) -> None:
    """M-07: the superior's place is taken by who is the superior now, or by the administrators."""
    admin = the_administrator(service)
    boss, next_boss = a_person(service, "boss"), a_person(service, "next.boss")
    worker = a_person(service, "worker", "salesperson", manager_id=str(boss.account_id))
    flow = a_flow(service, admin, SUPERIOR, FINANCE)
    approval_id = submitted(service, worker.account_id, flow)
    change(service, admin, {"id": str(worker.account_id)}, manager_id=str(next_boss.account_id))
    change(service, admin, {"id": str(boss.account_id)}, status="left")
    waiting = get(service, admin, approval_id)
    assert waiting["approver_id"] == str(next_boss.account_id) and waiting["history"][0]["note"]
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(next_boss.account_id)]
    change(service, admin, {"id": str(next_boss.account_id)}, locked=True)
    assert get(service, admin, approval_id)["approver_role"] == "administrator"
    approve(service, admin, approval_id)
    clerk = a_person(service, "clerk", "finance")
    change(service, admin, {"id": str(clerk.account_id)}, roles=[])
    assert get(service, admin, approval_id)["approver_role"] == "administrator"


def test_when_an_approver_expires_by_themselves_a_timer_chooses_again(service: RunningService) -> None:
    """M-07: nobody changes an account whose time runs out."""
    admin = the_administrator(service)
    boss = a_person(service, "boss")
    worker = a_person(service, "worker", "salesperson", manager_id=str(boss.account_id))
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR))
    with service.database.sessions.begin() as session:
        yesterday = update(Account).where(Account.id == boss.account_id).values(expires_on="2020-01-01")
        session.execute(yesterday)
    service.database.transact(choose_again)
    assert get(service, admin, approval_id)["approver_role"] == "administrator"


def test_one_finds_what_waits_for_oneself_and_for_somebody(service: RunningService) -> None:
    """M-07: the filters `waiting_for_me` and `approver_id`."""
    admin = the_administrator(service)
    boss, clerk = a_person(service, "boss", "sales_manager"), a_person(service, "clerk", "finance")
    worker = a_person(service, "worker", "salesperson", manager_id=str(boss.account_id))
    first = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR, FINANCE))
    second = submitted(service, clerk.account_id, a_flow(service, admin, FINANCE))
    assert listed(service, boss, **MINE) == [first]
    assert listed(service, admin, **{"filter[approver_id]": str(boss.account_id)}) == [first]
    assert listed(service, admin, **MINE) == [second]
    approve(service, boss, first)
    assert listed(service, boss, **MINE) == []
    assert listed(service, clerk, **MINE) == [first]
    assert listed(service, clerk, **OTHERS) == [second]
    assert listed(service, worker, **OTHERS) == [first]
    assert listed(service, admin, **OTHERS) == [first]
    assert listed(service, clerk) == [second, first]
