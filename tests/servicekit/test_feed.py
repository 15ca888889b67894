"""Reading a service's events by position: what is shown to whom, and that nothing is ever skipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from helpers import another_relay_leading, scalar
from sqlalchemy import delete, func, insert, select, update

from servicekit import Caller, new_id, utcnow
from servicekit.messages.outbox import OutboxCounter, OutboxRow
from servicekit.nouns import feed
from servicekit.nouns.directory import DirectoryAccount, DirectoryDepartment
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller

EVERYTHING = caller("*:all")


def an_event(event_type: str = "book.lent", owner_id: UUID | None = None) -> dict[str, Any]:
    """Return an outbox row that waits to be published."""
    return {
        "id": new_id(),
        "type": event_type,
        "subject": new_id(),
        "data": {"version": 1} | ({"owner_id": str(owner_id)} if owner_id else {}),
        "occurred_at": utcnow(),
        "correlation_id": new_id(),
    }


def store(service: RunningService, *events: dict[str, Any]) -> None:
    with service.database.sessions.begin() as session:
        session.execute(insert(OutboxRow).values(list(events)))


def published(service: RunningService, *events: dict[str, Any]) -> list[str]:
    """Store events, wait until the relay has published them, and return their ids."""
    store(service, *events)
    waiting = select(func.count()).select_from(OutboxRow).where(OutboxRow.published_at.is_(None))
    wait_until(lambda: scalar(service, waiting) == 0)
    return [str(event["id"]) for event in events]


def read(service: RunningService, who: Caller | None = EVERYTHING, **asked: Any) -> dict[str, Any]:
    page: dict[str, Any] = service.call("read_events", who, **asked)
    return page


def ids(page: dict[str, Any]) -> list[str]:
    return [event["id"] for event in page["items"]]


@pytest.fixture
def begin(service: RunningService) -> int:
    """The position after everything that earlier tests have published."""
    position: int = read(service, after="end")["position"]
    return position


def test_events_are_read_in_the_order_they_were_published_and_a_position_goes_on_from_there(
    service: RunningService, begin: int
) -> None:
    sent = published(service, *(an_event() for _ in range(5)))
    first = read(service, after=begin, limit=2)
    second = read(service, after=first["position"], limit=2)
    third = read(service, after=second["position"], limit=2)
    assert ids(first) + ids(second) + ids(third) == sent
    assert (first["position"], third["position"]) == (begin + 2, begin + 5)
    assert ids(read(service, after=third["position"])) == []


def test_what_is_read_is_the_envelope_that_went_over_the_broker(service: RunningService, begin: int) -> None:
    published(service, an_event(owner_id=new_id()))
    envelope = read(service, after=begin)["items"][0]
    assert envelope["specversion"] == "1.0" and envelope["source"] == "/kehu/library"
    assert int(envelope["sequence"]) == begin + 1


def test_an_event_is_shown_only_when_it_has_been_published(service: RunningService, begin: int) -> None:
    with another_relay_leading(service):
        store(service, an_event())
        page = read(service, after=begin)
        assert (page["items"], page["position"]) == ([], begin)
        with service.database.sessions.begin() as session:
            session.execute(update(OutboxCounter).values(last=begin + 1))
            session.execute(update(OutboxRow).values(sequence=begin + 1))
        page = read(service, after=begin)
        assert (page["items"], page["position"], page["last"]) == ([], begin, begin + 1)
    wait_until(lambda: len(read(service, after=begin)["items"]) == 1)


def test_a_slow_transaction_is_not_overtaken_by_the_position(service: RunningService, begin: int) -> None:
    with service.database.sessions() as slow:
        early = an_event()
        slow.execute(insert(OutboxRow).values(early))
        late = published_beside(service)
        page = read(service, after=begin)
        assert ids(page) == [late]
        slow.commit()
    wait_until(lambda: ids(read(service, after=page["position"])) == [str(early["id"])])


def published_beside(service: RunningService) -> str:
    event = an_event()
    store(service, event)
    done = select(OutboxRow.published_at).where(OutboxRow.id == event["id"])
    wait_until(lambda: scalar(service, done))
    return str(event["id"])


@contextmanager
def few_rows_a_call(monkeypatch: pytest.MonkeyPatch, rows: int) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(feed, "EXAMINED", rows)
        yield


def test_the_position_advances_over_events_that_the_caller_may_not_see(
    service: RunningService, begin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = caller("book.read:own")
    mine = published(
        service, *(an_event(owner_id=new_id()) for _ in range(5)), an_event(owner_id=me.account_id)
    )
    with few_rows_a_call(monkeypatch, 4):
        page = read(service, me, after=begin)
        assert (page["items"], page["position"], page["published"]) == ([], begin + 4, begin + 6)
        page = read(service, me, after=page["position"])
        assert (ids(page), page["position"]) == (mine[-1:], begin + 6)


def test_a_scope_covers_own_events_and_those_of_the_people_below(service: RunningService, begin: int) -> None:
    head, report, stranger = new_id(), new_id(), new_id()
    with service.database.sessions.begin() as session:
        for account, manager in ((head, None), (report, head), (stranger, None)):
            values = {"display_name": "王芳", "department_id": None, "manager_id": manager}
            session.execute(insert(DirectoryAccount).values(id=account, active=True, version=1, **values))
    sent = published(service, *(an_event(owner_id=owner) for owner in (head, report, stranger)))
    assert ids(read(service, caller("book.read:own", account_id=head), after=begin)) == sent[:2]
    assert ids(read(service, caller("book.read:own", account_id=report), after=begin)) == [sent[1]]


def test_a_department_scope_covers_the_departments_below(service: RunningService, begin: int) -> None:
    above, below, elsewhere, colleague, other = (new_id() for _ in range(5))
    with service.database.sessions.begin() as session:
        for department, path in ((above, [above]), (below, [above, below]), (elsewhere, [elsewhere])):
            session.execute(
                insert(DirectoryDepartment).values(id=department, name="部", path=path, version=1)
            )
        for account, department in ((colleague, below), (other, elsewhere)):
            values = {"display_name": "李雷", "department_id": department, "manager_id": None}
            session.execute(insert(DirectoryAccount).values(id=account, active=True, version=1, **values))
    sent = published(service, an_event(owner_id=colleague), an_event(owner_id=other))
    assert ids(read(service, caller("book.read:department", department_id=above), after=begin)) == sent[:1]


def test_an_event_without_an_owner_needs_the_scope_all(service: RunningService, begin: int) -> None:
    sent = published(service, an_event())
    assert ids(read(service, caller("book.read:department", department_id=new_id()), after=begin)) == []
    assert ids(read(service, caller("book.read:all"), after=begin)) == sent


def test_each_noun_needs_its_own_permission_and_the_star_stands_for_the_others(
    service: RunningService, begin: int
) -> None:
    sent = published(service, an_event("book.lent"), an_event("reading_room.opened"), an_event("loan.ended"))
    assert ids(read(service, caller("reading_room.read:all", "book.write:all"), after=begin)) == [sent[1]]
    assert ids(read(service, caller("*:all", "book.read:own"), after=begin)) == sent[1:]
    assert ids(read(service, caller("book.lend:all"), after=begin)) == []
    assert ids(read(service, None, after=begin)) == sent


def test_a_noun_may_ask_for_a_further_permission_in_whose_reach_its_events_have_to_be_too(
    service: RunningService, begin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M-12: without it one is told of one's own alone; other nouns are not touched."""
    monkeypatch.setattr(service.service_class, "told_to", {"book": "book.keep"})
    head, report, stranger = new_id(), new_id(), new_id()
    with service.database.sessions.begin() as session:
        for account, manager in ((head, None), (report, head)):
            values = {"display_name": "王芳", "department_id": None, "manager_id": manager}
            session.execute(insert(DirectoryAccount).values(id=account, active=True, version=1, **values))
    sent = published(
        service, *(an_event(owner_id=owner) for owner in (head, report, stranger)), an_event("room.opened")
    )
    all_read = ("book.read:all", "room.read:all")
    for permissions, seen in (
        (all_read, [sent[0], sent[3]]),
        ((*all_read, "book.keep:own"), [sent[0], sent[1], sent[3]]),
        ((*all_read, "book.keep:all"), sent),
        (("book.read:own", "book.keep:all"), sent[:2]),
        (("book.keep:all",), []),
    ):
        assert ids(read(service, caller(*permissions, account_id=head), after=begin)) == seen
    assert ids(read(service, None, after=begin)) == sent


def test_an_event_that_does_not_name_the_owner_is_told_them_all_the_same(
    service: RunningService, begin: int
) -> None:
    """M-27: as the list shows them the record."""
    me = caller("book.read:own", "book.write:own")
    book = service.call("add_book", me, data={"title": "围城"})
    wait_until(lambda: read(service, after=begin)["items"])
    event = read(service, me, after=begin)["items"][0]
    assert event["subject"] == book["id"] and "owner_id" not in event["data"]
    assert ids(read(service, caller("book.read:own"), after=begin)) == []


def test_types_choose_events_with_a_star_for_any_characters(service: RunningService, begin: int) -> None:
    sent = published(
        service,
        an_event("book.lent"),
        an_event("bookshelf.moved"),
        an_event("book.added"),
        an_event("book_a.b"),
    )
    assert ids(read(service, after=begin, types=["book.*"])) == [sent[0], sent[2]]
    assert ids(read(service, after=begin, types=["*.moved", "book.added"])) == sent[1:3]
    assert ids(read(service, after=begin, types=["book_*"])) == [sent[3]]
    page = read(service, after=begin, types=["nothing.*", "%"])
    assert (page["items"], page["position"]) == ([], begin + 4)


def test_the_beginning_is_the_oldest_event_kept_and_the_lowest_number_is_told(
    service: RunningService, begin: int
) -> None:
    sent = published(service, *(an_event() for _ in range(4)))
    assert ids(read(service, after="beginning")) == sent
    with service.database.sessions.begin() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.sequence <= begin + 2))
    page = read(service, after="beginning")
    assert (ids(page), page["first"], page["position"]) == (sent[2:], begin + 3, begin + 4)
    assert read(service, after=begin)["first"] == begin + 3
    with service.database.sessions.begin() as session:
        session.execute(delete(OutboxRow))
    page = read(service, after="beginning")
    assert (page["items"], page["first"], page["position"]) == ([], begin + 5, begin + 4)


def test_a_position_never_goes_back_when_events_are_published_once_more(
    service: RunningService, begin: int
) -> None:
    published(service, *(an_event() for _ in range(3)))
    with another_relay_leading(service):
        with service.database.sessions.begin() as session:
            session.execute(update(OutboxRow).values(published_at=None))
        page = read(service, after=begin + 3)
        assert (page["items"], page["position"]) == ([], begin + 3)


def test_reading_begins_at_a_time_and_leaves_out_nothing_that_has_happened_since(
    service: RunningService, begin: int
) -> None:
    """(K-9)"""
    before = published(service, an_event())
    with service.database.sessions.begin() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == UUID(before[0]))
            .values(published_at=utcnow() - timedelta(hours=1))
        )
    since = utcnow()
    after = published(service, an_event(), an_event())
    assert ids(read(service, since=since.isoformat())) == after
    assert ids(read(service, since=(since - timedelta(hours=2)).isoformat()))[-3:] == before + after
    assert ids(read(service, since=(since + timedelta(hours=1)).isoformat())) == []


def test_only_events_about_some_records_are_read(service: RunningService, begin: int) -> None:
    """(K-9)"""
    wanted, other = an_event(), an_event()
    published(service, other, wanted)
    page = read(service, after=begin, subjects=[str(wanted["subject"])])
    assert ids(page) == [str(wanted["id"])] and page["position"] == begin + 2


def test_who_is_behind_is_told_since_when(service: RunningService, begin: int) -> None:
    """(K-9)"""
    first, second = an_event(), an_event()
    published(service, first, second)
    assert read(service, after=begin, limit=1)["behind_since"] == second["occurred_at"].isoformat()
    assert read(service, after=begin)["behind_since"] is None
