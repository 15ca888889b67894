"""Approvals found: what somebody asked for, has to decide, or decided."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    false,
    func,
    not_,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import Session

from identity.accounts.queries import knowing_ids, members_in_service, programs_of
from identity.approvals.asked import Asked
from identity.approvals.flow import ApprovalFlow
from identity.approvals.flow_schemas import ApprovalFlowSchema
from identity.approvals.model import Approval, ApprovalTask
from identity.approvals.schemas import ApprovalSchema
from identity.approvals.states import HANDED_ON, PASSED, PENDING
from identity.approvals.turns import Hand, administers, hands_of
from identity.roles.model import ADMINISTRATOR
from servicekit import Caller, ForAll, Listing, NotFound, Search, expect_version, load

READ_FLOWS, WRITE_FLOWS = ForAll("approval_flow.read"), ForAll("approval_flow.write")

FLOWS = Listing(
    ApprovalFlow,
    ApprovalFlowSchema,
    READ_FLOWS,
    filters={
        "name": Search(ApprovalFlow.name),
        "subject_type": ApprovalFlow.subject_type,
        "subject_step": ApprovalFlow.subject_step,
        "active": ApprovalFlow.active,
    },
    sorts={"created_at": ApprovalFlow.created_at, "name": ApprovalFlow.name},
)


def is_in_flows(session: Session, **asked: str) -> bool:
    """Tell whether a flow in use asks a role or a group: ``role="finance"``."""
    named = select(ApprovalFlow.id).where(ApprovalFlow.active, ApprovalFlow.steps.contains([asked]))
    return session.scalar(named.limit(1)) is not None


def _waiting_for(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Whether it waits for the caller, by name, role or group, or for who is away; own ones where they may decide."""
    mine, *others = hands_of(session, caller)
    not_mine = _may_decide(session, mine.account_id)
    asked = [_asks(mine)]
    asked += [and_(_asks(each), _may_decide(session, each.account_id)) for each in others]
    return and_(Approval.state == PENDING, or_(*asked), not_mine)


def _asks(hand: Hand) -> ColumnElement[bool]:
    """Return the condition that somebody is asked who has not answered yet."""
    return Approval.id.in_(_asked_rows(hand).where(Asked.state == PENDING))


def _asked_rows(hand: Hand) -> Select[UUID]:
    """Return the query of the approvals in which somebody is asked; each reason has an index of its own."""
    theirs: list[ColumnElement[bool]] = [Asked.account_id == hand.account_id]
    if hand.roles:
        theirs.append(Asked.role.in_(sorted(hand.roles)))
    if hand.groups:
        theirs.append(Asked.group_id.in_(sorted(hand.groups)))
    return select(Asked.approval_id).where(or_(*theirs))


def _may_decide(session: Session, account_id: UUID) -> ColumnElement[bool]:
    """Return the condition that an approval is not somebody's own, as far as that bars them (``turns.is_own``)."""
    admins = members_in_service(session, ADMINISTRATOR)
    owner_id = func.coalesce(Approval.subject_owner_id, Approval.requester_id)

    def wanted_by(people: Any) -> ColumnElement[bool]:
        return or_(*(
            who.in_(those)
            for who in (Approval.requester_id, owner_id) for those in (people, programs_of(people))
        ))  # fmt: skip

    # Looked up first: one statement has no two queries by one name.
    own = wanted_by(session.scalars(knowing_ids(account_id)).all())
    alone: ColumnElement[bool] = false()
    if account_id in admins:
        alone = and_(*(wanted_by([each]) for each in admins))
    return or_(not_(own), Approval.allow_own, alone)


def _decided_by(_session: Session, caller: Caller) -> ColumnElement[bool]:
    """Whether the caller decided a step of it."""
    return Approval.id.in_(_answered(caller.account_id))


APPROVALS = Listing(
    Approval,
    ApprovalSchema,
    "approval.read",
    filters={
        "state": Approval.state,
        "subject_type": Approval.subject_type,
        "subject_step": Approval.subject_step,
        "subject_id": Approval.subject_id,
        "requester_id": Approval.requester_id,
        "flow_id": Approval.flow_id,
        "approver_id": Approval.approver_id,
        "title": Search(Approval.title),
        "amount": Approval.amount,
    },
    sorts={"created_at": Approval.created_at},
    asks={"waiting_for_me": _waiting_for, "decided_by_me": _decided_by},
    whole=True,
)


def concerning(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Return the condition that an approval waits for a caller or somebody they decide for, or that they requested,
    decided, handed on or were asked by name.

    Each reason is looked up in an index of its own; a join with alternatives would read all approvals.
    """
    if administers(caller):
        return true()
    me = caller.account_id
    ids = union(
        *(_asked_rows(hand).where(Asked.state == PENDING) for hand in hands_of(session, caller)),
        _answered(me),
        select(Asked.approval_id).where(Asked.account_id == me, Asked.state.in_((HANDED_ON, PASSED))),
        select(Approval.id).where(Approval.requester_id == me),
    )
    return Approval.id.in_(ids)


def visible_approval(session: Session, caller: Caller, approval_id: Any) -> Approval:
    """Return an approval that a caller has or had to do with; those who share a role see what it decided.

    Raises:
        NotFound: ``approval-not-found``.
    """
    # The version is looked at last: an approval of others answers like one that is not there.
    approval = load(session, Approval, approval_id, caller, "approval.read", any_version=True)
    if not administers(caller) and not _has_to_do(session, caller, approval):
        raise NotFound("approval-not-found", "There is no such record.")
    expect_version(approval)
    return approval


def _has_to_do(session: Session, caller: Caller, approval: Approval) -> bool:
    me = caller.account_id
    if approval.requester_id == me or any(task.decided_by_id == me for task in approval.tasks):
        return True
    mine, *others = hands_of(session, caller)
    return any(
        mine.may_take(seat)
        or seat.decided_by_id == me
        or (seat.state == PENDING and any(each.may_take(seat) for each in others))
        for seat in approval.asked
    )


def _answered(account_id: UUID) -> CompoundSelect[UUID]:
    """Return the query of the approvals in which somebody answered, handed on or decided a step."""
    return union(
        select(ApprovalTask.approval_id).where(ApprovalTask.decided_by_id == account_id),
        select(Asked.approval_id).where(Asked.decided_by_id == account_id),
    )
