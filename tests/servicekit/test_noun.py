"""A noun is declared once; what follows from that is what would have been written by hand. Its use with a database is
tested where it is used (tests/sales/test_libraries.py)."""

from typing import Any

import pytest
from library.model import Book, Loan
from library.schemas import BookSchema, LoanSchema, PagesSchema

from servicekit import Noun, Search
from servicekit.nouns.access import ForAll
from servicekit.nouns.declarations import Operation
from servicekit.nouns.noun import NOUNS, columns

BOOKS = Noun(
    Book, BookSchema, "/v1/books", label=("图书", "Books"), row="LB-01",
    filters="title~ name=title lent", sorts="created_at title", tells="created updated",
)  # fmt: skip
LENT = BOOKS.event("lent", "A book was handed out.")


def operation_of(method: Any) -> Operation:
    spec: Operation = getattr(method, Operation.MARKER)
    return spec


def test_filters_are_columns_by_public_name() -> None:
    found = columns(Book, "title~ name=title lent")
    assert isinstance(found["title"], Search)
    assert found["title"].column is Book.title and found["name"] is Book.title and found["lent"] is Book.lent


@pytest.mark.parametrize("text", ["colour", "name=colour", "title~~", "Title", "title,lent"])
def test_what_is_no_column_is_found_when_it_is_declared(text: str) -> None:
    with pytest.raises(TypeError):
        columns(Book, text)


def test_permissions_follow_from_the_name_and_from_whether_records_have_owners() -> None:
    loans = Noun(
        Loan, LoanSchema, "/v1/loans", label=("借阅", "Loans"), filters="due_on", sorts="due_on", tells=""
    )
    assert (BOOKS.permission, BOOKS.writing) == ("book.read", "book.write")
    assert isinstance(loans.permission, ForAll) and isinstance(loans.writing, ForAll)
    assert not isinstance(BOOKS.permission, ForAll)
    assert list(BOOKS.deeds.deeds) == ["read", "write"]


def test_its_events_tell_the_record_of_its_schema() -> None:
    assert {each.type for each in BOOKS.events.values()} == {"book.created", "book.updated"}
    assert (LENT.type, LENT.__name__, LENT.shows, LENT.__doc__) == (
        "book.lent", "BookLent", BookSchema, "A book was handed out.",
    )  # fmt: skip
    assert LENT.__module__ == Book.__module__


def test_the_usual_operations_are_those_that_would_be_written() -> None:
    @BOOKS.operations("list get create change")
    class BookOperations:
        """Books."""

    made = {name: operation_of(each) for name, each in vars(BookOperations).items() if "book" in name}
    assert {name: (each.method, each.path) for name, each in made.items() if name != NOUNS} == {
        "list_books": ("GET", "/v1/books"),
        "get_book": ("GET", "/v1/books/{book_id}"),
        "create_book": ("POST", "/v1/books"),
        "update_book": ("PATCH", "/v1/books/{book_id}"),
    }
    assert made["update_book"].arguments == {"book_id", "data"} and made["update_book"].partial
    assert made["create_book"].summary == "Create a book (LB-01)."
    assert getattr(BookOperations, NOUNS) == (BOOKS,)


def test_a_word_that_there_is_none_of_and_one_too_many_are_refused() -> None:
    with pytest.raises(TypeError, match="no usual operation lend"):
        BOOKS.operations("lend")(type("Strange", (), {}))
    with pytest.raises(TypeError, match="writes list_books itself"):
        BOOKS.operations("list")(type("Twice", (), {"list_books": lambda self: None}))


def test_an_action_takes_the_record_s_id_and_says_what_it_does() -> None:
    @BOOKS.action("lend", tells=LENT, permission="book.lend", does=Book.lend, errors=("book-lent",))
    def lend_book(self: Any, book: Book) -> None:
        """Hand a book out."""
        book.lend()

    @BOOKS.action("pages", tells=BOOKS.updated, accepts=PagesSchema)
    def add_pages(self: Any, book: Book, data: dict[str, Any]) -> None:
        """Count some pages more."""
        book.pages += data["pages"]

    lend, pages = operation_of(lend_book), operation_of(add_pages)
    assert (lend.method, lend.path, lend.arguments) == ("POST", "/v1/books/{book_id}/lend", {"book_id"})
    assert (lend.permission, lend.does, lend.returns) == ("book.lend", Book.lend, BookSchema)
    assert (pages.permission, pages.arguments) == ("book.write", {"book_id", "data"})
    assert lend.summary == "Hand a book out."
