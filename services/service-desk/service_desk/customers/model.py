"""The copies of customers and contacts, and what belongs to a customer."""

from uuid import UUID

from sqlalchemy.orm import Mapped, declared_attr

from service_desk.base import Base
from servicekit import Copied, From


class CustomerCopy(Copied, Base):
    """A customer as far as the service desk knows; without a name where only its id has been heard of."""

    __tablename__ = "customer_copy"
    of = From("customer", "customer", told="created updated invalidated", ended="invalid", shared=True)


class ContactCopy(Copied, Base):
    """A contact as far as the service desk knows: at which customer."""

    __tablename__ = "contact_copy"
    of = From("customer", "contact", deletes=True)

    customer_id: Mapped[UUID | None]


class OfCustomer:
    """A record about a customer, whose name is always the present one."""

    customer_id: Mapped[UUID]

    @declared_attr
    def customer_name(cls) -> Mapped[str | None]:
        """The customer's name, if it is known by now."""
        return CustomerCopy.name_of(cls.customer_id)
