"""What a service does when identity has decided, and how it asks again for what identity has not heard of."""

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from servicekit.base.database import utcnow
from servicekit.base.errors import Conflict
from servicekit.messages.events import Event, publish
from servicekit.messages.inbox import listens
from servicekit.messages.restating import restates
from servicekit.nouns.access import ForAll
from servicekit.nouns.approvals.awaited import ApprovalAsked, Awaited
from servicekit.nouns.approvals.codes import REJECTED, WITHDRAWN
from servicekit.nouns.audits import audited
from servicekit.nouns.noun import Noun, nouns_of

PENDING = "pending"


def audit_of(service: str) -> str:
    """Return what the audit of what a service waits for is called."""
    return f"pending-approvals-{service}"


class ApprovalDecided(Event):
    """An approval ended: every step agreed, one refused, or it was taken back."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "approval.decided"

    approval_id: UUID
    subject_type: str
    subject_id: UUID
    outcome: str
    """``approved``, ``rejected`` or ``withdrawn``."""
    comment: str = ""


class ApprovalFollower:
    """Carries out, or takes back, what a record of this service has waited for."""

    told_to: ClassVar[Mapping[str, str]] = {"approval": ForAll("approval.administer")}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if service := vars(cls).get("name"):
            pending = audited(audit_of(service), restated_by=(ApprovalAsked.type,))(_pending)
            setattr(cls, "audit_pending_approvals", pending)  # noqa: B010

    @listens(ApprovalDecided)
    def follow_decision(self, session: Session, decision: ApprovalDecided) -> None:
        """Decide the record that waits for exactly this decision; any other is history (CT-04)."""
        nouns = {noun.name: noun for noun in nouns_of(type(self)) if noun.approvals}
        noun = nouns.get(decision.subject_type)
        if noun is None:
            return
        awaited = session.get(Awaited, decision.approval_id)
        if awaited is not None and awaited.outcome is None:
            awaited.outcome, awaited.decided_at = decision.outcome, utcnow()
        record = session.get(noun.model, decision.subject_id, with_for_update=True)
        if record is None or record.approval_id != decision.approval_id:
            return
        carry_out(self, session, noun, record, decision, awaited.given if awaited else {})

    @restates(ApprovalAsked, made_by=ApprovalAsked.told_of)
    def restate_asked_approvals(self) -> Select[*tuple[Any, ...]]:
        """Return what is waited for."""
        return select(Awaited).where(Awaited.outcome.is_(None))


def carry_out(
    service: Any,
    session: Session,
    noun: Noun[Any],
    record: Any,
    decision: ApprovalDecided,
    given: dict[str, Any],
) -> None:
    """Do what the noun does after a decision, and tell it; what has gone on in the meantime only waits no longer."""
    step = record.approval_step or next(iter(noun.approvals))
    wanted = [decision.outcome, *([REJECTED] if decision.outcome == WITHDRAWN else [])]
    body, tells = next(noun.decisions[step, each] for each in wanted if (step, each) in noun.decisions)
    offered = {"session": session, "comment": decision.comment, "given": given}
    taken = [name for name in inspect.signature(body).parameters if name in offered]
    record.wait_no_longer()
    try:
        more = body(service, record, **{name: offered[name] for name in taken})
        told = tells.of(record, **(more or {}))
    except Conflict:
        session.expire(record)
        record.wait_no_longer()
        told = noun.updated.of(record)
    publish(session, record, told)


def _pending(_service: Any) -> Select[*tuple[Any, ...]]:
    """Return what is waited for, and of what (CT-03, CT-04)."""
    told = (
        Awaited.noun.label("subject_type"),
        Awaited.record_id.label("subject_id"),
        literal(PENDING).label("state"),
    )
    return select(Awaited.id, Awaited.asked_at.label("changed_at"), *told).where(Awaited.outcome.is_(None))
