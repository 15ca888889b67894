"""Rate limits: a sliding window a caller, counted over all workers, and how many of its requests wait at a worker."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gateway import metrics
from gateway.context import RequestContext
from gateway.edge.windows import WINDOW, SlidingWindow
from gateway.errors import Problem
from gateway.settings import Settings

RETRY_WAITING = 5
"""Seconds after which one of the requests that wait has probably been answered."""


class RateLimits:
    """The limits of signed-in callers and of anonymous addresses."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._caller = SlidingWindow(settings.rate_limit)
        self._anonymous = SlidingWindow(settings.anonymous_rate_limit)
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
        hit = window.hit(key, time.time())
        context.response_headers += (
            (b"ratelimit-policy", f'"{policy}";q={window.limit};w={WINDOW}'.encode()),
            (b"ratelimit", f'"{policy}";r={hit.remaining};t={hit.whole_in}'.encode()),
        )
        if not hit.granted:
            metrics.RATE_LIMITED.labels(policy).inc()
            raise Problem(
                "unavailable",
                "rate-limited",
                f"More than {window.limit} requests in {WINDOW} seconds.",
                retry_after=hit.retry_after,
            )
