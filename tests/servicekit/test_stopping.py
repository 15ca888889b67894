"""Stopping politely, dying rudely, and losing the connection: no request is lost, none is carried out twice."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import eventlet
import pytest
from amqp import Message
from kombu import Connection
from library.model import Book
from library.operations import GATE
from library.readers import GATE as HANDLER_GATE
from library.service import LibraryService
from sqlalchemy import func, select, text

from servicekit import Caller, Unavailable, new_id
from servicekit.messages import topology
from servicekit.rpc import OperationEntrypoint
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller, caller_header
from tests.servicekit.helpers import (
    ALL,
    a_book,
    behind_proxy,
    clients,
    gate,
    process,
    scalar,
    sightings,
    stopped,
)


def books(service: RunningService) -> int:
    return scalar(service, select(func.count()).select_from(Book))


def ready_messages(service: RunningService, name: str) -> int:
    """Count the messages of a queue that nobody has taken; none if there is no such queue."""
    with Connection(service.settings.amqp_url) as connection, connection.channel() as channel:
        return channel.queue_declare(name, passive=True).message_count


def test_sigterm_finishes_what_runs_replies_and_leaves_nothing_behind(service: RunningService) -> None:
    """R3."""
    me = caller(*ALL)
    slow = {"reader_id": new_id(), "name": "慢", "version": 1}
    with stopped(service), process() as child:
        child.wait_for("started")
        with (
            gate(service, GATE) as operations,
            gate(service, HANDLER_GATE) as handlers,
            clients(service, 1) as (client,),
        ):
            call = eventlet.spawn(client.call, "take_stock", me, data={"way": "gate"})
            event_id = service.deliver("readers", "reader.changed", slow)
            operations.wait_for()
            handlers.wait_for()
            child.running.send_signal(signal.SIGTERM)
            # It takes nothing new: the request queue goes with its last consumer.
            wait_until(lambda: not is_consumed(service))
            assert child.running.poll() is None and is_present(service)
            operations.open()
            assert call.wait()["number"].startswith("PD")
            handlers.open()
        assert child.wait() == 0, child.log()
        wait_until(lambda: not is_present(service))
        assert books(service) == 1 and service.handled(event_id)
        service.start()
        a_book(service, me)
        assert books(service) == 2
        wait_until(lambda: ready_messages(service, "library.inbox") == 0)
        assert len(sightings(service, slow["reader_id"])) == 1


def is_consumed(service: RunningService) -> bool:
    with Connection(service.settings.amqp_url) as connection, connection.channel() as channel:
        try:
            return channel.queue_declare("rpc-library", passive=True).consumer_count > 0
        except connection.channel_errors:
            return False


def is_present(service: RunningService) -> bool:
    """Ask as the gateway does: whether a message to the service's name finds a queue."""
    returned: list[Any] = []
    with Connection(service.settings.amqp_url) as connection:
        channel = connection.connection.channel()
        channel.events["basic_return"].add(lambda *answer: returned.append(answer))
        channel.basic_publish_confirm(
            Message(b""), topology.RPC_EXCHANGE.name, "library", mandatory=True, confirm_timeout=5
        )
        channel.close()
    return not returned


def test_a_stop_leaves_no_connection_to_the_database_open(service: RunningService) -> None:
    def ours() -> int:
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'kehu-library'"
        return scalar(service, text(query))

    assert ours() > 0
    with stopped(service):
        wait_until(lambda: ours() == 0)


@contextlib.contextmanager
def taken_twice(service: RunningService, **headers: str) -> Iterator[tuple[Any, Any, Caller]]:
    """A request is at work in one of two replicas when the connection breaks: the other one gets it too."""
    direct, who = os.environ["AMQP_URL"], caller(*ALL)
    other = RunningService(LibraryService, service.settings)
    with (
        behind_proxy(service, "AMQP_URL") as proxy,
        gate(service, GATE) as closed,
        clients(service, 1) as (client,),
    ):
        call = eventlet.spawn(client.call, "take_stock", who, headers, data={"way": "gate"})
        closed.wait_for()
        proxied, os.environ["AMQP_URL"] = os.environ["AMQP_URL"], direct
        other.start()
        os.environ["AMQP_URL"] = proxied
        try:
            proxy.cut()
            yield call, closed, who
        finally:
            closed.open()
            other.stop()
            other.connection.release()
            other.database.dispose()


def test_a_request_delivered_twice_that_must_not_be_repeated_answers_outcome_unknown(
    service: RunningService,
) -> None:
    with taken_twice(service) as (call, closed, _):
        with pytest.raises(Unavailable) as refused:
            call.wait()
        assert refused.value.code == "outcome-unknown"
        closed.open()
        wait_until(lambda: books(service) == 1)
        a_book(service)
        assert books(service) == 2


def test_without_the_look_at_redelivery_it_would_be_carried_out_twice(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: everything may be repeated."""
    monkeypatch.setattr(OperationEntrypoint, "repeatable", lambda *_: True)
    with taken_twice(service) as (call, closed, _):
        # The second stands at the counter of numbers, which the first has locked.
        wait_until(lambda: closed.ask("SELECT count(*) FROM pg_locks WHERE NOT granted")[0] >= 2)
        closed.open()
        call.wait()
        wait_until(lambda: books(service) >= 2)
        assert books(service) == 2


def test_a_request_with_a_key_that_is_delivered_twice_is_carried_out_once(service: RunningService) -> None:
    with taken_twice(service, idempotency_key="k") as (call, closed, _):
        # The second delivery waits for the first, which holds the key.
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted"
        wait_until(lambda: closed.ask(waiting)[0] >= 1)
        closed.open()
        assert call.wait()["number"].startswith("PD")
        a_book(service)
        assert books(service) == 2


def test_an_answer_finds_its_way_though_the_connection_broke_during_the_work(service: RunningService) -> None:
    with (
        behind_proxy(service, "AMQP_URL") as proxy,
        gate(service, GATE) as closed,
        clients(service, 1) as (client,),
    ):
        call = eventlet.spawn(client.call, "take_stock", caller(*ALL), data={"way": "gate"})
        closed.wait_for()
        proxy.cut()
        wait_until(lambda: not is_consumed(service))
        wait_until(lambda: is_consumed(service))
        closed.open()
        assert call.wait()["number"].startswith("PD")
    assert books(service) == 1


def test_a_request_of_a_killed_process_is_not_carried_out_again(service: RunningService) -> None:
    """R1: with two replicas the other one gets the request that the dead one was at."""
    me = caller(*ALL)
    with stopped(service), process() as first:
        first.wait_for("started")
        with gate(service, GATE) as closed, clients(service, 1) as (client,):
            call = eventlet.spawn(client.call, "take_stock", me, data={"way": "gate"})
            closed.wait_for()
            service.start()
            first.running.kill()
            with pytest.raises(Unavailable) as refused:
                call.wait()
            assert refused.value.code == "outcome-unknown"
            # The dead client's query must not hold its locks until it times out.
            waiting = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {GATE} AND NOT granted"
            wait_until(lambda: closed.ask(waiting)[0] == 0, 4)
    assert books(service) == 0


def test_consumers_reconnect_after_the_broker_closes_the_connection(service: RunningService) -> None:
    with behind_proxy(service, "AMQP_URL") as proxy:
        for _ in range(2):
            proxy.cut()
            event_id = service.deliver(
                "readers", "reader.changed", {"reader_id": new_id(), "name": "a", "version": 1}
            )
            wait_until(lambda event_id=event_id: service.handled(event_id))
            wait_until(lambda: is_consumed(service))
            assert a_book(service)["version"] == 1
        proxy.break_down()
        wait_until(lambda: proxy.refused >= 3)
        proxy.mend()
        wait_until(lambda: is_consumed(service))
        assert a_book(service)["version"] == 1
    assert topology.rpc_queue("library").auto_delete


def test_a_call_to_a_stopped_service_is_not_kept_for_later(service: RunningService) -> None:
    """R12: no zombie requests."""
    with stopped(service):
        wait_until(lambda: not is_consumed(service))
        with pytest.raises(AssertionError, match="no reply"):
            headers = {"caller": caller_header(caller(*ALL)), "deadline": str(time.time() + 60)}
            service.send("add_book", {"data": {"title": "zombie"}}, headers, timeout=0.3)
    a_book(service)
    assert books(service) == 1
