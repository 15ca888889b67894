"""What operators can have told again by this service, and what of it must agree with others (docs/operating.md)."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import selectinload

from contract.contracts.codes import DESCRIPTIVE, INCOME, INSTALMENTS, NO_PAYMENT
from contract.contracts.model import Contract, PaymentTerm
from contract.events import ContractSigned
from servicekit import audited, restates

TERMS = select(func.count()).where(PaymentTerm.contract_id == Contract.id).scalar_subquery()


class ContractBus:
    """Signed contracts, and the customers that contracts name."""

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
