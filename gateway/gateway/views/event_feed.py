"""The event feed over HTTP: the events of all services, as far as the caller may see them, by cursor."""

import asyncio
import heapq
import re
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import RequestContext, request_context
from gateway.described import AskedMoment, known_query
from gateway.edge.admission import Admission
from gateway.edge.sessions import Caller
from gateway.errors import Problem, unavailable
from gateway.news import Listener, News
from gateway.settings import Settings
from gateway.views.event_answers import FEED_PAGE, FeedPage
from gateway.views.event_cursor import BEGINNING, END, Positions, decode_cursor, encode_cursor

log = structlog.get_logger()

LONGEST_WAIT = 60
MOST_EVENTS = 500
MOST_TYPES = 50
MOST_SUBJECTS = 50
MOST_STARS = 2
TYPE = re.compile(r"[a-z0-9_.*-]{1,100}")
SEARCHING_SECONDS = 5.0
"""For how long a request goes on where nothing of what was looked at may be seen and there is more to look at."""
PAUSE = 0.02
"""Seconds until a service is asked again that could not yet show an event that was heard; doubled each time."""
LONGEST_PAUSE = 1.0
RETRY_SECONDS = 2.0
"""Seconds until a service that did not answer is asked again by a request that waits."""


def event_feed_routes(
    bus: Bus, admission: Admission, settings: Settings, services: list[str], news: News
) -> APIRouter:
    """Return the route of the event feed."""
    router = APIRouter(tags=["events"], dependencies=[Depends(admission.first), Depends(known_query)])

    @router.get("/v1/events", summary="Event feed", response_model=FeedPage, responses=shown(FEED_PAGE))
    async def read_events(
        request: Request,
        after: Annotated[
            str, Query(description="`next` of an earlier answer, or `beginning`, or `end`.")
        ] = "",
        since: Annotated[
            AskedMoment | None,
            Query(
                description="Instead of `after`: begin with what was published from this time on (RFC 3339)."
            ),
        ] = None,
        types: Annotated[str, Query(description="Event types, e.g. `contract.*,receipt.booked`.")] = "",
        subject: Annotated[str, Query(description="Ids of records: only events about these.")] = "",
        limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = 100,
        wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for an event.")] = 0,
    ) -> Response:
        """Events after a cursor as CloudEvents, with the cursor to go on from as `next`.

        An event is shown to whoever may read its record. Events of one service come in the order they were
        published, each at least once: a program that repeats a request with the same cursor gets the same events
        again. A service that does not answer keeps its place in the cursor and is listed in `unavailable`. A
        cursor whose events are no longer kept is answered with 410 `cursor-expired`, the gap, and a `next` that
        goes on behind it; so is a cursor beyond what there is, and a time from which on not all is kept. `lag` says how
        far `next` is behind the end.
        """
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        wanted, subjects = _types(types), _subjects(subject)
        if since is not None and after:
            raise _refused("since", "Give a cursor or a time, not both.")
        positions: Positions = {} if after in ("", BEGINNING, END) else decode_cursor(after)
        until = time.monotonic() + wait
        with admission.waiting(context) if wait else nullcontext(), news.listening(wanted) as listener:
            reading = _Reading(bus, context, admission, caller, settings, listener, wanted, limit)
            reading.positions = positions
            reading.narrow(since, subjects)
            await reading.ask(services, END if after == END else BEGINNING)
            while not reading.items and await reading.goes_on(until) and not await request.is_disconnected():
                pass
        return json_answer(
            {
                "items": reading.items,
                "next": encode_cursor(reading.positions),
                "unavailable": sorted(reading.unavailable),
                "lag": reading.lag(),
            }
        )

    return router


class _Reading:
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
        try:
            # What the caller may see can have changed while the request waited.
            self._caller = await self._admission.still_signed_in(self._context)
        except Problem:
            return False
        await self.ask(sorted({*stirred, *lost}))
        return True

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


def _refused(field: str, message: str) -> Problem:
    return Problem(
        "invalid", "invalid-input", f"{field}: {message}", errors=[{"field": field, "message": message}]
    )


def _subjects(text: str) -> list[str]:
    """Return the ids that are named, by comma."""
    try:
        subjects = [str(UUID(named.strip())) for named in text.split(",") if named.strip()]
    except ValueError:
        raise _refused("subject", "Not the id of a record.") from None
    if len(subjects) > MOST_SUBJECTS:
        raise _refused("subject", f"At most {MOST_SUBJECTS} ids.")
    return subjects


def _types(text: str) -> list[str]:
    types = [wanted.strip() for wanted in text.split(",") if wanted.strip()]
    plain = all(TYPE.fullmatch(wanted) and wanted.count("*") <= MOST_STARS for wanted in types)
    if len(types) > MOST_TYPES or not plain:
        message = (
            f"At most {MOST_TYPES} event types with at most {MOST_STARS} stars, e.g. contract.*,*.settled."
        )
        raise _refused("types", message)
    return types
