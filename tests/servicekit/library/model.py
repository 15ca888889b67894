"""Books, loans, and what the library keeps of its readers."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from library.base import Base
from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from servicekit import Conflict, Copied, MayBePublic, Owned, Pooled, Record, guarded, new_id, utcnow


def _out(book: "Book") -> Conflict | None:
    return Conflict("book-lent", "The book is out.") if book.lent else None


class Book(Record, Owned, MayBePublic, Pooled, Base):
    """A book of the library; its owner is whoever looks after it."""

    __tablename__ = "book"

    number: Mapped[str] = mapped_column(unique=True)
    isbn: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    price: Mapped[Decimal] = mapped_column(default=Decimal(0))
    pages: Mapped[int] = mapped_column(default=0)
    published_on: Mapped[date | None]
    lent: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str | None]
    donor_id: Mapped[UUID | None]
    """Who gave it; where ``seen_by`` names the column, they see it too."""

    @guarded(_out)
    def lend(self) -> None:
        """Hand the book out; only if it is in."""
        self.lent = True


class Loan(Record, Base):
    """A book in a reader's hands."""

    __tablename__ = "loan"
    unlogged = "it is shown by nobody, and never changed"

    # Checked at commit, so that a test has a commit that fails.
    book_id: Mapped[UUID] = mapped_column(ForeignKey("book.id", deferrable=True, initially="DEFERRED"))
    due_on: Mapped[date]


class ReaderCopy(Copied, Base):
    """What the library keeps of a reader."""

    __tablename__ = "reader_copy"


class Sighting(Base):
    """One line for each time an event was really handled: doubles and disorder show here."""

    __tablename__ = "sighting"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id)
    subject: Mapped[UUID]
    what: Mapped[str]
    number: Mapped[int]


class Round(Base):
    """One round of the night watch, which a timer makes: when it began and ended."""

    __tablename__ = "round"

    position: Mapped[int] = mapped_column(Identity(), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
