"""Approvals on their way: others are added, it is handed on, taken back, reminded of, decided by the dozen."""

from typing import Any

import pytest
from sqlalchemy import update

from identity.approvals.again import choose_again, escalate
from identity.approvals.asked import Asked
from identity.approvals.model import Approval, ApprovalTask
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, new_id, utcnow
from servicekit.testing import RunningService
from tests.identity.people import the_administrator
from tests.identity.test_approval_steps import named, people, states
from tests.identity.test_approvals import FINANCE, a_flow, approve, get, listed, submitted
from tests.identity.test_own_requests import MINE


@pytest.fixture
def admin(service: RunningService) -> Caller:
    return the_administrator(service)


def write(service: RunningService, statement: Any) -> None:
    service.database.transact(lambda session: session.execute(statement))


def changed(service: RunningService, who: Caller, name: str, approval_id: str, **data: Any) -> dict[str, Any]:
    approval: dict[str, Any] = service.call(name, who, approval_id=approval_id, data=data)
    return approval


def added(service: RunningService, who: Caller, approval_id: str, *others: Caller) -> dict[str, Any]:
    ids = [str(each.account_id) for each in others]
    return changed(service, who, "add_approvers", approval_id, account_ids=ids, comment="请一起看")


def handed(service: RunningService, who: Caller, approval_id: str, to: Caller) -> dict[str, Any]:
    return changed(service, who, "hand_on_approval", approval_id, account_id=str(to.account_id))


def test_who_is_asked_adds_others_who_must_agree_too(service: RunningService, admin: Caller) -> None:
    """GW-56: one of those the flow names is enough; who was added is needed besides."""
    worker, one, two, lawyer = people(service, "worker", "one", "two", "lawyer")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one, two)))
    waiting = added(service, one, approval_id, lawyer)
    entry = waiting["asked"][-1]
    assert (entry["because"], entry["by_name"], entry["note"], entry["required"]) == (
        "added",
        "one",
        "请一起看",
        True,
    )
    assert service.published("approval.requested")[-1].data["approver_ids"] == [str(lawyer.account_id)]
    assert approve(service, two, approval_id)["state"] == "pending"
    assert approve(service, lawyer, approval_id)["state"] == "approved"


def test_it_is_handed_on_to_somebody_who_answers_instead(service: RunningService, admin: Caller) -> None:
    """GW-56: and who handed it on still sees what becomes of it."""
    worker, one, two = people(service, "worker", "one", "two")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one)))
    waiting = handed(service, one, approval_id, two)
    assert states(waiting) == {"one": "handed_on", "two": "pending"}
    assert listed(service, one, **MINE) == [] and listed(service, one) == [approval_id]
    with pytest.raises(Conflict):
        approve(service, one, approval_id)
    assert approve(service, two, approval_id)["state"] == "approved"


def test_nobody_makes_the_requester_decide_nor_who_may_not(service: RunningService, admin: Caller) -> None:
    """M-07: neither by adding them nor by handing it on; nor somebody who has no right to decide at all."""
    worker, one = people(service, "worker", "one")
    (idle,) = people(service, "idle", roles=[])
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one)))
    for who, code in ((worker, "approver-not-free"), (idle, "approver-may-not-decide")):
        for attempt in (added, handed):
            with pytest.raises(Invalid) as refused:
                attempt(service, one, approval_id, who)
            assert refused.value.code == code
    (mate,) = people(service, "mate")
    with pytest.raises(Conflict) as already:
        added(service, one, approval_id, one)
    assert already.value.code == "asked-already"
    assert states(added(service, one, approval_id, mate))["mate"] == "pending"


def test_only_who_is_asked_adds_or_hands_on(service: RunningService, admin: Caller) -> None:
    """GW-56: not the requester, and of strangers it is hidden."""
    worker, one, two = people(service, "worker", "one", "two")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one)))
    for attempt in (added, handed):
        with pytest.raises(Forbidden):
            attempt(service, worker, approval_id, two)
        with pytest.raises(NotFound):
            attempt(service, two, approval_id, two)
    assert states(handed(service, admin, approval_id, two)) == {"one": "handed_on", "two": "pending"}


def test_who_asked_takes_it_back_while_it_waits(service: RunningService, admin: Caller) -> None:
    """GW-56."""
    worker, one = people(service, "worker", "one")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one), FINANCE))
    with pytest.raises(Forbidden) as refused:
        changed(service, one, "withdraw_approval", approval_id)
    assert refused.value.code == "not-the-requester"
    gone = changed(service, worker, "withdraw_approval", approval_id, comment="填错了")
    assert (gone["state"], states(gone), gone["can"]) == ("withdrawn", {"one": "passed"}, [])
    decided = service.published("approval.decided")[-1].data
    assert (decided["outcome"], decided["comment"]) == ("withdrawn", "填错了")
    for who, attempt in ((one, "approve"), (worker, "withdraw_approval"), (worker, "remind_approvers")):
        with pytest.raises(Conflict) as late:
            changed(service, who, attempt, approval_id)
        assert late.value.code == "approval-already-decided"
    assert listed(service, one, **MINE) == []


def test_those_who_have_not_answered_are_reminded_once_an_hour(
    service: RunningService, admin: Caller
) -> None:
    """GW-56."""
    worker, one, two = people(service, "worker", "one", "two")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one, two, agree="all")))
    approve(service, one, approval_id)
    reminded = changed(service, worker, "remind_approvers", approval_id, comment="请尽快")
    assert reminded["reminders"] == 1
    told = service.published("approval.reminded")[-1].data
    assert (told["approver_ids"], told["comment"]) == ([str(two.account_id)], "请尽快")
    with pytest.raises(Conflict) as refused:
        changed(service, worker, "remind_approvers", approval_id)
    assert refused.value.code == "reminded-already"
    with pytest.raises(Forbidden):
        changed(service, two, "remind_approvers", approval_id)


def test_many_are_decided_at_once_each_as_if_it_were_the_only_one(
    service: RunningService, admin: Caller
) -> None:
    """GW-56: what one refuses the others do not notice; nobody decides their own by it."""
    worker, one, two = people(service, "worker", "one", "two")
    flow = a_flow(service, admin, named(one))
    mine = submitted(service, one.account_id, flow)
    good, done = (submitted(service, worker.account_id, flow) for _ in range(2))
    others = submitted(service, worker.account_id, a_flow(service, admin, named(two), name="别人"))
    approve(service, one, done)
    ids = [mine, good, done, others, str(new_id()), good]
    data = {"ids": ids, "outcome": "approved", "comment": "批量"}
    answer = service.call("bulk_decide", one, data=data)["items"]
    assert [(each["id"], each["done"], each["code"]) for each in answer] == [
        (mine, False, "not-an-approver"),
        (good, True, None),
        (done, False, "approval-already-decided"),
        (others, False, "approval-not-found"),
        (ids[4], False, "approval-not-found"),
    ]
    assert get(service, worker, good)["asked"][0]["comment"] == "批量"
    assert get(service, one, mine)["state"] == "pending"
    with pytest.raises(Invalid):
        service.call("bulk_decide", one, data={"ids": [mine], "outcome": "rejected"})
    with pytest.raises(Invalid):
        service.call("bulk_decide", one, data={"ids": [], "outcome": "approved"})


def test_what_nobody_answers_in_time_comes_to_the_superior_too(
    service: RunningService, admin: Caller
) -> None:
    """GW-56: one of the two is enough, and the history says why."""
    (boss,) = people(service, "boss")
    (one,) = people(service, "one", manager_id=str(boss.account_id))
    (worker,) = people(service, "worker")
    flow = a_flow(service, admin, named(one, agree="all", escalate_after=8))
    approval_id = submitted(service, worker.account_id, flow)
    service.database.transact(escalate)
    waiting = get(service, worker, approval_id)
    assert waiting["history"][0]["escalates_at"] is not None and states(waiting) == {"one": "pending"}
    write(service, update(ApprovalTask).values(escalates_at=utcnow()))
    for _ in range(2):
        service.database.transact(escalate)
    late = get(service, worker, approval_id)
    assert states(late) == {"one": "pending", "boss": "pending"}
    assert (late["asked"][1]["because"], late["asked"][1]["instead_of_id"]) == (
        "escalated",
        late["asked"][0]["id"],
    )
    done = approve(service, boss, approval_id)
    assert (done["state"], states(done)) == ("approved", {"one": "passed", "boss": "approved"})


def test_what_the_release_before_began_is_asked_for_here(service: RunningService, admin: Caller) -> None:
    """Decision 17: it writes down the step alone."""
    worker, one = people(service, "worker", "one")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one)))
    write(service, update(Asked).values(step=99))
    write(service, update(Approval).values(approver_id=None))
    service.database.transact(choose_again)
    assert listed(service, one, **MINE) == [approval_id]
    assert get(service, admin, approval_id)["history"][0]["note"] is None
    assert approve(service, one, approval_id)["state"] == "approved"
