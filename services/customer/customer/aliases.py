"""Ids that others chose for a record that was there already under another id."""

from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from customer.base import Base


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
