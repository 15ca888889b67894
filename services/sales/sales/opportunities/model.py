"""The opportunity and the history of its stages; it refuses illegal states itself."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sales.base import Base
from sales.customer_copy import CustomerCopy
from servicekit import Custom, Eager, Fault, Invalid, Owned, Record, in_states, new_id, today, utcnow
from servicekit.base.money import check_amount

OPEN, WON, LOST = "open", "won", "lost"
STATUSES = {OPEN: ("进行中", "Open"), WON: ("赢单", "Won"), LOST: ("输单", "Lost")}
PROSPECTING, ENGAGING, PROPOSING, NEGOTIATING = "prospecting", "engaging", "proposing", "negotiating"
OPEN_STAGES = {
    PROSPECTING: ("初步接洽", "Prospecting"),
    ENGAGING: ("需求确认", "Engaging"),
    PROPOSING: ("方案报价", "Proposing"),
    NEGOTIATING: ("商务谈判", "Negotiating"),
}
STAGES = {**OPEN_STAGES, WON: STATUSES[WON], LOST: STATUSES[LOST]}
LOSS_REASONS = {
    "price": ("价格过高", "Price"),
    "competitor": ("选择竞争对手", "Competitor"),
    "no_budget": ("没有预算", "No budget"),
    "no_decision": ("客户未决策", "No decision"),
    "product_fit": ("产品不匹配", "Product fit"),
    "other": ("其他", "Other"),
}
IMPORTANCES = {"high": ("高", "High"), "medium": ("中", "Medium"), "low": ("低", "Low")}
FIGURES = frozenset({"amount", "currency", "probability"})
"""What a won or lost opportunity keeps as it was when it was closed."""


class StageEntry(Eager, Base):
    """That an opportunity entered a stage, and when: what stage analysis is made from."""

    __tablename__ = "stage_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id", ondelete="CASCADE"))
    stage: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(default=utcnow)


class Opportunity(Record, Owned, Custom, Base):
    """A sale that may come about (SA-25).

    Stages: prospecting → engaging → proposing → negotiating, any of them skipped (SA-33), then won or lost (SA-35).
    """

    __tablename__ = "opportunity"
    granted_as: ClassVar[tuple[str, str] | None] = ("opportunity", "id")
    moves: ClassVar[dict[str, str]] = {"last_activity_at": "an activity, which is told by itself"}

    name: Mapped[str]
    customer_id: Mapped[UUID | None] = mapped_column()
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey("product.id"))
    amount: Mapped[Decimal] = mapped_column(default=Decimal(0))
    currency: Mapped[str] = mapped_column(default="CNY")
    stage: Mapped[str]
    probability: Mapped[int | None]
    """Percent; 100 when won, 0 when lost."""
    expected_close_on: Mapped[date | None]
    started_on: Mapped[date] = mapped_column(default=today)
    source: Mapped[str | None]
    type: Mapped[str | None]
    importance: Mapped[str] = mapped_column(default="medium")
    remark: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=OPEN)
    closed_on: Mapped[date | None]
    reason: Mapped[str | None]
    """Why it was lost, one of ``LOSS_REASONS``."""
    close_remark: Mapped[str | None]
    last_activity_at: Mapped[datetime | None]

    customer_name: Mapped[str | None] = CustomerCopy.name_of(customer_id)
    stage_history: Mapped[list[StageEntry]] = relationship(
        cascade="all, delete-orphan", order_by=(StageEntry.entered_at, StageEntry.id)
    )

    def fill_in(self, stage: str | None = None, **values: Any) -> None:
        """Set what is known of it, and enter a stage if one is named; a new one begins with prospecting (SA-25).

        Raises:
            Conflict: ``opportunity-already-closed``, where figures or stage of a closed one would change.
            Invalid: if the stage is won or lost, or the dates do not fit.
        """
        if stage or values.keys() & FIGURES:
            self._ensure_open()
        for name, value in values.items():
            setattr(self, name, value)
        if values.keys() & {"amount", "currency"}:
            check_amount("amount", self.amount, self.currency)
        if self.expected_close_on and values.keys() & {"expected_close_on", "started_on"}:
            self._begin_by(self.expected_close_on, "expected_close_on", self._before_start)
        if self.closed_on:
            self._begin_by(
                self.closed_on, "started_on", Fault("after-closed", "Must not be after closed_on.")
            )
        if stage or not self.stage:
            self.advance(stage or PROSPECTING)

    @in_states(OPEN, code="opportunity-already-closed")
    def advance(self, stage: str) -> None:
        """Enter another stage; stages may be skipped, and gone back to (SA-33)."""
        if stage not in OPEN_STAGES:
            raise Invalid.field(
                "stage",
                Fault("won-or-lost-by-action", "An opportunity is won or lost by its win and lose actions."),
            )
        self._enter(stage)

    @in_states(OPEN, code="opportunity-already-closed")
    def win(self, closed_on: date, amount: Decimal | None = None, remark: str | None = None) -> None:
        """The customer has bought (SA-35).

        Args:
            amount: what was agreed in the end; None keeps what was expected.
        """
        if amount is not None:
            check_amount("amount", amount, self.currency)
        self._close(WON, closed_on)
        self.probability = 100
        self.close_remark = remark
        if amount is not None:
            self.amount = amount

    @in_states(OPEN, code="opportunity-already-closed")
    def lose(self, closed_on: date, reason: str, remark: str | None = None) -> None:
        """The customer has not bought; there is always a reason (SA-35)."""
        if reason not in LOSS_REASONS:
            raise Invalid.field(
                "reason",
                Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(LOSS_REASONS)),
            )
        self._close(LOST, closed_on)
        self.probability = 0
        self.reason = reason
        self.close_remark = remark

    @in_states(WON, LOST, code="opportunity-not-closed")
    def reopen(self) -> None:
        """It was closed too early: it goes on in the stage it was in (SA-35)."""
        passed = (entry.stage for entry in reversed(self.stage_history) if entry.stage in OPEN_STAGES)
        self.status = OPEN
        self.closed_on = self.reason = self.close_remark = self.probability = None
        self._enter(next(passed, PROSPECTING))

    def _close(self, outcome: str, closed_on: date) -> None:
        self._begin_by(closed_on, "closed_on", self._before_start)
        self.status = outcome
        self.closed_on = closed_on
        self._enter(outcome)

    @property
    def _before_start(self) -> Fault:
        return Fault("before-started", "Must not be before started_on, {day}.", day=str(self.started_on))

    def _begin_by(self, day: date, field: str, fault: Fault) -> None:
        """Refuse a day before it began; what began today may have begun yesterday, where that day is not yet over."""
        if day < min(self.started_on, today() - timedelta(days=1)):
            raise Invalid.field(field, fault)
        self.started_on = min(self.started_on, day)

    def _enter(self, stage: str) -> None:
        if stage != self.stage:
            self.stage = stage
            self.stage_history.append(StageEntry(stage=stage))

    @in_states(OPEN, code="opportunity-already-closed")
    def _ensure_open(self) -> None:
        """Refuse to change figures of a closed one."""
