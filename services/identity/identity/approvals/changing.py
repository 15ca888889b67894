"""What else is done with an approval on its way: adding somebody, handing it on, taking it back, reminding."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import people_named
from identity.approvals.approvers import DECIDING, approver_ids, barred_from, concerned, tell_asked
from identity.approvals.asked import Asked
from identity.approvals.deciding import locked_turn, tell_decided
from identity.approvals.events import ApprovalReminded
from identity.approvals.model import Approval
from identity.approvals.queries import visible_approval
from identity.approvals.states import ADDED, APPROVED, GIVEN, HANDED_ON, PENDING
from identity.approvals.turns import administers
from servicekit import Caller, Conflict, Fault, Forbidden, Invalid, Parameter, publish, utcnow

REMINDED_EVERY = Parameter("approval.minutes_between_reminders", 60)
MOST_IN_A_STEP = 100


def add(session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]) -> Approval:
    """Let others have to agree too in the step that the caller is asked in (加签).

    Raises:
        NotFound, Forbidden, Conflict: as of ``decide``; ``asked-already``, ``too-many-asked``.
        Invalid: ``unknown-account``, ``account-left``, ``approver-not-free``, ``approver-may-not-decide``.
    """
    approval, turn = locked_turn(session, caller, approval_id, data.get("step"))
    people = people_named(session, data["account_ids"], "account_ids")
    for place, person in enumerate(people):
        ensure_may_be_asked(session, approval, turn.step, person, f"account_ids.{place}")
    task = approval.task(turn.step)
    assert task is not None
    seats = [
        Asked(
            step=turn.step, account_id=person.id, account_name=person.display_name, because=ADDED, required=True,
            by_id=caller.account_id, by_name=caller.display_name, note=data["comment"] or None,
        )
        for person in people
    ]  # fmt: skip
    approval.ask(*seats)
    tell_asked(session, approval, task, seats)
    return approval


def hand_on(session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]) -> Approval:
    """Let somebody else answer instead of the caller (转交); who administers the system hands on what others are asked.

    Raises:
        NotFound, Forbidden, Conflict, Invalid: as of ``add``.
    """
    approval, turn = locked_turn(session, caller, approval_id, data.get("step"))
    (person,) = people_named(session, [data["account_id"]], "account_id")
    ensure_may_be_asked(session, approval, turn.step, person, "account_id")
    task = approval.task(turn.step)
    assert task is not None
    old = turn.seat or approval.asked_of(turn.step)[0]
    old.answer(HANDED_ON, caller.account_id, caller.display_name, data["comment"], turn.on_behalf_of)
    seat = Asked(
        step=turn.step, account_id=person.id, account_name=person.display_name, because=GIVEN,
        required=old.required, instead_of_id=old.instead_of_id, by_id=caller.account_id,
        by_name=caller.display_name, note=data["comment"] or None,
    )  # fmt: skip
    approval.ask(seat)
    tell_asked(session, approval, task, [seat])
    return approval


def ensure_may_be_asked(session: Session, approval: Approval, step: int, person: Account, field: str) -> None:
    """Refuse to ask somebody whose own it is, whose password the requester knows, who may not decide, or who is asked.

    Raises:
        Conflict: ``asked-already``, ``too-many-asked``.
        Invalid: ``approver-not-free``, ``approver-may-not-decide``.
    """
    if person.id in barred_from(session, approval):
        told = "It is this person's own request, or of somebody who knows their password."
        raise Invalid.field(field, told, "approver-not-free")
    if not person.permissions.keys() & {DECIDING, "*"}:
        raise Invalid.field(field, "This person may not decide approvals.", "approver-may-not-decide")
    if any(seat.account_id == person.id for seat in approval.asked_of(step, PENDING, APPROVED)):
        fault = Fault("asked-already", "This person is asked in this step already.")
        raise Conflict(fault.code, fault, [{"field": field, "message": fault}])
    if len(approval.asked_of(step)) >= MOST_IN_A_STEP:
        fault = Fault("too-many-asked", "A step asks {max} people at most.", max=MOST_IN_A_STEP)
        raise Conflict(fault.code, fault)


def may_withdraw(_session: Session, caller: Caller, approval: Approval) -> bool:
    """Tell whether a caller requested it, and so may take it back."""
    return approval.requester_id == caller.account_id


def withdraw(session: Session, caller: Caller, approval_id: UUID, comment: str) -> Approval:
    """Take a request back before it is decided.

    Raises:
        NotFound: ``approval-not-found``.
        Forbidden: ``not-the-requester``.
        Conflict: ``approval-already-decided``.
    """
    approval = visible_approval(session, caller, approval_id)
    session.refresh(approval, with_for_update=True)
    if not may_withdraw(session, caller, approval):
        raise Forbidden("not-the-requester", "Only who asked for it takes it back.")
    approval.withdraw(caller.account_id, caller.display_name, comment)
    tell_decided(session, approval, comment, caller.account_id)
    return approval


def may_remind(_session: Session, caller: Caller, approval: Approval) -> bool:
    """Tell whether a caller may remind those who are asked: who requested it, whose the subject is, administrators."""
    return caller.account_id in approval.own_to or administers(caller)


def remind(session: Session, caller: Caller, approval_id: UUID, comment: str) -> Approval:
    """Remind those who have not answered (催办), not more often than an administrator has set.

    Raises:
        NotFound: ``approval-not-found``.
        Forbidden: ``not-the-requester``.
        Conflict: ``approval-already-decided``, ``reminded-already``.
    """
    approval = visible_approval(session, caller, approval_id)
    session.refresh(approval, with_for_update=True)
    if not may_remind(session, caller, approval):
        raise Forbidden("not-the-requester", "Only who asked for it reminds others of it.")
    approval.ensure_pending()
    wait, now = timedelta(minutes=REMINDED_EVERY.of(session)), utcnow()
    if approval.reminded_at is not None and approval.reminded_at + wait > now:
        raise Conflict("reminded-already", "They were reminded a short while ago.")
    approval.reminded_at, approval.reminders = now, approval.reminders + 1
    waiting = [seat for task in approval.open_tasks for seat in approval.asked_of(task.step)]
    people = approver_ids(session, approval, waiting)
    reminded = ApprovalReminded.of(approval, comment=comment, approver_ids=people)
    publish(session, approval, reminded, concerns=concerned(session, approval))
    return approval
