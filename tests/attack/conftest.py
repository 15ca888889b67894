"""A platform, and in it eight callers and the records that seven of them are after.

``KEHU_ATTACK=full`` (``make attack``) tries everything, otherwise a fast set that ``make test`` has time for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.attack.routes import Routes
from tests.attack.world import World
from tests.own_platform import asked_platform, is_full, leave_out, logs_of_asked_platform

from stack.platform import Platform

FULL = os.environ.get("KEHU_ATTACK") == "full"


def pytest_configure(config: pytest.Config) -> None:
    logs_of_asked_platform(config)
    config.addinivalue_line("markers", "full: belongs to the full set only (KEHU_ATTACK=full)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what belongs to the full set out of the fast one."""
    if not FULL:
        leave_out(config, items, is_full)


@pytest.fixture(scope="session")
def platform(pytestconfig: pytest.Config) -> Platform:
    """One with limits that the attacks do not run into."""
    return asked_platform(pytestconfig)


@pytest.fixture(scope="session")
def world(platform: Platform) -> Iterator[World]:
    """Eight callers and their records."""
    world = World(platform.url, platform.admin_password)
    yield world
    world.close()


@pytest.fixture(scope="session")
def routes(world: World) -> Routes:
    """What the gateway says that it offers."""
    return Routes(world.administrator.get("/openapi.json").json())


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether everything is tried."""
    return FULL
