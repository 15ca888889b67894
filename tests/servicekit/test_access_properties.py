"""Access: what a list shows is exactly what a single look allows, whatever the directory looks like."""

from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from library.model import Book
from library.operations import BOOKS
from sqlalchemy import delete, insert, text, update

from servicekit import Caller, Event, Forbidden, NotFound, load, new_id, publish, utcnow
from servicekit.messages.outbox import OutboxRow, write_waiting
from servicekit.messages.relay import NUMBER
from servicekit.nouns import access, feed, listing
from servicekit.nouns.directory import DirectoryAccount, DirectoryDepartment
from servicekit.testing import RunningService, caller

PEOPLE = [new_id() for _ in range(7)]
OWNERS = [*PEOPLE, None]
"""Whose the books are; the last is nobody's."""
DEPARTMENTS = [new_id() for _ in range(4)]


@st.composite
def directories(draw: st.DrawFn) -> dict[str, Any]:
    """Departments as a tree, people in them with superiors (also in rings), and a caller with a scope."""
    parents = [
        draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None for n in range(len(DEPARTMENTS))
    ]
    place = st.one_of(st.none(), st.integers(0, len(DEPARTMENTS) - 1))
    people = [(draw(place), draw(st.one_of(st.none(), st.integers(0, len(PEOPLE) - 1)))) for _ in PEOPLE]
    return {
        "parents": parents,
        "people": people,
        "donors": [draw(st.one_of(st.none(), st.integers(0, len(PEOPLE) - 1))) for _ in OWNERS],
        "caller": draw(st.integers(0, len(PEOPLE) - 1)),
        "scope": draw(st.sampled_from(["own", "department", "all"])),
    }


def path(parents: list[int | None], department: int) -> list[int]:
    above = parents[department]
    return [*(path(parents, above) if above is not None else []), department]


def expected(drawn: dict[str, Any], *, by_donor: bool = False) -> set[UUID | None]:
    """The rule in plain Python: own records, those of one's people, those of the scope; without an owner for all."""
    me, people = drawn["caller"], drawn["people"]
    seen = {me}
    while more := {n for n, (_, manager) in enumerate(people) if manager in seen} - seen:
        seen |= more
    home = people[me][0]
    for number, (department, _) in enumerate(people):
        in_scope = home is not None and department is not None and home in path(drawn["parents"], department)
        if drawn["scope"] == "all" or (drawn["scope"] == "department" and in_scope):
            seen.add(number)
    reached = {PEOPLE[number] for number in seen}
    given = {OWNERS[n] for n, donor in enumerate(drawn["donors"]) if by_donor and donor in seen}
    return {*reached, *given, *({None} if drawn["scope"] == "all" else ())}


def arrange(session: Any, drawn: dict[str, Any]) -> Caller:
    for model in (DirectoryAccount, DirectoryDepartment, Book):
        session.execute(delete(model))
    departments = [
        {
            "id": DEPARTMENTS[n],
            "name": "部门",
            "path": [DEPARTMENTS[p] for p in path(drawn["parents"], n)],
            "version": 1,
        }
        for n in range(len(DEPARTMENTS))
    ]
    accounts = [
        {
            "id": PEOPLE[n], "display_name": "人", "active": True, "version": 1,
            "department_id": None if home is None else DEPARTMENTS[home],
            "manager_id": None if manager is None else PEOPLE[manager],
        }
        for n, (home, manager) in enumerate(drawn["people"])
    ]  # fmt: skip
    session.execute(insert(DirectoryDepartment), departments)
    session.execute(insert(DirectoryAccount), accounts)
    # As in services whose records may have no owner; undone with the rest.
    session.execute(text("ALTER TABLE book ALTER owner_id DROP NOT NULL"))
    for number, (owner, donor) in enumerate(zip(OWNERS, drawn["donors"], strict=True)):
        donor_id = None if donor is None else PEOPLE[donor]
        session.add(Book(number=f"{number}", title="书", owner_id=owner, donor_id=donor_id))
    session.flush()
    tell_of_books(session)
    home = drawn["people"][drawn["caller"]][0]
    return caller(
        f"book.read:{drawn['scope']}",
        account_id=PEOPLE[drawn["caller"]],
        department_id=None if home is None else DEPARTMENTS[home],
    )


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
def test_a_list_shows_exactly_what_a_single_look_allows(
    service: RunningService, seen_by: tuple[str, ...], drawn: dict[str, Any]
) -> None:
    """And the feed tells of the same (M-27), also where others than the owner see a record (SD-01)."""
    Book.seen_by = seen_by
    try:
        seen = seen_in_every_way(service, drawn)
    finally:
        Book.seen_by = ("owner_id",)
    allowed = expected(drawn, by_donor="donor_id" in seen_by)
    assert seen == dict.fromkeys(seen, allowed)


def seen_in_every_way(service: RunningService, drawn: dict[str, Any]) -> dict[str, set[UUID | None]]:
    """Return the owners of the books that a caller is shown by the list, by single looks and by the feed.

    However the list is read, it shows the same, and counts as many.
    """
    with service.database.sessions() as session:
        who = arrange(session, drawn)
        books = {str(book.id): book for book in session.query(Book)}
        singly = {book.owner_id for book in books.values() if may_load(session, who, book)}
        listed = BOOKS.page(session, who, {"count": "true"})
        told = feed.read_events(session, "library", who, "beginning")["items"]
        assert listed["total"] == len(listed["items"])
        seen = {
            "singly": singly,
            "in the list": {item["owner_id"] and UUID(item["owner_id"]) for item in listed["items"]},
            "in the feed": {books[event["subject"]].owner_id for event in told},
        }
        few, listing.FEW_OWNERS = listing.FEW_OWNERS, 0
        try:
            for query in ({}, {"sort": "title"}, {"limit": "2"}, {"filter[title][contains]": "书"}):
                many = BOOKS.page(session, who, query)
                listing.FEW_OWNERS = 1000
                assert BOOKS.page(session, who, query) == many
                listing.FEW_OWNERS = 0
        finally:
            listing.FEW_OWNERS = few
        session.rollback()
    return seen


def test_without_the_scope_in_the_list_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a list asks for nobody in particular."""
    monkeypatch.setattr(listing, "visible_owners", lambda *_: None)
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
