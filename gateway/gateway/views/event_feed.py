"""The event feed over HTTP: the events of all services, as far as the caller may see them, by cursor."""

import re
import time
from contextlib import nullcontext
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import AskedMoment, known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem, field_error
from gateway.news import News
from gateway.settings import Settings
from gateway.views.event_answers import FEED_PAGE, FeedPage
from gateway.views.event_cursor import BEGINNING, END, Positions, decode_cursor, encode_cursor
from gateway.views.event_reading import Reading

LONGEST_WAIT = 60
MOST_EVENTS = 500
MOST_TYPES = 50
MOST_SUBJECTS = 50
MOST_STARS = 2
TYPE = re.compile(r"[a-z0-9_.*-]{1,100}")
Types = Annotated[str | None, Query(description="Event types, e.g. `contract.*,receipt.booked`.")]
Subjects = Annotated[str | None, Query(description="Ids of records: only events about these.")]


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
        types: Types = None,
        subject: Subjects = None,
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
        wanted, subjects = wanted_types(types), wanted_subjects(subject)
        if since is not None and after:
            raise _refused("since", "cursor-or-time", "Give a cursor or a time, not both.")
        positions: Positions = {} if after in ("", BEGINNING, END) else decode_cursor(after)
        wait = 0 if context.only_headers else wait
        until = time.monotonic() + wait
        with admission.waiting(context) if wait else nullcontext(), news.listening(wanted) as listener:
            reading = Reading(bus, context, admission, caller, settings, listener, wanted, limit)
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


def _refused(field: str, code: str, message: str, **params: Any) -> Problem:
    error = field_error(field, code, message, **params)
    return Problem("invalid", "invalid-input", f"{field}: {error['message']}", errors=[error])


def _named(text: str | None) -> list[str]:
    return [named.strip() for named in (text or "").split(",") if named.strip()]


def wanted_subjects(text: str | None) -> list[str]:
    """Return the ids that are named, by comma; a filter that names none is a mistake, not everything."""
    try:
        subjects = [str(UUID(named)) for named in _named(text)]
    except ValueError:
        raise _refused("subject", "not-an-id", "Not the id of a record.") from None
    if text is not None and not subjects:
        raise _refused("subject", "not-an-id", "Not the id of a record.")
    if len(subjects) > MOST_SUBJECTS:
        raise _refused("subject", "too-many-values", "At most {max} ids.", max=MOST_SUBJECTS)
    return subjects


def wanted_types(text: str | None) -> list[str]:
    """Return the event types that are named, by comma; a filter that names none is a mistake, not everything."""
    types = _named(text)
    plain = all(TYPE.fullmatch(wanted) and wanted.count("*") <= MOST_STARS for wanted in types)
    if len(types) > MOST_TYPES or not plain or (text is not None and not types):
        told = "At most {max} event types with at most {stars} stars, e.g. contract.*,*.settled."
        raise _refused("types", "not-event-types", told, max=MOST_TYPES, stars=MOST_STARS)
    return types
