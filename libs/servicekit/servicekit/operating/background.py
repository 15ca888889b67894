"""Work of a service's own that goes on beside its operations, handlers and timers for as long as the process lives."""

from collections.abc import Callable
from typing import Protocol

from nameko.extensions import DependencyProvider

from servicekit.base.database import Database
from servicekit.base.settings import Settings


class Worker(Protocol):
    """What can be run in the background."""

    def run(self) -> None:
        """Work until told to stop; an error costs a pause, never the worker."""

    def stop(self) -> None:
        """Let ``run`` return when what is in hand is finished."""


class Background(DependencyProvider):
    """Runs a worker in every process of a service: ``feeder = Background(Feeder)`` in the service class.

    Args:
        make: makes the worker; it gets a database of a few connections of its own, so that neither the worker nor
            the operations ever wait for each other's.
    """

    def __init__(self, make: Callable[[Database, Settings], Worker]) -> None:
        self.make = make

    def setup(self) -> None:
        """Make the worker."""
        settings, service = Settings(), self.container.service_name
        self.database = Database(settings.database_url_of(service), 3, f"kehu-{service}-{self.attr_name}")
        self.worker = self.make(self.database, settings)

    def start(self) -> None:
        """Start it."""
        self._thread = self.container.spawn_managed_thread(self.worker.run)

    def stop(self) -> None:
        """Wait until it has finished what is in hand."""
        self.worker.stop()
        self._thread.wait()
        self.database.dispose()

    def get_dependency(self, worker_ctx: object) -> Worker:
        """Hand the worker out."""
        return self.worker
