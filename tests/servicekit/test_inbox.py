"""The inbox: every event is handled once; what cannot be handled is parked, and the queue goes on."""

import pickle
from typing import Any

import orjson
import pytest
import structlog
from library.model import ReaderCopy
from library.readers import GATE
from library.service import LibraryService
from sqlalchemy import select

from servicekit import new_id
from servicekit.messages.inbox import FailedEvent, Inbox
from servicekit.testing import RunningService, wait_until
from tests.servicekit.helpers import behind_proxy, gate, process, scalar, sightings, stopped


def a_reader(**values: Any) -> dict[str, Any]:
    return {"reader_id": str(new_id()), "name": "李雷", "version": 1, **values}


def reader(service: RunningService, data: dict[str, Any], **more: Any) -> str:
    return service.deliver("readers", "reader.changed", data, **more)


def followed_by(service: RunningService, data: dict[str, Any]) -> None:
    """Wait until an event behind those sent so far has been handled: of the same record, so in the same lane."""
    last = reader(service, {**data, "name": "末", "version": 1_000_000})
    wait_until(lambda: service.handled(last))


def thrice(service: RunningService) -> list[int]:
    data = a_reader()
    event_id = str(new_id())
    for _ in range(3):
        reader(service, data, id=event_id)
    followed_by(service, data)
    return [s.number for s in sightings(service, data["reader_id"])]


def test_a_duplicate_delivery_changes_nothing(service: RunningService) -> None:
    """R8."""
    assert thrice(service) == [1, 1_000_000]


def test_without_the_inbox_claim_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: every event looks new."""
    original = Inbox.handle

    def unclaimed(self: Inbox, instance: Any, body: bytes, attempts: int) -> str:
        return original(self, instance, orjson.dumps({**orjson.loads(body), "id": str(new_id())}), attempts)

    monkeypatch.setattr(Inbox, "handle", unclaimed)
    with pytest.raises(AssertionError):
        data = a_reader()
        event_id = str(new_id())
        for _ in range(3):
            reader(service, data, id=event_id)
        wait_until(lambda: len(sightings(service, data["reader_id"])) == 3)
        assert len(sightings(service, data["reader_id"])) == 1


def test_events_of_one_record_are_handled_one_after_the_other(service: RunningService) -> None:
    readers = [a_reader() for _ in range(5)]
    last = [reader(service, {**data, "version": n}) for n in range(1, 21) for data in readers][-5:]
    wait_until(lambda: all(service.handled(event_id) for event_id in last))
    for data in readers:
        assert [s.number for s in sightings(service, data["reader_id"])] == list(range(1, 21))


def test_an_event_that_takes_long_holds_up_its_own_record_only(service: RunningService) -> None:
    slow, other = a_reader(name="慢"), a_reader()
    while lane(other) == lane(slow):
        other = a_reader()
    with gate(service, GATE) as closed:
        first = reader(service, slow)
        closed.wait_for()
        second = reader(service, {**slow, "name": "快", "version": 2})
        done = reader(service, other)
        wait_until(lambda: service.handled(done))
        assert not service.handled(second)
        closed.open()
        wait_until(lambda: service.handled(first) and service.handled(second))
    assert [s.number for s in sightings(service, slow["reader_id"])] == [1, 2]


def lane(data: dict[str, Any]) -> int:
    from zlib import crc32

    from servicekit.messages.eventing import LANES

    return crc32(data["reader_id"].encode()) % LANES


def test_an_older_version_is_skipped(service: RunningService) -> None:
    data = a_reader()
    for version, name in ((3, "新"), (2, "旧"), (1, "更旧")):
        reader(service, {**data, "version": version, "name": name})
    wait_until(lambda: len(sightings(service, data["reader_id"])) == 3)
    assert scalar(service, select(ReaderCopy.name)) == "新"


def test_a_poison_event_is_parked_after_its_tries_and_the_queue_goes_on(service: RunningService) -> None:
    """R9."""
    with structlog.testing.capture_logs() as logs:
        bad = a_reader(name="毒")
        event_id = reader(service, bad)
        good = reader(service, a_reader())
        wait_until(lambda: service.handled(good))
        parked = wait_until(lambda: [f for f in service.failures() if f.state == "parked"])[0]
    assert (str(parked.event_id), parked.attempts, parked.type) == (event_id, 3, "reader.changed")
    assert parked.error == "ValueError: this reader cannot be read"
    assert orjson.loads(parked.body)["data"] == bad
    assert sightings(service, bad["reader_id"]) == []
    assert not service.handled(event_id)
    told = [line for line in logs if line["event"] in {"event failed", "event parked"}]
    assert [line["event"] for line in told] == ["event failed", "event failed", "event parked"]
    assert {line["correlation_id"] for line in told} == {str(parked.correlation_id)}


@pytest.mark.parametrize("wrong", [{"version": "张三的秘密"}, {"name": None}, {"owner_id": "张三的秘密"}])
def test_an_event_that_can_never_be_read_is_parked_at_once(
    service: RunningService, wrong: dict[str, Any]
) -> None:
    """(M-35) Its six tries took twelve minutes, for an outcome that was certain."""
    event_id = reader(service, {**a_reader(), **wrong})
    [parked] = wait_until(lambda: service.failures())
    assert (str(parked.event_id), parked.state, parked.attempts) == (event_id, "parked", 1)
    assert parked.error.startswith(f"Unreadable: reader.changed: {next(iter(wrong))}: ")
    assert "张三的秘密" not in parked.error


def test_an_event_with_a_nul_in_a_text_is_parked_at_once(service: RunningService) -> None:
    """(M-35) PostgreSQL can never store it; the escape written out as a text it can."""
    written_out = reader(service, a_reader(name="张三\\u0000"))
    event_id = reader(service, a_reader(name="张三\x00的秘密"))
    [parked] = wait_until(lambda: service.failures())
    assert (str(parked.event_id), parked.state, parked.attempts) == (event_id, "parked", 1)
    assert parked.error == "Unreadable: reader.changed: name: PostgreSQL cannot store a NUL"
    wait_until(lambda: service.handled(written_out))


def test_no_log_line_holds_what_an_event_tells(service: RunningService) -> None:
    """(M-35) Logs are read by other people than events are."""
    secret = f"张三的秘密{new_id()}"
    with structlog.testing.capture_logs() as logs:
        reader(service, a_reader(name=secret, version="x"))
        reader(service, a_reader(name=secret, version=2**40))
        wait_until(lambda: [failure.state for failure in service.failures()] == ["parked"] * 2)
    told = [line for line in logs if line["event"] in {"event failed", "event parked"}]
    assert len(told) == 4 and all(line["event_id"] and line["event_type"] for line in told)
    assert secret not in repr(logs)
    assert all(secret not in failure.error for failure in service.failures())


def envelope(**values: Any) -> bytes:
    whole = {
        "specversion": "1.0", "id": str(new_id()), "type": "reader.changed", "correlationid": str(new_id()),
        "data": a_reader(), "subject": str(new_id()),
    }  # fmt: skip
    return orjson.dumps({name: value for name, value in {**whole, **values}.items() if value != "absent"})


GARBAGE = {
    "no json": b"{not json",
    "nothing": b"",
    "a pickle": pickle.dumps({"id": "a"}),
    "bytes that are no text": b"\xff\x00\xfe",
    "one MiB": b"x" * 2**20,
    "a list": b"[1]",
    "no envelope": b"{}",
    "unknown type": envelope(type="reader.burned"),
    "type that is a list": envelope(type=["reader.changed"]),
    "type with a NUL": envelope(type="reader\x00"),
    "id that is none": envelope(id="five"),
    "id that is a number": envelope(id=5),
    "no id": envelope(id="absent"),
    "subject that is none": envelope(subject="somebody"),
    "subject that is a list": envelope(subject=["a"]),
    "no correlation id": envelope(correlationid="absent"),
    "correlation id that is none": envelope(correlationid="x"),
    "actor that is none": envelope(actorid="x"),
    "data that is a list": envelope(data=[1]),
    "wrong data": envelope(data={"reader_id": "x"}),
    "text that cannot be stored": envelope(data=a_reader(name="a\x00b")),
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_parked_and_blocks_nobody(service: RunningService, body: bytes) -> None:
    """R9."""
    service.deliver_body(body, "readers", "reader.changed")
    for _ in range(8):
        data = a_reader()
        followed_by(service, data)
    wait_until(lambda: [f.state for f in service.failures()] == ["parked"])
    assert service.failures()[0].attempts <= 3


def test_a_retry_keeps_the_number_of_tries_and_a_success_forgets_the_failure(service: RunningService) -> None:
    seen: list[int] = []
    original = LibraryService.follow_reader.handler

    def fails_twice(self: Any, session: Any, event: Any) -> None:
        seen.append(scalar(service, select(FailedEvent.attempts)) or 0)
        if len(seen) < 3:
            raise ConnectionError("not yet")
        original(self, session, event)

    handlers = next(p.inbox for p in service.container.dependencies if hasattr(p, "inbox")).handlers
    name, handler, event_class = handlers["readers", "reader.changed"]
    handlers["readers", "reader.changed"] = (name, fails_twice, event_class)
    try:
        event_id = reader(service, a_reader())
        wait_until(lambda: service.handled(event_id))
    finally:
        handlers["readers", "reader.changed"] = (name, handler, event_class)
    assert seen == [0, 1, 2]
    assert service.failures() == []


@pytest.mark.parametrize("point", ["before_handler_commit", "after_handler_commit"])
def test_a_crash_around_the_handlers_commit_handles_the_event_once(
    service: RunningService, point: str
) -> None:
    """R2."""
    data = a_reader()
    with stopped(service):
        with process(KEHU_CRASH_AT=point) as child:
            event_id = reader(service, data)
            assert child.wait() == 9
        assert service.handled(event_id) is (point == "after_handler_commit")
    followed_by(service, data)
    assert [s.number for s in sightings(service, data["reader_id"])] == [1, 1_000_000]


def test_while_the_database_is_away_no_tries_are_used_up(service: RunningService) -> None:
    """R5."""
    with behind_proxy(service, "DATABASE_URL") as proxy, structlog.testing.capture_logs() as logs:
        proxy.break_down()
        event_id = reader(service, a_reader())
        # More often than the number of tries an event has.
        wait_until(lambda: [x["event"] for x in logs].count("failure could not be recorded") >= 5)
        proxy.mend()
        wait_until(lambda: service.handled(event_id))
        assert service.failures() == []


def test_an_event_published_before_its_consumer_ever_ran_is_delivered(service: RunningService) -> None:
    """The queue is declared by the migration, not by the consumer."""
    with stopped(service):
        event_id = reader(service, a_reader())
        assert not service.handled(event_id)
    wait_until(lambda: service.handled(event_id))
