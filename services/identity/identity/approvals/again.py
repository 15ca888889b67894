"""Asking anew: when whoever was asked can no longer decide, and when nobody has answered in time (GW-56)."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.approvals.approvers import (
    able_among,
    barred_from,
    can_decide,
    choose,
    in_place,
    members_of,
    superior_of,
    tell_asked,
)
from identity.approvals.asked import Asked
from identity.approvals.model import Approval, ApprovalTask
from identity.approvals.states import APPROVED, ESCALATED, PENDING, REPLACED
from identity.groups.model import MEMBER
from identity.roles.model import ACCOUNT_ROLE, ADMINISTRATOR, Role
from servicekit import utcnow

AT_ONCE = 500
"""Approvals that are looked at again in one transaction."""
NO_LONGER = "Whoever was asked before can no longer decide."


def choose_again(session: Session) -> None:
    """Ask others in every approval that waits for somebody who can no longer decide, or for a role nobody has."""
    query = (
        select(Approval).where(Approval.state == PENDING, _left_alone()).order_by(Approval.id).limit(AT_ONCE)
    )
    for approval in session.scalars(query.with_for_update(of=Approval, skip_locked=True)):
        for task in approval.open_tasks:
            _ask_others(session, approval, task)


def escalate(session: Session) -> None:
    """Ask the superiors too where nobody has answered within the working hours that the flow gives."""
    late = exists().where(
        ApprovalTask.approval_id == Approval.id,
        ApprovalTask.state == PENDING,
        ApprovalTask.escalates_at <= func.now(),
    )
    query = select(Approval).where(Approval.state == PENDING, late).order_by(Approval.id).limit(AT_ONCE)
    now = utcnow()
    for approval in session.scalars(query.with_for_update(of=Approval, skip_locked=True)):
        for task in approval.open_tasks:
            if task.escalates_at is not None and task.escalates_at <= now:
                _escalate(session, approval, task)


def _ask_others(session: Session, approval: Approval, task: ApprovalTask) -> None:
    """Take out of a step who can no longer decide, and ask whom the flow means now."""
    barred = barred_from(session, approval)
    seats = approval.asked_of(task.step)
    gone = [seat for seat in seats if not _can(session, seat, barred)]
    if seats and not gone:
        return
    for seat in gone:
        seat.state, seat.decided_at, seat.comment = REPLACED, utcnow(), NO_LONGER
    left = approval.asked_of(task.step)
    if left and not any(seat.required for seat in gone):
        approval.show_who_is_asked()
        return
    chosen = choose(session, approval, task.step)
    known = {
        (each.account_id, each.role, each.group_id)
        for each in approval.asked_of(task.step, PENDING, APPROVED)
    }
    fresh = [each for each in chosen.seats if (each.account_id, each.role, each.group_id) not in known]
    if not fresh and not left:
        fresh = in_place(task.step, NO_LONGER, required=any(seat.required for seat in gone)).seats
    # What the release before this one began has nobody written down, and nobody has gone.
    note = " ".join(part for part in (NO_LONGER if gone else "", chosen.note) if part)
    task.note = note or None
    approval.ask(*fresh)
    tell_asked(session, approval, task, fresh)


def _can(session: Session, seat: Asked, barred: set[UUID]) -> bool:
    if seat.account_id is not None:
        return bool(able_among(session, [seat.account_id])) and seat.account_id not in barred
    return seat.role == ADMINISTRATOR or any(each not in barred for each in members_of(session, seat))


def _escalate(session: Session, approval: Approval, task: ApprovalTask) -> None:
    """Ask beside each who has not answered their superior; where there is none, the administrators."""
    barred = barred_from(session, approval)
    task.escalates_at, task.escalated_at = None, utcnow()
    fresh: list[Asked] = []
    for seat in approval.asked_of(task.step):
        above = superior_of(session, seat.account_id, 1) if seat.account_id else None
        able_ones = [each for each in able_among(session, [above] if above else []) if each not in barred]
        known = {each.account_id for each in (*approval.asked_of(task.step, PENDING, APPROVED), *fresh)}
        if able_ones and able_ones[0] in known:
            continue
        person = session.get_one(Account, able_ones[0]) if able_ones else None
        asked = (*approval.asked_of(task.step), *fresh)
        if person is None and not seat.required and any(each.role == ADMINISTRATOR for each in asked):
            continue
        fresh.append(
            Asked(
                step=task.step, because=ESCALATED, required=seat.required, instead_of_id=seat.first_id,
                account_id=person.id if person else None, account_name=person.display_name if person else None,
                role=None if person else ADMINISTRATOR, note="Nobody has answered in time.",
            )
        )  # fmt: skip
    approval.ask(*fresh)
    tell_asked(session, approval, task, fresh)


def _left_alone() -> ColumnElement[bool]:
    """Return the condition that a step of an approval asks nobody who can decide."""
    person = exists().where(Account.id == Asked.account_id, can_decide(), _is_free())
    role = exists().where(
        Role.code == Asked.role, ACCOUNT_ROLE.c.role_id == Role.id, Account.id == ACCOUNT_ROLE.c.account_id,
        can_decide(), _is_free(),
    )  # fmt: skip
    group = exists().where(
        MEMBER.c.group_id == Asked.group_id, Account.id == MEMBER.c.account_id, can_decide(), _is_free()
    )
    gone = or_(
        Asked.account_id.is_not(None) & not_(person),
        Asked.role.is_not(None) & (Asked.role != ADMINISTRATOR) & not_(role),
        Asked.group_id.is_not(None) & not_(group),
    )
    waits = and_(Asked.approval_id == Approval.id, Asked.state == PENDING)
    # A replica of the release before this one does not write down whom a step asks.
    unasked = exists().where(
        ApprovalTask.approval_id == Approval.id,
        ApprovalTask.state == PENDING,
        not_(
            exists().where(
                Asked.approval_id == Approval.id, Asked.step == ApprovalTask.step, Asked.state == PENDING
            )
        ),
    )
    return or_(exists().where(waits, gone), unasked)


def _is_free() -> ColumnElement[bool]:
    """Return the condition that an approval is not an account's own, nor of somebody who set its password."""
    owner_id = func.coalesce(Approval.subject_owner_id, Approval.requester_id)
    wanting = [
        column.is_distinct_from(who)
        for column in (Account.id, Account.password_known_to)
        for who in (Approval.requester_id, owner_id)
    ]
    return or_(Approval.allow_own, and_(*wanting))
