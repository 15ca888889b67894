"""The database of a service: engine, sessions, and how its errors are told to a caller."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import nan
from typing import Any, ClassVar, TypeVar, cast
from uuid import UUID

import orjson
from eventlet.patcher import original
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Engine,
    MetaData,
    Numeric,
    Table,
    Text,
    create_engine,
    func,
    inspect,
    select,
    text,
    update,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PostgresUUID
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    declared_attr,
    mapped_column,
    object_session,
    sessionmaker,
)
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from servicekit.base.belonging import is_within, whose
from servicekit.base.database_errors import as_operation_error, is_worth_another_try
from servicekit.base.ids import new_id
from servicekit.base.transactions import save_journeys

Result = TypeVar("Result")

POLLIN, _poll = original("select").POLLIN, original("select").poll

AUTOCOMMIT = "kehu_autocommit"
"""Where a session's ``info`` has the engine for statements that must not wait for the session's transaction."""

TRIES = 4
"""How often a transaction is begun again after another one got in its way."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def utcnow() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


COLUMN_TYPES: dict[Any, Any] = {
    datetime: DateTime(timezone=True),
    Decimal: Numeric(20, 4),
    UUID: PostgresUUID(as_uuid=True),
    str: Text(),
    dict[str, Any]: JSONB(),
    list[Any]: JSONB(),
}
"""How annotations become columns; for a declarative base's ``type_annotation_map``."""


def metadata() -> MetaData:
    """Return metadata with the naming rules that error codes are made from."""
    return MetaData(naming_convention=NAMING)


class KitBase(DeclarativeBase):
    """Base of the kit's own tables, which every service's database has.

    A service's entities have a base of their own, so that two services can be loaded in one process.
    """

    metadata = metadata()
    type_annotation_map = COLUMN_TYPES


def table_of(entity: type[KitBase]) -> Table:
    """Return an entity's table: an insert made on it costs a third of one made on the entity."""
    return cast(Table, entity.__table__)


class Eager:
    """An entity whose column defaults are set when it is made, not only when it is stored: rules read them."""

    def __init__(self, **values: Any) -> None:
        """Make the entity with its defaults."""
        for attribute in inspect(type(self)).column_attrs:
            default: Any = getattr(attribute.columns[0], "default", None)
            if default is not None and attribute.key not in values:
                values[attribute.key] = default.arg(None) if default.is_callable else default.arg
        super().__init__(**values)


class Record(Eager):
    """Columns of every record that people see: id, version and times.

    The version counts the changes; it is the ETag of the record and guards against lost updates. No version without an
    event, and no change without a version: every test looks (``servicekit.testing_events``).
    """

    untold: ClassVar[str] = ""
    """Why nobody is told of such records by events, if nobody is."""
    unlogged: ClassVar[str] = ""
    """Why there is no history of such records, if there is none."""
    moves: ClassVar[Mapping[str, str]] = {}
    """Columns that change without a new version, each with the reason: what moves by itself makes no edit stale."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    def move(self, **values: Any) -> None:
        """Set columns of ``moves``: it is no change of the record, and nobody's edit becomes stale by it."""
        if session := object_session(self):
            session.flush()
            model = type(self)
            moving = update(model).where(model.id == self.id).values(**values, updated_at=model.updated_at)
            session.execute(moving.execution_options(synchronize_session=False))
        for name, value in values.items():
            set_committed_value(self, name, value)

    def fill_in(self, **values: Any) -> None:
        """Set what is named, by column; an entity with rules about its values has a method of its own for that."""
        for name, value in values.items():
            setattr(self, name, value)

    def touch(self) -> None:
        """Count a change that only concerns the record's lines or other children."""
        self.updated_at = utcnow()


class Owned:
    """A record with an owner, whom access rules start from."""

    owner_id: Mapped[UUID]

    seen_by: ClassVar[tuple[str, ...]] = ("owner_id",)
    """The columns of those in whose reach a record is seen, and its events; only the owner's lets change it."""
    granted_as: ClassVar[tuple[str, str] | None] = None
    """The noun whose grants hold for it, and the column with the id of that noun's record: ``("customer", "id")`` of a
    customer, ``("customer", "customer_id")`` of what belongs to one. None: it is not shared."""


def watching(record: Any) -> tuple[str, ...]:
    """Return the columns of those in whose reach a record is seen; none for a noun without owners.

    Raises:
        TypeError: for what is neither an entity nor its view: nothing says whose it is, and nobody's would be
            everybody's.
    """
    if is_within(getattr(type(record), "entity", type(record))):
        raise TypeError(f"{type(record).__name__} is seen by who sees what it belongs to.")
    columns: tuple[str, ...] | None = getattr(record, "seen_by", None)
    if columns is not None:
        return columns
    if isinstance(record, Record) and not hasattr(record, "owner_id"):
        return ()
    raise TypeError(f"{type(record).__name__} does not say in whose reach it is seen (seen_by).")


def watchers_of(record: Any) -> set[UUID | None]:
    """Return those in whose reach a record is seen; none stands for an owner or another one that is not known."""
    judged = whose(record)
    if judged is None:
        return {None}
    return {getattr(judged, column) for column in watching(judged)}


class Database:
    """One service's database.

    Args:
        url: SQLAlchemy URL with the psycopg2 driver.
        pool_size: the most connections; what has been opened is kept, since opening one costs more than many reads.
        application: shown in ``pg_stat_activity``.
        autocommit_pool_size: the most connections for statements that are a transaction each: reads, for the most part.
        known: what its sessions know besides (``Session.info``).
    """

    def __init__(
        self,
        url: str,
        pool_size: int = 14,
        application: str = "kehu",
        autocommit_pool_size: int = 10,
        known: Mapping[str, Any] | None = None,
    ) -> None:
        self.engine = _engine(url, pool_size, application)
        save_journeys(self.engine)
        # A statement sees what has been committed when it begins, in a transaction or not (READ COMMITTED): what only
        # reads is spared BEGIN and COMMIT. It has connections of its own, so that it never waits for one that writes.
        self.autocommit_engine = _engine(url, autocommit_pool_size, application)
        info = {AUTOCOMMIT: self.autocommit_engine, **(known or {})}
        self.sessions = sessionmaker(self.engine, expire_on_commit=False, autoflush=True, info=info)
        self.autocommit_sessions = sessionmaker(
            self.autocommit_engine, expire_on_commit=False, autoflush=True, info=info
        )

    def transact(self, work: Callable[[Session], Result], *, reads: bool = False) -> Result:
        """Run work in one transaction and commit it; begin again when another transaction got in its way.

        Args:
            work: gets the session; must do nothing that a rollback does not undo.
            reads: whether it changes nothing, and so needs no transaction.

        Raises:
            OperationError: what the work raised, or what the database's refusal means to a caller.
        """
        sessions = self.autocommit_sessions if reads else self.sessions
        for attempt in range(1, TRIES + 1):
            try:
                with sessions() as session:
                    result = work(session)
                    # What never touched the database has nothing to commit, and asking costs more than many an answer.
                    if not reads and session.in_transaction():
                        session.commit()
                    return result
            except (DBAPIError, StaleDataError, PoolTimeout) as error:
                if attempt < TRIES and is_worth_another_try(error):
                    continue
                raise as_operation_error(error) from error
        raise AssertionError("unreachable")

    def count(self, where: ColumnElement[bool]) -> float:
        """Count rows for Prometheus, which asks when it looks; not a number while nobody can tell."""
        try:
            with self.autocommit_engine.connect() as connection:
                return connection.scalar(select(func.count()).where(where)) or 0
        except SQLAlchemyError:
            return nan

    def ping(self) -> None:
        """Ask the server for a sign of life."""
        with self.autocommit_engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self.autocommit_engine.dispose()


def _engine(url: str, pool_size: int, application: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        isolation_level="AUTOCOMMIT",
        max_overflow=0,
        pool_timeout=3,
        pool_pre_ping=True,
        pool_use_lifo=True,
        # What a statement was to write has no place in logs, nor in the error of a parked event.
        hide_parameters=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "application_name": application,
            "connect_timeout": 3,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            # Keepalives watch an idle connection only; what is sent into a dead one is repeated for 15 minutes.
            "tcp_user_timeout": 20000,
            "options": "-c timezone=UTC -c statement_timeout=15000 -c lock_timeout=5000 "
            # What a frozen process has locked others get after so long, a timer's turn included; no operation is
            # waited for longer either.
            "-c idle_in_transaction_session_timeout=10000 -c tcp_user_timeout=10000 "
            # Compiling a plan costs more than any of our statements: 10 to 145 ms a call were measured.
            "-c jit=off "
            # A query whose client has given up or died must not keep its locks until the statement times out.
            "-c client_connection_check_interval=500",
        },
    )
    _ping_only_the_suspicious(engine)
    return engine


def _ping_only_the_suspicious(engine: Engine) -> None:
    """Make the pool ask a connection for a sign of life only if its socket has something to say.

    An idle connection has nothing to say unless the server has ended it: then there is its farewell, or the end of
    the stream. Looking costs no journey to the server.
    """
    ping = engine.dialect.do_ping

    def do_ping(connection: Any) -> bool:
        poll = _poll()
        poll.register(connection.fileno(), POLLIN)
        return ping(connection) if poll.poll(0) else True

    engine.dialect.do_ping = do_ping  # type: ignore[method-assign, assignment]
