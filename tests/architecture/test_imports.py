"""The import rules of pyproject.toml hold, and the gateway is never made green."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run a line of Python with this project's import path."""
    environment = {"PATH": "", "PYTHONPATH": ":".join(sys.path), "HOME": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, cwd=ROOT, env=environment, check=False,
    )  # fmt: skip


def test_the_import_rules_hold() -> None:
    linted = run("from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_gateway_brings_in_neither_the_kit_nor_eventlet() -> None:
    foreign = ("eventlet", "nameko", "kombu", "servicekit")
    code = f"import gateway.app, sys; print([name for name in {foreign} if name in sys.modules])"
    loaded = run(code)
    assert loaded.stdout.strip() == "[]", loaded.stderr
