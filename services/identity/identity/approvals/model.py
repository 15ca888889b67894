"""The approval and its tasks; it refuses to be decided twice."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from identity.base import Base
from servicekit import Conflict, Eager, Record, guarded, new_id, utcnow

PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
STATES = {PENDING: ("待审批", "Pending"), APPROVED: ("已通过", "Approved"), REJECTED: ("已驳回", "Rejected")}


class ApprovalTask(Eager, Base):
    """One step on its way: who is to decide it, and what they decided. All tasks together are the history."""

    __tablename__ = "approval_task"
    __table_args__ = (UniqueConstraint("approval_id", "step", name="uq_approval_task_step"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    step: Mapped[int]
    """From 1."""
    kind: Mapped[str]
    """What the flow asked for: a person, a role, the superior."""
    account_id: Mapped[UUID | None]
    """Who is to decide; or, where there is none, anybody with the role."""
    role: Mapped[str | None]
    note: Mapped[str | None]
    """Why it came to the administrators, if it did."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    state: Mapped[str] = mapped_column(default=PENDING)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    as_administrator: Mapped[bool] = mapped_column(default=False)
    """Whether whoever decided it was not asked to, and could because they administer the system."""
    comment: Mapped[str] = mapped_column(default="")

    def is_for(self, account_id: UUID, roles: set[str]) -> bool:
        """Tell whether it is somebody's to decide, who has these roles."""
        return self.account_id == account_id or self.role in roles


def _decided(approval: Any) -> Conflict | None:
    return None if approval.state == PENDING else already_decided()


class Approval(Record, Base):
    """A request that somebody else has to agree to, step by step (GW-56)."""

    __tablename__ = "approval"

    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    title: Mapped[str]
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None]
    requester_id: Mapped[UUID]
    requester_name: Mapped[str | None]
    subject_owner_id: Mapped[UUID | None]
    """Whose the subject was when it began; none where the release before this one wrote it down."""
    flow_id: Mapped[UUID | None]
    steps: Mapped[list[Any]]
    """The flow's steps as they were when it began."""
    allow_own: Mapped[bool] = mapped_column(default=False)
    """Whether the flow let the requester agree when it began."""
    approver_id: Mapped[UUID | None]
    """The person it waits for, if it waits for one."""
    approver_role: Mapped[str | None]
    """The role it waits for, if it waits for one."""
    state: Mapped[str] = mapped_column(default=PENDING)
    decided_at: Mapped[datetime | None]

    tasks: Mapped[list[ApprovalTask]] = relationship(
        cascade="all, delete-orphan", order_by=ApprovalTask.step, lazy="selectin"
    )

    @property
    def own_to(self) -> set[UUID]:
        """Who wants the consent: whoever requested it, and whose the subject is."""
        return {
            account_id for account_id in (self.requester_id, self.subject_owner_id) if account_id is not None
        }

    @property
    def step(self) -> int:
        """The number of the step that was opened last."""
        return len(self.tasks)

    @property
    def step_count(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def waiting(self) -> ApprovalTask | None:
        """The task that has to be decided next; None when all is decided."""
        return self.tasks[-1] if self.state == PENDING else None

    def open_step(self) -> None:
        """Begin the next step; who decides it is chosen right after."""
        kind = self.steps[self.step]["kind"]
        self.tasks.append(ApprovalTask(step=self.step + 1, kind=kind))

    def wait_for(
        self, account_id: UUID | None = None, role: str | None = None, note: str | None = None
    ) -> None:
        """Let the step that waits be decided by somebody else than so far."""
        task = self.tasks[-1]
        task.account_id, task.role, task.note = account_id, role, note
        self.approver_id, self.approver_role = account_id, role
        self.touch()

    @guarded(_decided)
    def decide(
        self, outcome: str, account_id: UUID, name: str, comment: str, *, as_administrator: bool
    ) -> None:
        """Decide the step that waits; a refusal, or the last consent, decides all of it.

        Raises:
            Conflict: ``approval-already-decided``.
        """
        task = self.tasks[-1]
        task.state, task.decided_at, task.comment = outcome, utcnow(), comment
        task.decided_by_id, task.decided_by_name, task.as_administrator = account_id, name, as_administrator
        if outcome == REJECTED or self.step == self.step_count:
            self.state, self.decided_at = outcome, utcnow()
            self.approver_id = self.approver_role = None
        self.touch()


def already_decided() -> Conflict:
    """Return the error for somebody who comes too late."""
    return Conflict("approval-already-decided", "Somebody has decided this already.")
