"""The database server and the broker: those named in the environment, else private ones."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from . import processes
from .output import told
from .places import SERVICES, Place
from .ports import choose
from .postgres import Postgres
from .rabbitmq import RabbitMQ
from .servers import ensure_servers

KIT = "kit"
"""The virtual host on which the kit's tests run, whose sample service would hear of what the true ones do."""
SERVERS = ("postgres", "rabbitmq", "epmd")


class Infrastructure:
    """Gives `urls` for the services; what it started, it stops."""

    def __init__(self, place: Place, given: Mapping[str, str], for_tests: bool = False) -> None:
        self.place = place
        self.for_tests = for_tests
        self.database_url = given.get("DATABASE_URL", "")
        self.amqp_url = given.get("AMQP_URL", "")
        self.postgres: Postgres | None = None
        self.rabbitmq: RabbitMQ | None = None

    @property
    def urls(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "AMQP_URL": self.amqp_url}

    def urls_of(self, part: str) -> dict[str, str]:
        """The addresses for a service, the gateway or the operator: on our own broker each has an account."""
        if self.rabbitmq is None or part not in (*SERVICES, "gateway", "operator"):
            return self.urls
        return {**self.urls, "AMQP_URL": self.rabbitmq.url_of(part)}

    @property
    def private(self) -> dict[str, Postgres | RabbitMQ]:
        """The servers that are ours, by name; the broker first, which takes longest to start and to stop."""
        servers = {"rabbitmq": self.rabbitmq, "postgres": self.postgres}
        return {name: server for name, server in servers.items() if server is not None}

    def start(self) -> None:
        """Start both side by side, after ending what an earlier run of this place left behind."""
        stop_leftovers(self.place)
        ensure_servers(postgres=not self.database_url, rabbitmq=not self.amqp_url)
        ports = choose(self.place, ["postgres", "rabbitmq", "rabbitmq-distribution", "epmd"])
        if not self.database_url:
            self.postgres = Postgres(self.place, ports["postgres"], self.for_tests)
            self.database_url = self.postgres.url
        if not self.amqp_url:
            self.rabbitmq = RabbitMQ(
                self.place,
                ports["rabbitmq"],
                ports["rabbitmq-distribution"],
                ports["epmd"],
                (KIT,) if self.for_tests else (),
            )
            self.amqp_url = self.rabbitmq.url
        if self.private:
            with told("starting private servers: " + ", ".join(self.private)):
                side_by_side(server.start for server in self.private.values())

    def stop(self) -> None:
        for server in self.private.values():
            server.stop()


def side_by_side(calls: Iterable[Callable[[], None]]) -> None:
    """Run the calls at the same time and raise the first error once all have ended."""
    with ThreadPoolExecutor() as pool:
        for running in [pool.submit(call) for call in calls]:
            running.result()


def stop_leftovers(place: Place) -> None:
    """End what a killed run left: the services first, then the broker, the database last."""
    services = [pid for pid, name in processes.all_ours(place).items() if name not in SERVERS]
    processes.end_all(place, services)
    processes.end(place, "rabbitmq", grace=20)
    processes.end(place, "postgres", polite=signal.SIGINT, grace=20)
    rest = processes.all_ours(place)
    processes.end_all(
        place, [pid for pid, name in rest.items() if name == "postgres"], polite=signal.SIGINT, grace=20
    )
    processes.end_all(place, rest)
