"""A platform with a record of every noun, and the table of what was checked at the end.

``KEHU_CONFORMANCE=full`` (``make conformance``) tries everything, otherwise a fast set that ``make test`` has time for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.attack.world import World
from tests.conformance.messages import Messages
from tests.own_platform import asked_platform, is_full, leave_out, logs_of_asked_platform

from stack.places import ROOT
from stack.platform import Platform

FULL = os.environ.get("KEHU_CONFORMANCE") == "full"
CHECKED = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    logs_of_asked_platform(config)
    config.addinivalue_line("markers", "full: belongs to the full set only (KEHU_CONFORMANCE=full)")
    config.stash[CHECKED] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the full set out of the fast one, and let schemathesis come last: it deletes what there is."""
    if not FULL:
        leave_out(config, items, is_full)
    items.sort(key=lambda item: item.path.name == "test_operations.py")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was checked, and how much of it."""
    checked = config.stash[CHECKED]
    if checked:
        terminalreporter.section("checked by tools and clients that nobody here wrote")
        width = max(len(name) for name in checked)
        for name, counts in checked.items():
            terminalreporter.write_line(f"{name:<{width}}  {counts}")


class Tally:
    """The lines of that table."""

    def __init__(self, lines: dict[str, str]) -> None:
        self.lines = lines

    def __call__(self, name: str, **counts: int) -> None:
        """Note what a tool has looked at; a check of nothing is a failure."""
        assert all(counts.values()), f"{name} had nothing to look at: {counts}"
        told = (f"{number:,} {what.replace('_', ' ')}" for what, number in counts.items())
        self.lines[name] = ", ".join(told)


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    return Tally(pytestconfig.stash[CHECKED])


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether everything is tried."""
    return FULL


@pytest.fixture(scope="session")
def platform(pytestconfig: pytest.Config) -> Platform:
    """One with limits that a busy client does not run into."""
    return asked_platform(pytestconfig)


@pytest.fixture(scope="session")
def world(platform: Platform) -> Iterator[World]:
    """One record of every noun, and clients that are signed in."""
    world = World(platform.url, platform.admin_password)
    yield world
    world.close()


@pytest.fixture(scope="session")
def admin(world: World) -> httpx2.Client:
    """The administrator's client."""
    return world.administrator


@pytest.fixture(scope="session")
def documents(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The published documents as files: the merged ones by the gateway, and each service's own."""
    folder = tmp_path_factory.mktemp("documents")
    found = {
        f"{path.parent.parent.name}/{path.name}": path for path in (ROOT / "services").glob("*/api/*.json")
    }
    for name in ("openapi.json", "asyncapi.json"):
        answer = httpx2.get(f"{platform.url}/{name}", timeout=60)
        assert answer.status_code == 200, answer.text
        found[name] = folder / name
        found[name].write_text(answer.text)
    return found


@pytest.fixture(scope="session")
def openapi(documents: dict[str, Path]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(documents["openapi.json"].read_text())
    return document


@pytest.fixture(scope="session")
def asyncapi(documents: dict[str, Path]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(documents["asyncapi.json"].read_text())
    return document


@pytest.fixture(scope="session")
def messages(asyncapi: dict[str, Any]) -> Messages:
    """What the bodies of events are judged by."""
    return Messages(asyncapi)
