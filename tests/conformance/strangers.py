"""The tools and clients that nobody here wrote: where they are installed, and how they are run.

Each is a program of its own in `clients/` or `node/`: Python ones run in an environment of their own
(requirements-conformance.lock), those for Node by the one that builds the console, with npm packages from
package-lock.json. So the suite runs where only python3 is, and nothing that outsiders need has to agree with what we
run on.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stack.bootstrap import STRANGERS, one_at_a_time
from stack.node import Node
from stack.output import Trouble, told
from stack.places import ROOT, main_place

HERE = Path(__file__).parent
HOME = ROOT / ".local" / "conformance"
NODE_HOME = HOME / "node"
"""The sources of `node/` beside the packages that they import: Node looks for packages only above a program."""


LONGEST_RUN = 3600
"""Seconds; who waits for longer waits for ever."""


class Failed(AssertionError):
    """A stranger's program ended badly; what it said is the message."""


@cache
def python() -> Path:
    """Return the Python of the environment, which is made if it is not there."""
    STRANGERS.ensure()
    return STRANGERS.python


@cache
def node() -> Path:
    """Return the Node that builds the console, with the npm packages installed."""
    tools = Node(main_place(), NODE_HOME)
    with one_at_a_time("the npm packages of tests/conformance", main_place().run / "npm-conformance.lock"):
        wanted = hashlib.sha256((HERE / "node" / "package-lock.json").read_bytes()).hexdigest()
        stamp = NODE_HOME / "node_modules" / "kehu-lock"
        shutil.copytree(HERE / "node", NODE_HOME, dirs_exist_ok=True)
        if not stamp.exists() or stamp.read_text() != wanted:
            command = tools.npm("ci")
            with told("installing the npm packages of tests/conformance", every=20):
                done = subprocess.run(
                    command, cwd=NODE_HOME, env=tools.environment(), capture_output=True, text=True
                )
            if done.returncode != 0:
                raise Trouble(f"npm ci failed: {done.stderr[-2000:]}")
            stamp.write_text(wanted)
    return Path(tools.program)


def run_python(program: str, *arguments: object, given: Any = None) -> Any:
    """Run a program of `clients/` and return the JSON that it prints."""
    return answer_of([python(), HERE / "clients" / program, *arguments], given)


def run_node(program: str, *arguments: object, given: Any = None) -> Any:
    """Run a program of `node/` and return the JSON that it prints."""
    return answer_of([node(), NODE_HOME / program, *arguments], given)


def answer_of(command: list[object], given: Any = None) -> Any:
    """Run a command with JSON for its input, and return its last line, read as JSON."""
    done = run([str(word) for word in command], given=json.dumps(given))
    return json.loads(done.stdout.splitlines()[-1])


def run(
    command: list[str],
    given: str = "",
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    expected: tuple[int, ...] = (0,),
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Raises:
        Failed: it ended with another code than those that are expected.
    """
    done = subprocess.run(
        command,
        input=given,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_RUN,
    )
    if done.returncode not in expected:
        raise Failed(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        )
    return done
