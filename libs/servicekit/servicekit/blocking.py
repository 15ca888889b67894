"""Work that keeps a processor busy, done in threads so that the service goes on answering."""

from collections.abc import Callable
from typing import TypeVar

from eventlet import tpool
from eventlet.semaphore import Semaphore

Result = TypeVar("Result")

AT_ONCE = 2
"""More threads would take the processor from those who wait for quick answers."""

_places = Semaphore(AT_ONCE)


def run_blocking(work: Callable[..., Result], *arguments: object) -> Result:
    """Run work in a thread and wait for it while other greenlets go on; what it raises is raised here."""
    with _places:
        result: Result = tpool.execute(work, *arguments)
        return result
