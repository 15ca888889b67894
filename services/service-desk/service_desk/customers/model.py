"""The copies of customers and contacts, and what belongs to a customer."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, case
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, declared_attr

from service_desk.base import Base
from servicekit import Copied, From, LiesInPool, MayBePublic
from servicekit.nouns.besides import IN_POOL


class CustomerCopy(Copied, MayBePublic, LiesInPool, Base):
    """A customer as far as the service desk knows; without a name where only its id has been heard of."""

    __tablename__ = "customer_copy"
    of = From(
        "customer", "customer", ended="invalid", shared=True,
        told="created updated invalidated upgraded downgraded frozen unfrozen status_asked status_refused",
    )  # fmt: skip

    @hybrid_property
    def held_by(self) -> UUID | None:
        """Who has the customer; nobody, while it lies in a pool."""
        return None if self.claim_state in IN_POOL else self.owner_id

    @held_by.inplace.expression
    @classmethod
    def _held_by(cls) -> ColumnElement[UUID | None]:
        return case((cls.claim_state.not_in(IN_POOL), cls.owner_id))


class ContactCopy(Copied, Base):
    """A contact as far as the service desk knows: at which customer."""

    __tablename__ = "contact_copy"
    of = From("customer", "contact", deletes=True)
    granted_as: ClassVar[tuple[str, str] | None] = ("customer", "customer_id")

    customer_id: Mapped[UUID | None]


class OfCustomer:
    """A record about a customer, whose name is always the present one."""

    customer_id: Mapped[UUID]

    @declared_attr
    def customer_name(cls) -> Mapped[str | None]:
        """The customer's name, if it is known by now."""
        return CustomerCopy.name_of(cls.customer_id)
