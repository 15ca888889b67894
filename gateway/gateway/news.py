"""News: which services have published something, for requests that wait for events.

An event is heard of a moment before its service can show it (the service notes a publication after the broker has
confirmed it), and one event may be heard by many who wait. So nothing is taken from the message but its place: who
waits asks the service until it has reached that place.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any


class Listener:
    """One request that waits: what it has heard of and not yet seen."""

    def __init__(self, types: Iterable[str]) -> None:
        self._wanted = [wanted.split("*") for wanted in types]
        self._heard: dict[str, int] = {}
        self._doubted: set[str] = set()
        self._stirred = asyncio.Event()
        self.dismissed = False
        """Whether waiting has no point any more: this worker is about to stop."""

    def hear(self, service: str, event_type: str, sequence: int) -> None:
        """Note that a service has published an event."""
        if not self._wanted or any(_fits(pieces, event_type) for pieces in self._wanted):
            self._heard[service] = max(sequence, self._heard.get(service, 0))
            self._stirred.set()

    def doubt(self, services: Iterable[str]) -> None:
        """Note that services may have published something that has no known place: they have to be asked."""
        self._doubted.update(services)
        self._stirred.set()

    def dismiss(self) -> None:
        """Stop waiting."""
        self.dismissed = True
        self._stirred.set()

    def asking(self, services: Iterable[str]) -> None:
        """Note that services are asked now: only a question begun after a doubt can settle it."""
        self._doubted.difference_update(services)

    def seen(self, service: str, position: int) -> None:
        """Note how far a service has been read."""
        if service in self._heard and self._heard[service] <= position:
            del self._heard[service]

    async def news(self, timeout: float) -> list[str]:
        """Return the services that have something unseen, as soon as there are any; none after the timeout."""
        if not self._heard and not self._doubted and not self.dismissed:
            self._stirred.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._stirred.wait()
            except TimeoutError:
                pass
        return sorted(self._heard.keys() | self._doubted)


def _fits(pieces: list[str], event_type: str) -> bool:
    """Whether a type is made of these pieces with anything between them.

    It takes each piece at its first place and never goes back, so that no pattern costs more than its length times
    the type's: a regular expression made of a client's stars would (60 of them take longer than anybody lives).
    """
    if len(pieces) == 1:
        return event_type == pieces[0]
    first, *middle, last = pieces
    place, end = len(first), len(event_type) - len(last)
    if place > end or not event_type.startswith(first) or not event_type.endswith(last):
        return False
    for piece in middle:
        found = event_type.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


class News:
    """Passes on what is heard on the services' exchanges to the requests of this worker that wait."""

    def __init__(self, services: Iterable[str]) -> None:
        self._services = list(services)
        self._listeners: set[Listener] = set()
        self._leaving = False

    @contextmanager
    def listening(self, types: Iterable[str]) -> Iterator[Listener]:
        """Listen from now on; whoever asks the services after this misses nothing."""
        listener = Listener(types)
        listener.dismissed = self._leaving
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def on_event(self, service: str, event_type: str, event: Any) -> None:
        """Tell the listeners of an event; one whose place cannot be read puts its service in doubt."""
        try:
            sequence = int(event["sequence"])
        except (TypeError, KeyError, ValueError):
            for listener in self._listeners:
                listener.doubt([service])
            return
        for listener in self._listeners:
            listener.hear(service, event_type, sequence)

    def on_connected(self) -> None:
        """Tell the listeners that the connection was away."""
        for listener in self._listeners:
            listener.doubt(self._services)

    def dismiss(self) -> None:
        """Let everybody go who waits, now and later: a worker that stops must not keep them for a minute."""
        self._leaving = True
        for listener in self._listeners:
            listener.dismiss()
