"""What services are configured by stands among the presets that identity offers, alike (decision 42)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())

WALK = """
import gc, json, sys
from servicekit.__main__ import service_class_of
from servicekit import Numbers, Parameter, Term
service_class_of(sys.argv[1])
alive = gc.get_objects()
print(json.dumps({
    "numbers": {each.series: each.pattern for each in alive if type(each) is Numbers},
    "parameters": {each.key: each.default for each in alive if type(each) is Parameter},
    "terms": sorted({each.dictionary for each in alive if type(each) is Term}),
}))
"""
PRESETS = """
import json
from identity.definitions import presets
print(json.dumps({
    "numbers": {key: pattern for key, (_, _, pattern, _) in presets.NUMBERS.items()},
    "parameters": {key: parameter["default"] for key, parameter in presets.PARAMETERS.items()},
    "terms": sorted(presets.DICTIONARIES),
}))
"""


def told(code: str, *arguments: str) -> dict[str, Any]:
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        capture_output=True, text=True, cwd=ROOT, env={"PATH": "", "PYTHONPATH": ":".join(sys.path)}, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    found: dict[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    return found


def test_what_services_go_by_is_what_identity_offers() -> None:
    used: dict[str, Any] = {"numbers": {}, "parameters": {}, "terms": set()}
    for service in SERVICES:
        for what, found in told(WALK, service).items():
            used[what].update(found)
    assert {**used, "terms": sorted(used["terms"])} == told(PRESETS)
