"""Leadership is a lease: whoever is frozen, killed or cut off loses it by itself, and does no harm when it wakes."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from zlib import crc32

import eventlet
import psycopg2.extensions
import pytest
from library.model import Round
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from servicekit.base import lease
from servicekit.base.database import Database
from servicekit.base.lease import Lease, Lost
from servicekit.messages import relay as relays
from servicekit.messages import writing
from servicekit.messages.relay import Relay
from servicekit.testing import RunningService, wait_until
from tests.servicekit.helpers import a_book, another_relay_leading, process, scalar, stopped
from tests.servicekit.test_observability import overlaps
from tests.servicekit.test_outbox import all_out, listening, write

NUMBER = 4712


@pytest.fixture
def short(service: RunningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database in which leases are of one second."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 1)
    database = Database(service.settings.database_url_of("library"), 4)
    yield database
    database.dispose()


def takes_over(database: Database) -> bool:
    """Wait until somebody else leads."""
    with closing(Lease(database, NUMBER, "heir")) as heir:
        return bool(wait_until(heir.take))


def test_a_leader_that_is_silent_loses_its_lead_by_itself(short: Database) -> None:
    """(M-36)"""
    with closing(Lease(short, NUMBER, "leader")) as leader:
        assert leader.take()
        with closing(Lease(short, NUMBER, "follower")) as follower:
            assert not follower.take()
        assert takes_over(short)
        with pytest.raises(DBAPIError):
            leader.show()


def test_a_leader_that_shows_itself_goes_on_leading(short: Database) -> None:
    with closing(Lease(short, NUMBER, "leader")) as leader, closing(Lease(short, NUMBER, "other")) as other:
        assert leader.take()
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            leader.show()
            assert not other.take()
            eventlet.sleep(0.1)


def test_without_the_limits_a_silent_leader_would_lead_for_ever(
    short: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a session may be silent for as long as it likes."""
    monkeypatch.setattr(lease, "LIMITS", ())
    with closing(Lease(short, NUMBER, "leader")) as leader:
        assert leader.take()
        eventlet.sleep(3)
        with closing(Lease(short, NUMBER, "follower")) as follower:
            assert not follower.take()


def test_a_leader_that_freezes_in_the_middle_of_an_answer_loses_its_lead_too(short: Database) -> None:
    """(M-36) The server cannot send on, and waits for the socket: there it counts no idle time."""
    with closing(Lease(short, NUMBER, "leader")) as leader:
        assert leader.take()
        before = psycopg2.extensions.get_wait_callback()

        def freeze(connection: Any) -> None:
            connection.poll()  # Sends the statement; nobody reads what comes.
            eventlet.sleep(60)

        psycopg2.extensions.set_wait_callback(freeze)
        long = text("SELECT repeat('x', 1000) FROM generate_series(1, 200000)")
        frozen = eventlet.spawn(leader.execute, long)
        eventlet.sleep(0)
        psycopg2.extensions.set_wait_callback(before)
        assert takes_over(short)
        frozen.kill()


def test_a_leader_that_wakes_up_in_the_middle_of_a_batch_sends_no_more_of_it(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(M-36) The other one has sent it by now, and perhaps what comes after."""
    book_id = a_book(service)["id"]
    wait_until(lambda: all_out(service))
    with another_relay_leading(service), listening(service) as heard:
        for _ in range(3):
            write(service.database, book_id)
        relay = Relay("library", service.database, service.settings)
        monkeypatch.setattr(relays, "LOCK", NUMBER)
        sent = writing.publish

        def publish_and_freeze(*arguments: Any) -> None:
            sent(*arguments)
            assert relay._lease is not None
            relay._lease._shown -= 60

        monkeypatch.setattr(relays, "publish", publish_and_freeze)
        with pytest.raises(Lost):
            relay.relay_batch()
        relay._drop_connections()
        monkeypatch.undo()
        assert [event.published_at for event in service.published()[1:]] == [None] * 3
        early = len(heard)
    with listening(service) as heard_after:
        wait_until(lambda: all_out(service))
        wait_until(lambda: len(heard_after) >= 3)
    assert early <= 1


def test_a_relay_whose_greenlet_is_killed_leads_no_longer(service: RunningService) -> None:
    """(M-29) Its session stayed until the memory of the dead relay was collected, and kept all others waiting."""
    with another_relay_leading(service):
        relay = Relay("library", service.database, service.settings)
    with stopped(service):
        thread = eventlet.spawn(relay.run)
        wait_until(lambda: relay._lease is not None and relay._lease.leads)
        thread.kill()
        database = Database(service.settings.database_url_of("library"), 1)
        with closing(Lease(database, relays.LOCK, "heir")) as heir:
            began = time.monotonic()
            wait_until(heir.take)
            assert time.monotonic() - began < lease.LEASE_SECONDS / 2
        database.dispose()


def test_the_turn_of_a_frozen_timer_goes_to_another_process(service: RunningService) -> None:
    """(M-36) A process that stops in the middle of timed work holds it up for ten seconds, and its part is undone."""
    lock = crc32(b"make_the_rounds")
    mine = select(func.count()).select_from(text("pg_locks JOIN pg_stat_activity USING (pid)"))
    held = mine.where(
        text("locktype = 'advisory' AND objid = :lock AND client_port <> 0 AND state LIKE 'idle%'")
    )

    with process() as other:
        other.wait_for("started")
        with stopped(service):
            freeze_where(other.running.pid, lambda: scalar(service, held.params(lock=lock)) == 1)
        before = scalar(service, select(func.count()).select_from(Round))
        wait_until(lambda: scalar(service, select(func.count()).select_from(Round)) >= before + 3)
        os.kill(other.running.pid, signal.SIGCONT)
        wait_until(lambda: scalar(service, select(func.count()).select_from(Round)) >= before + 10)
    with service.database.sessions() as session:
        rounds = list(session.scalars(select(Round).order_by(Round.began_at)))
    assert overlaps(rounds) == 0


def freeze_where(pid: int, there: Any) -> None:
    """Stop a process again and again until it stands where it is wanted."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.02)
        if there() and there():
            return
        os.kill(pid, signal.SIGCONT)
        eventlet.sleep(random.uniform(0.2, 0.6))  # It has to get on with its work in between.
    raise AssertionError("the process never stood where it was wanted")
