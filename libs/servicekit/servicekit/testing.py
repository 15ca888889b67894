"""What services' tests are written with: a real service on a real broker and database, called as the gateway calls it.

with running(ContractService) as service:
    draft = service.call("create_contract", caller=caller("contract.write"), data={...})
"""

import contextlib
import functools
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from eventlet.support.psycopg2_patcher import make_psycopg_green
from kombu import Producer
from sqlalchemy import MetaData, delete, insert, select, text

from servicekit.base.context import Caller, Context
from servicekit.base.database import Database, table_of
from servicekit.base.errors import (
    Conflict,
    Forbidden,
    Internal,
    Invalid,
    NotFound,
    OperationError,
    Unavailable,
)
from servicekit.base.ids import new_id
from servicekit.base.settings import Settings
from servicekit.contracts.answers import media_of, published
from servicekit.messages import topology
from servicekit.messages.broker import connection_to
from servicekit.messages.envelope import cloud_event
from servicekit.messages.eventing import EventConsumer
from servicekit.messages.inbox import FailedEvent, InboxRow, listened_by
from servicekit.messages.outbox import OutboxRow
from servicekit.nouns.journal import JournalRow, journal_entry
from servicekit.nouns.numbering import drop_blocks
from servicekit.nouns.remembered import forget_all
from servicekit.operating import migrate
from servicekit.runner import container_of
from servicekit.service import Service
from servicekit.testing_asking import Asking
from servicekit.testing_callers import caller_header
from servicekit.testing_environment import environment
from servicekit.testing_events import problems_of, untold, unwatch, watch

KINDS: dict[str, type[OperationError]] = {
    error.kind: error for error in (Invalid, Forbidden, NotFound, Conflict, Unavailable, Internal)
}
GROWING_TABLES = {"change", "change_link"}
KEPT_TABLES = {"outbox_counter", "kit_version", "alembic_version"}


def wait_until(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Wait until a condition returns something true, and return that.

    Raises:
        AssertionError: if it does not in time; the time is generous, so that no test depends on speed.
    """
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"still not true after {seconds} s: {condition}")
        time.sleep(0.02)


class RunningService:
    """A service at work in this process, and the test's ways to talk to it."""

    def __init__(self, service_class: type[Service], settings: Settings) -> None:
        self.service_class = service_class
        self.settings = settings
        self.name = service_class.name
        self.database = Database(settings.database_url_of(self.name), 3, "test")
        self.container: Any = None
        self.connection = connection_to(settings, heartbeat=0)
        self._publishers: set[str] = set()

    def start(self) -> None:
        """Start the service's container."""
        self.container = container_of(self.service_class, self.settings)
        self.container.start()

    def stop(self) -> None:
        """Stop it as SIGTERM would."""
        if self.container is not None:
            self.container.stop()
            self.container = None

    def clean(self) -> None:
        """Empty all tables that are not part of the schema: by deleting, since truncating an empty table costs too.

        Nothing is on its way to us any more: the events of an earlier test would be handled in the midst of the next.
        """
        wait_until(self._empty)
        while self._drop_events():
            wait_until(self._empty)

    def _empty(self) -> bool:
        # The relay or a timer may be at its work, and each of us wants the rows that the other holds.
        with contextlib.suppress(Unavailable):
            self.database.transact(lambda session: session.execute(text(self._emptying)))
            drop_blocks()
            forget_all()
            return True
        return False

    def _drop_events(self) -> bool:
        """Drop the events that wait for this service and let those in hand end; tell whether there were any."""
        found = False
        with self.connection.channel() as channel:
            # A history that was emptied is not what it was.
            channel.queue_purge(topology.history_queue(self.name).name)
            for queue in topology.inbox_queues(self.name, self.settings):
                if channel.queue_declare(queue.name, passive=True).message_count:
                    channel.queue_purge(queue.name)
                    found = True
        found = found or self._in_hand() > 0
        wait_until(lambda: self._in_hand() == 0)
        return found

    def _in_hand(self) -> int:
        extensions = self.container.extensions if self.container is not None else ()
        return sum(each.consumer.in_flight for each in extensions if isinstance(each, EventConsumer))

    @functools.cached_property
    def _emptying(self) -> str:
        """The statements that empty each table after those that refer to it.

        What only grows refuses to be emptied, but for a superuser who lets no trigger look.
        """
        found = MetaData()
        found.reflect(self.database.engine)
        tables = [table for table in reversed(found.sorted_tables) if table.name not in KEPT_TABLES]
        emptying = [str(delete(table)) for table in tables if table.name not in GROWING_TABLES]
        unseen = [str(delete(table)) for table in tables if table.name in GROWING_TABLES]
        role = "SET LOCAL session_replication_role = "
        return "; ".join([*emptying, f"{role}replica", *unseen, f"{role}origin"])

    def send(
        self, operation: str, arguments: Mapping[str, Any], headers: Mapping[str, str], timeout: float = 15.0
    ) -> dict[str, Any]:
        """Send a request over the broker, as its operator if there is no caller; return the whole reply message.

        What is answered must be as the contract says.
        """
        reply = self._asking.ask(f"{self.name}.{operation}", arguments, headers, timeout)
        if reply["error"] is None:
            promises, media = published(self.service_class), media_of(arguments)
            faults = promises.faults(operation, "", media, reply["result"])
            assert faults == [], faults
        return reply

    @functools.cached_property
    def _asking(self) -> Asking:
        return Asking(self.connection, self.name)

    def call(
        self,
        operation: str,
        caller: Caller | None = None,
        headers: Mapping[str, str] | None = None,
        **arguments: Any,
    ) -> Any:
        """Call an operation as the gateway does, and return its result.

        Raises:
            OperationError: of the kind and with the code that the service answered with.
        """
        sent = dict(headers or {})
        if caller is not None:
            sent["caller"] = caller_header(caller)
        plain = orjson.loads(orjson.dumps(arguments, default=str))
        reply = self.send(operation, plain, sent)
        error = reply["error"]
        if error is None:
            return reply["result"]
        raise KINDS[error["kind"]](error["code"], error["detail"], error["errors"])

    def deliver(self, source: str, event_type: str, data: Mapping[str, Any], /, **more: Any) -> str:
        """Publish an event as another service would; return its id.

        Args:
            source: the publishing service.
            more: attributes of the envelope that matter to the test, such as ``id`` or ``subject``.
        """
        message = cloud_event(
            source,
            event_type,
            data.get(f"{event_type.split('.')[0]}_id") or new_id(),
            orjson.loads(orjson.dumps(dict(data), default=str)),
            event_id=new_id(),
            time=datetime(2026, 11, 22, 8, tzinfo=UTC),
            correlation_id=new_id(),
        )
        message |= {"sequence": "0000000000000000001", **more}
        self.deliver_body(orjson.dumps(message), source, event_type)
        return str(message["id"])

    def deliver_body(self, body: bytes, source: str, routing_key: str) -> None:
        """Publish any message to the exchange of another service."""
        with self.connection.channel() as channel:
            topology.events_exchange(source)(channel).declare()
            if source not in self._publishers:
                topology.direct_exchange(source)(channel).declare()
                topology.contribute(self.connection, source)
                self._publishers.add(source)
            Producer(channel).publish(
                body,
                exchange=topology.events_exchange(source).name,
                routing_key=routing_key,
                content_type=topology.EVENT_CONTENT_TYPE,
                content_encoding="binary",
            )

    def handled(self, event_id: str) -> bool:
        """Tell whether an event has been handled."""
        with self.database.sessions() as session:
            return session.get(InboxRow, UUID(event_id)) is not None

    def deliver_and_wait(self, source: str, event_type: str, data: Mapping[str, Any], **more: Any) -> str:
        """Publish an event and wait until it has been handled; fail at once if handling fails."""
        event_id = self.deliver(source, event_type, data, **more)
        wait_until(lambda: self.handled(event_id) or self.failures())
        assert self.handled(event_id), [failure.error for failure in self.failures()]
        return event_id

    def employ(self, account_id: UUID | None = None, **values: Any) -> UUID:
        """Tell the service of an account as identity does, and return its id: an active one without place or superior.

        Args:
            values: of the event, e.g. ``manager_id``, ``active=False``, ``version=2``.
        """
        account: dict[str, Any] = {
            "account_id": account_id or new_id(), "display_name": "王芳", "department_id": None, "manager_id": None,
            "active": True, "version": 1, **values,
        }  # fmt: skip
        self.deliver_and_wait("identity", "account.changed", account)
        return UUID(str(account["account_id"]))

    def define(self, kind: str, key: str, body: Mapping[str, Any], version: int = 1, **values: Any) -> None:
        """Tell the service what an administrator has configured, as identity does."""
        definition_id = uuid5(NAMESPACE_URL, f"{kind}/{values.get('noun', '')}{key}")
        definition: dict[str, Any] = {
            "definition_id": definition_id, "kind": kind, "noun": "", "key": key,
            "body": body, "active": True, "position": 1, "version": version, **values,
        }  # fmt: skip
        self.deliver_and_wait("identity", "definition.changed", definition)

    def asked_before(self, who: Caller, operation: str, times: int) -> None:
        """Journal that an account has carried out an operation so many times already."""
        context = Context(actor_id=who.account_id)
        with self.database.sessions.begin() as session:
            session.execute(
                insert(table_of(JournalRow)),
                [journal_entry(context, operation, "ok", 1.0) for _ in range(times)],
            )

    def check_told(self) -> None:
        """Make sure that all that has changed was told by events, and each event as the contract file describes it."""
        problems = [*problems_of(self.published(), self.service_class), *untold(self.database)]
        assert not problems, "\n".join(sorted(set(problems)))

    def failures(self) -> list[FailedEvent]:
        """Return the events whose handling failed and has not succeeded since."""
        with self.database.sessions() as session:
            return list(session.scalars(select(FailedEvent)))

    def published(self, event_type: str | None = None) -> list[OutboxRow]:
        """Return the events the service has published, oldest first."""
        query = select(OutboxRow).order_by(OutboxRow.position)
        if event_type is not None:
            query = query.where(OutboxRow.type == event_type)
        with self.database.sessions() as session:
            return list(session.scalars(query))


@contextlib.contextmanager
def running(service_class: type[Service], **overrides: Any) -> Iterator[RunningService]:
    """Migrate a service's database, declare its topology, run it in this process, and stop it at the end.

    Args:
        overrides: settings by name, e.g. ``event_retry_delays="[0.05, 0.1]"``; put into the environment.
    """
    make_psycopg_green()
    # A test that only computes gives the service in its process no turn, which the broker must not take for its death.
    chosen = {"amqp_heartbeat": 60, **overrides}
    with environment({name.upper(): str(value) for name, value in chosen.items()}):
        settings = Settings()
        migrate.migrate(settings, service_class.name)
        topology.declare(service_class.name, listened_by(service_class), settings)
        service = RunningService(service_class, settings)
        service.clean()
        watch(service.database, service_class)
        with service.connection.channel() as channel:
            topology.inbox_queue(service.name)(channel).purge()
        service.start()
        try:
            yield service
        finally:
            service.stop()
            unwatch(service.database)
            service.database.dispose()
            service.connection.release()
