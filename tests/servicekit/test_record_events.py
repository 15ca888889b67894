"""Events that tell records: what answers show is in them, and every test sees that nothing changes in silence (K-5)."""

from typing import Any, ClassVar

import pytest
from library.events import BookAdded
from library.model import Book
from library.schemas import BookSchema
from library.service import LibraryService
from sqlalchemy import update

from servicekit import Caller, RecordEvent
from servicekit.contracts import files as contracts
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_events import problems_of, untold

SUM = "12.50"


@pytest.fixture
def me(service: RunningService) -> Caller:
    return caller("book.read:all", "book.write:all", account_id=service.employ())


def a_book(service: RunningService, me: Caller, **values: Any) -> dict[str, Any]:
    book: dict[str, Any] = service.call("add_book", me, data={"title": "红楼梦", "price": SUM, **values})
    return book


def test_an_event_carries_what_the_answer_shows(service: RunningService, me: Caller) -> None:
    """(K-5) All of it, under its names, times and amounts written alike; the id under the noun's name."""
    book = a_book(service, me)
    (event,) = service.published("book.added")
    told = {name: value for name, value in event.data.items() if name not in ("keepers", "book_id")}
    left_out = BookAdded.leaves_out.keys()
    assert told == {name: value for name, value in book.items() if name not in ("id", "can", *left_out)}
    assert event.data["book_id"] == book["id"] and event.data["price"] == SUM
    assert event.data["created_at"] == book["created_at"] and book["created_at"].endswith("+00:00")


def test_an_event_tells_the_record_as_it_is_after_the_change(service: RunningService, me: Caller) -> None:
    """(K-5) Also what only the flush writes: the version, the time of the change."""
    book = a_book(service, me)
    changed = service.call("update_book", me, book_id=book["id"], data={"title": "石头记"})
    event = service.published("book.changed")[-1]
    for name in ("title", "version", "updated_at"):
        assert event.data[name] == changed[name]
    assert changed["updated_at"] > book["updated_at"]


def test_what_is_left_out_stands_in_the_contract_file_with_its_reason() -> None:
    """(K-5)"""
    schema = contracts.asyncapi_of(LibraryService)["components"]["schemas"]["BookAdded"]
    assert schema["x-left-out"] == dict(BookAdded.leaves_out)
    assert not schema["properties"].keys() & BookAdded.leaves_out.keys()


def test_leaving_out_what_nobody_shows_is_a_slip_of_the_pen() -> None:
    with pytest.raises(TypeError, match="colour"):

        class _BookBurned(RecordEvent):
            shows = BookSchema
            leaves_out: ClassVar[dict[str, str]] = {"colour": "it has none"}


def test_a_version_that_rises_in_silence_is_seen(service: RunningService, me: Caller) -> None:
    """(K-5) Whatever statement lets it rise: the database itself looks."""
    book = a_book(service, me)
    assert untold(service.database) == []

    def rise(session: Any) -> None:
        session.execute(update(Book).values(version=Book.version + 1, title="无名"))

    database = next(e for e in service.container.extensions if hasattr(e, "database")).database
    database.transact(rise)
    missing = [f"book has version 2 without {what}" for what in ("a history", "an event")]
    assert untold(service.database) == missing
    service.database.transact(rise)
    assert untold(service.database) == []
    assert service.call("get_book", me, book_id=book["id"])["version"] == 3


def test_a_change_without_a_new_version_is_seen(service: RunningService, me: Caller) -> None:
    """(K-5) Who writes back what they have read would overwrite it."""
    a_book(service, me)
    database = next(e for e in service.container.extensions if hasattr(e, "database")).database
    database.transact(lambda session: session.execute(update(Book).values(title="无名")))
    assert untold(service.database) == ["book changed without a new version: title"]


def test_an_event_that_is_not_as_published_is_seen(service: RunningService, me: Caller) -> None:
    """(K-6) Real bodies are held against the contract file after every test."""
    a_book(service, me)
    (event,) = service.published("book.added")
    assert [*problems_of([event], LibraryService)] == []
    event.data = {**event.data, "price": "much", "created_at": "2026-11-22T08:00:00Z"}
    del event.data["title"]
    problems = "\n".join(problems_of([event], LibraryService))
    assert all(name in problems for name in ("price", "created_at", '"title" is a required property'))
    event.type = "book.eaten"
    assert [*problems_of([event], LibraryService)] == [
        "book.eaten is not among the events that library publishes"
    ]
