"""Writes docs/reliability.md from a full run: ``python tests/drills/report.py`` does it once more from results.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

HEAD = """# Reliability: what the drills showed

`make drills` breaks a running platform on purpose, while clients work on it over HTTP, and then compares what the
clients were answered with what is stored. This page is written by the run itself; nothing here is edited by hand.

- Run: {began} to {ended}, {machine}
- Set: {set}; seed {seed} (`KEHU_SEED={seed} make drills` repeats it)
- Drills that held: {held} of {count}; figures that missed their target: {missed}

A drill fails when something was lost, done twice, left half done or out of order, or a client stayed without an
answer. How long something took is compared with its target here, and marked **missed**, but fails no test.
A *mutant* is the same check with one safeguard taken off: it holds when the check finds what then goes wrong.
"""


def write_report(results: dict[str, Any], path: Path) -> None:
    """Write the page."""
    drills = results["drills"]
    figures = [figure for drill in drills for figure in drill["figures"]]
    text = HEAD.format(
        **{key: results[key] for key in ("began", "ended", "machine")},
        set="full" if results["full"] else "fast",
        seed=drills[0]["seed"] if drills else "-",
        held=sum(drill["outcome"] == "held" for drill in drills),
        count=len(drills),
        missed=sum(not figure["held"] for figure in figures),
    )
    for drill in drills:
        text += f"\n## {drill['drill'].replace('_', ' ')}\n\n{drill['title']}\n\n"
        text += f"{'Held' if drill['outcome'] == 'held' else '**Failed**'}, {drill['seconds']:.0f} s.\n"
        if drill["figures"]:
            text += "\n| figure | measured | target | |\n|---|---|---|---|\n"
            text += "".join(row(figure) for figure in drill["figures"])
    path.write_text(text)


def row(figure: dict[str, Any]) -> str:
    """A line of a drill's table."""
    unit = f" {figure['unit']}" if figure["unit"] else ""
    target = ""
    if figure["at_most"] is not None:
        target = f"at most {figure['at_most']:g}{unit}"
    if figure["at_least"] is not None:
        target = f"at least {figure['at_least']:g}{unit}"
    mark = "" if figure["held"] else "**missed**"
    return f"| {figure['what']} | {figure['value']:g}{unit} | {target} | {mark} |\n"


if __name__ == "__main__":
    write_report(
        json.loads((ROOT / ".local/drills/results.json").read_text()), ROOT / "docs" / "reliability.md"
    )
