"""Who has to decide a step: chosen when it opens, and again when whoever was chosen can no longer (GW-56)."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import able, able_members, holders_of, known_ids
from identity.approvals.flow import PERSON, ROLE
from identity.approvals.model import PENDING, Approval
from identity.events import ApprovalRequested
from identity.roles.model import ACCOUNT_ROLE, ADMINISTRATOR, Role
from servicekit import publish

AT_ONCE = 500
"""Approvals that are looked at again in one transaction."""


def choose_approver(session: Session, approval: Approval, because: str = "") -> None:
    """Ask whoever the step that waits is for; where there is nobody, the administrators, and the history says why.

    Args:
        because: why somebody is chosen again.
    """
    approver, asked = _approver(session, approval)
    note = " ".join(part for part in (because, approver.pop("note", "")) if part)
    approval.wait_for(**approver, note=note or None)
    requested = ApprovalRequested.of(approval, step=approval.step, approver_ids=asked)
    publish(session, approval, requested, concerns=concerned(session, approval))


def concerned(session: Session, approval: Approval) -> set[UUID]:
    """Return who may look at an approval, and so is told what becomes of it: who wants it, is asked, or has decided.

    A role that is asked stands for itself: who has it, is found out when somebody reads (``concerned_as``).
    """
    codes = {task.role for task in approval.tasks if task.role is not None}
    people = {
        who for task in approval.tasks for who in (task.account_id, task.decided_by_id) if who is not None
    }
    roles = session.scalars(select(Role.id).where(Role.code.in_(codes))) if codes else ()
    return {approval.requester_id, *people, *roles}


def choose_again(session: Session) -> None:
    """Choose anew for every approval that waits for somebody who can no longer decide, or for a role nobody has."""
    person_is_able = exists().where(Account.id == Approval.approver_id, able(), _is_free())
    role_is_held = exists().where(
        Role.code == Approval.approver_role,
        ACCOUNT_ROLE.c.role_id == Role.id,
        Account.id == ACCOUNT_ROLE.c.account_id,
        able(),
        _is_free(),
    )
    left_alone = or_(
        # A replica of the release before this one does not write down whom a step waits for.
        Approval.approver_id.is_(None) & Approval.approver_role.is_(None),
        Approval.approver_id.is_not(None) & not_(person_is_able),
        Approval.approver_role.is_not(None) & (Approval.approver_role != ADMINISTRATOR) & not_(role_is_held),
    )
    query = select(Approval).where(Approval.state == PENDING, left_alone).order_by(Approval.id).limit(AT_ONCE)
    for approval in session.scalars(query.with_for_update(of=Approval, skip_locked=True)):
        known = approval.approver_id is not None or approval.approver_role is not None
        choose_approver(session, approval, "Whoever was asked before can no longer decide." if known else "")


def _approver(session: Session, approval: Approval) -> tuple[dict[str, Any], list[UUID]]:
    """Return who has to decide the step that waits, and all whom that asks: never who wants it, nor whose
    password they know, unless the flow says so or nobody else administers the system."""
    step = approval.steps[approval.step - 1]
    barred: set[UUID] = set()
    if not approval.allow_own:
        wanting = {*approval.own_to, *session.scalars(holders_of(approval.own_to))}
        barred.update(session.scalars(known_ids(wanting)))
    if step["kind"] == ROLE:
        asked = [member for member in able_members(session, step["role"]) if member not in barred]
        if asked:
            return {"role": step["role"]}, asked
        return _administrators(session, barred, f"Nobody else has the role {step['role']}.")
    if step["kind"] == PERSON:
        person = session.get(Account, UUID(step["account_id"]))
        missing = "The person asked cannot sign in, or it would be their own request."
    else:
        requester = session.get(Account, approval.requester_id)
        person = session.get(Account, requester.manager_id) if requester and requester.manager_id else None
        missing = "The requester has no superior who can sign in and decide."
    if person is not None and person.may_sign_in and person.id not in barred:
        return {"account_id": person.id}, [person.id]
    return _administrators(session, barred, missing)


def _is_free() -> ColumnElement[bool]:
    """Return the condition that an approval is not an account's own, nor of somebody who set its password."""
    owner_id = func.coalesce(Approval.subject_owner_id, Approval.requester_id)
    wanting = [
        column.is_distinct_from(who)
        for column in (Account.id, Account.password_known_to)
        for who in (Approval.requester_id, owner_id)
    ]
    return or_(Approval.allow_own, and_(*wanting))


def _administrators(session: Session, barred: set[UUID], note: str) -> tuple[dict[str, Any], list[UUID]]:
    able_ones = able_members(session, ADMINISTRATOR)
    others = [member for member in able_ones if member not in barred]
    return {"role": ADMINISTRATOR, "note": note}, others or able_ones
