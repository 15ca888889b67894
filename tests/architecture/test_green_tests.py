"""Which suites may become green: whoever imports the kit has its whole process patched by eventlet."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
KIT = {"servicekit", "nameko", "eventlet"}


def imported(path: Path) -> set[str]:
    """Return the packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("suite", ["console", "conformance", "drills", "gateway"])
def test_what_drives_browsers_and_proxies_is_never_green(suite: str) -> None:
    """Playwright and asyncio wait for ever in a process that eventlet has patched."""
    shared = [TESTS / name for name in ("own_platform.py", "days.py", "judged.py", "attack/world.py")]
    modules = [*(TESTS / suite).glob("*.py"), *shared]
    assert [path.name for path in modules if KIT & imported(path)] == []
