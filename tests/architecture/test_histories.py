"""Every noun of every service has a history, and nothing in it that no answer shows (CU-23, GW-61)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())

ASK = """
import json, sys
from sqlalchemy import inspect
from servicekit.__main__ import service_class_of
from servicekit.base.database import Record
from servicekit.nouns.history import PLANS
from servicekit.nouns.declarations import operations_of

service = service_class_of(sys.argv[1])
package = service.__module__.partition(".")[0]

def models(of):
    for each in of.__subclasses__():
        yield each
        yield from models(each)

kept = [each for each in models(Record) if hasattr(each, "__table__") and each.__module__.startswith(package)]
shown = {model: [*plan.of_columns, *(each.name for each in plan.derived)] for model, plan in PLANS.items()}
paths = {each.path: each.permission or None for each in operations_of(service).values() if each.method == "GET"}
print(json.dumps({
    "untold": [
        each.__name__ for each in kept
        if each not in PLANS and not each.untold and not each.unlogged
        and not any(other in PLANS for other in models(each))
    ],
    "told": {model.__name__: names for model, names in shown.items()},
    "permissions": paths,
}))
"""


@pytest.fixture(scope="module", params=SERVICES)
def told(request: pytest.FixtureRequest) -> Any:
    """What a service tells of its records."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, request.param],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout.splitlines()[-1])


def test_every_record_that_is_told_by_events_has_a_history(told: Any) -> None:
    assert told["untold"] == []
    assert told["told"]


def test_every_look_at_a_record_has_its_history_below_it(told: Any) -> None:
    """And needs no other permission: who sees the record reads it."""
    permissions = told["permissions"]
    parts = ("/terms/", "/shares/", "/team/")
    looks = [path for path in permissions if path.endswith("}") and not any(part in path for part in parts)]
    assert looks
    for path in looks:
        assert permissions[f"{path}/history"] == permissions[path], path


def test_no_history_holds_what_nobody_is_shown(told: Any) -> None:
    hidden = {
        "password_hash",
        "secret",
        "previous_secret",
        "digest",
        "pinyin",
        "name_key",
        "search_text",
        "username_key",
    }
    for model, names in told["told"].items():
        assert not hidden & {*names}, model
        assert not {"id", "version", "updated_at"} & {*names}, model
