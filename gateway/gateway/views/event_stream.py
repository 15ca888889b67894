"""The event feed as server-sent events: one answer that goes on, and that a client takes up again where it was cut."""

import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import format_sse_event
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.answers import EVENTS
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem
from gateway.news import News
from gateway.settings import Settings
from gateway.views.event_answers import FEED_PAGE, CloudEvent
from gateway.views.event_cursor import BEGINNING, END, Positions, decode_cursor, encode_cursor
from gateway.views.event_feed import Subjects, Types, wanted_subjects, wanted_types
from gateway.views.event_reading import Reading

LONGEST_STREAM = 3600
HEARTBEAT = 15.0
"""Seconds of silence after which something is sent all the same: what stands between must not take it for dead."""
RETRY_MILLISECONDS = 2000
PAGE = 100
EXAMPLE = (
    format_sse_event(retry=RETRY_MILLISECONDS),
    format_sse_event(id=encode_cursor({"contract": 411})),
    format_sse_event(data_str=orjson.dumps(FEED_PAGE["items"][0]).decode(), id=FEED_PAGE["next"]),
    format_sse_event(comment=""),
)
SHOWN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `data` of each is a CloudEvent, its `id` the cursor behind it.",
        "model": CloudEvent,
        "content": {EVENTS: {"example": b"".join(EXAMPLE).decode()}},
    }
}


class EventStream(StreamingResponse):
    """An answer of server-sent events, which holds what its client has taken up until it ends."""

    media_type = EVENTS

    held: ExitStack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # At this version whoever goes away is noticed at once; at a later one it would be with the next event.
        scope = {**scope, "asgi": {"version": "3.0", "spec_version": "2.3"}}
        with self.held:
            await super().__call__(scope, receive, send)


def event_stream_routes(
    bus: Bus, admission: Admission, settings: Settings, services: list[str], news: News
) -> APIRouter:
    """Return the route of the stream."""
    router = APIRouter(tags=["events"], dependencies=[Depends(admission.first), Depends(known_query)])

    @router.get("/v1/events/stream", summary="Event stream", response_class=EventStream, responses=SHOWN)
    async def stream_events(
        request: Request,
        after: Annotated[
            str, Query(description="A cursor of the feed, or `beginning`, or `end`: from now on.")
        ] = END,
        last_event_id: Annotated[
            str,
            Header(
                alias="Last-Event-ID",
                description="The last `id` that came: the stream goes on behind it, whatever `after` says.",
            ),
        ] = "",
        types: Types = None,
        subject: Subjects = None,
        wait: Annotated[
            float, Query(ge=0, le=LONGEST_STREAM, description="Seconds after which the stream ends.")
        ] = LONGEST_STREAM,
    ) -> Response:
        """The events of `GET /v1/events` as server-sent events, as they happen.

        Each has the CloudEvent as its `data` and the cursor behind it as its `id`; where the cursor moves on over
        events that are not shown, an `id` comes alone. A client that was cut sends the last one as `Last-Event-ID` and
        misses nothing. An event called `cursor-expired`, whose `data` is the problem of the feed, tells of a gap: load
        the records; its `id` is the cursor behind the gap. The stream ends then, and it ends with the sign-in, with
        the access token, and where the server stops. After 15 seconds without an event a comment comes. A stream is
        one of the account's waiting requests.
        """
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        wanted, subjects = wanted_types(types), wanted_subjects(subject)
        start = last_event_id or after
        positions: Positions = {} if start in ("", BEGINNING, END) else decode_cursor(start)
        # A proxy that collects answers, as nginx does, would collect this one for ever.
        headers = {"x-accel-buffering": "no"}
        if context.only_headers:
            return Response(headers=headers, media_type=EVENTS)
        with ExitStack() as held:
            held.enter_context(admission.waiting(context))
            listener = held.enter_context(news.listening(wanted))
            reading = Reading(bus, context, admission, caller, settings, listener, wanted, PAGE)
            reading.positions = positions
            reading.narrow(None, subjects)
            stream = _Stream(reading, time.monotonic() + wait)
            if start == END:
                # Where it ends has to be known before anything is promised.
                await reading.ask(services, END)
            answer = EventStream(stream.blocks([] if start == END else services), headers=headers)
            answer.held = held.pop_all()
            return answer

    return router


class _Stream:
    """What one client is told."""

    def __init__(self, reading: Reading, until: float) -> None:
        self._reading = reading
        self._until = until
        self._told: Positions = dict(reading.positions)

    async def blocks(self, services: list[str]) -> AsyncIterator[bytes]:
        """Yield the stream.

        Args:
            services: that are asked before anything is waited for.
        """
        yield format_sse_event(retry=RETRY_MILLISECONDS)
        try:
            if services:
                await self._reading.ask(services)
            while True:
                yield self._news()
                until = min(time.monotonic() + HEARTBEAT, self._until)
                while not self._reading.items and await self._reading.goes_on(until):
                    pass
                if self._reading.items:
                    continue
                if time.monotonic() >= self._until or not await self._reading.may_go_on():
                    return
                yield format_sse_event(comment="")
        except Problem as problem:
            yield self._gap(problem)

    def _news(self) -> bytes:
        """Return the events of a page, each with the cursor behind it; only a cursor where it moved on alone."""
        items, blocks = self._reading.items, []
        self._reading.items = []
        for event in items[:-1]:
            self._told[event["source"].rpartition("/")[2]] = int(event["sequence"])
            blocks.append(_block(event, self._told))
        moved = self._told != self._reading.positions
        self._told = dict(self._reading.positions)
        if items:
            blocks.append(_block(items[-1], self._told))
        elif moved:
            blocks.append(format_sse_event(id=encode_cursor(self._told)))
        return b"".join(blocks)

    def _gap(self, problem: Problem) -> bytes:
        document = self._reading.problem(problem)
        return format_sse_event(event=problem.code, data_str=document, id=problem.more.get("next"))


def _block(event: dict[str, Any], positions: Positions) -> bytes:
    return format_sse_event(data_str=orjson.dumps(event).decode(), id=encode_cursor(positions))
