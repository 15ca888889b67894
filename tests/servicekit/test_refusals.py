"""What the database refuses is told to the caller as what it is: bad input (M-20)."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from servicekit import Invalid
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.helpers import a_book


def test_null_where_there_must_be_a_value_is_refused_with_the_field(service: RunningService) -> None:
    book = a_book(service, caller("book.write", "book.read"))

    def forget(session: Session) -> None:
        session.execute(text("UPDATE book SET title = NULL WHERE id = :id"), {"id": book["id"]})

    with pytest.raises(Invalid) as refused:
        service.database.transact(forget)
    assert refused.value.code == "invalid-input"
    assert [error["field"] for error in refused.value.errors] == ["title"]


def test_values_that_do_not_fit_together_are_refused(service: RunningService) -> None:
    a_book(service, caller("book.write", "book.read"))

    def break_a_rule(session: Session) -> None:
        session.execute(text("ALTER TABLE book ADD CONSTRAINT ck_book_price CHECK (price >= 0)"))
        session.execute(text("UPDATE book SET price = -1"))

    with pytest.raises(Invalid) as refused:
        service.database.transact(break_a_rule)
    assert refused.value.code == "values-do-not-fit"
    assert "ck_book_price" in refused.value.detail
