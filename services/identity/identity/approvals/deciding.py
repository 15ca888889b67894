"""Deciding an approval step by step, one or many at once."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.approvals.approvers import approver_ids, concerned, open_next
from identity.approvals.events import ApprovalDecided, ApprovalProgressed
from identity.approvals.model import Approval, already_decided
from identity.approvals.queries import visible_approval
from identity.approvals.states import PENDING
from identity.approvals.turns import Turn, turn_of
from servicekit import Caller, OperationError, publish


def decide(
    session: Session, caller: Caller, approval_id: UUID, outcome: str, comment: str, step: int | None = None
) -> Approval:
    """Decide for the caller what they are asked: the step they name, or the first that waits for them.

    Raises:
        NotFound: ``approval-not-found``, if the caller may not see it.
        Forbidden: ``own-request``, if it is the caller's own; ``not-an-approver``, if it waits for somebody else.
        Conflict: ``approval-already-decided``, also for whoever comes second.
    """
    approval, turn = locked_turn(session, caller, approval_id, step)
    approval.decide(
        turn.step, outcome, caller.account_id, caller.display_name, comment,
        seat=turn.seat, on_behalf_of=turn.on_behalf_of,
    )  # fmt: skip
    if approval.state != PENDING:
        tell_decided(session, approval, comment, caller.account_id)
    elif not approval.open_tasks:
        open_next(session, approval)
    else:
        tell_progress(session, approval, turn.step)
    return approval


def locked_turn(
    session: Session, caller: Caller, approval_id: UUID, step: int | None = None
) -> tuple[Approval, Turn]:
    """Return an approval that nobody else changes now, and what the caller may answer: what they saw, nothing later.

    Raises:
        NotFound, Forbidden, Conflict: as of ``decide``.
    """
    approval = visible_approval(session, caller, approval_id)
    seen = {task.step for task in approval.open_tasks}
    session.refresh(approval, with_for_update=True)
    if not seen & {task.step for task in approval.open_tasks}:
        raise already_decided()
    turn = turn_of(session, caller, approval, step)
    if isinstance(turn, OperationError):
        raise turn
    if turn.step not in seen:
        raise already_decided()
    return approval, turn


def may_decide(session: Session, caller: Caller, approval: Approval) -> bool:
    """Tell whether a caller may decide a step that waits."""
    return isinstance(turn_of(session, caller, approval), Turn)


def decide_many(
    session: Session, caller: Caller, approval_ids: list[UUID], outcome: str, comment: str
) -> list[dict[str, Any]]:
    """Decide several, each as if it were the only one, and say of each what became of it.

    They are taken in one order, so that two who decide the same ones at once do not wait for each other for ever.
    """
    found: dict[UUID, dict[str, Any]] = {}
    for approval_id in sorted(set(approval_ids)):
        try:
            state = decide(session, caller, approval_id, outcome, comment).state
        except OperationError as refused:
            found[approval_id] = {"done": False, "state": None, "code": refused.code}
        else:
            found[approval_id] = {"done": True, "state": state, "code": None}
    return [{"id": each, **found[each]} for each in dict.fromkeys(approval_ids)]


def tell_decided(session: Session, approval: Approval, comment: str, by_id: UUID) -> None:
    """Tell that an approval has ended, and how."""
    decided = ApprovalDecided.of(approval, outcome=approval.state, comment=comment, decided_by_id=by_id)
    publish(session, approval, decided, concerns=concerned(session, approval))


def tell_progress(session: Session, approval: Approval, step: int) -> None:
    """Tell that somebody has answered, and that others still have to."""
    waiting = [seat for task in approval.open_tasks for seat in approval.asked_of(task.step)]
    told = ApprovalProgressed.of(
        approval, answered_step=step, approver_ids=approver_ids(session, approval, waiting)
    )
    publish(session, approval, told, concerns=concerned(session, approval))
