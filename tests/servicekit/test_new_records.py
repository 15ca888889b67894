"""What only makes new records is one statement (decision 52)."""

from collections.abc import Iterator

import pytest
from library.model import Book, Loan
from sqlalchemy import Engine, event, func, select

from servicekit import Conflict, Invalid, new_id
from servicekit.base.new_records import hold_back, settle, waiting
from servicekit.nouns.history import Change
from servicekit.nouns.idempotency import IdempotencyRow
from servicekit.nouns.journal import JournalRow
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.helpers import ALL, a_book, at_once, clients, scalar

KEY = {"idempotency_key": "shelf-1"}
OURS = ("book", "loan", "idempotency")


@pytest.fixture
def sent(service: RunningService) -> Iterator[list[str]]:
    """What the service sends its database about what it makes."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if any(f"INSERT INTO {table} " in statement or f"FROM {table} " in statement for table in OURS):
            found.append(statement)

    event.listen(Engine, "after_cursor_execute", note)
    yield found
    event.remove(Engine, "after_cursor_execute", note)


def kept(service: RunningService) -> dict[str, int]:
    """Count what goes with a change."""
    return {
        model.__tablename__: scalar(service, select(func.count()).select_from(model))
        for model in (Book, Change, JournalRow, IdempotencyRow)
    } | {"outbox": len(service.published())}


def test_a_record_is_written_with_all_that_goes_with_it(service: RunningService, sent: list[str]) -> None:
    made = a_book(service, None, KEY)
    (statement,) = sent
    assert "INSERT INTO book" in statement and statement.endswith(";COMMIT")
    assert kept(service) == {"book": 1, "change": 1, "journal": 1, "idempotency": 1, "outbox": 1}
    with service.database.sessions() as session:
        book, change = session.scalars(select(Book)).one(), session.scalars(select(Change)).one()
    assert (str(book.id), book.version) == (made["id"], 1)
    assert (change.kind, change.version, change.changes["title"]) == ("created", 1, [None, "红楼梦"])
    assert service.published()[0].data["version"] == 1


def test_several_records_are_written_together(service: RunningService, sent: list[str]) -> None:
    """The loan names a book that is not there: the commit is refused, and with it all of it."""
    with pytest.raises(Invalid) as refused:
        service.call("begin_loan", caller(*ALL), KEY, data={"book_id": new_id(), "due_on": "2026-12-01"})
    assert refused.value.code == "unknown-reference"
    assert kept(service) == dict.fromkeys(kept(service), 0)
    book = a_book(service)
    sent.clear()
    service.call("begin_loan", caller(*ALL), KEY, data={"book_id": book["id"], "due_on": "2026-12-01"})
    (statement,) = sent
    assert "INSERT INTO loan" in statement and "INSERT INTO book" in statement
    assert scalar(service, select(Loan.book_id)) == scalar(
        service, select(Book.id).where(Book.title != "借条")
    )


def test_a_repetition_that_would_be_refused_gets_the_first_answer(service: RunningService) -> None:
    me = caller(*ALL)
    first = a_book(service, me, KEY, isbn="978-7-02-000220-7")
    assert a_book(service, me, KEY, isbn="978-7-02-000220-7") == first
    with pytest.raises(Conflict) as refused:
        a_book(service, me, isbn="978-7-02-000220-7")
    assert refused.value.code == "book-isbn-taken"
    with pytest.raises(Invalid) as reused:
        a_book(service, me, KEY, isbn="978-7-02-000220-8")
    assert reused.value.code == "idempotency-key-reused"
    assert kept(service)["book"] == 1


def test_of_many_at_once_each_key_makes_one(service: RunningService) -> None:
    me = caller(*ALL)
    with clients(service, 12) as asking:
        answers = at_once(
            [
                lambda c=c, n=n: a_book(c, me, {"idempotency_key": f"shelf-{n % 3}"}, title=str(n % 3))
                for n, c in enumerate(asking)
            ]
        )
    assert len({answer["id"] for answer in answers}) == 3
    assert kept(service) == {"book": 3, "change": 3, "journal": 3, "idempotency": 3, "outbox": 3}


def test_what_has_been_read_or_is_changed_is_flushed_as_ever(service: RunningService) -> None:
    with service.database.sessions() as session:
        session.add(Book(number="1", title="a", owner_id=new_id()))
        assert not waiting(session)
        hold_back(session)
        assert waiting(session)
        assert session.scalar(select(func.count()).select_from(Book)) == 1, "who asks finds it"
        assert not waiting(session)
        book = session.scalars(select(Book)).one()
        book.title = "b"
        session.add(Book(number="2", title="c", owner_id=new_id()))
        assert not waiting(session)
        settle(session)
        assert not session.dirty and not session.new
