"""Asks the platform again and again while something is broken, and keeps what it was answered."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any

from world import World


class Watch:
    """Sends one request after the other from a thread of its own; used with ``with``.

    Args:
        body: what is posted; without one it is a read.
    """

    def __init__(self, world: World, path: str, body: Any = None, pause: float = 0.1) -> None:
        self.world = world
        self.path = path
        self.body = body
        self.pause = pause
        self.answers: list[tuple[float, int, float, str]] = []
        """When each was sent, its status (0: none), the seconds it took, its Retry-After."""
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finished.set()
        self._thread.join()

    def refused(self, since: float = 0.0) -> list[tuple[float, int, float, str]]:
        """What was answered 503, of what was sent after a moment."""
        return [answer for answer in self.answers if answer[1] == 503 and answer[0] >= since]

    def _run(self) -> None:
        method = "GET" if self.body is None else "POST"
        while not self._finished.wait(self.pause):
            sent = time.monotonic()
            status, seconds, headers = self.world.probe(self.path, method, self.body)
            self.answers.append((sent, status, seconds, headers.get("retry-after", "")))


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0
