"""A platform that a suite starts for itself, and the sets that a suite is run in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from stack.infrastructure import stop_leftovers
from stack.places import ROOT, Place
from stack.platform import Platform
from stack.upkeep import drop_data
from tests.process_logs import ProcessLogs

PATIENT = {
    "GATEWAY_RATE_LIMIT": "1000000",
    "GATEWAY_ANONYMOUS_RATE_LIMIT": "1000000",
    "GATEWAY_RPC_TIMEOUT": "30",
}
"""Limits that one busy client does not run into, and patience: a machine that is busy with other tests is slow."""


def given_servers() -> Mapping[str, str]:
    """Return what may name servers to run on: not those that `make test` has started, which are for the components."""
    return {} if os.environ.get("KEHU_TEST_STACK") == "own" else os.environ


@contextmanager
def own_platform(
    place: Place, tests: str, console: Path | None = None, **environment: str
) -> Iterator[Platform]:
    """Run a platform with nothing of an earlier run in it, on servers of its own unless some were given.

    Args:
        tests: what runs on it, for who begins it a second time.
        console: the folder of the built console, where it is to be served.
        environment: settings of its processes, by name.
    """
    given = given_servers()
    with place.lock("tests", f"another run of the {tests} is going on in this checkout"):
        stop_leftovers(place)
        drop_data(place)
        prefix = f"kehu_{tests.partition(' ')[0]}_"
        platform = Platform(place, given, for_tests=True, database_prefix=prefix, fresh_databases=bool(given))
        platform.extra_environment = environment
        platform.console = console
        try:
            platform.up()
            yield platform
        finally:
            platform.stop_all()


ASKED = Place(ROOT / ".local" / "asked")
_ASKED_PLATFORM = pytest.StashKey[Platform]()


def logs_of_asked_platform(config: pytest.Config) -> None:
    """Show where a test fails what the processes of that platform wrote meanwhile."""
    if not config.pluginmanager.hasplugin("logs-of-asked-platform"):
        config.pluginmanager.register(ProcessLogs(ASKED, lines=40), "logs-of-asked-platform")


def asked_platform(config: pytest.Config) -> Platform:
    """Return the one platform of all suites of this run that only ask it; it ends with the run.

    To start one takes a minute of a processor.
    """
    if _ASKED_PLATFORM not in config.stash:
        # The receivers of the tests are on this machine.
        settings = {**PATIENT, "IDENTITY_WEBHOOK_ALLOW_PRIVATE": "true"}
        running = ExitStack()
        config.stash[_ASKED_PLATFORM] = running.enter_context(own_platform(ASKED, "asking tests", **settings))
        config.add_cleanup(running.close)
    return config.stash[_ASKED_PLATFORM]


def leave_out(config: pytest.Config, items: list[pytest.Item], what: Callable[[pytest.Item], bool]) -> None:
    """Leave tests out of this run; its last line counts them."""
    left_out = [item for item in items if what(item)]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def is_full(item: pytest.Item) -> bool:
    """Tell whether a test belongs to its suite's full set only."""
    return item.get_closest_marker("full") is not None


@contextmanager
def database_of(platform: Platform, service: str) -> Iterator[Any]:
    """Work on a service's database by a cursor, each statement a transaction of its own."""
    environment = platform.environment(service)
    server = environment["DATABASE_URL"].rpartition("/")[0]
    with closing(psycopg2.connect(f"{server}/{environment['DATABASE_NAME']}")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def change(platform: Platform, service: str, statement: str, *values: str) -> int:
    """Do to a service's database what no operation would; return how many rows it concerned."""
    with database_of(platform, service) as cursor:
        cursor.execute(statement, values)
        count: int = cursor.rowcount
    return count
