"""Nobody agrees to what they requested, and nothing waits for who cannot decide (M-07, GW-56)."""

from typing import Any

import pytest
from sqlalchemy import update

from identity.accounts.model import Account
from identity.approvals.again import choose_again
from identity.service_accounts.model import ServiceSecret
from servicekit import Caller, Forbidden, utcnow
from servicekit.testing import RunningService
from tests.identity.people import PASSWORD, acting, an_account, change, the_administrator
from tests.identity.programs import a_service_account
from tests.identity.test_approvals import FINANCE, SUPERIOR, a_flow, approve, get, listed, submitted

MINE, OTHERS = {"filter[waiting_for_me]": "true"}, {"filter[waiting_for_me]": "false"}


def a_person(service: RunningService, username: str, *roles: str, **values: Any) -> Caller:
    account = an_account(service, the_administrator(service), username, roles=list(roles), **values)
    return acting(service, account["id"])


KEEPING = {"account.read": "all", "account.write": "all", "approval.read": "all", "approval.decide": "all"}
OTHER_PASSWORD = "取而代之 horse 7"


def take_over(service: RunningService, who: Caller, old: str = PASSWORD, new: str = OTHER_PASSWORD) -> None:
    """Let somebody change the password that was set for them."""
    data = {"current_password": old, "new_password": new}
    service.call("change_own_password", who, data=data)


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
    take_over(service, second)
    approval_id = submitted(service, admin.account_id, flow)
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(second.account_id)]
    assert refusal(service, admin, approval_id) == "own-request"
    assert listed(service, admin, **MINE) == []
    assert listed(service, second, **MINE) == [approval_id]
    change(service, admin, {"id": str(second.account_id)}, status="left")
    assert listed(service, admin, **MINE) == [approval_id]
    assert approve(service, admin, approval_id)["state"] == "approved"


def test_locking_the_other_administrator_makes_nobody_the_only_one(service: RunningService) -> None:
    """M-07: nor does setting an end to their time, or their password."""
    admin = the_administrator(service)
    second = a_person(service, "second", "administrator")
    other = {"id": str(second.account_id)}
    take_over(service, second)
    approval_id = submitted(service, admin.account_id, a_flow(service, admin, FINANCE))
    for values in ({"locked": True}, {"locked": False, "expires_on": "2020-01-01"}, {"expires_on": None}):
        change(service, admin, other, **values)
        assert refusal(service, admin, approval_id) == "own-request"
    service.call("set_password", admin, account_id=second.account_id, data={"password": OTHER_PASSWORD})
    assert refusal(service, admin, approval_id) == "own-request"
    assert refusal(service, second, approval_id) == "own-request"
    take_over(service, second, OTHER_PASSWORD, PASSWORD)
    assert approve(service, second, approval_id)["state"] == "approved"


def test_nobody_approves_by_an_account_whose_password_they_know(service: RunningService) -> None:
    """M-07: neither as their own superior, nor by a role, nor by way of a third account."""
    admin = the_administrator(service)
    data = {"code": "keeper", "name": "管人的", "permissions": KEEPING}
    service.call("create_role", admin, data=data)
    me = a_person(service, "me", "keeper", "finance")
    puppet = acting(service, an_account(service, me, "puppet", roles=["keeper", "finance"])["id"])
    second = acting(service, an_account(service, puppet, "puppet.two", roles=["finance"])["id"])
    change(service, admin, {"id": str(me.account_id)}, manager_id=str(puppet.account_id))
    for step in (SUPERIOR, named(second), FINANCE):
        approval_id = submitted(service, me.account_id, a_flow(service, admin, step))
        waiting = get(service, admin, approval_id)
        assert (waiting["approver_role"], waiting["approver_id"]) == ("administrator", None)
    mate = a_person(service, "mate", "finance")
    approval_id = submitted(service, me.account_id, a_flow(service, admin, FINANCE))
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(mate.account_id)]
    for known in (puppet, second):
        assert approval_id not in listed(service, known, **{"filter[waiting_for_me]": "true"})
        assert refusal(service, known, approval_id) == "own-request"
    take_over(service, second)
    assert listed(service, second, **{"filter[waiting_for_me]": "true"}) == [approval_id]
    assert approve(service, second, approval_id)["state"] == "approved"


def test_when_the_requester_sets_the_approvers_password_somebody_else_is_chosen(
    service: RunningService,
) -> None:
    """M-07."""
    admin = the_administrator(service)
    service.call("create_role", admin, data={"code": "keeper", "name": "管人的", "permissions": KEEPING})
    me = a_person(service, "me", "keeper", "finance")
    boss = a_person(service, "boss", "finance", manager_id=str(me.account_id))
    approval_id = submitted(service, me.account_id, a_flow(service, admin, named(boss)))
    assert get(service, admin, approval_id)["approver_id"] == str(boss.account_id)
    service.call("set_password", me, account_id=boss.account_id, data={"password": OTHER_PASSWORD})
    assert refusal(service, boss, approval_id) == "own-request"
    service.database.transact(choose_again)
    assert get(service, admin, approval_id)["approver_role"] == "administrator"


def test_whose_contract_it_is_does_not_approve_what_another_submitted(service: RunningService) -> None:
    """M-07: whoever asks for them, the consent is the owner's."""
    admin = the_administrator(service)
    owner, asker = a_person(service, "owner", "finance"), a_person(service, "asker", "salesperson")
    flow = a_flow(service, admin, FINANCE)
    approval_id = submitted(service, asker.account_id, flow, owner_id=str(owner.account_id))
    assert get(service, admin, approval_id)["approver_role"] == "administrator"
    mate = a_person(service, "mate", "finance")
    approval_id = submitted(service, asker.account_id, flow, owner_id=str(owner.account_id))
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(mate.account_id)]
    assert refusal(service, owner, approval_id) == "own-request"
    assert listed(service, owner, **{"filter[waiting_for_me]": "true"}) == []
    assert approve(service, mate, approval_id)["state"] == "approved"


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
    boss, next_boss = (a_person(service, name, "sales_manager") for name in ("boss", "next.boss"))
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


def test_nobody_is_asked_who_may_not_decide(service: RunningService) -> None:
    """GW-56: neither when a step opens nor later; else it would wait for them for ever."""
    admin = the_administrator(service)
    reader = {"code": "reader", "name": "只看不批", "permissions": {"approval.read": "own"}}
    role = service.call("create_role", admin, data=reader)
    boss = a_person(service, "boss", "reader")
    worker = a_person(service, "worker", "salesperson", manager_id=str(boss.account_id))
    for step in (SUPERIOR, named(boss), {"kind": "role", "role": "reader"}):
        waiting = get(service, admin, submitted(service, worker.account_id, a_flow(service, admin, step)))
        assert (waiting["approver_role"], waiting["approver_id"]) == ("administrator", None)
    change(service, admin, {"id": str(boss.account_id)}, roles=["sales_manager"])
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR))
    assert get(service, admin, approval_id)["approver_id"] == str(boss.account_id)
    change(service, admin, {"id": str(boss.account_id)}, roles=["reader"])
    assert get(service, admin, approval_id)["approver_role"] == "administrator"
    deciding = {**reader["permissions"], "approval.decide": "own"}
    service.call("update_role", admin, role_id=role["id"], data={"permissions": deciding})
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR))
    assert get(service, admin, approval_id)["approver_id"] == str(boss.account_id)
    service.call("update_role", admin, role_id=role["id"], data={"permissions": reader["permissions"]})
    assert get(service, admin, approval_id)["approver_role"] == "administrator"


def test_when_an_approver_expires_by_themselves_a_timer_chooses_again(service: RunningService) -> None:
    """M-07: nobody changes an account whose time runs out."""
    admin = the_administrator(service)
    boss = a_person(service, "boss", "sales_manager")
    worker = a_person(service, "worker", "salesperson", manager_id=str(boss.account_id))
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR))
    assert get(service, admin, approval_id)["approver_id"] == str(boss.account_id)
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


def test_what_waits_what_one_requested_and_what_one_decided_are_told_apart(service: RunningService) -> None:
    """(W-2) Each as a list with its number, so that a bell can count what waits."""
    admin = the_administrator(service)
    boss, clerk = a_person(service, "boss", "sales_manager"), a_person(service, "clerk", "finance")
    worker = a_person(service, "worker", "salesperson", manager_id=str(boss.account_id))
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, SUPERIOR, FINANCE))
    other = submitted(service, boss.account_id, a_flow(service, admin, FINANCE))
    decided = {"filter[decided_by_me]": "true"}
    assert listed(service, boss, **decided) == []
    approve(service, boss, approval_id)
    for who, query, expected in (
        (boss, MINE, []), (boss, decided, [approval_id]),
        (boss, {"filter[requester_id]": str(boss.account_id)}, [other]),
        (clerk, MINE, [other, approval_id]), (clerk, decided, []), (worker, decided, []), (admin, decided, []),
        (worker, {"filter[requester_id]": str(worker.account_id)}, [approval_id]),
        (boss, {"filter[decided_by_me]": "false"}, [other]),
    ):  # fmt: skip
        assert listed(service, who, **query) == expected, query
        page = service.call("list_approvals", who, query={**query, "count": "true", "limit": "1"})
        assert page["total"] == len(expected)


def test_nobody_approves_what_a_program_requested_whose_secret_they_were_shown(
    service: RunningService,
) -> None:
    """(K-8) They may have requested it themselves, and a withdrawn secret was one when they did."""
    admin = the_administrator(service)
    keeper, mate = a_person(service, "keeper", "finance"), a_person(service, "mate", "finance")
    program = a_service_account(service, admin)
    with service.database.sessions.begin() as session:
        session.execute(update(ServiceSecret).values(known_to=keeper.account_id, withdrawn_at=utcnow()))
    approval_id = submitted(service, program["id"], a_flow(service, admin, FINANCE))
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(mate.account_id)]
    assert refusal(service, keeper, approval_id) == "own-request"
    assert (listed(service, keeper, **MINE), listed(service, mate, **MINE)) == ([], [approval_id])
    assert approve(service, mate, approval_id)["state"] == "approved"


def test_the_only_administrator_approves_what_their_program_requested(service: RunningService) -> None:
    """(K-8) As they approve what they requested themselves."""
    admin = the_administrator(service)
    approval_id = submitted(service, a_service_account(service, admin)["id"], a_flow(service, admin, FINANCE))
    assert listed(service, admin, **MINE) == [approval_id]
    assert approve(service, admin, approval_id)["state"] == "approved"
