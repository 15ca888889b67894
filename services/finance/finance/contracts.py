"""What finance does when contracts are signed."""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.customers.model import CustomerCopy
from finance.events.obligations import RAISED
from finance.obligations.model import Obligation
from finance.obligations.raising import obligations_of
from servicekit import Event, listens, publish, standing


class TermAgreed(BaseModel):
    """One payment agreed on."""

    due_on: date
    amount: Decimal


class ContractSigned(Event):
    """What finance needs to know of a signed contract."""

    source: ClassVar[str] = "contract"
    type: ClassVar[str] = "contract.signed"

    contract_id: UUID
    number: str
    name: str
    customer_id: UUID
    owner_id: UUID
    nature: str
    payment_mode: str
    currency: str
    amount: Decimal
    signed_on: date
    payment_terms: list[TermAgreed]


class ContractHandlers:
    """Raises what is owed."""

    @listens(ContractSigned)
    def raise_obligations(self, session: Session, contract: ContractSigned) -> None:
        """Raise what a signed contract makes us or the customer owe, once (FI-01, FI-04).

        A contract whose terms do not add up is refused, so that the message is parked and somebody looks at it.
        Two deliveries at once meet at the unique constraint; the later one is tried again and finds the rows.
        """
        if session.scalar(
            select(Obligation.id).where(Obligation.contract_id == contract.contract_id).limit(1)
        ):
            return
        rows = obligations_of(
            contract.nature,
            contract.payment_mode,
            contract.amount,
            contract.signed_on,
            [(term.due_on, term.amount) for term in contract.payment_terms],
            summary=contract.name,
            contract_id=contract.contract_id,
            contract_number=contract.number,
            customer_id=standing(session, CustomerCopy, contract.customer_id).id,
            owner_id=contract.owner_id,
            currency=contract.currency,
        )
        session.add_all(rows)
        for row in rows:
            publish(session, row, RAISED[row.direction].of(row))
