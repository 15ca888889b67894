"""What the tests of the kit do again and again: books, gates, clients side by side, child processes, a proxy."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import eventlet
import psycopg2
from eventlet.green import socket
from library.model import Sighting
from library.service import LibraryService
from sqlalchemy import select

from servicekit import Caller
from servicekit.messages import topology
from servicekit.messages.relay import LOCK
from servicekit.service import Runtime
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller

ALL = ("book.read", "book.write", "book.lend")
ROOT = Path(__file__).parents[2]


def a_book(
    service: RunningService, who: Caller | None = None, headers: dict[str, str] | None = None, **values: Any
) -> Any:
    """Add a book with what the test wants of it."""
    return service.call("add_book", who or caller(*ALL), headers, data={"title": "红楼梦", **values})


def sightings(service: RunningService, subject: Any = None) -> list[Sighting]:
    """Return what the handlers have really done, in that order."""
    query = select(Sighting).order_by(Sighting.position)
    with service.database.sessions() as session:
        found = list(session.scalars(query))
    return [s for s in found if subject is None or str(s.subject) == str(subject)]


def scalar(service: RunningService, statement: Any) -> Any:
    """Ask the service's database for one value."""
    with service.database.sessions() as session:
        return session.scalar(statement)


@contextlib.contextmanager
def clients(service: RunningService, count: int) -> Iterator[list[RunningService]]:
    """Several clients with connections of their own, to ask at the same time."""
    asking = [RunningService(LibraryService, service.settings) for _ in range(count)]
    try:
        yield asking
    finally:
        for client in asking:
            client.connection.release()
            client.database.dispose()


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run all calls side by side; return results, or the exceptions they ended with."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error

    return [thread.wait() for thread in [eventlet.spawn(run, call) for call in calls]]


class Gate:
    """An advisory lock that keeps an operation or a handler at work until it is opened."""

    def __init__(self, service: RunningService, number: int) -> None:
        self.number = number
        self.connection = psycopg2.connect(
            service.settings.database_url_of("library").replace("+psycopg2", "")
        )
        self.connection.autocommit = True
        self.ask(f"SELECT pg_advisory_lock({number})")

    def ask(self, statement: str) -> Any:
        """Ask the database beside the service."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()

    def wait_for(self, count: int = 1) -> None:
        """Wait until so many stand before the gate."""
        waiting = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {self.number} AND NOT granted"
        wait_until(lambda: self.ask(waiting)[0] >= count)

    def open(self) -> None:
        """Let them through."""
        self.connection.close()


@contextlib.contextmanager
def gate(service: RunningService, number: int) -> Iterator[Gate]:
    """A gate that is closed; it is open in the end in any case."""
    closed = Gate(service, number)
    try:
        yield closed
    finally:
        closed.open()


@contextlib.contextmanager
def another_relay_leading(service: RunningService) -> Iterator[None]:
    """The relay's lock is held by somebody else, as by another replica; the service's own looks for it in vain."""
    runtime = next(one for one in service.container.dependencies if isinstance(one, Runtime))
    runtime.relay.stop()
    with gate(service, LOCK):
        runtime.relay.stopping = False
        # Known to the runtime, which waits for it when it stops: a relay that is killed instead may go on leading.
        runtime._relay_thread = service.container.spawn_managed_thread(runtime.relay.run)
        yield


class Process:
    """The library as a process of its own, so that it can be killed."""

    def __init__(self, **environment: str) -> None:
        path = os.pathsep.join([str(ROOT / "libs/servicekit"), str(ROOT / "tests/servicekit")])
        defaults = {"EVENT_RETRY_DELAYS": "[0.05, 0.1]", "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
        self.output = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the process
        self.running = subprocess.Popen(
            [sys.executable, "-m", "servicekit", "run", "library"],
            env={**os.environ, **defaults, **environment},
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def log(self) -> str:
        """Return what it has written so far."""
        self.output.seek(0)
        return self.output.read()

    def wait_for(self, text: str) -> None:
        """Wait until it has logged something."""
        wait_until(lambda: text in self.log() or self.running.poll() is not None, 30)
        assert text in self.log(), self.log()

    def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        wait_until(lambda: self.running.poll() is not None, 30)
        return self.running.returncode


@contextlib.contextmanager
def process(**environment: str) -> Iterator[Process]:
    """A library process, killed in the end if it still runs."""
    child = Process(**environment)
    try:
        yield child
    finally:
        if child.running.poll() is None:
            child.running.kill()
        child.wait()
        child.output.close()


@contextlib.contextmanager
def stopped(service: RunningService) -> Iterator[None]:
    """The service in this process stops for as long as others do its work."""
    service.stop()
    with service.connection.channel() as channel:
        topology.inbox_queue(service.name)(channel).purge()
    try:
        yield
    finally:
        if service.container is None:
            service.start()


class Proxy:
    """A stretch of wire before a server, which a test can cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.refused = 0
        self.ends: list[Any] = []
        self.sockets: list[Any] = []
        self.down = False
        self.listener = eventlet.listen(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = eventlet.spawn(self._accept)

    def _accept(self) -> None:
        while True:
            near, _ = self.listener.accept()
            if self.down:
                self.refused += 1
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.ends += [near, far]
            self.sockets += [near, far]
            eventlet.spawn_n(self._carry, near, far)
            eventlet.spawn_n(self._carry, far, near)

    @staticmethod
    def _carry(source: Any, sink: Any) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """Break all connections; new ones can be made at once."""
        ends, self.ends = self.ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def break_down(self) -> None:
        """Break all connections and let nobody in."""
        self.down = True
        self.cut()

    def mend(self) -> None:
        """Let everybody in again."""
        self.down = False

    def close(self) -> None:
        """End it."""
        self.cut()
        self.thread.kill()
        self.listener.close()
        for end in self.sockets:
            end.close()


@contextlib.contextmanager
def behind_proxy(service: RunningService, setting: str) -> Iterator[Proxy]:
    """Start the service anew with a proxy before its broker (``AMQP_URL``) or its database (``DATABASE_URL``)."""
    from urllib.parse import urlsplit

    before = os.environ[setting]
    parts = urlsplit(before)
    proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 0)
    account, _, _ = parts.netloc.rpartition("@")
    service.stop()
    os.environ[setting] = parts._replace(netloc=f"{account}@127.0.0.1:{proxy.port}").geturl()
    try:
        service.start()
        yield proxy
    finally:
        proxy.mend()
        service.stop()
        os.environ[setting] = before
        proxy.close()
        service.start()
