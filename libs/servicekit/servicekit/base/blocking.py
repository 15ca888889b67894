"""Work that keeps a processor busy, done in threads so that the service goes on answering."""

import socket
from collections.abc import Callable
from typing import Any, TypeVar

from eventlet import tpool
from eventlet.semaphore import Semaphore

Result = TypeVar("Result")

AT_ONCE = 2
"""More threads would take the processor from those who wait for quick answers."""

LOOK_UPS_AT_ONCE = 4

_places = Semaphore(AT_ONCE)
_look_ups = Semaphore(LOOK_UPS_AT_ONCE)


def run_blocking(work: Callable[..., Result], *arguments: object) -> Result:
    """Run work in a thread and wait for it while other greenlets go on; what it raises is raised here."""
    with _places:
        result: Result = tpool.execute(work, *arguments)
        return result


def look_up(host: str, port: int) -> list[Any]:
    """Look up the addresses of a name in a thread; slow name servers keep only each other waiting.

    Returns:
        What ``socket.getaddrinfo`` returns for TCP.

    Raises:
        OSError: if the name is not known.
    """
    with _look_ups:
        found: list[Any] = tpool.execute(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
        return found
