"""Sliding windows that count by key, in memory that all workers of a gateway share."""

import mmap
from typing import NamedTuple

WINDOW = 60
"""Seconds."""
PLACES = 1 << 16
PROBED = 8
"""Places that a key may stand in; where others of now have all of them, the one with the fewest requests goes."""
KEY, NUMBER, CURRENT, PREVIOUS = range(4)
FIELDS, BYTES = 4, 8


class Hit(NamedTuple):
    """What a window says of one request."""

    granted: bool
    remaining: int
    retry_after: int
    """Seconds until one more would surely be granted."""
    whole_in: int
    """Seconds until nothing counts any more, if nothing else comes."""


class SlidingWindow:
    """Counts requests by key in two aligned windows; the older one counts by the part that still overlaps.

    The counts stand in anonymous memory that the workers inherit when they are forked, so a limit is one limit however
    a client's connections are spread. Nothing is locked, for a worker that is killed would leave its lock behind: two
    workers that count the same key in the same microsecond may count one request, which a limit can bear.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._table = memoryview(mmap.mmap(-1, PLACES * FIELDS * BYTES)).cast("q")

    def hit(self, key: str, now: float) -> Hit:
        """Count one request, if it is granted."""
        number, into = int(now // WINDOW), now % WINDOW
        table, at = self._table, self._place(hash(key), number)
        if (last := table[at + NUMBER]) != number:
            # The number first: who comes in between then counts too much rather than forgetting what was counted.
            counted, table[at + NUMBER] = table[at + CURRENT], number
            table[at + PREVIOUS] = counted if last == number - 1 else 0
            table[at + CURRENT] = 0
        current, previous = table[at + CURRENT], table[at + PREVIOUS]
        used = current + previous * (1 - into / WINDOW)
        granted = used + 1 <= self.limit
        if granted:
            current, used = current + 1, used + 1
            table[at + CURRENT] = current
        return Hit(
            granted,
            max(0, int(self.limit - used)),
            self._seconds_until_free(into, current, previous),
            _whole_in(into, current, previous),
        )

    def _place(self, key: int, number: int) -> int:
        """Return where a key stands, which it takes from nobody whose requests still count, if it can."""
        table = self._table
        places = [(key + step) % PLACES * FIELDS for step in range(PROBED)]
        for at in places:
            if table[at + KEY] == key and table[at + NUMBER] >= number - 1:
                return at
        at = min(places, key=lambda each: self._counted(each, number))
        table[at + NUMBER] = table[at + CURRENT] = table[at + PREVIOUS] = 0
        table[at + KEY] = key
        return at

    def _counted(self, at: int, number: int) -> int:
        if self._table[at + NUMBER] < number - 1:
            return 0
        return int(self._table[at + CURRENT] + self._table[at + PREVIOUS])

    def _seconds_until_free(self, into: float, current: int, previous: int) -> int:
        if previous and current + 1 <= self.limit:
            overlap = (self.limit - current - 1) / previous
            return max(1, int(WINDOW * (1 - overlap) - into) + 1)
        # This window is full by itself: wait until enough of it has left in the next one.
        overlap = (self.limit - 1) / max(1, current)
        return max(1, int(WINDOW - into + WINDOW * (1 - overlap)) + 1)


def _whole_in(into: float, current: int, previous: int) -> int:
    """Return the seconds until neither window overlaps with what was counted in it."""
    windows = 2 if current else 1 if previous else 0
    return max(0, int(windows * WINDOW - into) + 1) if windows else 0
