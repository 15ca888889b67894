"""Migrations: several at once, never in anybody's way, and a way to tell that they are done."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from servicekit.base.settings import Settings
from servicekit.operating import migrate
from servicekit.testing import wait_until
from tests.servicekit.helpers import ROOT

NAME = "kehu_library_migrated"


def ask(database: str, *statements: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(
        Settings(database_name=database).database_url_of("library").replace("+psycopg2", "")
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def newest() -> str:
    """The newest revision of the library's own tables."""
    _, (_, folder) = migrate.histories("library")
    return str(ScriptDirectory(str(folder)).get_current_head())


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A database that does not exist yet."""
    ask("postgres", f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    monkeypatch.setenv("DATABASE_NAME", NAME)
    yield Settings()
    ask("postgres", f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def test_several_migrations_at_once_from_nothing_all_succeed(fresh: Settings) -> None:
    assert not migrate.at_head(fresh, "library")
    path = os.pathsep.join([str(ROOT / "libs/servicekit"), str(ROOT / "tests/servicekit")])
    command = [sys.executable, "-W", "ignore", "-m", "servicekit", "migrate", "library"]
    environment = {**os.environ, "PYTHONPATH": path}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(3)
    ]
    for process in running:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0, output.decode()
    assert migrate.at_head(fresh, "library")
    assert migrate.wait_until_at_head(fresh, "library", 5)
    assert ask(NAME, "SELECT version_num FROM alembic_version") == [(newest(),)]


def migrate_to(settings: Settings, revision: str) -> None:
    """Bring the library's own tables to a revision, as code did that knew no later one."""
    migrate.create_database(settings, "library")
    engine = create_engine(settings.database_url_of("library"))
    with engine.connect() as connection:
        for (version_table, folder), target in zip(
            migrate.histories("library"), ("head", revision), strict=True
        ):
            command.upgrade(migrate._config(folder, version_table, connection), target)
    engine.dispose()


def test_a_migration_gives_up_rather_than_hold_up_those_who_work(fresh: Settings) -> None:
    migrate_to(fresh, "library_0001")
    assert not migrate.at_head(fresh, "library")
    worker = psycopg2.connect(fresh.database_url_of("library").replace("+psycopg2", ""))
    try:
        worker.cursor().execute("LOCK TABLE book IN ACCESS SHARE MODE")
        started = time.monotonic()
        with pytest.raises(OperationalError, match="lock timeout"):
            migrate.migrate(fresh, "library")
        assert time.monotonic() - started < 30
        assert ask(NAME, "SELECT version_num FROM alembic_version") == [("library_0001",)]
    finally:
        worker.close()
    migrate.migrate(fresh, "library")
    assert migrate.at_head(fresh, "library")


@pytest.fixture
def newer(fresh: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Migrates the database with a version of the library that is newer than the one that runs here."""
    (kit, kit_folder), (own, own_folder) = migrate.histories("library")
    later = tmp_path / "migrations"
    shutil.copytree(own_folder, later)

    def migrate_with(body: str) -> None:
        (later / "versions" / "9999_later.py").write_text(LATER.format(newest=newest(), body=body))
        with monkeypatch.context() as patched:
            patched.setattr(migrate, "histories", lambda _service: [(kit, kit_folder), (own, later)])
            migrate.migrate(fresh, "library")

    return migrate_with


LATER = """
from alembic import op
revision = "library_9999"
down_revision = "{newest}"
{body}
"""
ADDS = "def upgrade(): op.execute('ALTER TABLE book ADD COLUMN shelf text')"
TAKES_AWAY = """needs = "{needs}"
def upgrade(): op.execute('ALTER TABLE book DROP COLUMN remark')"""


def command_line(*words: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT / "libs/servicekit"), str(ROOT / "tests/servicekit")])
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "servicekit", "migrate", "library", *words],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_release_that_only_added_can_be_taken_back(fresh: Settings, newer: Callable[[str], None]) -> None:
    """(M-30) The version before migrates, waits and works with what the newer one has left."""
    newer(ADDS)
    assert command_line().returncode == 0
    assert command_line("--wait").returncode == 0
    assert ask(NAME, "SELECT version_num FROM alembic_version") == [("library_9999",)]
    ask(NAME, "INSERT INTO schema_needs VALUES ('kit_version', 'kit_0004')")
    assert migrate.at_head(fresh, "library")


def test_a_release_that_took_away_what_the_one_before_no_longer_used_can_be_taken_back(
    fresh: Settings, newer: Callable[[str], None]
) -> None:
    """(M-30)"""
    newer(TAKES_AWAY.format(needs=newest()))
    migrate.migrate(fresh, "library")
    assert migrate.at_head(fresh, "library")


def test_code_that_needs_what_was_taken_away_is_refused(
    fresh: Settings, newer: Callable[[str], None]
) -> None:
    """(M-30) It says what it lacks, and changes nothing."""
    newer(TAKES_AWAY.format(needs="library_9999"))
    with pytest.raises(migrate.TooOld, match="needs code that knows library_9999"):
        migrate.migrate(fresh, "library")
    assert not migrate.at_head(fresh, "library")
    refused = command_line()
    assert (refused.returncode, refused.stderr.strip().split("\n")[-1]) == (
        1, "alembic_version: the database needs code that knows library_9999",
    )  # fmt: skip


def test_an_index_that_a_broken_build_left_behind_is_made_anew(fresh: Settings) -> None:
    """(M-32) It stands in the catalogue, and nobody may use it."""
    migrate_to(fresh, "library_0001")
    ask(NAME, "ALTER TABLE book ADD COLUMN remark text")
    ask(NAME, "CREATE INDEX ix_book_remark_search_new ON book (title)")
    ask(
        NAME,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_book_remark_search_new'::regclass",
        "ALTER TABLE book DROP COLUMN remark",
    )
    migrate.migrate(fresh, "library")
    assert ask(
        NAME,
        "SELECT indexrelid::regclass::text, indisvalid FROM pg_index "
        "WHERE indexrelid::regclass::text LIKE 'ix_book_remark%'",
    ) == [("ix_book_remark_search", True)]


def test_migrations_that_wait_for_their_turn_hold_no_index_up(fresh: Settings) -> None:
    """(M-32) An index made beside running work waits for every statement: none may wait for it in turn."""
    migrate.migrate(fresh, "library")
    holder = psycopg2.connect(fresh.database_url_of("library").replace("+psycopg2", ""))
    holder.autocommit = True
    holder.cursor().execute(f"SELECT pg_advisory_lock({migrate.LOCK})")
    waiting = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "servicekit", "migrate", "library"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "libs/servicekit"), str(ROOT / "tests/servicekit")]),
        },
    )
    try:
        looks = (
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory_lock%' "
            "AND pid <> pg_backend_pid() AND datname = current_database()"
        )
        wait_until(lambda: ask(NAME, looks)[0][0] > 0)
        ask(NAME, "SET statement_timeout = '10s'", "CREATE INDEX CONCURRENTLY ix_beside ON book (title)")
        assert waiting.poll() is None
    finally:
        holder.close()
        assert waiting.wait(30) == 0


def test_an_unreachable_database_is_not_at_head() -> None:
    assert not migrate.at_head(Settings(database_url="postgresql://127.0.0.1:1/"), "library")
    assert not migrate.wait_until_at_head(Settings(database_url="postgresql://127.0.0.1:1/"), "library", 0.1)
