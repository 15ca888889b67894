"""The copy of customers, and what belongs to one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, column_property, declared_attr, mapped_column

from service_desk.base import Base


class CustomerCopy(Base):
    """A customer as far as the service desk knows; without a name where only its id has been heard of."""

    __tablename__ = "customer_copy"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    merged_into_id: Mapped[UUID | None]
    """The customer that lives on in its place, if it was merged away."""
    version: Mapped[int]


class OfCustomer:
    """A record about a customer, whose name is always the present one."""

    customer_id: Mapped[UUID]

    @declared_attr
    def customer_name(cls) -> Mapped[str | None]:
        """The customer's name, if it is known by now."""
        name = select(CustomerCopy.name).where(CustomerCopy.id == cls.customer_id)
        return column_property(name.correlate_except(CustomerCopy).scalar_subquery())


def surviving(session: Session, customer_id: UUID) -> UUID:
    """Return the customer that an id stands for today, following mergers; hold it until the transaction ends.

    The hold (a shared row lock) makes a merger that begins now wait, so that it finds what this transaction links.
    """
    seen: set[UUID] = set()
    while customer_id not in seen:
        seen.add(customer_id)
        session.execute(insert(CustomerCopy).values(id=customer_id, version=0).on_conflict_do_nothing())
        merged_into = session.scalar(
            select(CustomerCopy.merged_into_id)
            .where(CustomerCopy.id == customer_id)
            .with_for_update(read=True)
        )
        if merged_into is None:
            break
        customer_id = merged_into
    return customer_id
