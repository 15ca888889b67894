"""A service's database as an earlier version left it, for what its migrations do to rows that are there already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from sqlalchemy import Connection, create_engine, text

from servicekit.base.settings import Settings
from servicekit.operating import migrate


@contextmanager
def database_at(service: str, revision: str) -> Iterator[Connection]:
    """Make a database of its own at a revision of a service, and drop it at the end."""
    name = f"kehu_{service}_migrated"
    server = create_engine(
        Settings(database_name="postgres").database_url_of(service), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as administrator:
        administrator.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        settings = Settings(database_name=name)
        migrate.create_database(settings, service)
        engine = create_engine(settings.database_url_of(service))
        with engine.connect() as connection:
            upgrade(connection, service, revision)
            yield connection
        engine.dispose()
        administrator.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def upgrade(connection: Connection, service: str, revision: str) -> None:
    """Migrate to a revision of the service, or to its `head`."""
    for (version_table, folder), target in zip(migrate.histories(service), ("head", revision), strict=True):
        command.upgrade(migrate._config(folder, version_table, connection), target)
