"""What the library tells the others."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from library.model import Book
from pydantic import BaseModel

from servicekit import Event, EventMoney

EXAMPLE: dict[str, Any] = {
    "book_id": "01936f3a-7c00-7000-8000-000000000001",
    "title": "红楼梦",
    "price": "88.00",
    "published_on": None,
    "keepers": [{"keeper_id": "01936f3a-7c00-7000-8000-000000000003", "since": None}],
}


class Keeper(BaseModel):
    """Somebody who looks after a book."""

    keeper_id: UUID
    since: date | None


class BookEvent(Event):
    """What every event about a book says."""

    book_id: UUID
    title: str
    price: EventMoney
    published_on: date | None
    keepers: list[Keeper]

    @classmethod
    def of(cls, book: Book) -> "BookEvent":
        """Return the event for a book as it is now."""
        keepers = [Keeper(keeper_id=book.owner_id, since=None)]
        return cls(
            book_id=book.id,
            title=book.title,
            price=book.price,
            published_on=book.published_on,
            keepers=keepers,
        )


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
