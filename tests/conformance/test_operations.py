"""schemathesis over every operation with all its checks, signed in as the administrator, on records that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.attack.world import World
from tests.conformance.conftest import Tally
from tests.conformance.exceptions import exceptions
from tests.conformance.strangers import HERE, python, run

from stack.places import ROOT
from stack.platform import Platform

FAST = ["--phases", "examples,fuzzing", "--max-examples", "1", "--generation-deterministic"]
FULL = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "5"]


def configuration(world: World) -> str:
    """Return the configuration: how to ask, the ids of records that there are, and what is excused."""
    text = (HERE / "schemathesis.toml").read_text()
    for name in world.ids:
        text += f'"path.{name}" = {{ dictionary = "{name}", probability = 0.8 }}\n'
    text += '\n[dictionaries]\nnowhere = { values = ["http://127.0.0.1:9/"] }\n'
    for name, value in world.ids.items():
        text += f'{name} = {{ values = ["{value}"] }}\n'
    for excused in exceptions("schemathesis"):
        check, operation = excused.split(" ", 1)
        text += f"\n[[operations]]\ninclude-name = {json.dumps(operation)}\nchecks.{check}.enabled = false\n"
    return text


def test_every_operation_holds_what_the_document_says(
    platform: Platform, world: World, full: bool, tmp_path: Path, tally: Tally
) -> None:
    """No 5xx, no undocumented status or body, valid input is taken, invalid input refused, sign-in asked for."""
    (tmp_path / "schemathesis.toml").write_text(configuration(world))
    report, whole = tmp_path / "report.json", ROOT / ".local" / "conformance" / "schemathesis.txt"
    command = [
        str(python().parent / "st"),
        "--config-file",
        str(tmp_path / "schemathesis.toml"),
        "--no-color",
    ]
    command += [
        "run",
        f"{platform.url}/openapi.json",
        "--checks",
        "all",
        *(FULL if full else FAST),
        "--seed",
        "1",
    ]
    command += ["--warnings", "off", "--report", "json", "--report-json-path", str(report)]
    environment = {
        "KEHU_PASSWORD": platform.admin_password,
        "KEHU_RULES": json.dumps(list(exceptions("rules"))),
        "SCHEMATHESIS_HOOKS": "clients.schemathesis_hooks",
        "PYTHONPATH": str(HERE),
    }
    done = run(command, cwd=tmp_path, environment=environment, expected=(0, 1))
    said: dict[str, Any] = json.loads(report.read_text())
    whole.write_text(done.stdout)
    found = [f"{each['title']}: {', '.join(each['operations'])}" for each in said["failures"]]
    found += [each["title"] for each in said["errors"]]
    assert not found, "\n".join([*found, f"How to ask for each again stands in {whole}."])
    assert said["complete"] and done.returncode == 0, done.stdout[-5_000:] + done.stderr[-5_000:]
    operations, cases = said["operations"]["tested"], said["test_cases"]["generated"]
    assert operations == said["operations"]["total"]
    tally("schemathesis", operations=operations, cases=cases)
