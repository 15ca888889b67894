"""What is to happen as soon as this worker is told to stop, before it waits for its requests to end."""

from collections.abc import Callable

_farewells: list[Callable[[], None]] = []


def when_leaving(farewell: Callable[[], None]) -> None:
    """Have something called when the worker is told to stop."""
    _farewells.append(farewell)


def leave() -> None:
    """Say that the worker was told to stop."""
    for farewell in _farewells:
        farewell()
