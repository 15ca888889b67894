"""What operators can have told again by this service, and what of it must agree with others (docs/operating.md)."""

from typing import Any, ClassVar

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import selectinload

from contract.approvals import ApprovalFlowCopy
from contract.contracts.codes import DESCRIPTIVE, INCOME, INSTALMENTS, NO_PAYMENT, PENDING
from contract.contracts.model import Contract, PaymentTerm
from contract.events import ContractSigned
from servicekit import audited, restates

TERMS = select(func.count()).where(PaymentTerm.contract_id == Contract.id).scalar_subquery()


class ContractBus:
    """Signed contracts and those that wait for approval; the copy of the flows."""

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {"identity": (ApprovalFlowCopy,)}

    @restates(ContractSigned)
    def restate_signed_contracts(self) -> Select[*tuple[Any, ...]]:
        """Return the contracts that have been signed."""
        parts = selectinload(Contract.lines), selectinload(Contract.payment_terms)
        return select(Contract).where(Contract.signed_on.is_not(None)).options(*parts)

    @audited("signed-contracts", restated_by=("contract.signed",))
    def audit_signed_contracts(self) -> Select[*tuple[Any, ...]]:
        """Return what each signed contract makes us or the customer owe (CT-10, FI-01, FI-04)."""
        return select(
            Contract.id,
            Contract.updated_at.label("changed_at"),
            case((Contract.nature == INCOME, "receivable"), else_="payable").label("direction"),
            case((Contract.payment_mode == INSTALMENTS, TERMS), else_=1).label("rows"),
            Contract.amount,
            Contract.currency,
        ).where(
            Contract.signed_on.is_not(None),
            Contract.nature != DESCRIPTIVE,
            Contract.payment_mode != NO_PAYMENT,
        )

    @audited("contract-customers")
    def audit_customers(self) -> Select[*tuple[Any, ...]]:
        """Return the customers that contracts name (CT-21)."""
        changed_at = func.max(Contract.updated_at).label("changed_at")
        return select(Contract.customer_id.label("id"), changed_at).group_by(Contract.customer_id)

    @audited("pending-approvals", restated_by=("contract.submitted",))
    def audit_pending_approvals(self) -> Select[*tuple[Any, ...]]:
        """Return the contracts that wait for a decision, and for which (CT-03, CT-04)."""
        return select(
            Contract.id,
            Contract.updated_at.label("changed_at"),
            Contract.approval_id,
            Contract.status.label("state"),
        ).where(Contract.status == PENDING)

    @audited("approval-flows", owner="identity", copy=ApprovalFlowCopy)
    def audit_approval_flows(self) -> Select[*tuple[Any, ...]]:
        """Return the flows as this service knows them."""
        flow = ApprovalFlowCopy
        return select(flow.id, flow.active, flow.condition, flow.where, flow.priority)
