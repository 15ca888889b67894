"""What finance does when customers change their name or are merged."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from finance.advances.model import Advance
from finance.customers.model import CustomerCopy, surviving
from finance.obligations.model import Obligation
from finance.vouchers.model import Voucher
from servicekit import Event, listens, store_newer, utcnow


class CustomerCreated(Event):
    """What finance needs to know of a customer."""

    source: ClassVar[str] = "customer"
    type: ClassVar[str] = "customer.created"

    customer_id: UUID
    name: str
    version: int


class CustomerUpdated(CustomerCreated):
    """The same, after a change."""

    type: ClassVar[str] = "customer.updated"


class CustomerMerged(Event):
    """One customer was merged into another."""

    source: ClassVar[str] = "customer"
    type: ClassVar[str] = "customer.merged"

    customer_id: UUID
    """The one that goes."""
    kept_customer_id: UUID


class CustomerHandlers:
    """Keeps the copy of customers, and every amount with the customer that lives on."""

    @listens(CustomerCreated)
    def follow_new_customer(self, session: Session, customer: CustomerCreated) -> None:
        """Keep the customer's name."""
        keep_name(session, customer)

    @listens(CustomerUpdated)
    def follow_customer(self, session: Session, customer: CustomerUpdated) -> None:
        """Keep the customer's new name."""
        keep_name(session, customer)

    @listens(CustomerMerged)
    def follow_merger(self, session: Session, merger: CustomerMerged) -> None:
        """Link what was with the customer that goes to the one that lives on; what comes late goes there too."""
        gone = insert(CustomerCopy).values(
            id=merger.customer_id, merged_into_id=merger.kept_customer_id, version=0
        )
        session.execute(
            gone.on_conflict_do_update(
                index_elements=["id"], set_={"merged_into_id": gone.excluded.merged_into_id}
            )
        )
        kept = surviving(session, merger.kept_customer_id)
        for model in (Obligation, Voucher, Advance):
            session.execute(
                update(model)
                .where(model.customer_id == merger.customer_id)
                .values(customer_id=kept, version=model.version + 1, updated_at=utcnow())
                .execution_options(synchronize_session=False)
            )


def keep_name(session: Session, customer: CustomerCreated) -> None:
    """Store the customer's name unless a newer one is known."""
    store_newer(
        session,
        CustomerCopy,
        {"id": customer.customer_id, "name": customer.name, "version": customer.version},
    )
