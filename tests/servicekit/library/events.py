"""What the library tells the others."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from library.model import Book
from library.schemas import BookSchema
from pydantic import BaseModel

from servicekit import RecordEvent

EXAMPLE: dict[str, Any] = {
    "book_id": "01936f3a-7c00-7000-8000-000000000001",
    "price": "88.00",
    "published_on": None,
    "keepers": [{"keeper_id": "01936f3a-7c00-7000-8000-000000000003", "since": None}],
}


class Keeper(BaseModel):
    """Somebody who looks after a book."""

    keeper_id: UUID
    since: date | None


class BookEvent(RecordEvent):
    """What every event about a book says."""

    shows = BookSchema
    leaves_out: ClassVar[dict[str, str]] = {
        "remark": "what librarians think of it is theirs",
        "owner_id": "who keeps it is among the keepers",
    }

    keepers: list[Keeper]

    @classmethod
    def of(cls, record: Book, **more: Any) -> Self:
        """Return the event for a book."""
        return super().of(record, keepers=[Keeper(keeper_id=record.owner_id, since=None)], **more)


class BookAdded(BookEvent):
    """A book came to the library."""

    type: ClassVar[str] = "book.added"
    example: ClassVar[dict[str, Any]] = EXAMPLE


class BookChanged(BookEvent):
    """What the library knows of a book changed."""

    type: ClassVar[str] = "book.changed"
    example: ClassVar[dict[str, Any]] = EXAMPLE


class BookLent(BookEvent):
    """A book was handed out."""

    type: ClassVar[str] = "book.lent"
    example: ClassVar[dict[str, Any]] = EXAMPLE
