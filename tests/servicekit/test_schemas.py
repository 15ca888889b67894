"""Each service's database: made as the models say, and changed so that running and older code go on working.

Every migration of every history is run against an empty database, and the statements it sends are judged.
"""

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg2
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, event, text

from servicekit.__main__ import service_class_of
from servicekit.base.database import KitBase
from servicekit.base.settings import Settings
from servicekit.operating import migrate

SERVICES = ("identity", "customer", "sales", "contract", "finance", "service-desk", "library")

INDEX = re.compile(r"CREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?\w+\s+ON (\w+)", re.I)
ORDERED = re.compile(
    r" ON \S+\.(\w+) USING btree \((?:(owner_id|direction|kind), )?(created_at|updated_at), id\)"
)
CONSTRAINT = re.compile(r"ALTER TABLE (\w+) ADD (?:CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY|EXCLUDE)", re.I)
TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.I)
TAKEN_AWAY = re.compile(
    r"DROP TABLE|DROP COLUMN|DROP FUNCTION|\bRENAME (?:COLUMN|TO)\b|ALTER COLUMN \w+ TYPE|SET NOT NULL|"
    r"ADD COLUMN \w+ (?:(?!DEFAULT)[^,;])*NOT NULL(?!.*DEFAULT)",
    re.I | re.S,
)


@dataclass
class Step:
    """A migration and what it sent."""

    revision: str
    needs: str | None
    statements: list[str] = field(default_factory=list)

    @property
    def made(self) -> set[str]:
        """The tables it makes: nobody works with them yet."""
        return {match[1].lower() for sent in self.statements for match in TABLE.finditer(sent)}

    def blocking_indexes(self) -> list[str]:
        """Return the tables that others have to wait for while it indexes them."""
        found = [
            match[2].lower() for sent in self.statements for match in INDEX.finditer(sent) if not match[1]
        ]
        found += [match[1].lower() for sent in self.statements for match in CONSTRAINT.finditer(sent)]
        return [table for table in found if table not in self.made]

    def taken_away(self) -> list[str]:
        """Return the statements after which code that does not know them fails."""
        return [
            sent
            for sent in self.statements
            if TAKEN_AWAY.search(sent) and not re.match(r"\s*ALTER INDEX", sent, re.I)
        ]


@dataclass
class Migrated:
    """A service's database after all its migrations."""

    service: str
    url: str
    steps: list[Step]


@pytest.fixture(scope="module", params=SERVICES)
def migrated(request: pytest.FixtureRequest) -> Iterator[Migrated]:
    """A database that one service's migrations have just been run against, one by one."""
    service: str = request.param
    name = f"kehu_schema_{migrate.package_of(service)}"
    settings = Settings(database_name=name)
    drop(name)
    migrate.create_database(settings, service)
    engine = create_engine(settings.database_url_of(service))
    steps = []
    with engine.connect() as connection:
        for version_table, folder in migrate.histories(service):
            config = migrate._config(folder, version_table, connection)
            revisions = list(ScriptDirectory.from_config(config).walk_revisions())
            for revision in reversed(revisions):
                step = Step(revision.revision, getattr(revision.module, "needs", None))
                with recording(connection, step.statements):
                    command.upgrade(config, revision.revision)
                steps.append(step)
    yield Migrated(service, settings.database_url_of(service), steps)
    engine.dispose()
    drop(name)


class recording:
    """Note every statement that a connection sends."""

    def __init__(self, connection: Any, statements: list[str]) -> None:
        self.connection, self.statements = connection, statements

    def __enter__(self) -> None:
        event.listen(self.connection, "before_cursor_execute", self.note)

    def __exit__(self, *_: object) -> None:
        event.remove(self.connection, "before_cursor_execute", self.note)

    def note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Note one."""
        self.statements.append(statement)


def drop(name: str) -> None:
    connection = psycopg2.connect(
        Settings(database_name="postgres").database_url_of("library").replace("+psycopg2", "")
    )
    connection.autocommit = True
    connection.cursor().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.close()


def metadata_of(service: str) -> list[MetaData]:
    service_class_of(service)  # Imports every model.
    base = importlib.import_module(f"{migrate.package_of(service)}.base").Base
    # What the owner of a table of the kit's keeps there itself is declared by it.
    kit = MetaData(naming_convention=KitBase.metadata.naming_convention)
    for name, table in KitBase.metadata.tables.items():
        if name not in base.metadata.tables:
            table.to_metadata(kit)
    return [kit, base.metadata]


KEPT = ("approval_flow_copy",)
"""Tables that only the release before this one uses (decisions 17 and 48)."""


def test_the_models_are_what_the_migrations_make(migrated: Migrated) -> None:
    """(M-28) Every table, column, type, key and unique rule. Indexes that only migrations know change no meaning."""
    engine = create_engine(migrated.url)
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": False,
            "include_object": lambda thing, name, kind, reflected, against: (
                not (kind == "table" and name in ("kit_version", "alembic_version", *KEPT))
                and not (kind == "index" and reflected and against is None)
            ),
        }
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata_of(migrated.service))
    engine.dispose()
    assert differences == []


def test_what_is_listed_in_the_order_of_creation_is_listed_in_the_order_of_changes_too(
    migrated: Migrated,
) -> None:
    """(K-3) ``updated_at`` is a filter and a sort of every list, and must cost no more than ``created_at``."""
    engine = create_engine(migrated.url)
    with engine.connect() as connection:
        changing = set(
            connection.execute(
                text("SELECT table_name FROM information_schema.columns WHERE column_name = 'updated_at'")
            ).scalars()
        )
        found = connection.execute(
            text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
        ).scalars()
        indexes = {match.groups() for each in found if (match := ORDERED.search(each))}
    engine.dispose()
    by_creation = {(table, of or "") for table, of, column in indexes if column == "created_at"}
    by_change = {(table, of or "") for table, of, column in indexes if column == "updated_at"}
    assert {each for each in by_creation if each[0] in changing} - by_change == set()
    assert by_change


def test_an_index_on_a_table_in_use_is_made_concurrently(migrated: Migrated) -> None:
    """(M-32) Otherwise nobody can write while it is made, which takes a minute on a million names."""
    assert {step.revision: found for step in migrated.steps if (found := step.blocking_indexes())} == {}


def test_a_migration_that_takes_something_away_says_which_code_can_do_without(migrated: Migrated) -> None:
    """(M-30) All others only add, so that the release before can be brought back."""
    assert {
        step.revision: found for step in migrated.steps if (found := step.taken_away()) and step.needs is None
    } == {}


@pytest.mark.parametrize(
    ("statement", "blocks"),
    [
        ("CREATE INDEX ix_book_title ON book (title)", True),
        ("CREATE UNIQUE INDEX ix_book_title ON book (title)", True),
        ("CREATE INDEX ix_book_title_search ON book USING gin (kehu_bigrams(title))", True),
        ("ALTER TABLE book ADD CONSTRAINT uq_book_isbn UNIQUE (isbn)", True),
        ("CREATE INDEX CONCURRENTLY ix_book_title_new ON book (title)", False),
        ("CREATE TABLE book (id uuid); CREATE INDEX ix_book_title ON book (title)", False),
    ],
)
def test_what_counts_as_blocking(statement: str, blocks: bool) -> None:
    assert bool(Step("x", None, [statement]).blocking_indexes()) == blocks


@pytest.mark.parametrize(
    ("statement", "takes_away"),
    [
        ("ALTER TABLE book DROP COLUMN remark", True),
        ("ALTER TABLE book RENAME COLUMN remark TO note", True),
        ("ALTER TABLE book RENAME TO volume", True),
        ("DROP TABLE book", True),
        ("ALTER TABLE book ALTER COLUMN pages TYPE bigint", True),
        ("ALTER TABLE book ALTER COLUMN remark SET NOT NULL", True),
        ("ALTER TABLE book ADD COLUMN remark TEXT NOT NULL", True),
        ("ALTER TABLE book ADD COLUMN active BOOLEAN DEFAULT true NOT NULL", False),
        ("ALTER TABLE book ADD COLUMN remark TEXT", False),
        ("ALTER TABLE book ALTER COLUMN remark DROP NOT NULL", False),
        ("ALTER INDEX ix_book_title_new RENAME TO ix_book_title", False),
        ("CREATE TABLE book (id uuid NOT NULL)", False),
    ],
)
def test_what_counts_as_taking_away(statement: str, takes_away: bool) -> None:
    assert bool(Step("x", None, [statement]).taken_away()) == takes_away
