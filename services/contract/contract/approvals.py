"""Which contracts need approval: a copy of identity's flows, so that submitting waits for nobody."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from contract.base import Base
from contract.contracts.model import Contract
from contract.contracts.queries import CONTRACTS
from contract.events import ContractApproved, ContractRejected
from servicekit import Event, Invalid, listens, publish, store_newer
from servicekit.nouns.conditions.asker import Asker

SUBJECT_TYPE = "contract"

HOUSE_CURRENCY = "CNY"
"""What an amount of a flow without a currency is in."""


class ApprovalFlowCopy(Base):
    """A flow that contracts may be bound to: by nature, by currency, from an amount in that currency."""

    __tablename__ = "approval_flow_copy"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    active: Mapped[bool]
    condition: Mapped[dict[str, Any]]
    """``{"nature": "income", "currency": "CNY", "amount_from": "10000.00"}``; what is missing matches all."""
    where: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """A tree of conditions that has to hold too (decision 41)."""
    priority: Mapped[int] = mapped_column(default=0)
    version: Mapped[int]

    @property
    def amount_from(self) -> Decimal:
        """The least amount it is for."""
        return Decimal(self.condition.get("amount_from") or 0)

    @property
    def currency(self) -> str | None:
        """The currency it is for; a flow from an amount that names none was written when there was one currency."""
        return self.condition.get("currency") or (HOUSE_CURRENCY if self.amount_from else None)

    @property
    def meant(self) -> dict[str, Any]:
        """Which contracts it is for, in the one grammar.

        Two currencies cannot be compared: a flow from an amount is also for every contract in another currency, so
        that nobody slips under it by writing the same contract in dollars.
        """
        parts: list[Any] = [self.where] if self.where else []
        if nature := self.condition.get("nature"):
            parts.append({"field": "nature", "operator": "eq", "value": nature})
        if self.amount_from:
            enough = {"field": "amount", "operator": "gte", "value": f"{self.amount_from:f}"}
            parts.append({"any": [{"field": "currency", "operator": "ne", "value": self.currency}, enough]})
        elif self.currency:
            parts.append({"field": "currency", "operator": "eq", "value": self.currency})
        return {"all": parts} if parts else {}

    def matches(self, contract: Contract) -> bool:
        """Tell whether a contract falls under the flow; what it cannot read is for every contract."""
        if not self.active:
            return False
        try:
            return CONTRACTS.holds(Asker(), self.meant, contract)
        except Invalid:
            return True


def flow_for(session: Session, contract: Contract) -> ApprovalFlowCopy | None:
    """Return the flow a contract has to go through (CT-03): of those that match, the one with the highest priority.

    Of the same priority, one for the contract's own currency comes before those that have it only because they cannot
    compare, and then the one for the highest amount.
    """
    flows = session.scalars(select(ApprovalFlowCopy).order_by(ApprovalFlowCopy.id))
    matching = [flow for flow in flows if flow.matches(contract)]
    return max(
        matching,
        key=lambda flow: (flow.priority, flow.currency == contract.currency, flow.amount_from),
        default=None,
    )


class ApprovalFlowChanged(Event):
    """A flow was created, changed or retired."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "approval_flow.changed"

    flow_id: UUID
    subject_type: str
    active: bool
    condition: dict[str, Any]
    where: dict[str, Any] | None = None
    priority: int = 0
    version: int


class ApprovalDecided(Event):
    """An approval ended: every step agreed, or one refused."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "approval.decided"

    approval_id: UUID
    subject_type: str
    subject_id: UUID
    outcome: str
    """``approved`` or ``rejected``."""
    comment: str = ""


class ApprovalHandlers:
    """What the contract service does when identity decides."""

    @listens(ApprovalFlowChanged)
    def follow_flow(self, session: Session, flow: ApprovalFlowChanged) -> None:
        """Keep the copy of the flows that concern contracts."""
        if flow.subject_type == SUBJECT_TYPE:
            values = flow.model_dump(exclude={"flow_id", "subject_type"})
            store_newer(session, ApprovalFlowCopy, {"id": flow.flow_id, **values})

    @listens(ApprovalDecided)
    def follow_decision(self, session: Session, decision: ApprovalDecided) -> None:
        """Approve or reject the contract that waits for exactly this decision; any other is history (CT-04)."""
        if decision.subject_type != SUBJECT_TYPE:
            return
        contract = session.get(Contract, decision.subject_id, with_for_update=True)
        if (
            contract is None
            or contract.approval_id != decision.approval_id
            or contract.status != "pending_approval"
        ):
            return
        if decision.outcome == "approved":
            contract.approve()
            publish(session, contract, ContractApproved.of(contract))
        else:
            contract.reject(decision.comment)
            publish(session, contract, ContractRejected.of(contract, comment=decision.comment))
