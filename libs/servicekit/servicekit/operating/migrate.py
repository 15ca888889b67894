"""Migrating a service's database: the kit's tables first, then the service's own, under an advisory lock.

A migration adds: code that does not know it goes on working, and a release can be taken back. One that takes something
away says in ``needs`` from which revision on code no longer uses it; code that does not know that revision is refused
(docs/decisions/0017-releases-can-be-taken-back.md).
"""

import importlib
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Mapped, mapped_column

from servicekit.base.database import KitBase
from servicekit.base.settings import Settings

log = structlog.get_logger("migrate")

LOCK = 7_226_002
LOCK_TIMEOUT = "2s"
STATEMENT_TIMEOUT = "60s"
LOOK_SECONDS = 0.5
"""Between two looks whether another migration is done."""


class TooOld(Exception):
    """The database has lost something that this code needs."""


class SchemaNeeds(KitBase):
    """The revision of a history that code has to know to work with this database; without a row any code may."""

    __tablename__ = "schema_needs"

    history: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[str]


def package_of(service: str) -> str:
    """Return the name of a service's Python package."""
    return service.replace("-", "_")


def histories(service: str) -> list[tuple[str, Path]]:
    """Return the version table and the script folder of each migration history of a database."""
    kit = Path(__file__).parents[1] / "migrations"
    package = importlib.import_module(package_of(service))
    own = Path(str(package.__file__)).parent / "migrations"
    return [("kit_version", kit), ("alembic_version", own)]


def _config(folder: Path, version_table: str, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.set_main_option("version_locations", str(folder / "versions"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    return config


def create_database(settings: Settings, service: str) -> None:
    """Create the service's database if the server does not have it yet."""
    url = settings.database_url_of(service).replace("+psycopg2", "")
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    try:
        psycopg2.connect(url, connect_timeout=5).close()
        return
    except psycopg2.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    server = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")), connect_timeout=5)
    server.autocommit = True
    try:
        server.cursor().execute(
            f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' LC_COLLATE 'C.UTF-8' TEMPLATE template0"
        )
        log.info("database created", database=name)
    except (psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation):
        pass  # Another replica was quicker.
    finally:
        server.close()


def migrate(settings: Settings, service: str) -> None:
    """Bring a service's database to the newest version; one that is newer already is left as it is.

    Several at once wait for each other. Locks are waited for two seconds at the most, so that a migration never holds
    up the running service behind it.

    Raises:
        TooOld: if the database is newer, and has lost something that this code needs.
    """
    create_database(settings, service)
    engine = create_engine(settings.database_url_of(service))
    try:
        # Autocommit: an open transaction would be ended by the server's idle timeout, and hold back its clean-up.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
            # Nobody waits in the lock: an index that is built beside running work waits for every statement, and so
            # would wait for the one that waits for it.
            while not guard.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})")):
                time.sleep(LOOK_SECONDS)
            for version_table, folder in histories(service):
                with engine.connect() as connection:
                    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
                    connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
                    connection.commit()
                    _upgrade(connection, folder, version_table)
    finally:
        engine.dispose()


def _upgrade(connection: Connection, folder: Path, version_table: str) -> None:
    script = ScriptDirectory.from_config(_config(folder, version_table))
    if _is_ahead(connection, script, version_table):
        log.info("the database is newer than this code", history=version_table)
        return
    command.upgrade(_config(folder, version_table, connection), "head")
    needed = [
        need for revision in script.walk_revisions() if (need := getattr(revision.module, "needs", None))
    ]
    if needed:
        connection.execute(
            text(
                "INSERT INTO schema_needs (history, revision) VALUES (:history, :revision) "
                "ON CONFLICT (history) DO UPDATE SET revision = excluded.revision"
            ),
            {"history": version_table, "revision": needed[0]},
        )
        connection.commit()


def _is_ahead(connection: Connection, script: ScriptDirectory, version_table: str) -> bool:
    """Tell whether the database has a migration that this code does not know, and this code may work with it.

    Raises:
        TooOld: if it may not.
    """
    known = {revision.revision for revision in script.walk_revisions()}
    context = MigrationContext.configure(connection, opts={"version_table": version_table})
    ahead = bool(set(context.get_current_heads()) - known)
    if ahead and connection.scalar(text("SELECT to_regclass('schema_needs')")):
        query = text("SELECT revision FROM schema_needs WHERE history = :history")
        needed = connection.scalar(query, {"history": version_table})
        if needed is not None and needed not in known:
            raise TooOld(f"{version_table}: the database needs code that knows {needed}")
    connection.rollback()
    return ahead


def at_head(settings: Settings, service: str) -> bool:
    """Tell whether the database has every migration that this code knows, and nothing this code needs is gone."""
    engine = create_engine(settings.database_url_of(service), connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            for version_table, folder in histories(service):
                script = ScriptDirectory.from_config(_config(folder, version_table))
                if _is_ahead(connection, script, version_table):
                    continue
                context = MigrationContext.configure(connection, opts={"version_table": version_table})
                if set(context.get_current_heads()) != set(script.get_heads()):
                    return False
        return True
    except Exception as error:
        log.info("database not ready", error=str(error).split("\n")[0])
        return False
    finally:
        engine.dispose()


def wait_until_at_head(settings: Settings, service: str, seconds: float = 300) -> bool:
    """Wait until somebody else's migration is done; return whether it was in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if at_head(settings, service):
            return True
        time.sleep(1)
    return False
