"""Rounds, medians and the table: how a figure is made and shown."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

Measurement = Callable[[], float]


@dataclass(frozen=True)
class Size:
    """How much is measured: the final figures take five rounds of some seconds, a smoke test one short one."""

    rounds: int = 5
    seconds: float = 4.0
    events: int = 5000
    signings: int = 500
    requests: int = 200
    """Requests of a latency figure, one after the other."""


SMOKE = Size(rounds=1, seconds=0.3, events=50, signings=5, requests=5)


@dataclass
class Row:
    """A line of the table: our figure, another one measured in the same run, and what their ratio should be."""

    name: str
    unit: str
    ours: list[float]
    """One figure a round."""
    baseline_name: str
    baseline: list[float]
    target: float
    at_least: bool = True
    """Whether the ratio shall be at least the target; otherwise at most."""
    note: str = ""

    @property
    def ratio(self) -> float:
        """Our median to the baseline's."""
        return statistics.median(self.ours) / statistics.median(self.baseline)

    @property
    def met(self) -> bool:
        """Whether the target is reached."""
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def cells(self) -> list[str]:
        """Return the row as the table shows it."""
        sign = "≥" if self.at_least else "≤"
        return [
            self.name,
            f"{shown(statistics.median(self.ours))} {self.unit}",
            self.baseline_name,
            f"{shown(statistics.median(self.baseline))} {self.unit}",
            f"{self.ratio:.2f}",
            f"{sign} {self.target:g}",
            "met" if self.met else "MISSED",
        ]

    def stored(self) -> dict[str, Any]:
        """Return the row as the results file has it, each round's figure included."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": statistics.median(self.ours),
            "ours_rounds": self.ours,
            "baseline_name": self.baseline_name,
            "baseline": statistics.median(self.baseline),
            "baseline_rounds": self.baseline,
            "ratio": self.ratio,
            "target": self.target,
            "at_least": self.at_least,
            "met": self.met,
            "note": self.note,
        }


@dataclass
class Report:
    """What a group of rows found: rows of the table, and lines below it for who wants to know more."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failure: str = ""
    """Why there are no rows."""


HEAD = ["what", "ours", "against", "baseline", "ratio", "target", ""]


def alternate(size: Size, measurements: dict[str, Measurement]) -> dict[str, list[float]]:
    """Measure each in turn, round after round, so that a change of the machine's mood hits all of them."""
    figures: dict[str, list[float]] = {name: [] for name in measurements}
    for _ in range(size.rounds):
        for name, measure in measurements.items():
            figures[name].append(measure())
    return figures


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that so many per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def shown(value: float) -> str:
    """Return a figure with three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """Return a Markdown table, which also reads well in a terminal."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(lines[0]), rule, *(line(cells) for cells in lines[1:])])
