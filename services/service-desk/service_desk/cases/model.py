"""The case and its history; it refuses illegal states itself."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from service_desk.base import Base
from service_desk.customers.model import OfCustomer
from servicekit import Eager, Fault, Invalid, Owned, Record, in_states, new_id, utcnow
from servicekit.base.phones import dialled

OPEN, IN_PROGRESS, WAITING, RESOLVED, CLOSED = "open", "in_progress", "waiting", "resolved", "closed"
STATUSES = {
    OPEN: ("待处理", "Open"),
    IN_PROGRESS: ("处理中", "In progress"),
    WAITING: ("等待中", "Waiting"),
    RESOLVED: ("已解决", "Resolved"),
    CLOSED: ("已关闭", "Closed"),
}
UNRESOLVED = (OPEN, IN_PROGRESS, WAITING)
CHANNELS = {
    "phone": ("电话", "Phone"),
    "email": ("邮件", "Email"),
    "web": ("网站", "Web"),
    "wechat": ("微信", "WeChat"),
    "chat": ("在线客服", "Chat"),
    "visit": ("上门", "Visit"),
    "letter": ("信函", "Letter"),
    "other": ("其他", "Other"),
}
SOURCES = {"customer_request": ("客户请求", "Customer request"), "visit": ("主动回访", "Visit")}
KINDS = {
    "request": ("服务请求", "Request"),
    "question": ("咨询", "Question"),
    "fault": ("故障", "Fault"),
    "other": ("其他", "Other"),
}
PRIORITIES = {
    "low": ("低", "Low"),
    "normal": ("普通", "Normal"),
    "high": ("高", "High"),
    "urgent": ("紧急", "Urgent"),
}
UPDATED = "updated"
ACTIONS = {
    "opened": ("创建工单", "Opened"),
    "assigned": ("分派", "Assigned"),
    "started": ("开始处理", "Started"),
    "paused": ("挂起", "Paused"),
    "resolved": ("解决", "Resolved"),
    "closed": ("关闭", "Closed"),
    "reopened": ("重新打开", "Reopened"),
    "rated": ("评价", "Rated"),
    UPDATED: ("修改", "Updated"),
}


class CaseChange(Eager, Base):
    """One step of a case: who did what, and what state it led to (SD-06)."""

    __tablename__ = "case_change"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("service_case.id"))
    action: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    handler_id: Mapped[UUID | None]
    remark: Mapped[str | None]
    actor_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class Case(Record, Owned, OfCustomer, Base):
    """What a customer wants of us (SD-01).

    States: open → in_progress ⇄ waiting → resolved → closed; resolved and closed ones can be reopened.
    Its owner is who answers for it now: the handler, and until there is one whoever opened it. Whoever has the
    customer sees it too.
    """

    __tablename__ = "service_case"
    moves: ClassVar[dict[str, str]] = {
        "customer_owner_id": "whoever has the customer; customer.updated tells it"
    }
    seen_by = ("owner_id", "customer_owner_id")

    number: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    description: Mapped[str | None]
    source: Mapped[str]
    channel: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[str]
    customer_owner_id: Mapped[UUID | None]
    """Who has the customer, as far as that is known (SD-01)."""
    contact_id: Mapped[UUID | None]
    phone: Mapped[str | None]
    phone_e164: Mapped[str | None]
    serial_number: Mapped[str | None]
    opened_by: Mapped[UUID]
    handler_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(default=OPEN)
    solution: Mapped[str | None]
    rating: Mapped[int | None]
    rating_comment: Mapped[str | None]
    started_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    _dialled = dialled("phone")

    changes: WriteOnlyMapped[CaseChange] = relationship(order_by=CaseChange.created_at)

    @classmethod
    def open(cls, by: UUID, handler_id: UUID | None = None, **values: Any) -> "Case":
        """Return a new case in the hands of its handler, or else of whoever opens it (SD-01)."""
        case = cls(opened_by=by, owner_id=handler_id or by, handler_id=handler_id, **values)
        case._note(by, "opened", None)
        return case

    @in_states(*UNRESOLVED, RESOLVED, code="case-closed")
    def revise(self, **values: Any) -> None:
        """Change what is known about it, as long as it is not closed.

        Raises:
            Conflict: ``case-closed``.
        """
        for name, value in values.items():
            setattr(self, name, value)

    @in_states(*UNRESOLVED, RESOLVED, code="case-closed")
    def assign(self, handler_id: UUID, by: UUID) -> None:
        """Put it into somebody's hands (SD-06).

        Raises:
            Conflict: ``case-closed``.
        """
        self.handler_id = self.owner_id = handler_id
        self._note(by, "assigned", self.status)

    @in_states(OPEN, WAITING, code="case-not-startable")
    def start(self, by: UUID) -> None:
        """Begin work, or go on with it; who begins a case that nobody handles becomes its handler (SD-06).

        Raises:
            Conflict: ``case-not-startable``.
        """
        if self.handler_id is None:
            self.handler_id = self.owner_id = by
        self.started_at = self.started_at or utcnow()
        self._move(by, "started", IN_PROGRESS)

    @in_states(IN_PROGRESS, code="case-not-in-progress")
    def pause(self, reason: str, by: UUID) -> None:
        """Wait for somebody else: the customer, a part.

        Raises:
            Conflict: ``case-not-in-progress``.
        """
        self._move(by, "paused", WAITING, reason)

    @in_states(*UNRESOLVED, code="case-already-resolved")
    def resolve(self, solution: str, by: UUID) -> None:
        """It is solved as far as we can tell (SD-06).

        Raises:
            Conflict: ``case-already-resolved``.
        """
        self.solution = solution
        self.resolved_at = utcnow()
        self._move(by, "resolved", RESOLVED, solution)

    @in_states(*UNRESOLVED, RESOLVED, code="case-already-closed")
    def close(
        self,
        by: UUID,
        solution: str | None = None,
        rating: int | None = None,
        rating_comment: str | None = None,
    ) -> None:
        """End it; it needs a solution, given now or before, and may get the customer's rating (SD-06, SD-10).

        Raises:
            Conflict: ``case-already-closed``.
            Invalid: ``solution-required``; a comment without a rating.
        """
        if solution is None and self.solution is None:
            raise Invalid.field("solution", "A case is closed with a solution.", "solution-required")
        if rating_comment is not None and rating is None:
            raise Invalid.field("rating", Fault("comment-needs-rating", "A comment comes with a rating."))
        self.solution = solution or self.solution
        self.closed_at = utcnow()
        self.resolved_at = self.resolved_at or self.closed_at
        if rating is not None:
            self.rating, self.rating_comment = rating, rating_comment
        self._move(by, "closed", CLOSED, solution)

    @in_states(RESOLVED, CLOSED, code="case-not-resolved")
    def rate(self, rating: int, rating_comment: str | None, by: UUID) -> None:
        """Note how the customer rates what was done (SD-10); the last word counts.

        Raises:
            Conflict: ``case-not-resolved``.
        """
        self.rating, self.rating_comment = rating, rating_comment
        self._note(by, "rated", self.status, rating_comment)

    @in_states(RESOLVED, CLOSED, code="case-not-resolved")
    def reopen(self, reason: str, by: UUID) -> None:
        """It was not solved after all; solution and rating of the first attempt stay in the history only.

        Raises:
            Conflict: ``case-not-resolved``.
        """
        self.solution = self.rating = self.rating_comment = self.resolved_at = self.closed_at = None
        self._move(by, "reopened", OPEN, reason)

    def _move(self, by: UUID, action: str, status: str, remark: str | None = None) -> None:
        before, self.status = self.status, status
        self._note(by, action, before, remark)

    def _note(self, by: UUID, action: str, before: str | None, remark: str | None = None) -> None:
        self.changes.add(
            CaseChange(
                action=action,
                from_status=before,
                to_status=self.status,
                handler_id=self.handler_id,
                remark=remark,
                actor_id=by,
            )
        )
