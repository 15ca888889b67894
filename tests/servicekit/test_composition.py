"""A service class whose nouns hide something of each other is refused when it is made (M-26)."""

from typing import Any

import pytest
from library.operations import LibraryOperations
from sqlalchemy.orm import Session

from servicekit import Caller, PlatformCopy, Service, every, operation


class Shelves:
    """A noun that has an operation of a name that books have too."""

    @operation("POST /v1/shelves/{book_id}/lend", permission="shelf.lend")
    def lend_book(self, session: Session, caller: Caller, book_id: Any) -> None:
        """Lend what stands on a shelf."""


class Rounds:
    """A noun whose timer is called like an operation of books."""

    @every(60)
    def list_books(self, session: Session) -> None:
        """Walk along the shelves."""


class Loans:
    """A noun that has an operation with the address of one that books have."""

    @operation("POST /v1/books/{loan_id}/lend", permission="loan.write")
    def lend(self, session: Session, caller: Caller, loan_id: Any) -> None:
        """Begin a loan."""


@pytest.mark.parametrize(
    ("noun", "told"),
    [
        (Shelves, "LibraryOperations and Shelves each have a lend_book"),
        (Rounds, "LibraryOperations and Rounds each have a list_books"),
        (Loans, "both POST /v1/books/{}/lend"),
    ],
    ids=["operations", "operation and timer", "addresses"],
)
def test_two_nouns_with_one_name_or_address_are_refused(noun: type, told: str) -> None:
    with pytest.raises(TypeError) as refused:
        type("Twofold", (LibraryOperations, noun, PlatformCopy, Service), {"name": "twofold"})
    assert told in str(refused.value)


def test_a_service_that_defines_an_operation_of_its_noun_again_is_refused() -> None:
    again = {"name": "again", "lend_book": vars(LibraryOperations)["lend_book"]}
    with pytest.raises(TypeError):
        type("Again", (LibraryOperations, PlatformCopy, Service), again)
