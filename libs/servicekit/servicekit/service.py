"""The base of every service, and the runtime that its operations and handlers work with."""

import inspect
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import structlog
from nameko.extensions import DependencyProvider, register_entrypoint
from nameko.timer import Timer
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicekit.base import metrics
from servicekit.base.context import Caller, Context, enter
from servicekit.base.database import Database, Record
from servicekit.base.errors import NotFound, OperationError
from servicekit.base.settings import Settings
from servicekit.composition import check_composition
from servicekit.messages.eventing import LANES, EventConsumer, EventEntrypoint
from servicekit.messages.inbox import Inbox, listened_by
from servicekit.messages.relay import Relay
from servicekit.messages.timers import TIMERS, every, schedule_of
from servicekit.nouns import feed
from servicekit.nouns.access import COPY, DIRECTORY, Directory, holds, operator_required
from servicekit.nouns.custom.declared import custom_models
from servicekit.nouns.custom.indexes import Indexes
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.deeds import Deeds
from servicekit.nouns.journal import PROCESS_READ, processes_about, steps_of
from servicekit.nouns.looks import Looks
from servicekit.nouns.noun import Noun, nouns_of
from servicekit.nouns.operations import operation
from servicekit.nouns.possible import Offer, offered
from servicekit.nouns.previewing import Previews
from servicekit.nouns.reading_history import give_histories
from servicekit.nouns.searching import add_searches
from servicekit.operating import retention, witness
from servicekit.operating.bus_operations import BusOperations
from servicekit.operating.health import HealthServer
from servicekit.rpc import OperationConsumer, OperationEntrypoint

log = structlog.get_logger("service")


class Runtime(DependencyProvider):
    """What a service process holds once: settings, database, inbox, relay and health server.

    For each worker it makes the request's context the current one.
    """

    def setup(self) -> None:
        """Open the database; nothing is taken from the broker before this is done."""
        self.container.service_cls.warm_up()
        self.settings = Settings()
        self.service = self.container.service_name
        self.database = Database(
            self.settings.database_url_of(self.service),
            self.settings.database_pool_size,
            f"kehu-{self.service}",
            self.settings.database_autocommit_pool_size,
            {DIRECTORY: self.container.service_cls.directory},
        )
        self.inbox = Inbox(self.service, self.database, self.container.service_cls)
        self.relay = Relay(self.service, self.database, self.settings)
        self.looks = Looks(self.service, self.database)
        self.indexes = Indexes(self.database, custom_models(self.container.service_cls))
        self.keeper = witness.Keeper(self.service, self.database, self.settings)
        self.health = HealthServer(self.settings, self._checks())

    def start(self) -> None:
        """Start the relay and the health server."""
        metrics.PARKED.labels(self.service).set_function(self.inbox.count_parked)
        retention.watch(self.service, self.container.service_cls, self.database, self.settings)
        self._relay_thread = self.container.spawn_managed_thread(self.relay.run)
        if self.settings.health_port:
            self.container.spawn_managed_thread(self.health.run)

    def stop(self) -> None:
        """Let the relay finish its batch, then close the database. All workers have ended by now."""
        self.relay.stop()
        self._relay_thread.wait()
        self.looks.write()
        self.database.dispose()

    def get_dependency(self, worker_ctx: Any) -> "Runtime":
        """Make the request's context current in the worker's greenlet, and hand out the runtime."""
        enter(worker_ctx.data.get(Context.DATA_KEY) or Context())
        return self

    def _checks(self) -> dict[str, Any]:
        def consuming() -> None:
            for extension in self.container.subextensions:
                if (
                    isinstance(extension, (OperationConsumer, EventConsumer))
                    and not extension.consumer.connected
                ):
                    raise ConnectionError(f"not consuming {extension.consumer.queue.name}")

        return {"database": self.database.ping, "broker": consuming}


class Service(Previews, BusOperations):
    """Base of the six service classes.

    A subclass names the service and takes in its nouns' operations and handlers by inheriting from them. Every
    ``@operation`` becomes an RPC entrypoint, every ``@listens`` handler an event entrypoint, every ``@every``
    method a timer.
    """

    name: str
    directory: ClassVar[Directory] = COPY
    """What access goes by: the copy of the directory, unless the service keeps the directory itself."""
    told_to: ClassVar[Mapping[str, str]] = {}
    """By noun, where ``<noun>.read`` alone does not show the whole of a record: the permission that the feed asks for
    besides, in whose reach the record has to be too."""
    permits: ClassVar[Mapping[str, Deeds]] = {}
    """By noun what its permissions are called; of what is declared as a ``Noun`` the noun says it."""
    reads_feed = False
    """Whether it reads the stream of all events, which its account on the broker then may."""
    judged: ClassVar[Mapping[str, Any]] = {}
    """By noun the entity whose records are reached by more than their owners, or of some kinds only."""
    offers: ClassVar[Mapping[str, Offer]] = {}
    """By operation that answers with one record: what can be done with it (``servicekit.nouns.possible``)."""
    runtime = Runtime()

    @classmethod
    def warm_up(cls) -> None:
        """Do what takes long, before this process of the service takes its first request."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        add_searches(cls)
        check_composition(cls)
        cls.judged = _judged_by(nouns_of(cls))
        give_histories(cls)
        told = {noun.name: noun.deeds for noun in nouns_of(cls) if noun.deeds.deeds}
        cls.permits = {**cls.permits, **told}
        cls.offers = offered(operations_of(cls))
        for _, method in inspect.getmembers(cls, inspect.isfunction):
            if getattr(method, "nameko_entrypoints", None):
                continue  # Registered when another class took in the same noun.
            if hasattr(method, Operation.MARKER):
                register_entrypoint(method, OperationEntrypoint(expected_exceptions=(OperationError,)))
            elif hasattr(method, "listens_to"):
                register_entrypoint(method, EventEntrypoint(expected_exceptions=(Exception,)))
            elif (seconds := schedule_of(method)) is not None:
                register_entrypoint(method, Timer(interval=seconds))

    @classmethod
    def concerned_as(cls, session: Session, caller: Caller) -> Collection[UUID]:
        """Return the ids by which an event concerns a caller besides their own account's: those of their roles, say.

        They are asked for when the feed is read, so whoever has no part in it any more is told no more.
        """
        return ()

    @operation()
    def describe_process(
        self, session: Session, caller: Caller | None, correlation_id: str
    ) -> dict[str, Any]:
        """Tell what this service did under a correlation id.

        A caller who does not hold ``process.read`` for all sees the processes they began themselves.
        """
        process, seen_by = _id_of(correlation_id), _began_by(caller)
        delays = self.runtime.settings.event_retry_delays
        return {
            "steps": steps_of(session, self.name, process, seen_by, delays),
            "listens": [f"{source}:{event_type}" for source, event_type in listened_by(type(self))],
        }

    @operation()
    def find_processes(self, session: Session, caller: Caller | None, subject: str) -> dict[str, Any]:
        """Tell in which processes something was done with a record, the newest first.

        A caller who does not hold ``process.read`` for all is told of those they began themselves.
        """
        return {"items": processes_about(session, _id_of(subject), _began_by(caller))}

    @operation()
    def read_events(
        self,
        session: Session,
        caller: Caller | None,
        after: int | str = feed.BEGINNING,
        types: Sequence[str] = (),
        limit: int = 100,
        since: str | None = None,
        subjects: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Return the next published events after a position or a time, as far as the caller may see them."""
        if caller is None:
            operator_required()
        begins = datetime.fromisoformat(since) if since else None
        return feed.read_events(
            session, self.name, caller, after, types, limit, self.told_to,
            also=self.concerned_as(session, caller) if caller else (), entities=self.judged,
            since=begins, subjects=[UUID(subject) for subject in subjects],
        )  # fmt: skip

    @operation()
    def describe_health(self, session: Session, caller: Caller | None) -> dict[str, Any]:
        """Answer, having asked the database: the service can work."""
        session.execute(select(1))
        return {"service": self.name, "status": "ok"}

    @every(1.0, by_turns=False)
    def keep_history(self) -> None:
        """Chain what has been added to the history, so that nobody can change it unnoticed."""
        self.runtime.keeper.keep()

    @every(1.0, by_turns=False)
    def keep_indexes(self) -> None:
        """Make the indexes of custom fields that an administrator wants, and drop those that are wanted no longer."""
        self.runtime.indexes.keep()

    @every(600, by_turns=False)
    def forget_old_rows(self) -> None:
        """Forget published and handled events, journal rows and whatever else is past its time."""
        retention.forget_old_rows(type(self), self.runtime.database, self.runtime.settings)


def _judged_by(nouns: Sequence[Noun[Any]]) -> dict[str, Any]:
    """Return the entities of a service whose records are shared, or owned, by noun; parts are no nouns."""
    mapped = {mapper.class_ for noun in nouns for mapper in noun.model.registry.mappers}
    entities = [each for each in mapped if issubclass(each, Record) and hasattr(each, "granted_as")]
    return {each.__tablename__: each for each in sorted(entities, key=lambda each: each.__tablename__)}


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except (ValueError, AttributeError) as error:
        raise NotFound("not-found", "There is no such process.") from error


def _began_by(caller: Caller | None) -> UUID | None:
    """Return the account whose processes a caller may look at, or None for everybody's."""
    if caller is None:
        operator_required()
        return None
    return None if holds(caller, PROCESS_READ) else caller.account_id


def workers_needed(settings: Settings) -> int:
    """Return how many workers a container needs so that requests, events and timers never wait for each other."""
    return settings.max_workers + LANES + TIMERS
