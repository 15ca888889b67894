"""Events carry the record as the API shows it, or say why not (K-5)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())

ASK = """
import json, sys
from servicekit.__main__ import service_class_of
from servicekit.contracts.asyncapi import published_events
from servicekit.base.database import Record
from servicekit.nouns.declarations import operations_of
from servicekit.messages.record_events import RecordEvent

service = service_class_of(sys.argv[1])
answered = {operation.returns for operation in operations_of(service).values()}
answered |= {operation.lists.schema for operation in operations_of(service).values() if operation.lists}
problems = []
for event in published_events(service):
    if not issubclass(event, RecordEvent):
        if not event.brief.strip():
            problems.append(f"{event.type} neither carries its record nor says why")
        continue
    if not any(issubclass(schema, event.shows) or issubclass(event.shows, schema) for schema in answered if schema):
        problems.append(f"{event.type} shows what no answer does")
    problems += [f"{event.type} leaves out {name} without a reason" for name, why in event.leaves_out.items()
                 if len(why.split()) < 3]
remaining = [Record]
while remaining:
    for model in remaining.pop().__subclasses__():
        remaining.append(model)
        problems += [f"{model.__name__}.{column} moves without a reason" for column, why in model.moves.items()
                     if len(why.split()) < 3]
print(json.dumps(problems))
"""


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_carries_its_record_or_says_why_not(service: str) -> None:
    """(K-5) What is left out of it, and what moves without a version, has its reason."""
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, service],
        capture_output=True, text=True, cwd=ROOT, env={"PATH": "", "PYTHONPATH": ":".join(sys.path)}, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout.splitlines()[-1]) == []


def test_the_contract_files_say_what_is_left_out_and_why() -> None:
    """(K-5)"""
    left_out = {}
    for service in SERVICES:
        document = json.loads((ROOT / "services" / service / "api" / "asyncapi.json").read_text("utf-8"))
        for name, schema in document["components"]["schemas"].items():
            left_out |= {(name, field): why for field, why in schema.get("x-left-out", {}).items()}
    assert ("BankAccountChanged", "number") in left_out and ("AccountChanged", "mobile") in left_out
    assert all(left_out.values())
