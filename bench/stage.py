"""The stage that figures are measured on: a platform in a place of its own, and the baselines beside it.

Every process is started in the place, ends with it, and is found again by it if a run was killed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from kombu import Connection

from gateway.bus import Bus
from gateway.errors import Problem
from gateway.settings import Settings as GatewaySettings
from stack import processes
from stack.output import Trouble
from stack.platform import Platform, python
from stack.ports import choose, remembered

SUBJECTS = Path(__file__).parent / "subjects"
SHIPPED = Path(__file__).parent / "shipped"
UNLIMITED = "100000000"


class BenchPlatform(Platform):
    """A platform as in production: logs for machines, no development tools, and no limit of requests a minute."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.settings = {"LOG_FORMAT": "json", "GATEWAY_RATE_LIMIT": UNLIMITED, "PYTHONPATH": str(SHIPPED)}

    def environment(self, name: str) -> dict[str, str]:
        return {**super().environment(name), **self.settings}


class Stage:
    """Starts and ends subjects of measurement; the platform's servers must be running."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.place = platform.place

    @property
    def amqp_url(self) -> str:
        return self.platform.infrastructure.amqp_url

    def database_url(self, database: str) -> str:
        """Return the URL of a database on the platform's server."""
        parts = urlsplit(self.platform.infrastructure.database_url)
        return urlunsplit(parts._replace(path=f"/{database}"))

    def connect(self, database: str) -> Any:
        """Return a connection in which every statement commits by itself."""
        connection = psycopg2.connect(self.database_url(database), connect_timeout=5)
        connection.autocommit = True
        return connection

    def service_database(self, service: str) -> str:
        """Return the name of a service's database."""
        return self.platform.environment(service).get("DATABASE_NAME") or f"kehu_{service.replace('-', '_')}"

    def consumers_of(self, queue: str) -> int:
        """Return how many consumers a queue has."""
        with Connection(self.amqp_url) as connection, connection.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).consumer_count)

    def port(self, name: str) -> int:
        """Return a free port for a subject, the same each time."""
        choose(self.place, [name])
        return remembered(self.place)[name]

    @contextmanager
    def running(self, name: str, *command: str, **environment: str) -> Iterator[None]:
        """Run a Python program of subjects/ for the length of a block."""
        surroundings = {
            **self.platform.environment(name),
            "PYTHONPATH": str(SUBJECTS),
            "PYTHONWARNINGS": "ignore",
            "CALLER_UNSIGNED_UNTIL": "2100-01-01T00:00:00Z",  # The load has no identity to sign its caller.
            **environment,
        }
        process = processes.start(self.place, name, [python(), *command], surroundings, cwd=SUBJECTS)
        try:
            yield
        finally:
            processes.end(self.place, name)
            process.wait()

    def migrate(self, service: str) -> None:
        """Bring the database and the topology of one of our subjects up to date."""
        with self.running(f"migrate-{service}", "-m", "servicekit", "migrate", service):
            log = self.place.log(f"migrate-{service}")
            until = time.monotonic() + 60
            while processes.pid_of(self.place, f"migrate-{service}") is not None:
                if time.monotonic() > until:
                    raise Trouble(f"migrating {service} takes too long, see {log}")
                time.sleep(0.05)

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[Bus]:
        """Connect as the gateway does, for the length of a block."""
        bus = Bus(GatewaySettings(amqp_url=self.amqp_url, rpc_timeout=30), ("bench-sender", "bench-receiver"))
        await bus.start()
        try:
            yield bus
        finally:
            await bus.stop()

    async def answers(self, bus: Bus, service: str, method: str, **kwargs: Any) -> None:
        """Wait until a service answers."""
        until = time.monotonic() + 30
        while True:
            try:
                await bus.call(service, method, kwargs, timeout=2)
                return
            except Problem as problem:
                if time.monotonic() > until:
                    raise Trouble(f"{service} does not answer: {problem.detail}") from None
                await asyncio.sleep(0.1)


def wait_for(condition: Callable[[], Any], seconds: float, what: str, pause: float = 0.01) -> None:
    """Wait until a condition holds.

    Raises:
        Trouble: if it does not in time.
    """
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise Trouble(f"{what}: not within {seconds:.0f} s")
        time.sleep(pause)
