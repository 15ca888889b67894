"""Rate limits: a sliding window a caller, and how many of its requests wait, counted in the worker's memory.

Each worker counts for itself and grants its share of the limit, so that all workers together grant the whole.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gateway import metrics
from gateway.context import RequestContext
from gateway.errors import Problem
from gateway.settings import Settings

WINDOW = 60
RETRY_WAITING = 5
"""Seconds after which one of the requests that wait has probably been answered."""


class SlidingWindow:
    """Counts requests by key in two aligned windows; the older one counts by the part that still overlaps.

    The approximation needs two numbers a key, and forgets a key by itself when the windows move on.
    """

    def __init__(self, limit: int):
        self.limit = limit
        self._number = 0
        self._current: Counter[str] = Counter()
        self._previous: Counter[str] = Counter()

    def hit(self, key: str, now: float) -> tuple[bool, int, int]:
        """Count one request; return whether it is granted, how many remain, and the seconds until more do."""
        number, into = divmod(now, WINDOW)
        if number != self._number:
            self._previous = self._current if number == self._number + 1 else Counter()
            self._current = Counter()
            self._number = int(number)
        current, previous = self._current[key], self._previous.get(key, 0)
        used = current + previous * (1 - into / WINDOW)
        granted = used + 1 <= self.limit
        if granted:
            self._current[key] = current + 1
            used += 1
        return granted, max(0, int(self.limit - used)), self._seconds_until_free(into, current, previous)

    def _seconds_until_free(self, into: float, current: int, previous: int) -> int:
        """Return the seconds until one more request would surely be granted."""
        if previous and current + 1 <= self.limit:
            overlap = (self.limit - current - 1) / previous
            return max(1, int(WINDOW * (1 - overlap) - into) + 1)
        # This window is full by itself: wait until enough of it has left in the next one.
        overlap = (self.limit - 1) / max(1, current)
        return max(1, int(WINDOW - into + WINDOW * (1 - overlap)) + 1)


class RateLimits:
    """The limits of signed-in callers and of anonymous addresses."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._caller = SlidingWindow(max(1, settings.rate_limit // settings.workers))
        self._anonymous = SlidingWindow(max(1, settings.anonymous_rate_limit // settings.workers))
        self._most_waiting = max(1, settings.waiting_limit // settings.workers)
        self._waiting: Counter[str] = Counter()

    def count_caller(self, context: RequestContext, account_id: str) -> None:
        """Count a request of a signed-in caller, or refuse it."""
        self._count(context, self._caller, "caller", account_id)

    def count_anonymous(self, context: RequestContext) -> None:
        """Count a request without a sign-in by the client's address, or refuse it."""
        self._count(context, self._anonymous, "address", context.client_address)

    @contextmanager
    def waiting(self, account_id: str) -> Iterator[None]:
        """Count a request among those of its account that wait, or refuse it where too many do."""
        if self._waiting[account_id] >= self._most_waiting:
            metrics.RATE_LIMITED.labels("waiting").inc()
            raise Problem(
                "unavailable",
                "too-many-waiting",
                f"An account has {self._settings.waiting_limit} requests waiting at a gateway at most, shared "
                f"evenly by its {self._settings.workers} workers; this worker's {self._most_waiting} wait already.",
                retry_after=RETRY_WAITING,
            )
        self._waiting[account_id] += 1
        try:
            yield
        finally:
            self._waiting[account_id] -= 1
            if not self._waiting[account_id]:
                del self._waiting[account_id]

    def _count(self, context: RequestContext, window: SlidingWindow, policy: str, key: str) -> None:
        granted, remaining, seconds = window.hit(key, time.time())
        context.response_headers += (
            (b"ratelimit-policy", f'"{policy}";q={window.limit};w={WINDOW}'.encode()),
            (b"ratelimit", f'"{policy}";r={remaining};t={seconds}'.encode()),
        )
        if not granted:
            metrics.RATE_LIMITED.labels(policy).inc()
            raise Problem(
                "unavailable",
                "rate-limited",
                f"More than {window.limit} requests in {WINDOW} seconds.",
                retry_after=seconds,
            )
