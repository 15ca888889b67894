"""The reasoned exceptions of `exceptions.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("exceptions.toml")


def exceptions(tool: str) -> dict[str, str]:
    """Return what a tool's findings may say, with the reason of each."""
    found: dict[str, str] = tomllib.loads(FILE.read_text()).get(tool, {})
    assert all(found.values()), "an exception without a reason"
    return found
