"""The nouns that the services declare, asked of the code in a process of its own: importing the kit makes one green."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

from stack.places import ROOT, SERVICES

ASK = """
import json, sys
from servicekit.__main__ import service_class_of
from servicekit.nouns.declarations import operations_of
from servicekit.nouns.noun import nouns_of
found = []
for service in sys.argv[1:]:
    kind = service_class_of(service)
    made = operations_of(kind)
    found += [
        {
            "service": service, "name": noun.name, "path": noun.path, "owned": noun.owned,
            "single_path": noun.single_path, "made_at": noun.below.path if noun.below else noun.path,
            "created": any(
                (each.method, each.path) == ("POST", noun.below.path if noun.below else noun.path)
                for each in made.values()
            ),
            "shared": f"share_{noun.name}" in made, "told": bool(noun.deeds.deeds),
        }
        for noun in nouns_of(kind)
    ]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class DeclaredNoun:
    """What the matrix asks of a noun goes by what it declares."""

    service: str
    name: str
    path: str
    single_path: str
    """Where one record is."""
    made_at: str
    """Where clients make them, if they do: at its path, or below a record of another noun."""
    owned: bool
    """Whether its records have owners, or belong to some that have; if not it is held for all or not at all."""
    shared: bool
    """Whether its records are shared with others."""
    told: bool
    """Whether its events are its own; others are told as something that happened to what they belong to."""
    created: bool
    """Whether clients make them; some follow from what is told, some are made below another record without a word."""


@cache
def declared_nouns() -> list[DeclaredNoun]:
    """Return the nouns of all services."""
    folders = [ROOT / "libs" / "servicekit", *(ROOT / "services" / name for name in SERVICES)]
    asked = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, *SERVICES],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [DeclaredNoun(**each) for each in json.loads(asked.stdout.splitlines()[-1])]
