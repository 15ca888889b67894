"""The approval with its steps and those who are asked; it refuses to be decided twice."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from identity.approvals.asked import Answered, Asked, is_agreed
from identity.approvals.flow import stages_of
from identity.approvals.states import APPROVED, PASSED, PENDING, REJECTED, WITHDRAWN
from identity.base import Base
from servicekit import Conflict, Eager, Record, guarded, new_id, utcnow


class ApprovalTask(Answered, Eager, Base):
    """One step on its way, and how it ended. All tasks together are the history."""

    __tablename__ = "approval_task"
    __table_args__ = (UniqueConstraint("approval_id", "step", name="uq_approval_task_step"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    step: Mapped[int]
    """From 1."""
    kind: Mapped[str]
    """What the flow asked for: a person, a role, the superior."""
    account_id: Mapped[UUID | None]
    """Who was asked last; or, where there is none, anybody with the role. All who are asked stand in ``asked``."""
    role: Mapped[str | None]
    note: Mapped[str | None]
    """Why it came to the administrators, if it did."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    as_administrator: Mapped[bool] = mapped_column(default=False)
    """Whether whoever decided it was not asked to, and could because they administer the system."""
    escalates_at: Mapped[datetime | None]
    """When the superiors of who has not answered are asked too."""
    escalated_at: Mapped[datetime | None]


def _decided(approval: Any) -> Conflict | None:
    return None if approval.state == PENDING else already_decided()


class Approval(Record, Base):
    """A request that others have to agree to, step by step or side by side (GW-56)."""

    __tablename__ = "approval"

    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    subject_step: Mapped[str] = mapped_column(default="submit")
    """What of the subject waits for consent."""
    title: Mapped[str]
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the subject was like when it was asked for."""
    requester_id: Mapped[UUID]
    requester_name: Mapped[str | None]
    subject_owner_id: Mapped[UUID | None]
    """Whose the subject was when it began; none where the release before this one wrote it down."""
    flow_id: Mapped[UUID | None]
    flow_version: Mapped[int | None]
    steps: Mapped[list[Any]]
    """The flow's steps as they were when it began."""
    allow_own: Mapped[bool] = mapped_column(default=False)
    """Whether the flow let the requester agree when it began."""
    approver_id: Mapped[UUID | None]
    """The first person it waits for, if it waits for one."""
    approver_role: Mapped[str | None]
    """The role it waits for, if it waits for one."""
    state: Mapped[str] = mapped_column(default=PENDING)
    decided_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)

    tasks: Mapped[list[ApprovalTask]] = relationship(
        cascade="all, delete-orphan", order_by=ApprovalTask.step, lazy="selectin"
    )
    asked: Mapped[list[Asked]] = relationship(
        cascade="all, delete-orphan", order_by=(Asked.created_at, Asked.id), lazy="selectin"
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
    def stages(self) -> list[list[int]]:
        """The numbers of the steps that run side by side, in order."""
        return stages_of(self.steps)

    @property
    def shown_stages(self) -> list[dict[str, list[int]]]:
        """The same, as the API shows them."""
        return [{"steps": steps} for steps in self.stages]

    @property
    def open_tasks(self) -> list[ApprovalTask]:
        """The steps that have to be decided now; of one that has ended none."""
        return [task for task in self.tasks if task.state == PENDING] if self.state == PENDING else []

    @property
    def waiting(self) -> ApprovalTask | None:
        """The first of them; None when all is decided."""
        return next(iter(self.open_tasks), None)

    def task(self, step: int) -> ApprovalTask | None:
        """Return the open task of a step."""
        return next((task for task in self.open_tasks if task.step == step), None)

    def asked_of(self, step: int, *states: str) -> list[Asked]:
        """Return who is asked in a step, in some states of their answers."""
        return [each for each in self.asked if each.step == step and each.state in (states or (PENDING,))]

    def open_stage(self) -> list[ApprovalTask]:
        """Begin the steps that come next, side by side; who decides them is chosen right after."""
        number = self.step + 1
        stage = next((stage for stage in self.stages if number in stage), [number])
        opened = [
            ApprovalTask(step=each, kind=self.steps[each - 1]["kind"]) for each in stage if each >= number
        ]
        self.tasks.extend(opened)
        return opened

    def ask(self, *seats: Asked) -> None:
        """Ask further people, roles or groups in a step that is open."""
        self.asked.extend(seats)
        self.show_who_is_asked()

    def show_who_is_asked(self) -> None:
        """Write down for lists, and for who looks at the steps alone, whom it waits for."""
        for task in self.open_tasks:
            waiting = self.asked_of(task.step)
            if waiting:
                task.account_id, task.role = waiting[0].account_id, waiting[0].role
        waiting = [each for task in self.open_tasks for each in self.asked_of(task.step)]
        self.approver_id = next((each.account_id for each in waiting if each.account_id), None)
        self.approver_role = next((each.role for each in waiting if each.role), None)
        self.touch()

    @guarded(_decided)
    def decide(
        self,
        step: int,
        outcome: str,
        account_id: UUID,
        name: str,
        comment: str,
        *,
        seat: Asked | None = None,
        on_behalf_of: tuple[UUID, str] | None = None,
    ) -> None:
        """Answer for one who is asked in a step, or without having been asked for all of them.

        A refusal ends all of it. A step ends when whoever must agree has; the last of them, and of the steps, decides.

        Args:
            seat: where the answer belongs; None for an administrator who is not asked.
            on_behalf_of: who was asked, if somebody else answers while they are away.

        Raises:
            Conflict: ``approval-already-decided``.
        """
        task = self.task(step)
        if task is None:
            raise already_decided()
        if seat is not None:
            seat.answer(outcome, account_id, name, comment, on_behalf_of)
        if outcome == REJECTED or seat is None or is_agreed(self.asked_of(step, PENDING, APPROVED)):
            task.state, task.decided_at, task.comment = outcome, utcnow(), comment
            task.decided_by_id, task.decided_by_name, task.as_administrator = account_id, name, seat is None
            self._pass(self.asked_of(step))
        if outcome == REJECTED:
            self._end(REJECTED)
        elif self.step == self.step_count and not any(each.state == PENDING for each in self.tasks):
            self._end(APPROVED)
        self.show_who_is_asked()

    @guarded(_decided)
    def withdraw(self, account_id: UUID, name: str, comment: str) -> None:
        """Ask no longer.

        Raises:
            Conflict: ``approval-already-decided``.
        """
        for task in self.open_tasks:
            task.state, task.decided_at, task.comment = WITHDRAWN, utcnow(), comment
            task.decided_by_id, task.decided_by_name = account_id, name
        self._end(WITHDRAWN)
        self.show_who_is_asked()

    @guarded(_decided)
    def ensure_pending(self) -> None:
        """Refuse what can only be done while somebody has to decide.

        Raises:
            Conflict: ``approval-already-decided``.
        """

    def _end(self, state: str) -> None:
        self.state, self.decided_at = state, utcnow()
        for task in self.tasks:
            if task.state == PENDING:
                task.state, task.decided_at = PASSED, utcnow()
        self._pass(each for each in self.asked if each.state == PENDING)

    @staticmethod
    def _pass(seats: Iterable[Asked]) -> None:
        for each in seats:
            each.state = PASSED


def already_decided() -> Conflict:
    """Return the error for somebody who comes too late."""
    return Conflict("approval-already-decided", "Somebody has decided this already.")
