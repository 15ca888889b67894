"""What each process of a platform wrote while a test ran, shown where the test failed."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from stack.following import size
from stack.places import Place
from stack.platform import PARTS, tail

_BEFORE = pytest.StashKey[dict[str, int]]()


class ProcessLogs:
    """A plugin for the logs of the platform that lives in a place.

    Args:
        lines: the most that are shown of each.
    """

    def __init__(self, place: Place, lines: int) -> None:
        self.place = place
        self.lines = lines

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Note how long each log is before a test."""
        item.stash[_BEFORE] = {name: size(self.place.log(name)) for name in PARTS}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add what was written since to the report of a test that failed."""
        report = yield
        if report.failed:
            for name, before in item.stash.get(_BEFORE, {}).items():
                if size(self.place.log(name)) > before:
                    written = tail(self.place.log(name), self.lines, before)
                    report.sections.append((f"log of {name}", written))
        return report
