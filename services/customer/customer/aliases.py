"""Ids that others chose for a record that was there already under another id."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from customer.base import Base
from servicekit import Caller, Listing, NotFound


class Alias(Base):
    """An id that stands for another record of the same kind."""

    __tablename__ = "alias"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kept_id: Mapped[UUID]


def kept_id(session: Session, model: type[Base], record_id: UUID) -> UUID:
    """Return the id under which a record is kept, which is nearly always the one it is asked for by."""
    if session.get(model, record_id) is not None:
        return record_id
    alias = session.get(Alias, record_id)
    return record_id if alias is None else alias.kept_id


def record_kept(session: Session, listing: Listing, caller: Caller, record_id: UUID) -> Any:
    """Return a record of a list that the caller may see, also by an id that it was merged from.

    Raises:
        NotFound: as ``Listing.record``.
    """
    try:
        return listing.record(session, caller, record_id)
    except NotFound:
        alias = session.get(Alias, record_id)
        if alias is None:
            raise
        return listing.record(session, caller, alias.kept_id)
