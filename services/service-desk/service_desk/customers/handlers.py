"""What the service desk does when customers and their contacts change."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from service_desk.cases.model import Case
from service_desk.customers.model import ContactCopy, CustomerCopy
from service_desk.events import CaseUpdated
from servicekit import Follows, Relink, audited


def show_to_owner(session: Session, customer_id: UUID) -> None:
    """Let the cases of a customer be seen by whoever has the customer now (SD-01); nothing else of them changes."""
    held_by = select(CustomerCopy.held_by).where(CustomerCopy.id == customer_id).scalar_subquery()
    session.execute(
        update(Case)
        .where(Case.customer_id == customer_id, Case.customer_owner_id.is_distinct_from(held_by))
        .values(customer_owner_id=held_by, updated_at=Case.updated_at)
        .execution_options(synchronize_session=False)
    )


class CustomerHandlers(
    Follows, copy=CustomerCopy, relinks=(Relink(Case.customer_id, CaseUpdated.of),), then=show_to_owner
):
    """Keeps the copy of customers, and every case with the customer that lives on (SA-19)."""

    @audited("case-customers")
    def audit_named(self) -> Select[*tuple[Any, ...]]:
        """Return the customers that cases name (SD-01)."""
        changed_at = func.max(Case.updated_at).label("changed_at")
        return select(Case.customer_id.label("id"), changed_at).group_by(Case.customer_id)


class ContactHandlers(Follows, copy=ContactCopy, relinks=(Relink(Case.contact_id, CaseUpdated.of),)):
    """Keeps the copy of contacts, and cases with the one that lives on (SA-19); none names a deleted one (M-22)."""
