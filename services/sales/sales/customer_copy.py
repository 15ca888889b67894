"""The customers as sales knows them: enough to show a name, to judge whether one may be named (SA-25), and to find a
company again at conversion (SA-19)."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session

from sales.base import Base
from servicekit import Caller, Copied, From, LiesInPool, MayBePublic, check_named, new_id, standing
from servicekit.base.texts import name_key

NAME_LOCK = 1
"""Advisory locks with two numbers never meet those with one, which the kit uses."""


def comparing_name(customer: Any) -> str | None:
    """Return what a conversion finds a company by; two persons may share a name (SA-19)."""
    return None if customer.kind == "person" else name_key(customer.name)


class CustomerCopy(Copied, MayBePublic, LiesInPool, Base):
    """A customer: from the customer service's events, or made here a moment before by a conversion."""

    __tablename__ = "customer_copy"
    of = From(
        "customer", "customer", ended="invalid", shared=True,
        told="created updated invalidated upgraded downgraded frozen unfrozen status_asked status_refused",
        derived={"normalised_name": comparing_name}, needs={"kind": "company"},
    )  # fmt: skip

    normalised_name: Mapped[str | None]


def named_customer(session: Session, caller: Caller, customer_id: UUID) -> UUID:
    """Return the customer that stands today for the one a request names (SA-25).

    Raises:
        Invalid: ``unknown-customer``, also for one that the caller may not see.
        Conflict: ``customer-invalid``.
    """
    return check_named(
        session, caller, CustomerCopy, customer_id, field="customer_id", reading="customer.read"
    )


def company_named(session: Session, name: str) -> CustomerCopy | None:
    """Return the customer of a company's name, if one is known that is still in use (SA-19).

    The name is locked until the transaction ends: of two conversions of one company at the same time, the second
    finds the customer of the first. The customer is held, so that no merger passes by.
    """
    normalised = name_key(name)
    session.execute(select(func.pg_advisory_xact_lock(NAME_LOCK, func.hashtext(normalised))))
    known = session.scalar(
        select(CustomerCopy.id)
        .where(CustomerCopy.normalised_name == normalised, CustomerCopy.active)
        .order_by(CustomerCopy.merged_into_id.is_not(None), CustomerCopy.id)
        .limit(1)
    )
    found = standing(session, CustomerCopy, known) if known is not None else None
    return found if found is not None and found.active else None


def new_customer(session: Session, name: str, owner_id: UUID, *, company: bool) -> CustomerCopy:
    """Put a customer that is being made by a conversion into the copy at once, under an id chosen here (SA-19).

    Args:
        owner_id: whose it will be.
        company: whether the next conversion of the name is to find it; two persons may share a name.
    """
    made = CustomerCopy(
        id=new_id(), name=name, normalised_name=name_key(name) if company else None, owner_id=owner_id,
        active=True, version=0,
    )  # fmt: skip
    session.add(made)
    return made
