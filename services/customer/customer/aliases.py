"""Ids that others chose for a record that was there already under another id."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from customer.base import Base
from servicekit import Caller, Listing, NotFound, Record


class Alias(Base):
    """An id that stands for another record of the same kind."""

    __tablename__ = "alias"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kept_id: Mapped[UUID]


def kept_id(session: Session, model: type[Base], record_id: UUID) -> UUID:
    """Return the id under which a record is kept, which is nearly always the one it is asked for by.

    An id that stands for one that stands for another is followed to the record; one that leads to none is itself.
    """
    seen = [record_id]
    while session.get(model, seen[-1]) is None:
        alias = session.get(Alias, seen[-1])
        if alias is None or alias.kept_id in seen:
            return record_id
        seen.append(alias.kept_id)
    return seen[-1]


def let_stand(session: Session, gone_id: UUID, kept: Record) -> None:
    """Let an id that is no record's stand for one.

    What stands for another already keeps doing so: an id that somebody made up may be that of a contact which was
    merged, or of a record that is gone.
    """
    if session.get(Alias, gone_id) is None:
        session.add(Alias(id=gone_id, kept_id=kept.id))


def record_kept(session: Session, listing: Listing, caller: Caller, record_id: UUID) -> Any:
    """Return a record of a list that the caller may see, also by an id that it was merged from.

    Raises:
        NotFound: as ``Listing.record``.
    """
    try:
        return listing.record(session, caller, record_id)
    except NotFound:
        kept = kept_id(session, listing.model, record_id)
        if kept == record_id:
            raise
        return listing.record(session, caller, kept)
