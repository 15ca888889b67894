"""Access: what a list shows is exactly what a single look allows, whatever the directory looks like."""

from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from library.model import Book
from library.operations import BOOKS
from sqlalchemy import delete, update

from servicekit import Caller, Event, Forbidden, NotFound, Reach, load, new_id, publish, utcnow
from servicekit.messages.outbox import OutboxRow, write_waiting
from servicekit.messages.relay import NUMBER
from servicekit.nouns import access, feed, paging, reach
from servicekit.nouns import grants as grants_table
from servicekit.nouns.directory import DirectoryAccount
from servicekit.nouns.explaining import level_of
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.drawn_access import GIVEN_BY_ME, NOT_FOR_ME, OWNERS, arrange, directories, expected

HELD_BY = grants_table.held_by


class BookSeen(Event):
    """What the feed goes by: the payload names the owner, if there is one."""

    type: ClassVar[str] = "book.seen"

    owner_id: UUID | None


def tell_of_books(session: Any) -> None:
    """Publish an event about each book."""
    session.execute(delete(OutboxRow))
    for book in session.query(Book):
        publish(session, book, BookSeen(owner_id=book.owner_id))
    write_waiting(session)
    session.execute(NUMBER, {"batch": len(OWNERS)})
    session.execute(update(OutboxRow).values(published_at=utcnow()))


def may_load(session: Any, who: Caller, book: Book) -> bool:
    try:
        return load(session, Book, book.id, who, "book.read") is book
    except NotFound:
        return False


quick = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize(
    "seen_by", [("owner_id",), ("owner_id", "donor_id")], ids=["owner", "owner and donor"]
)
@quick
@given(directories())
@example(NOT_FOR_ME)
@example(GIVEN_BY_ME)
def test_a_list_shows_exactly_what_a_single_look_allows(
    service: RunningService, seen_by: tuple[str, ...], drawn: dict[str, Any]
) -> None:
    """And the feed tells of the same (M-27), also where others than the owner see a record (SD-01)."""
    Book.seen_by, Book.granted_as = seen_by, ("book", "id")
    try:
        seen = seen_in_every_way(service, drawn)
    finally:
        Book.seen_by, Book.granted_as = ("owner_id",), None
    allowed = expected(drawn, by_donor="donor_id" in seen_by)
    assert seen == dict.fromkeys(seen, allowed)


def seen_in_every_way(service: RunningService, drawn: dict[str, Any]) -> dict[str, set[UUID | None]]:
    """Return the owners of the books that a caller is shown by the list, by single looks and by the feed.

    However the list is read, it shows the same, and counts as many.
    """
    with service.database.sessions() as session:
        who = arrange(session, drawn)
        tell_of_books(session)
        books = {str(book.id): book for book in session.query(Book)}
        singly = {book.owner_id for book in books.values() if may_load(session, who, book)}
        listed = BOOKS.page(session, who, {"count": "true"})
        told = feed.read_events(session, "library", who, "beginning", entities={"book": Book})["items"]
        assert listed["total"] == len(listed["items"])
        seen = {
            "singly": singly,
            "in the list": {item["owner_id"] and UUID(item["owner_id"]) for item in listed["items"]},
            "in the feed": {books[event["subject"]].owner_id for event in told},
        }
        seen["in the sum"] = summed(session, who)
        levels = {
            book.owner_id: level_of(session, who, book, "book.read", "book.write") for book in books.values()
        }
        seen["in the explanation"] = {owner for owner, level in levels.items() if level != "none"}
        for query in ({}, {"sort": "title"}, {"limit": "2"}, {"filter[title][contains]": "书"}):
            assert_the_same_however_it_is_read(session, who, query)
        session.rollback()
    return seen


def summed(session: Any, who: Caller) -> set[UUID | None]:
    """The owners of the books that a condition for sums and joins lets through."""
    return {book.owner_id for book in session.query(Book).where(Reach(session, who, "book.read").where(Book))}


def assert_the_same_however_it_is_read(session: Any, who: Caller, query: dict[str, str]) -> None:
    """A page is the same from each owner's index, from the ordered one, and whether little is granted or much."""
    usual = paging.FEW_OWNERS, reach.FEW_GRANTED
    pages = []
    try:
        for few_owners, few_granted in ((0, 2000), (1000, 2000), (0, 0), (1000, 0)):
            paging.FEW_OWNERS, reach.FEW_GRANTED = few_owners, few_granted
            pages.append(BOOKS.page(session, who, query))
    finally:
        paging.FEW_OWNERS, reach.FEW_GRANTED = usual
    assert pages == [pages[0]] * len(pages)


def test_without_the_scope_in_the_list_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a list asks for nobody in particular."""
    monkeypatch.setattr(reach, "visible_owners", lambda *_: None)
    with pytest.raises(BaseException) as failed:
        test_a_list_shows_exactly_what_a_single_look_allows(service, ("owner_id",))
    assert isinstance(failed.value, (AssertionError, BaseExceptionGroup))


def test_without_the_other_watchers_of_an_event_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the feed goes by the owner alone (M-27)."""
    monkeypatch.setattr(feed, "event_watchers", feed.event_watchers[:1])
    with pytest.raises(BaseException) as failed:
        test_a_list_shows_exactly_what_a_single_look_allows(service, ("owner_id", "donor_id"))
    assert isinstance(failed.value, (AssertionError, BaseExceptionGroup))


@pytest.mark.parametrize(
    "mutant",
    [
        lambda who: [each for n, each in enumerate(HELD_BY(who)) if n != 1],
        lambda who: HELD_BY(who)[:-1],
        lambda who: HELD_BY(who)[1:],
    ],
    ids=["security levels below the range", "what has run out", "whose it is"],
)
def test_without_a_condition_on_grants_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, mutant: Any
) -> None:
    """The mutants: a grant reaches whom it should not."""
    monkeypatch.setattr(grants_table, "held_by", mutant)
    with pytest.raises(BaseException) as failed:
        test_a_list_shows_exactly_what_a_single_look_allows(service, ("owner_id",))
    assert isinstance(failed.value, (AssertionError, BaseExceptionGroup))


def test_nobody_sees_anything_without_the_permission(service: RunningService) -> None:
    with service.database.sessions() as session, pytest.raises(Forbidden):
        access.visible_owners(session, caller("book.write:all"), "book.read")


def test_the_directory_follows_its_events_and_skips_old_ones(service: RunningService) -> None:
    account, home = new_id(), new_id()
    for version, name in ((2, "新"), (1, "旧")):
        data = {
            "account_id": account, "display_name": name, "department_id": home, "manager_id": None, "active": True,
            "version": version,
        }  # fmt: skip
        service.deliver_and_wait("identity", "account.changed", data, subject=str(account))
    with service.database.sessions() as session:
        assert session.get_one(DirectoryAccount, account).display_name == "新"
