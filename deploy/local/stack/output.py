"""What the person at the terminal reads, and how trouble reaches them: one line, never a traceback."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

COLOURS = {
    "identity": 33,
    "customer": 32,
    "sales": 36,
    "contract": 35,
    "finance": 34,
    "service-desk": 92,
    "gateway": 97,
    "rabbitmq": 90,
    "postgres": 90,
    "kehu": 1,
}


class Trouble(Exception):
    """Something the person can put right; its text is the one line they get."""


def is_terminal() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ


def prefixed(name: str, line: str) -> str:
    """The line with its process's name in front, coloured where someone is watching."""
    label = f"{name:<12} │ "
    if is_terminal():
        label = f"\x1b[{COLOURS.get(name, 0)}m{label}\x1b[0m"
    return label + line


def say(line: str, name: str = "kehu") -> None:
    """Print a line; a terminal that has gone away is no reason to stop."""
    try:
        print(prefixed(name, line), flush=True)
    except (OSError, ValueError):
        pass


@contextmanager
def told(what: str, every: float = 5.0) -> Iterator[None]:
    """Say what begins, go on saying that it is still at it, and say how long it took when that was long."""
    say(f"{what} ...")
    began = time.monotonic()
    finished = threading.Event()

    def remind() -> None:
        while not finished.wait(every):
            say(f"{what}: {time.monotonic() - began:.0f} s so far")

    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        finished.set()
        reminder.join()
    took = time.monotonic() - began
    if took > 2:
        say(f"{what}: done in {took:.1f} s")
