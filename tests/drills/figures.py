"""What the drills measured: one line a drill on the terminal, all of them in ``.local/drills/results.json``."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass
class Figure:
    """One number and what it ought to be."""

    what: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None

    @property
    def held(self) -> bool:
        """Whether the target is reached; without one there is nothing to miss."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    def __str__(self) -> str:
        mark = "" if self.held else " (!)"
        return f"{self.what} {self.value:g}{' ' if self.unit else ''}{self.unit}{mark}"


@dataclass
class Figures:
    """The figures of one drill.

    Only what must never be is asserted by the tests; how fast something was is noted here with its target, and the
    report tells which were missed: a busy machine must not fail a test.
    """

    drill: str
    seed: int
    title: str = ""
    outcome: str = "unknown"
    seconds: float = 0.0
    figures: list[Figure] = field(default_factory=list)

    def note(
        self,
        what: str,
        value: float,
        unit: str = "",
        *,
        at_most: float | None = None,
        at_least: float | None = None,
    ) -> None:
        """Keep a figure, with the target of the issue if it has one."""
        self.figures.append(Figure(what, round(float(value), 3), unit, at_most, at_least))

    def line(self) -> str:
        """All of it in one line."""
        return f"{self.drill} (seed {self.seed}): " + ", ".join(map(str, self.figures))


@dataclass
class Results:
    """All drills of a run."""

    path: Path
    full: bool
    drills: list[Figures] = field(default_factory=list)
    began: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"))

    def save(self) -> None:
        """Write what is there so far: a run that is interrupted keeps its figures."""
        scratch = self.path.with_suffix(".new")
        scratch.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1))
        scratch.replace(self.path)

    def as_dict(self) -> dict[str, Any]:
        """Everything the report is made of."""
        return {
            "began": self.began,
            "ended": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            "full": self.full,
            "machine": machine(),
            "drills": [
                {**asdict(drill), "figures": [{**asdict(f), "held": f.held} for f in drill.figures]}
                for drill in self.drills
            ],
        }


def machine() -> str:
    """The machine in a few words."""
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    software = f"Linux {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, {software}"
