"""What the contract service tells the others."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel

from contract.contracts.model import Contract
from servicekit import Event, EventMoney

EXAMPLE: dict[str, Any] = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "number": "HT20261122-0001",
    "name": "上海云图科技 2027 年度合同",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "opportunity_id": None,
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "nature": "income",
    "payment_mode": "instalments",
    "currency": "CNY",
    "amount": "12000.00",
    "status": "signed",
}


class ContractEvent(Event):
    """What every event about a contract says."""

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    opportunity_id: UUID | None
    owner_id: UUID
    nature: str
    payment_mode: str
    currency: str
    amount: EventMoney
    status: str

    @classmethod
    def of(cls, contract: Contract, **more: Any) -> "ContractEvent":
        """Return the event for a contract as it is now."""
        values = {
            name: getattr(contract, name) for name in ContractEvent.model_fields if name != "contract_id"
        }
        return cls(contract_id=contract.id, **values, **more)


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

    term_id: UUID
    due_on: date
    amount: EventMoney


class ContractSigned(ContractEvent):
    """A contract was signed (CT-05): what is to be paid is owed from now on."""

    type: ClassVar[str] = "contract.signed"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "signed_on": "2026-11-22",
        "ends_on": "2027-11-30",
        "payment_terms": [
            {"term_id": "01936f3a-7c00-7000-8000-000000000006", "due_on": "2026-12-31", "amount": "5000.00"},
            {"term_id": "01936f3a-7c00-7000-8000-000000000007", "due_on": "2027-06-30", "amount": "7000.00"},
        ],
    }

    signed_on: date
    ends_on: date | None
    payment_terms: list[PaymentTermAgreed]

    @classmethod
    def of(cls, contract: Contract, **more: Any) -> "ContractEvent":
        """Return the event for a contract that has just been signed."""
        terms = [
            PaymentTermAgreed(term_id=t.id, due_on=t.due_on, amount=t.amount) for t in contract.payment_terms
        ]
        return super().of(
            contract, signed_on=contract.signed_on, ends_on=contract.ends_on, payment_terms=terms, **more
        )


class ContractCompleted(ContractEvent):
    """Everything agreed has been done (CT-07)."""

    type: ClassVar[str] = "contract.completed"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "completed", "completed_on": "2027-11-30"}

    completed_on: date
