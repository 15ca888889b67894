"""What the library hears of: readers, who are kept elsewhere, and its own loans."""

from typing import ClassVar
from uuid import UUID

from library.model import ReaderCopy, Sighting
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicekit import ANY, Event, keep_copy, keep_merger, listens

GATE = 4712
"""An advisory lock that tests hold to keep a handler at work."""


class ReaderChanged(Event):
    """A reader registered or changed."""

    source: ClassVar[str] = "readers"
    type: ClassVar[str] = "reader.changed"

    reader_id: UUID
    name: str
    owner_id: UUID | None = None
    active: bool = True
    version: int


class ReadersMerged(Event):
    """A reader had two cards; one of them goes."""

    source: ClassVar[str] = "readers"
    type: ClassVar[str] = "reader.merged"

    reader_id: UUID
    kept_reader_id: UUID


class OwnBookAdded(Event):
    """The library listens to itself, so that a test sees the whole way of an event."""

    source: ClassVar[str] = "library"
    type: ClassVar[str] = "book.added"

    book_id: UUID
    version: int


class OwnBookChanged(OwnBookAdded):
    """A book of ours was changed."""

    type: ClassVar[str] = "book.changed"


class RoomBooked(Event):
    """Any service may have booked a room for a record of its own."""

    source: ClassVar[str] = ANY
    type: ClassVar[str] = "room.booked"

    room_id: UUID
    version: int


class RoomLent(RoomBooked):
    """The school has a way of its own to book rooms."""

    source: ClassVar[str] = "school"


class ReaderHandlers:
    """What the library does about it."""

    @listens(ReaderChanged)
    def follow_reader(self, session: Session, reader: ReaderChanged) -> None:
        """Keep the reader's newest version, and one sighting for each event handled."""
        if reader.name == "毒":
            raise ValueError("this reader cannot be read")
        if reader.name == "慢":
            session.execute(select(func.pg_advisory_xact_lock(GATE)))
        session.add(Sighting(subject=reader.reader_id, what="reader", number=reader.version))
        keep_copy(session, ReaderCopy, reader.reader_id, **reader.model_dump(exclude={"reader_id"}))

    @listens(ReadersMerged)
    def follow_merger(self, session: Session, merger: ReadersMerged) -> None:
        """Note which of two cards lives on."""
        keep_merger(session, ReaderCopy, merger.reader_id, merger.kept_reader_id)

    @listens(RoomBooked)
    def notice_room(self, session: Session, room: RoomBooked) -> None:
        """Note that a room was booked, and by whom."""
        session.add(Sighting(subject=room.room_id, what=f"by {room.published_by}", number=room.version))

    @listens(RoomLent)
    def notice_lent_room(self, session: Session, room: RoomLent) -> None:
        """Note that the school booked a room."""
        session.add(Sighting(subject=room.room_id, what="lent", number=room.version))

    @listens(OwnBookAdded)
    def notice_book(self, session: Session, book: OwnBookAdded) -> None:
        """Note that a book was added."""
        session.add(Sighting(subject=book.book_id, what="book", number=book.version))

    @listens(OwnBookChanged)
    def notice_change(self, session: Session, book: OwnBookChanged) -> None:
        """Note that a book was changed."""
        session.add(Sighting(subject=book.book_id, what="book", number=book.version))
