"""One request's way through the services' events, which the feed and the stream have in common."""

import asyncio
import heapq
import time
from datetime import UTC, datetime
from typing import Any

import structlog

from gateway.bus import Bus
from gateway.context import RequestContext
from gateway.edge.admission import Admission
from gateway.edge.sessions import Caller
from gateway.errors import Problem, to_document, unavailable
from gateway.news import Listener
from gateway.settings import Settings
from gateway.views.event_cursor import BEGINNING, END, Positions, encode_cursor

log = structlog.get_logger()

SEARCHING_SECONDS = 5.0
"""For how long a request goes on where nothing of what was looked at may be seen and there is more to look at."""
PAUSE = 0.02
"""Seconds until a service is asked again that could not yet show an event that was heard; doubled each time."""
LONGEST_PAUSE = 1.0
RETRY_SECONDS = 2.0
"""Seconds until a service that did not answer is asked again by a request that waits."""


class Reading:
    """One request's way through the services' events."""

    def __init__(
        self,
        bus: Bus,
        context: RequestContext,
        admission: Admission,
        caller: Caller,
        settings: Settings,
        listener: Listener,
        types: list[str],
        limit: int,
    ) -> None:
        self.items: list[dict[str, Any]] = []
        self.positions: Positions = {}
        self.unavailable: set[str] = set()
        self._bus = bus
        self._context = context
        self._admission = admission
        self._caller = caller
        self._timeout = settings.feed_timeout
        self._listener = listener
        self._asked_for: dict[str, Any] = {"types": types, "limit": limit}
        self._limit = limit
        self._behind: dict[str, tuple[int, str | None]] = {}
        """Services that have more, with how many events and since when."""
        self._since: datetime | None = None
        self._search_until = time.monotonic() + SEARCHING_SECONDS
        self._retry_at = 0.0
        self._pause = PAUSE

    def narrow(self, since: datetime | None, subjects: list[str]) -> None:
        """Begin at a time, and ask for some records' events only."""
        self._since = since
        if subjects:
            self._asked_for["subjects"] = subjects

    def lag(self) -> dict[str, Any]:
        """Return how far the cursor is behind the end: how many events, and how long ago the first of them happened."""
        times = [datetime.fromisoformat(happened) for _, happened in self._behind.values() if happened]
        seconds = (datetime.now(UTC) - min(times)).total_seconds() if times else 0.0
        return {
            "events": sum(count for count, _ in self._behind.values()),
            "seconds": round(max(seconds, 0.0), 3),
        }

    async def goes_on(self, until: float) -> bool:
        """Ask again where it may help, after waiting for it; return whether it may help once more."""
        if self._behind and time.monotonic() < max(until, self._search_until):
            await self.ask(sorted(self._behind))
            return True
        left = until - time.monotonic()
        if left <= 0 or self._listener.dismissed:
            return False
        began = time.monotonic()
        stirred = await self._listener.news(min(left, self._retry_at - began if self.unavailable else left))
        if stirred and not self._listener.dismissed:
            # The pause lets a service note what it published, and lets a flood of events come as one page.
            await asyncio.sleep(min(self._pause, max(until - time.monotonic(), 0)))
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        waited = time.monotonic() - began
        self._context.waited += waited
        if waited > LONGEST_PAUSE:
            self._pause = PAUSE
        lost = self.unavailable if time.monotonic() >= self._retry_at else set()
        if not stirred and not lost:
            return True
        if not await self.may_go_on():
            return False
        await self.ask(sorted({*stirred, *lost}))
        return True

    def problem(self, problem: Problem) -> str:
        """Return a problem as a document, for an answer that has begun."""
        return to_document(problem, self._context.correlation_id, self._context.language).decode()

    async def may_go_on(self) -> bool:
        """Tell whether the caller is still signed in, and the worker stays; what they may see can have changed."""
        try:
            self._caller = await self._admission.still_signed_in(self._context)
        except Problem:
            return False
        return not self._listener.dismissed

    async def ask(self, services: list[str], start: str = BEGINNING) -> None:
        """Ask services for what comes after their positions, and take it in."""
        headers = {**self._context.rpc_headers(), "nameko.caller": self._caller.header}
        self._listener.asking(services)
        answers = await asyncio.gather(*(self._ask_one(service, headers, start) for service in services))
        pages = {service: page for service, page in zip(services, answers, strict=True) if page is not None}
        missing = {service for service, page in zip(services, answers, strict=True) if page is None}
        if start == END and missing:
            raise unavailable(
                "service-unavailable", f"Where {', '.join(sorted(missing))} ends is not known now."
            )
        if missing:
            self._retry_at = time.monotonic() + RETRY_SECONDS
        self.unavailable = (self.unavailable - pages.keys()) | missing
        for service in missing:
            self._behind.pop(service, None)
        self._refuse_gaps(pages)
        self._take(pages)

    async def _ask_one(self, service: str, headers: dict[str, str], start: str) -> dict[str, Any] | None:
        kwargs = {"after": self.positions.get(service, start), **self._asked_for}
        if self._since is not None and service not in self.positions:
            kwargs["since"] = self._since.isoformat()
        try:
            reply = await self._bus.call(
                service, "read_events", kwargs, headers=headers, timeout=self._timeout
            )
        except Problem as problem:
            if problem.kind != "unavailable":
                log.error("events not read", service=service, code=problem.code, detail=problem.detail)
            return None
        page: dict[str, Any] = reply.result
        if any(event.get("source") != f"/kehu/{service}" for event in page["items"]):
            log.error("events of another service refused", service=service)
            return None
        return page

    def _refuse_gaps(self, pages: dict[str, dict[str, Any]]) -> None:
        """Raise ``cursor-expired`` where events between the cursor and what is kept are gone."""
        gaps, beyond = [], dict(self.positions)
        for service, page in pages.items():
            position = self.positions.get(service)
            if position is None:
                kept_since = page.get("kept_since")
                if self._since and kept_since and self._since < datetime.fromisoformat(kept_since):
                    gaps.append({"service": service, "from": 1, "to": page["first"] - 1})
                    beyond[service] = page["first"] - 1
                continue
            if position < page["first"] - 1:
                gaps.append({"service": service, "from": position + 1, "to": page["first"] - 1})
                beyond[service] = page["first"] - 1
            elif position > page["last"]:
                # Only a database that was restored to an earlier day counts less than it once did.
                gaps.append({"service": service, "from": page["last"] + 1, "to": position})
                beyond[service] = page["published"]
        if gaps:
            names = ", ".join(gap["service"] for gap in gaps)
            raise Problem(
                "conflict",
                "cursor-expired",
                f"Not all events of {names} after this are kept: load the records, and go on behind the gap at next.",
                more={"gaps": gaps, "next": encode_cursor(beyond)},
            )

    def _take(self, pages: dict[str, dict[str, Any]]) -> None:
        """Merge pages in the order of time, each service's own order kept, and note how far each was read."""
        merged = list(heapq.merge(*map(_timed, pages.items()), key=lambda timed: timed[:2]))
        self.items = [event for _, _, event in merged[: self._limit]]
        left_out: dict[str, dict[str, Any]] = {}
        for _, service, event in merged[self._limit :]:
            left_out.setdefault(service, event)
        for service, page in pages.items():
            reached, behind_since = page["position"], page.get("behind_since")
            if service in left_out:
                reached, behind_since = int(left_out[service]["sequence"]) - 1, left_out[service]["time"]
            self.positions[service] = reached
            self._listener.seen(service, reached)
            self._behind.pop(service, None)
            if reached < page["published"]:
                self._behind[service] = page["published"] - reached, behind_since


def _timed(page: tuple[str, dict[str, Any]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return events with the keys they are merged by; a clock that went back must not change their order."""
    service, timed, latest = page[0], [], ""
    for event in page[1]["items"]:
        latest = max(latest, event["time"])
        timed.append((latest, service, event))
    return timed
