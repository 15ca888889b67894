"""What can be asked of the library."""

from typing import Any
from uuid import UUID

import eventlet
from library.events import BookAdded, BookChanged, BookLent
from library.model import Book, Loan, ReaderCopy
from library.schemas import (
    BookSchema,
    FindSchema,
    FoundSchema,
    LoanSchema,
    OrderSchema,
    PagesSchema,
    ReservationSchema,
    StockSchema,
    StocktakingSchema,
)
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from servicekit import (
    Caller,
    Invalid,
    Listing,
    Numbers,
    Search,
    check_named,
    check_new_owner,
    current,
    load,
    operation,
    publish,
)

TS, PD, JZ = (Numbers(each, each + "{date:%Y%m%d}-{n:04}") for each in ("TS", "PD", "JZ"))

GATE = 4711
"""An advisory lock that tests hold to keep an operation at work for as long as they like."""

BOOKS = Listing(
    Book,
    BookSchema,
    "book.read",
    filters={
        "title": Search(Book.title),
        "number": Book.number,
        "owner_id": Book.owner_id,
        "price": Book.price,
        "pages": Book.pages,
        "published_on": Book.published_on,
        "lent": Book.lent,
        "remark": Search(Book.remark),
        "search": Search(Book.title, also=(Book.remark,)),
    },
    sorts={
        "created_at": Book.created_at,
        "title": Book.title,
        "price": Book.price,
        "pages": Book.pages,
        "published_on": Book.published_on,
    },
)


class LibraryOperations:
    """Books and loans."""

    @operation("GET /v1/books", lists=BOOKS)
    def list_books(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the books the caller may see."""
        return BOOKS.page(session, caller, query)

    @operation("GET /v1/books/{book_id}", permission="book.read", returns=BookSchema)
    def get_book(self, session: Session, caller: Caller, book_id: UUID) -> Book:
        """Return one book."""
        return load(session, Book, book_id, caller, "book.read")

    @operation(
        "POST /v1/books", permission="book.write", accepts=BookSchema, returns=BookSchema, creates=True
    )
    def add_book(self, session: Session, caller: Caller, data: dict[str, Any]) -> Book:
        """Add a book."""
        owner_id = data.setdefault("owner_id", caller.account_id)
        check_new_owner(session, caller, "book.write", owner_id)
        book = Book(number=TS.next(session), **data)
        session.add(book)
        publish(session, book, BookAdded.of(book))
        return book

    @operation("PATCH /v1/books/{book_id}", permission="book.write", accepts=BookSchema, returns=BookSchema)
    def update_book(self, session: Session, caller: Caller, book_id: UUID, data: dict[str, Any]) -> Book:
        """Change a book."""
        book = load(session, Book, book_id, caller, "book.write")
        for name, value in data.items():
            setattr(book, name, value)
        publish(session, book, BookChanged.of(book))
        return book

    @operation(
        "POST /v1/books/{book_id}/lend",
        permission="book.lend",
        returns=BookSchema,
        does=Book.lend,
        errors=("book-lent",),
    )
    def lend_book(self, session: Session, caller: Caller, book_id: UUID) -> Book:
        """Hand a book out."""
        book = load(session, Book, book_id, caller, "book.lend")
        book.lend()
        publish(session, book, BookLent.of(book))
        return book

    @operation(
        "POST /v1/books/{book_id}/pages", permission="book.write", accepts=PagesSchema, returns=BookSchema
    )
    def add_pages(self, session: Session, caller: Caller, book_id: UUID, data: dict[str, Any]) -> Book:
        """Count some pages more: two at once must both count."""
        book = load(session, Book, book_id, caller, "book.write")
        pages = data.pop("pages")
        # Both read before either writes, if they run at the same time.
        eventlet.sleep(0.05)
        book.pages += pages
        publish(session, book, BookChanged.of(book))
        return book

    @operation("POST /v1/loans", permission="book.lend", accepts=LoanSchema, returns=LoanSchema, creates=True)
    def begin_loan(self, session: Session, caller: Caller, data: dict[str, Any]) -> Loan:
        """Note a loan; that there is such a book is only found out at the commit."""
        loan = Loan(**data)
        session.add(loan)
        book = Book(number=str(loan.id), title="借条", owner_id=caller.account_id)
        session.add(book)
        publish(session, book, BookAdded.of(book))
        return loan

    @operation(
        "POST /v1/stocktaking", permission="book.write", accepts=StocktakingSchema, returns=StockSchema
    )
    def take_stock(self, session: Session, caller: Caller, data: dict[str, Any]) -> Any:
        """Add a book, then count the shelves, which takes as long as the test wants."""
        book = Book(number=PD.next(session), title="盘点", owner_id=caller.account_id)
        session.add(book)
        publish(session, book, BookAdded.of(book))
        if data["way"] == "gate":
            session.execute(select(func.pg_advisory_xact_lock(GATE)))
        elif data["way"] == "database":
            session.execute(text("SELECT pg_sleep(8)"))
        elif data["way"] == "python":
            eventlet.sleep(8)
        elif data["way"] == "raise":
            raise RuntimeError("the secret shelf")
        elif data["way"] == "unspeakable":
            return {"number": object()}
        return {"number": book.number}

    @operation("POST /v1/orders", permission="book.write", accepts=OrderSchema, returns=OrderSchema)
    def order_books(self, session: Session, caller: Caller, data: dict[str, Any]) -> Any:
        """Order books; what was understood comes back."""
        return data

    @operation(
        "POST /v1/reservations", permission="book.lend", accepts=ReservationSchema, returns=ReservationSchema
    )
    def reserve(self, session: Session, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        """Keep a book for a reader, who is registered elsewhere."""
        reader_id = check_named(
            session, caller, ReaderCopy, data["reader_id"], field="reader_id", reading="reader.read"
        )
        return {"reader_id": reader_id}

    @operation("GET /v1/finder", query=FindSchema, returns=FoundSchema, tag="books")
    def find(self, session: Session, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
        """Say what was asked for, and on behalf of which process."""
        if query["text"] == "error":
            raise Invalid.field("text", "Is not wanted.")
        return {"text": query["text"], "correlation_id": current().correlation_id}

    @operation(changes=True)
    def donate(self, session: Session, caller: Caller | None, owner_id: str) -> dict[str, Any]:
        """Another part of the platform gives a book: an operation without a signed-in caller that changes things."""
        book = Book(number=JZ.next(session), title="捐赠", owner_id=UUID(owner_id))
        session.add(book)
        publish(session, book, BookAdded.of(book))
        return {"id": str(book.id)}
