"""Which suites may become green: whoever imports the kit has its whole process patched by eventlet."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIT = {"servicekit", "nameko", "eventlet"}


def imported(path: Path) -> set[str]:
    """Return the modules that a module imports, and what it takes from them, which may be modules too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.parametrize("suite", ["console", "conformance", "drills", "gateway"])
def test_what_drives_browsers_and_proxies_is_never_green(suite: str) -> None:
    """Playwright and asyncio wait for ever in a process that eventlet has patched."""
    to_read = set((ROOT / "tests" / suite).glob("*.py"))
    read: dict[Path, set[str]] = {}
    while to_read:
        path = to_read.pop()
        read[path] = imported(path)
        files = {ROOT / f"{name.replace('.', '/')}.py" for name in read[path] if name.startswith("tests.")}
        to_read |= {file for file in files if file.exists()} - read.keys()
    assert ROOT / "tests/own_platform.py" in read or suite == "gateway"
    green = {path.name for path, names in read.items() if KIT & {name.partition(".")[0] for name in names}}
    assert green == set()
