"""Outbox and relay: nothing lost, nothing doubled, one record's events in order, numbers without a hole."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import eventlet
import pytest
from kombu import Consumer, Queue
from library.events import BookChanged
from library.model import Book
from library.operations import GATE
from sqlalchemy import delete, select, update

from servicekit import new_id, publish
from servicekit.base import lease
from servicekit.base.context import Context, enter
from servicekit.base.database import Database
from servicekit.messages import topology
from servicekit.messages.outbox import OutboxCounter, OutboxRow, write_waiting
from servicekit.messages.relay import Relay
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.servicekit.helpers import (
    ALL,
    a_book,
    at_once,
    behind_proxy,
    clients,
    gate,
    process,
    scalar,
    sightings,
    stopped,
)


def all_out(service: RunningService) -> bool:
    return all(event.published_at for event in service.published())


@contextlib.contextmanager
def listening(service: RunningService) -> Iterator[list[dict[str, Any]]]:
    """A listener of its own to what the library publishes: it sees what consumers would not show, such as doubles."""
    import orjson

    heard: list[dict[str, Any]] = []
    with service.connection.clone() as connection, connection.channel() as channel:
        queue = Queue(
            f"test.{new_id()}", topology.events_exchange("library"), "#", exclusive=True, auto_delete=True
        )
        with Consumer(
            channel, [queue(channel)], on_message=lambda m: heard.append(orjson.loads(m.body)), no_ack=True
        ):

            def listen() -> None:
                while True:
                    with contextlib.suppress(TimeoutError):
                        connection.drain_events(timeout=60)

            thread = eventlet.spawn(listen)
            try:
                yield heard
            finally:
                thread.kill()


@pytest.mark.parametrize(("point", "times"), [("before_publish", 1), ("after_publish", 2)])
def test_a_crash_of_the_relay_loses_nothing_and_doubles_nothing(
    service: RunningService, point: str, times: int
) -> None:
    with stopped(service), listening(service) as heard:
        with process(KEHU_CRASH_AT=point) as child:
            child.wait_for("started")
            # The process may die before it can answer: the commit has been made all the same.
            with contextlib.suppress(AssertionError):
                a_request(service)
            assert child.wait() == 9
        assert [event.published_at for event in service.published()] == [None]
        service.start()
        wait_until(lambda: all_out(service))
        book_id = service.published()[0].subject
        wait_until(lambda: sightings(service, book_id))
        wait_until(lambda: len(heard) >= times)
        # A later event comes behind: when it is there, nothing more of the first can come.
        last = a_book(service)["id"]
        wait_until(lambda: sightings(service, last))
        assert len(sightings(service, book_id)) == 1
        assert len({event["sequence"] for event in heard if event["subject"] == str(book_id)}) == 1
        assert len([event for event in heard if event["subject"] == str(book_id)]) == times


def a_request(service: RunningService) -> None:
    from servicekit.testing_callers import caller_header

    service.send("add_book", {"data": {"title": "a"}}, {"caller": caller_header(caller(*ALL))}, timeout=3)


def write(database: Database, book_id: Any, pause: float = 0.0) -> None:
    """Change a book, in a transaction that goes on for a while after its event has been written."""
    enter(Context())

    def work(session: Any) -> None:
        book = session.get(Book, book_id)
        book.pages += 1
        publish(session, book, BookChanged.of(book))
        write_waiting(session)
        eventlet.sleep(pause)

    while True:
        with contextlib.suppress(Exception):
            database.transact(work)
            return


def disorder(service: RunningService) -> tuple[int, int]:
    """Many writers of few records, slow transactions, three relays more: count events out of order, and holes."""
    with listening(service) as heard:
        relays = [Relay("library", service.database, service.settings) for _ in range(3)]
        threads = [eventlet.spawn(relay.run) for relay in relays]
        ids = [a_book(service)["id"] for _ in range(4)]
        writers = Database(service.settings.database_url_of("library"), 12)
        pauses = (0.0, 0.02, 0.0, 0.05, 0.01, 0.0)
        try:
            at_once([lambda b=b, p=p: write(writers, b, p) for p in pauses for b in ids])
            wait_until(lambda: all_out(service) and len(heard) >= 4 + len(ids) * len(pauses))
        finally:
            for relay in relays:
                relay.stop()
            for thread in threads:
                thread.wait()
            writers.dispose()
    versions = defaultdict(list)
    for event in heard:
        versions[event["subject"]].append(event["data"]["version"])
    inversions = sum(a >= b for seen in versions.values() for a, b in pairwise(seen))
    numbers = [int(event["sequence"]) for event in heard]
    gaps = sum(b - a != 1 for a, b in pairwise(numbers))
    return inversions, gaps


def test_events_keep_the_order_of_their_record_and_their_numbers_have_no_hole(
    service: RunningService,
) -> None:
    """R6."""
    assert disorder(service) == (0, 0)


def test_without_the_leader_lock_the_test_above_would_fail(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: every relay thinks that it leads."""
    monkeypatch.setattr(lease, "_lead", lambda _lease: True)
    inversions, gaps = disorder(service)
    assert inversions + gaps > 0


def test_a_transaction_that_commits_late_gets_a_late_number(service: RunningService) -> None:
    """Whoever reads by number never has to look back for a row that was in the making."""
    me = caller(*ALL)
    with gate(service, GATE) as closed, clients(service, 1) as (slow,):
        call = eventlet.spawn(slow.call, "take_stock", me, data={"way": "gate"})
        closed.wait_for()
        early = [a_book(service, me)["id"] for _ in range(2)]
        wait_until(lambda: all_out(service) and len(service.published()) == 2)
        closed.open()
        call.wait()
    wait_until(lambda: all_out(service) and len(service.published()) == 3)
    by_number = sorted(service.published(), key=lambda event: event.sequence or 0)
    assert [str(event.subject) for event in by_number[:2]] == early
    first = by_number[0].sequence
    assert first and [event.sequence for event in by_number] == [first, first + 1, first + 2]


def test_while_the_broker_is_away_events_wait_and_are_delivered_after(service: RunningService) -> None:
    """R4."""
    with behind_proxy(service, "AMQP_URL") as proxy:
        first = a_book(service)
        wait_until(lambda: sightings(service, first["id"]))
        proxy.break_down()
        enter(Context())
        for _ in range(3):
            write(service.database, first["id"])
        # The relay has tried, not just not yet looked.
        tried = proxy.refused
        wait_until(lambda: proxy.refused >= tried + 3)
        assert [event.published_at for event in service.published()][1:] == [None] * 3
        proxy.mend()
        wait_until(lambda: [s.number for s in sightings(service, first["id"])] == [1, 2, 3, 4])
        wait_until(lambda: all_out(service))  # A receiver may be quicker than the confirm and its commit.


def test_the_relay_survives_cut_connections_to_broker_and_database(service: RunningService) -> None:
    """R7."""
    for setting in ("AMQP_URL", "DATABASE_URL"):
        with behind_proxy(service, setting) as proxy:
            for _ in range(2):
                book = a_book(service)
                wait_until(lambda book=book: sightings(service, book["id"]))
                proxy.cut()
                wait_until(lambda: reachable(service))
            assert len(sightings(service, book["id"])) == 1
    wait_until(lambda: all_out(service))


def reachable(service: RunningService) -> bool:
    """Tell whether the service answers again, as a client that tries once more would see it."""
    try:
        return bool(service.send("describe_health", {}, {}, timeout=1)["result"])
    except AssertionError:
        return False


def test_many_events_of_one_transaction_keep_their_order(service: RunningService) -> None:
    enter(Context())
    book_id = a_book(service)["id"]

    def work(session: Any) -> None:
        book = session.scalars(select(Book)).one()
        for pages in range(1, 451):
            book.pages = pages
            publish(session, book, BookChanged.of(book))
        write_waiting(session)

    with listening(service) as heard:
        service.database.transact(work)
        wait_until(lambda: heard and heard[-1]["data"]["version"] == 451)
    versions = [
        e["data"]["version"] for e in heard if e["subject"] == book_id and e["type"] == "book.changed"
    ]
    assert versions == list(range(2, 452))


def restored(service: RunningService, numbers: int) -> int:
    """Let the database be one of some numbers before; return the last number that was published from it."""
    last = max(event.sequence or 0 for event in service.published())
    service.stop()
    with service.database.sessions.begin() as session:
        session.execute(delete(OutboxRow))
        session.execute(update(OutboxCounter).values(last=last - numbers))
    service.start()
    return last


def test_after_a_restore_no_number_is_given_twice(service: RunningService) -> None:
    """(M-33) Whoever reads by number would take what is new for what is known."""
    for _ in range(3):
        a_book(service)
    wait_until(lambda: all_out(service))
    last = restored(service, 2)
    a_book(service)
    wait_until(lambda: all_out(service))
    assert [event.sequence for event in service.published()] == [last + 1]


def test_without_the_brokers_note_numbers_would_be_given_twice(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: nobody compares."""
    for _ in range(3):
        a_book(service)
    wait_until(lambda: all_out(service))
    monkeypatch.setattr(Relay, "_begin_to_lead", lambda _relay, lead: lead.take())
    last = restored(service, 2)
    a_book(service)
    wait_until(lambda: all_out(service))
    assert [event.sequence for event in service.published()] == [last - 1]
    service.stop()
    monkeypatch.undo()
    service.start()
    wait_until(lambda: scalar(service, select(OutboxCounter.last)) >= last - 1)


def test_a_service_that_starts_again_and_again_goes_on_counting(service: RunningService) -> None:
    """A quorum queue drops what is given back twenty times; the note of a quiet service must not be lost by that."""
    a_book(service)
    wait_until(lambda: all_out(service))
    (first,) = [event.sequence or 0 for event in service.published()]
    for _ in range(2):
        service.stop()
        service.start()
    a_book(service)
    wait_until(lambda: all_out(service))
    assert [event.sequence for event in service.published()] == [first, first + 1]
