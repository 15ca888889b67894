"""The receiver."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

import servicekit
from servicekit import Event, Service, listens


class Base(DeclarativeBase):
    """Base of the receiver's entities."""

    metadata = servicekit.metadata()
    type_annotation_map = servicekit.COLUMN_TYPES


class Parcel(Base):
    """A parcel that came in."""

    __tablename__ = "parcel"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    name: Mapped[str]


class ParcelSent(Event):
    """What the receiver needs to know of a parcel."""

    source: ClassVar[str] = "bench-sender"
    type: ClassVar[str] = "parcel.sent"

    parcel_id: UUID
    number: str
    name: str


class ReceiverService(Service):
    """Stores parcels."""

    name = "bench-receiver"

    @listens(ParcelSent)
    def store(self, session: Session, parcel: ParcelSent) -> None:
        """Store a parcel."""
        session.execute(insert(Parcel).values(id=parcel.parcel_id, number=parcel.number, name=parcel.name))
