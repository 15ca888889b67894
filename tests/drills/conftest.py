"""A platform of the drills' own, and the book in which their figures are kept.

``KEHU_DRILLS=full`` runs every drill in the sizes of the issue and writes docs/reliability.md, ``KEHU_DRILLS=small``
every drill in small; ``KEHU_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from figures import Figures, Results
from report import write_report
from tests.own_platform import is_full, leave_out
from tests.process_logs import ProcessLogs
from world import DrillPlatform, World

from stack.infrastructure import stop_leftovers
from stack.places import ROOT, Place
from stack.upkeep import drop_data

PLACE = Place(ROOT / ".local" / "drills")
FULL = os.environ.get("KEHU_DRILLS") == "full"
EVERY = FULL or os.environ.get("KEHU_DRILLS") == "small"
SEED = int(os.environ.get("KEHU_SEED") or time.time_ns() % 1_000_000)
RESULTS = Results(PLACE.directory / "results.json", FULL)
FIGURES = pytest.StashKey[Figures]()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessLogs(PLACE, lines=25))
    config.addinivalue_line("markers", "full: belongs to the full set only (KEHU_DRILLS=full)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what belongs to the full set out of the fast one."""
    if not EVERY:
        leave_out(config, items, is_full)


def pytest_report_header() -> str:
    return f"drills: {'full' if FULL else 'fast'} set, KEHU_SEED={SEED}"


@pytest.fixture(scope="session")
def running_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """One platform for all drills, started from nothing."""
    with PLACE.lock("tests", "another run of the drills is going on in this checkout"):
        stop_leftovers(PLACE)
        drop_data(PLACE)
        platform = DrillPlatform(PLACE)
        try:
            platform.up()
            world = World(platform, FULL, SEED)
            yield world
            world.leave()
        finally:
            platform.stop_all()
            RESULTS.save()
            if FULL and is_whole(request.config):
                write_report(RESULTS.as_dict(), ROOT / "docs" / "reliability.md")


def is_whole(config: pytest.Config) -> bool:
    """Whether every drill was asked for: a page about some of them would hide the others."""
    return not config.option.keyword and not any(".py" in argument for argument in config.args)


@pytest.fixture
def world(running_world: World) -> Iterator[World]:
    """The platform, whole again after each drill."""
    yield running_world
    running_world.make_usual()
    running_world.make_whole()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """The figures of this drill; printed and kept whether it holds or not."""
    kept = Figures(
        request.node.name.removeprefix("test_"), SEED, (request.function.__doc__ or "").strip().split("\n")[0]
    )
    request.node.stash[FIGURES] = kept
    began = time.monotonic()
    yield kept
    kept.seconds = round(time.monotonic() - began, 1)
    RESULTS.drills.append(kept)
    RESULTS.save()
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"\n  {kept.line()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep how each drill ended."""
    report = yield
    if report.when == "call" and FIGURES in item.stash:
        item.stash[FIGURES].outcome = "held" if report.passed else "failed"
    return report
