"""Migrations: several at once, never in anybody's way, and a way to tell that they are done."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from servicekit import migrate
from servicekit.settings import Settings
from tests.servicekit.helpers import ROOT

NAME = "kehu_library_migrated"


def ask(database: str, *statements: str) -> list[tuple]:
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
    assert ask(NAME, "SELECT version_num FROM alembic_version") == [("library_0002",)]


def test_a_migration_gives_up_rather_than_hold_up_those_who_work(fresh: Settings) -> None:
    migrate.migrate(fresh, "library")
    ask(
        NAME, "ALTER TABLE book DROP COLUMN remark", "UPDATE alembic_version SET version_num = 'library_0001'"
    )
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


def test_an_unreachable_database_is_not_at_head() -> None:
    assert not migrate.at_head(Settings(database_url="postgresql://127.0.0.1:1/"), "library")
    assert not migrate.wait_until_at_head(Settings(database_url="postgresql://127.0.0.1:1/"), "library", 0.1)
