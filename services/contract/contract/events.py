"""What the contract service tells the others: contracts as their answers show them, lines and terms with them."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel

from contract.contracts.model import Contract
from contract.contracts.schemas import ContractSchema
from servicekit import EventMoney, RecordEvent

LINE: dict[str, Any] = {
    "id": "01936f3a-7c00-7000-8000-000000000008",
    "product_id": None,
    "name": "CRM 专业版 年度订阅",
    "quantity": "1",
    "price": "12000",
    "discount_percent": "100",
    "total": "12000.00",
    "delivery_due_on": "2026-12-31",
    "delivered_on": None,
    "delivered_quantity": None,
}
EXAMPLE: dict[str, Any] = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "opportunity_id": None,
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "signer_id": "01936f3a-7c00-7000-8000-000000000003",
    "payment_mode": "instalments",
    "lines": [LINE],
    "rejection": None,
    "signed_on": None,
    "completed_on": None,
}


class ContractEvent(RecordEvent):
    """What every event about a contract says."""

    shows = ContractSchema
    never_null: ClassVar[tuple[str, ...]] = ("amount",)


class ContractCreated(ContractEvent):
    """A contract was drafted."""

    type: ClassVar[str] = "contract.created"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "draft"}


class ContractUpdated(ContractEvent):
    """A draft, or what is noted on a signed contract, was changed; or its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "contract.updated"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "draft"}


class ContractDeleted(ContractEvent):
    """A draft was deleted."""

    type: ClassVar[str] = "contract.deleted"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "draft"}


class ContractSubmitted(ContractEvent):
    """A draft was handed in; with an approval id where a flow has to decide (CT-03)."""

    type: ClassVar[str] = "contract.submitted"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "status": "pending_approval",
        "approval_id": "01936f3a-7c00-7000-8000-000000000004",
        "flow_id": "01936f3a-7c00-7000-8000-000000000005",
        "requester_id": "01936f3a-7c00-7000-8000-000000000003",
    }

    approval_id: UUID | None
    flow_id: UUID | None
    requester_id: UUID


class ContractApproved(ContractEvent):
    """A contract may be signed (CT-04)."""

    type: ClassVar[str] = "contract.approved"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "approved"}


class ContractRejected(ContractEvent):
    """Approval was refused; the contract is a draft again."""

    type: ClassVar[str] = "contract.rejected"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "draft", "comment": "折扣过高"}

    comment: str


class PaymentTermAgreed(BaseModel):
    """One payment agreed on."""

    id: UUID
    term_id: UUID
    """The same as ``id``."""
    due_on: date
    amount: EventMoney
    remark: str | None


class ContractSigned(ContractEvent):
    """A contract was signed (CT-05): what is to be paid is owed from now on."""

    type: ClassVar[str] = "contract.signed"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "status": "signed",
        "signed_on": "2026-11-22",
        "payment_terms": [
            {
                "id": "01936f3a-7c00-7000-8000-000000000006",
                "term_id": "01936f3a-7c00-7000-8000-000000000006",
                "due_on": "2026-12-31",
                "amount": "5000.00",
                "remark": None,
            },
            {
                "id": "01936f3a-7c00-7000-8000-000000000007",
                "term_id": "01936f3a-7c00-7000-8000-000000000007",
                "due_on": "2027-06-30",
                "amount": "7000.00",
                "remark": None,
            },
        ],
    }

    never_null: ClassVar[tuple[str, ...]] = ("signed_on",)

    payment_terms: list[PaymentTermAgreed]

    @classmethod
    def of(cls, record: Contract, **more: Any) -> Self:
        """Return the event for a contract that has just been signed."""
        terms = [
            PaymentTermAgreed(id=t.id, term_id=t.id, due_on=t.due_on, amount=t.amount, remark=t.remark)
            for t in record.payment_terms
        ]
        return super().of(record, payment_terms=terms, **more)


class ContractCompleted(ContractEvent):
    """Everything agreed has been done (CT-07)."""

    type: ClassVar[str] = "contract.completed"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "status": "completed",
        "signed_on": "2026-11-22",
        "completed_on": "2027-11-30",
    }
    never_null: ClassVar[tuple[str, ...]] = ("signed_on", "completed_on")
