"""Replays and restated records: told again to one consumer, and handled as often as asked for."""

# ruff: noqa: F811 - fixtures are imported, and named again where they are asked for.

from typing import Any
from uuid import UUID

import orjson
import pytest
from helpers import a_book, sightings
from library.model import Book, ReaderCopy
from operated import console, operated, service  # noqa: F401

from servicekit import Conflict, new_id, utcnow
from servicekit.messages import direct
from servicekit.messages.eventing import REPLAY_HEADER
from servicekit.messages.inbox import FailedEvent, InboxRow, ReplayRow
from servicekit.nouns.directory import DirectoryAccount
from servicekit.operating import tasks
from servicekit.operating.client import Console
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller


def books_seen(service: RunningService, count: int) -> list[str]:
    """Add books and wait until the library has heard of them."""
    ids = [a_book(service)["id"] for _ in range(count)]
    wait_until(lambda: len(sightings(service)) == count)
    return ids


def quiet(service: RunningService) -> None:
    """Wait until nothing waits in the inbox."""
    wait_until(lambda: getattr(direct.depth(service.settings, "library.inbox"), "messages", None) == 0)


def test_a_plain_replay_is_handled_only_where_it_was_not(service: RunningService, console: Console) -> None:
    first, second = books_seen(service, 2)
    with service.database.sessions.begin() as session:
        session.query(InboxRow).filter(InboxRow.subject == first).delete()
    assert tasks.replay(console.call, "library", "library", None)["sent"] == 2
    wait_until(lambda: len(sightings(service, first)) == 2)
    quiet(service)
    assert len(sightings(service, second)) == 1


def test_a_replay_of_what_was_handled_is_handled_once_more_and_only_once(
    service: RunningService, console: Console
) -> None:
    books_seen(service, 3)
    [row, *_] = service.published("book.added")
    replay_id = str(new_id())
    for _ in range(3):
        sent = console.call(
            "library", "replay_events", consumer="library", types=["book.added"], replay_id=replay_id
        )
        assert sent["sent"] == 3
    wait_until(lambda: len(sightings(service)) == 6)
    quiet(service)
    assert len(sightings(service, row.subject)) == 2
    result = tasks.replay(console.call, "library", "library", None, again=True)
    assert result["replay_id"] != replay_id
    wait_until(lambda: len(sightings(service)) == 9)


def test_a_replay_keeps_to_times_types_and_what_is_listened_to(
    service: RunningService, console: Console
) -> None:
    books_seen(service, 1)
    later = service.published()[-1].occurred_at
    second = a_book(service)["id"]
    service.call(
        "update_book", caller("book.read:all", "book.write:all"), book_id=second, data={"title": "西游记"}
    )
    wait_until(lambda: len(sightings(service)) == 3)
    since = (later.replace(microsecond=0)).isoformat()
    result = tasks.replay(console.call, "library", "library", since, ["book.added"])
    assert (result["sent"], result["types"], result["replay_id"]) == (2, ["book.added"], None)
    with pytest.raises(Conflict) as refused:
        tasks.replay(console.call, "library", "library", None, ["book.lent"])
    assert refused.value.code == "not-listened-to"


def test_a_replay_says_when_older_events_are_gone(service: RunningService, console: Console) -> None:
    books_seen(service, 2)
    with service.database.sessions.begin() as session:
        oldest = service.published()[0]
        session.delete(oldest)
    assert tasks.replay(console.call, "library", "library", None)["kept_since"] is not None


def test_a_failed_replay_keeps_its_mark_so_that_redriving_handles_it(
    service: RunningService, console: Console
) -> None:
    reader_id, replay_id = str(new_id()), str(new_id())
    event = {"reader_id": reader_id, "name": "张三", "version": 1}
    event_id = service.deliver_and_wait("readers", "reader.changed", event, subject=reader_id)
    with service.database.sessions.begin() as session:
        # The event as it would have come back from its replay: known, and failed.
        session.add(
            FailedEvent(
                event_id=event_id, type="reader.changed", state="parked", attempts=3, error="x",
                body=_envelope(event_id, reader_id, event), replay_id=replay_id,
                failed_at=utcnow(),
            )
        )  # fmt: skip
    console.call("library", "redrive_event", event_id=event_id, by="me")
    wait_until(lambda: len(sightings(service, reader_id)) == 2)
    wait_until(lambda: not service.failures())
    with service.database.sessions() as session:
        assert [str(row.replay_id) for row in session.query(ReplayRow)] == [replay_id]


def test_a_retried_replay_is_still_that_replay(service: RunningService) -> None:
    reader_id, replay_id, event_id = str(new_id()), str(new_id()), str(new_id())
    body = _envelope(event_id, reader_id, {"reader_id": reader_id, "name": "毒", "version": 1})
    direct.send(service.settings, "library", "library.inbox", [body.encode()], {REPLAY_HEADER: replay_id})
    wait_until(lambda: [one for one in service.failures() if one.state == "parked"])
    [failure] = service.failures()
    assert (str(failure.replay_id), failure.attempts) == (replay_id, 3)


def test_a_copy_is_rebuilt_by_the_consumers_own_rule(service: RunningService, console: Console) -> None:
    first, second = books_seen(service, 2)
    result = tasks.rebuild(console.call, "library", "library")
    assert result == {"dropped": 0, "sent": {"book.changed": 2}}
    wait_until(lambda: len(sightings(service)) == 4)
    with service.database.sessions() as session:
        versions = {str(book.id): book.version for book in session.query(Book)}
    assert {str(s.subject): s.number for s in sightings(service)[2:]} == versions
    assert {first, second} == versions.keys()


def test_a_copy_is_rebuilt_after_its_owner_was_restored_from_a_backup(
    service: RunningService, console: Console
) -> None:
    """(M-33) The owner has lost a change and a record; the copy has both, with a version that is still to come."""
    (book_id,) = books_seen(service, 1)
    lost = new_id()
    with service.database.sessions.begin() as session:
        session.add(ReaderCopy(id=UUID(book_id), name="恢复前的名字", version=7))
        session.add(ReaderCopy(id=lost, name="恢复前才有", version=1))
    assert tasks.rebuild(console.call, "library", "library")["dropped"] == 1
    tasks.restate(console.call, "library", "reader.changed", "library")
    wait_until(lambda: readers(service) == {book_id: ("红楼梦", 1)})
    service.deliver_and_wait(
        "readers", "reader.changed", {"reader_id": book_id, "name": "石头记", "version": 2}
    )
    assert readers(service) == {book_id: ("石头记", 2)}


def test_what_is_told_again_after_a_failure_is_no_longer_what_holds_now(service: RunningService) -> None:
    """(M-33) Meanwhile something newer may have come."""
    reader = {"reader_id": new_id(), "name": "新", "version": 5}
    service.deliver_and_wait("readers", "reader.changed", reader)
    late = {**reader, "name": "旧", "version": 4}
    event_id = service.deliver("readers", "reader.changed", {**late, "name": "毒"}, restated=True)
    wait_until(lambda: [failure.state for failure in service.failures()] == ["parked"])
    with service.database.sessions.begin() as session:
        session.get_one(FailedEvent, UUID(event_id)).body = service.failures()[0].body.replace("毒", "旧")
    Console(service.settings).call("library", "redrive_event", event_id=event_id, by="tester")
    wait_until(lambda: service.handled(event_id))
    assert readers(service) == {str(reader["reader_id"]): ("新", 5)}


def readers(service: RunningService) -> dict[str, tuple[str | None, int]]:
    with service.database.sessions() as session:
        return {str(reader.id): (reader.name, reader.version) for reader in session.query(ReaderCopy)}


def test_only_some_records_are_told(service: RunningService, console: Console) -> None:
    first, _ = books_seen(service, 2)
    assert tasks.restate(console.call, "library", "book.changed", "library", [first]) == 1
    wait_until(lambda: len(sightings(service, first)) == 2)


def test_without_a_restatement_the_newest_event_of_each_record_is_replayed(
    service: RunningService, console: Console
) -> None:
    first, second = books_seen(service, 2)
    assert tasks.restate(console.call, "library", "book.added", "library", [first]) == 1
    wait_until(lambda: len(sightings(service, first)) == 2)
    assert len(sightings(service, second)) == 1


def test_a_copy_is_emptied_only_of_what_its_owner_has_told(service: RunningService, console: Console) -> None:
    account = {"display_name": "张三", "active": True}
    with service.database.sessions.begin() as session:
        session.add(DirectoryAccount(id=new_id(), version=3, **account))
        session.add(DirectoryAccount(id=new_id(), version=0, **account))
    assert console.call("library", "empty_copies", source="identity") == {"dropped": 1}
    with service.database.sessions() as session:
        assert [row.version for row in session.query(DirectoryAccount)] == [0]


def test_a_consumer_that_does_not_exist_is_told_so(service: RunningService, console: Console) -> None:
    books_seen(service, 1)
    with pytest.raises(Exception, match="unknown-queue"):
        console.call("library", "replay_events", consumer="nobody", types=["book.added"])


def _envelope(event_id: str, subject: str, data: dict[str, Any]) -> str:
    return orjson.dumps(
        {
            "specversion": "1.0", "id": event_id, "source": "/kehu/readers", "type": "reader.changed",
            "subject": subject, "correlationid": str(new_id()), "data": data,
        }
    ).decode()  # fmt: skip
