"""The customers as sales knows them: enough to show a name and to find a company again at conversion (SA-19)."""

import unicodedata
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from servicekit import new_id

# Advisory locks with two numbers never meet those with one, which the kit uses.
NAME_LOCK, MERGE_LOCK = 1, 2

LONGEST_NAME = 300
"""What is indexed of a name; normalising may make it longer than it came."""


class CustomerCopy(Base):
    """A customer: from the customer service's events, or made here a moment before by a conversion."""

    __tablename__ = "customer_copy"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    """Empty where only a merge of the customer has been heard of so far."""
    normalised_name: Mapped[str | None]
    owner_id: Mapped[UUID | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=0)
    """Of the customer; 0 until the customer service has told of it."""
    merged_into_id: Mapped[UUID | None]


def normalise(name: str) -> str:
    """Return what two spellings of one company's name share: width, case and spacing do not count (SA-19).

    The customer service compares names in the same way; where the two differ, it merges and sales follows.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:LONGEST_NAME]


def customer_named(session: Session, name: str, owner_id: UUID) -> tuple[UUID, bool]:
    """Return the id of the customer of a name, and whether there was one already (SA-19).

    A new one is put into the copy at once and under a lock on the name, which is kept until the transaction ends:
    of two conversions of one company at the same time, the second finds the customer of the first.

    Args:
        owner_id: whose a new customer will be.
    """
    normalised = normalise(name)
    session.execute(select(func.pg_advisory_xact_lock(NAME_LOCK, func.hashtext(normalised))))
    known = session.scalar(
        select(CustomerCopy.id)
        .where(CustomerCopy.normalised_name == normalised, CustomerCopy.active)
        .order_by(CustomerCopy.merged_into_id.is_not(None), CustomerCopy.id)
        .limit(1)
    )
    if known is not None:
        return kept_customer(session, known), True
    made = CustomerCopy(id=new_id(), name=name, normalised_name=normalised, owner_id=owner_id)
    session.add(made)
    return made.id, False


def kept_customer(session: Session, customer_id: UUID) -> UUID:
    """Return the customer that stands for one now: itself, or the one it was merged into, over any number of merges.

    Until the transaction ends no merge of it can pass by, so a record that is linked to it now is not left behind.
    """
    passed: set[UUID] = set()
    following: UUID | None = customer_id
    while following is not None and following not in passed:
        customer_id = following
        passed.add(customer_id)
        session.execute(
            select(func.pg_advisory_xact_lock_shared(MERGE_LOCK, func.hashtext(str(customer_id))))
        )
        following = session.scalar(select(CustomerCopy.merged_into_id).where(CustomerCopy.id == customer_id))
    return customer_id


def note_merge(session: Session, gone_id: UUID, kept_id: UUID) -> None:
    """Note that a customer went into another; waits for those who are about to link a record to it."""
    session.execute(select(func.pg_advisory_xact_lock(MERGE_LOCK, func.hashtext(str(gone_id)))))
    session.execute(
        insert(CustomerCopy)
        .values(id=gone_id, merged_into_id=kept_id, active=True, version=0)
        .on_conflict_do_update(index_elements=["id"], set_={"merged_into_id": kept_id})
    )
