"""The copy of customers, and what belongs to one."""

from uuid import UUID

from sqlalchemy.orm import Mapped, declared_attr

from finance.base import Base
from servicekit import Copied, From, LiesInPool, MayBePublic


class CustomerCopy(Copied, MayBePublic, LiesInPool, Base):
    """A customer as far as finance knows; without a name where only its id has been heard of."""

    __tablename__ = "customer_copy"
    of = From(
        "customer", "customer", ended="invalid", shared=True,
        told="created updated invalidated upgraded downgraded frozen unfrozen status_asked status_refused",
    )  # fmt: skip


class OfCustomer:
    """A record about money with a customer; its name is always the present one."""

    customer_id: Mapped[UUID]

    @declared_attr
    def customer_name(cls) -> Mapped[str | None]:
        """The customer's name, if it is known by now."""
        return CustomerCopy.name_of(cls.customer_id)
