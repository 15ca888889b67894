"""Approvals found: what somebody asked for, has to decide, or decided."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true, union
from sqlalchemy.orm import Session

from identity.accounts.queries import knowing_ids, members_in_service, programs_of
from identity.approvals.flow import ApprovalFlow
from identity.approvals.flow_schemas import ApprovalFlowSchema
from identity.approvals.model import PENDING, Approval, ApprovalTask
from identity.approvals.schemas import ApprovalSchema
from identity.roles.model import ACCOUNT_ROLE, ADMINISTRATOR, Role
from servicekit import Caller, ForAll, Listing, NotFound, Search, expect_version, load
from servicekit.base.scopes import ALL

READ_FLOWS, WRITE_FLOWS = ForAll("approval_flow.read"), ForAll("approval_flow.write")
ADMINISTER = ForAll("approval.administer")

FLOWS = Listing(
    ApprovalFlow,
    ApprovalFlowSchema,
    READ_FLOWS,
    filters={
        "name": Search(ApprovalFlow.name),
        "subject_type": ApprovalFlow.subject_type,
        "active": ApprovalFlow.active,
    },
    sorts={"created_at": ApprovalFlow.created_at, "name": ApprovalFlow.name},
)


def _waiting_for(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Whether it waits for the caller, by name or by role: own requests where they may decide them."""
    waits = or_(
        Approval.approver_id == caller.account_id,
        Approval.approver_role.in_(sorted(roles_of(session, caller))),
    )
    admins = members_in_service(session, ADMINISTRATOR)
    owner_id = func.coalesce(Approval.subject_owner_id, Approval.requester_id)

    def wanted_by(people: Any) -> ColumnElement[bool]:
        return or_(*(
            who.in_(those)
            for who in (Approval.requester_id, owner_id) for those in (people, programs_of(people))
        ))  # fmt: skip

    own = wanted_by(knowing_ids(caller.account_id))
    alone: ColumnElement[bool] = false()
    if caller.account_id in admins:
        alone = and_(*(wanted_by([each]) for each in admins))
    return and_(Approval.state == PENDING, waits, or_(not_(own), Approval.allow_own, alone))


def _decided_by(_session: Session, caller: Caller) -> ColumnElement[bool]:
    """Whether the caller decided a step of it."""
    mine = select(ApprovalTask.approval_id).where(ApprovalTask.decided_by_id == caller.account_id)
    return Approval.id.in_(mine)


APPROVALS = Listing(
    Approval,
    ApprovalSchema,
    "approval.read",
    filters={
        "state": Approval.state,
        "subject_type": Approval.subject_type,
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


def administers(caller: Caller) -> bool:
    """Tell whether a caller sees and decides every approval."""
    return caller.scope(ADMINISTER) == ALL


def roles_of(session: Session, caller: Caller) -> set[str]:
    """Return the codes of a caller's roles."""
    query = select(Role.code).join(ACCOUNT_ROLE).where(ACCOUNT_ROLE.c.account_id == caller.account_id)
    return set(session.scalars(query))


def concerning(session: Session, caller: Caller) -> ColumnElement[bool]:
    """Return the condition that an approval waits for a caller, or was requested or decided by them.

    Each reason is looked up in an index of its own; a join with alternatives would read all approvals.
    """
    if administers(caller):
        return true()
    me, task = caller.account_id, select(ApprovalTask.approval_id)
    mine = and_(
        ApprovalTask.state == PENDING, or_(ApprovalTask.account_id == me, _for_any(roles_of(session, caller)))
    )
    ids = union(
        task.where(mine),
        task.where(ApprovalTask.decided_by_id == me),
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
    me, roles = caller.account_id, roles_of(session, caller)
    concerned = approval.requester_id == me or any(
        task.is_for(me, roles) or task.decided_by_id == me for task in approval.tasks
    )
    if not concerned and not administers(caller):
        raise NotFound("approval-not-found", "There is no such record.")
    expect_version(approval)
    return approval


def _for_any(roles: set[str]) -> ColumnElement[bool]:
    return ApprovalTask.role.in_(sorted(roles))
