"""Measure the platform: ``make bench``, or some rows only: ``make bench ARGS="rpc http"``."""

import argparse
import json
import os
import platform as machine
import subprocess
import sys
import time
import traceback
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "deploy" / "local")]

from bench.measure import SMOKE, Report, Row, Size, table  # noqa: E402
from bench.stage import BenchPlatform, Stage  # noqa: E402
from stack.console import CONSOLE  # noqa: E402
from stack.infrastructure import stop_leftovers  # noqa: E402
from stack.output import Trouble, say  # noqa: E402
from stack.places import Place  # noqa: E402
from stack.runner import only_one_signal_counts  # noqa: E402
from stack.upkeep import drop_data  # noqa: E402

BARE = ("rpc", "events", "replicas")
"""Rows that need the servers only; they are measured while the platform is stopped."""

WHOLE = ("memory", "http", "creating", "overview", "signing", "console")
"""Rows that are measured on the whole platform."""

ORDER = ("memory", *BARE, *WHOLE[1:])
"""Memory first: what the servers have done for other rows, they keep."""

RESULTS = ROOT / "bench" / "results" / "latest.json"


def main() -> int:
    """Measure what was asked for, print the table, and write it down; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="row", help=" ".join(ORDER) + " (all)")
    parser.add_argument("--rounds", type=int, default=Size.rounds)
    parser.add_argument("--seconds", type=float, default=Size.seconds, help="of load, a round")
    parser.add_argument("--events", type=int, default=Size.events, help="a round")
    parser.add_argument("--signings", type=int, default=Size.signings, help="in all rounds together")
    parser.add_argument("--requests", type=int, default=Size.requests, help="a latency figure, a round")
    parser.add_argument("--smoke", action="store_true", help="tiny counts: only shows that it runs")
    asked = parser.parse_args()
    unknown = set(asked.rows) - {*ORDER}
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    chosen = [name for name in ORDER if not asked.rows or name in asked.rows]
    size = (
        SMOKE
        if asked.smoke
        else Size(
            rounds=asked.rounds,
            seconds=asked.seconds,
            events=asked.events,
            signings=asked.signings,
            requests=asked.requests,
        )
    )
    reports = measured(chosen, size)
    rows = [row for report in reports.values() for row in report.rows]
    write_down(rows, reports)
    show(rows, reports)
    if any(report.failure for report in reports.values()):
        return 1
    return 0 if all(row.met for row in rows) or asked.smoke else 1


def measured(chosen: list[str], size: Size) -> dict[str, Report]:
    """Measure on servers of our own, as durable as production's, which hold nothing from an earlier run."""
    only_one_signal_counts()
    place = Place(ROOT / ".local" / "bench")
    with place.lock("bench", "another make bench is running in this checkout"):
        stop_leftovers(place)
        drop_data(place)
        platform = BenchPlatform(place)
        if "console" in chosen:
            platform.console = CONSOLE.build(place)
        stage = Stage(platform)
        reports: dict[str, Report] = {}
        try:
            platform.start_infrastructure()
            for name in chosen:
                if name in BARE:
                    for part in [*platform.running]:
                        platform.stop(part)
                elif not platform.running:
                    platform.migrate()
                    platform.start_all()
                    platform.wait_until_ready()
                began = time.monotonic()
                say(f"measuring {name} ...")
                try:
                    reports[name] = import_module(f"bench.rows.{name}").measure(stage, size)
                except Exception as error:
                    # Minutes of figures are worth more than a clean end: the other rows are measured all the same.
                    traceback.print_exc()
                    reports[name] = Report(failure=f"{name} could not be measured: {error}")
                say(f"measured {name} in {time.monotonic() - began:.0f} s")
        finally:
            platform.stop_all()
    return reports


def write_down(rows: list[Row], reports: dict[str, Report]) -> None:
    """Keep the figures, each round's included, with what they were measured on."""
    RESULTS.parent.mkdir(exist_ok=True)
    stored: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": f"{machine.machine()}, {os.cpu_count()} cores, Python {machine.python_version()}",
        "rows": [row.stored() for row in rows],
        "notes": {name: report.notes for name, report in reports.items() if report.notes},
    }
    RESULTS.write_text(json.dumps(stored, indent=2, ensure_ascii=False) + "\n")


def show(rows: list[Row], reports: dict[str, Report]) -> None:
    """Print the table, and below it what does not fit into it."""
    print(f"\n{table(rows)}\n" if rows else "")
    for row in rows:
        if row.note:
            print(f"- {row.name}: {row.note}")
    for report in reports.values():
        for note in report.notes:
            print(note)
        if report.failure:
            print(report.failure)
    print(f"\n{RESULTS.relative_to(ROOT)} has each round's figures.")


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        say(str(trouble))
        sys.exit(1)
