"""`make lock`: the requirements*.lock from the pyproject.toml files, naming no registry."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from .output import Trouble, say
from .places import ROOT, VENV_PYTHON

HEADER = "# Made by `make lock` from the pyproject.toml files of the components. Do not edit.\n"
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
CONFORMANCE = ROOT / "requirements-conformance.lock"
CONSOLE = ROOT / "requirements-console.lock"


def lock(arguments: list[str]) -> None:
    """Keep what is pinned unless told otherwise (`--upgrade`, `--upgrade-package NAME`)."""
    projects = [ROOT / "libs/servicekit", *sorted((ROOT / "services").iterdir()), ROOT / "gateway"]
    sources = [str(path / "pyproject.toml") for path in projects if (path / "pyproject.toml").exists()]
    compile_to(RUNTIME, [*sources, *arguments])
    compile_to(
        DEVELOPMENT, [*sources, "--group", "pyproject.toml:dev", "--constraints", str(RUNTIME), *arguments]
    )
    # What outsiders use need not agree with what we run on: it has an environment of its own, and no constraints.
    compile_to(CONFORMANCE, ["--group", "pyproject.toml:conformance", *arguments])
    compile_to(CONSOLE, ["--group", "pyproject.toml:console", *arguments])


def compile_to(target: Path, arguments: list[str]) -> None:
    """Compile into a scratch file first: a lock with an address in it never gets into the tree."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / target.name
        if target.exists():
            output.write_text(target.read_text())
        command = [
            str(VENV_PYTHON),
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version",
            "3.11",
        ]
        command += [
            "--generate-hashes",
            "--no-header",
            "--no-annotate",
            "--no-emit-index-url",
            "--no-emit-find-links",
        ]
        command += ["--no-emit-package", "kehu-servicekit", "--output-file", str(output), *arguments]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise Trouble(f"{target.name} could not be made: see above")
        text = output.read_text()
    if "//" in text or str(ROOT) in text:
        raise Trouble(f"{target.name} would hold an address or a path of this machine; it was left as it is")
    target.write_text(text if text.startswith(HEADER) else HEADER + text)
    say(f"{target.name}: {sum('==' in line for line in text.splitlines())} packages")
