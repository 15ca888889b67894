"""Operating the bus over HTTP: what waits, what failed, and how to mend it. The services check ``bus.operate``."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from gateway.answers import json_answer
from gateway.bus import Bus
from gateway.context import request_context
from gateway.edge.admission import Admission
from gateway.errors import Problem
from gateway.views.bus_audit import differences, restated
from gateway.views.sections import SectionBus

TIMEOUT = 10.0
"""Seconds a page of replayed or compared rows may take."""
MOST_PAGES = 20
"""Pages of one request; the answer's ``next`` goes on from there."""


class Discard(BaseModel):
    """Why an event is given up."""

    reason: str = Field(min_length=1, max_length=1000)


class RedriveAll(BaseModel):
    """Which parked events are handled once more."""

    types: list[str] = []
    """None named: all."""


class Replay(BaseModel):
    """Which of a service's events are sent once more, and to whom."""

    consumer: str
    since: str | None = None
    types: list[str] = []
    again: bool = False
    """Whether what the consumer has handled is handled once more."""
    replay_id: str | None = None
    """What an earlier answer named, together with its ``next``."""
    after: int = 0


class Rebuild(BaseModel):
    """Whose copy is told anew."""

    consumer: str
    types: list[str] = []
    from_empty: bool = False


def bus_operations_routes(bus: Bus, admission: Admission, services: list[str]) -> APIRouter:
    """Return the routes for operators."""
    router = APIRouter(tags=["bus"])

    async def operator(request: Request) -> SectionBus:
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        return SectionBus(bus, {**context.rpc_headers(), "nameko.caller": caller.header}, TIMEOUT)

    def known(service: str) -> str:
        if service not in services:
            raise Problem("not_found", "service-not-found", "There is no service of this name.")
        return service

    @router.get("/v1/bus", summary="State of the bus")
    async def bus_state(request: Request) -> Response:
        """Outbox lag, queue depths and failed events of every service; needs ``bus.operate``."""
        return json_answer({"services": await _described(await operator(request), services)})

    @router.get("/v1/bus/parked", summary="Parked events")
    async def parked_events(
        request: Request, service: str | None = None, state: str = "parked", after: str | None = None
    ) -> Response:
        """Events that were given up, with their error: the first 500 of each service, or of one service page by page,
        each beginning ``after`` what ``next`` of the page before says."""
        calls = await operator(request)
        asked = [known(service)] if service else services
        arguments = {"state": None if state == "all" else state, "limit": 500}
        if after is not None and service:
            arguments["after"] = after
        pages = await asyncio.gather(
            *(_or_away(calls, each, "list_failed_events", arguments) for each in asked)
        )
        return json_answer(
            {
                "items": [
                    {"service": each, **item}
                    for each, page in zip(asked, pages, strict=True) for item in (page or {}).get("items", [])
                ],
                "unavailable": [each for each, page in zip(asked, pages, strict=True) if page is None],
                "next": pages[0]["next"] if service and pages[0] else None,
            }
        )  # fmt: skip

    @router.get("/v1/bus/parked/{service}/{event_id}", summary="A parked event")
    async def parked_event(request: Request, service: str, event_id: str) -> Response:
        """A failed event with its payload."""
        calls = await operator(request)
        return json_answer(await calls.call(known(service), "show_failed_event", {"event_id": event_id}))

    @router.post("/v1/bus/parked/{service}/{event_id}/redrive", summary="Handle a parked event once more")
    async def redrive(request: Request, service: str, event_id: str) -> Response:
        """Sent to its service unchanged; handled once, or parked again with its new error."""
        calls = await operator(request)
        return json_answer(await calls.call(known(service), "redrive_event", {"event_id": event_id}))

    @router.post(
        "/v1/bus/parked/{service}/redrive", summary="Handle all parked events of a service once more"
    )
    async def redrive_all(request: Request, service: str, body: RedriveAll | None = None) -> Response:
        """The oldest first; those that are parked anew meanwhile are left."""
        calls = await operator(request)
        parked = (await calls.call(known(service), "describe_bus", {}))["failed"]["parked"]
        redriven = 0
        while redriven < parked:
            arguments = {"types": body.types if body else []}
            sent = (await calls.call(service, "redrive_parked_events", arguments))["redriven"]
            if not sent:
                break
            redriven += sent
        return json_answer({"redriven": redriven})

    @router.post("/v1/bus/parked/{service}/{event_id}/discard", summary="Give a parked event up")
    async def discard(request: Request, service: str, event_id: str, body: Discard) -> Response:
        """The event stays, marked with who gave it up and why."""
        calls = await operator(request)
        arguments = {"event_id": event_id, "reason": body.reason}
        return json_answer(await calls.call(known(service), "discard_event", arguments))

    @router.post("/v1/bus/{service}/replay", summary="Send a service's events once more to one consumer")
    async def replay(request: Request, service: str, body: Replay) -> Response:
        """Of what the consumer listens to; at most 4,000 events a request, ``next`` says where to go on."""
        calls = await operator(request)
        types = await _listened(calls, known(service), known(body.consumer), body.types)
        replay_id = body.replay_id or (str(uuid4()) if body.again else None)
        arguments = {"consumer": body.consumer, "types": types, "since": body.since, "replay_id": replay_id}
        sent, after, kept_since = 0, body.after, None
        for _ in range(MOST_PAGES):
            page = await calls.call(service, "replay_events", {**arguments, "after": after})
            sent, after = sent + page["sent"], page["next"]
            kept_since = kept_since or page["kept_since"]
            if after is None:
                break
        return json_answer({"sent": sent, "replay_id": replay_id, "kept_since": kept_since, "next": after})

    @router.post("/v1/bus/{service}/rebuild", summary="Tell one consumer a service's records anew")
    async def rebuild(request: Request, service: str, body: Rebuild) -> StreamingResponse:
        """The present state of everything the consumer copies; one line of JSON a page."""
        calls = await operator(request)
        listened = await _listened(calls, known(service), known(body.consumer), body.types)
        described = await calls.call(service, "describe_bus", {})
        types = [each for each in described["restates"] if each in listened]
        if body.from_empty:
            await calls.call(body.consumer, "empty_copies", {"source": service})
        return _lines(_told_again(calls, service, body.consumer, types))

    @router.get("/v1/bus/audit", summary="Compare the services' records")
    async def audit(request: Request, kind: str | None = None, grace: float = 60.0) -> StreamingResponse:
        """Every difference as one line of JSON, then a line with their number."""
        calls = await operator(request)
        described = await _described(calls, services)
        return _lines(differences(calls, described, kind, grace, mend=False))

    @router.post("/v1/bus/audit/mend", summary="Compare the services' records and mend what differs")
    async def mend(request: Request, kind: str | None = None, grace: float = 60.0) -> StreamingResponse:
        """As the audit; each line says what was told again, or nothing where a person has to look."""
        calls = await operator(request)
        described = await _described(calls, services)
        return _lines(differences(calls, described, kind, grace, mend=True))

    return router


async def _described(calls: SectionBus, services: list[str]) -> list[dict[str, Any]]:
    answers = await asyncio.gather(*(_or_away(calls, service, "describe_bus", {}) for service in services))
    return [
        answer or {"service": service, "unavailable": True}
        for service, answer in zip(services, answers, strict=True)
    ]


async def _or_away(calls: SectionBus, service: str, method: str, arguments: dict[str, Any]) -> Any:
    """Return a service's answer, or None where it does not come."""
    try:
        return await calls.call(service, method, arguments)
    except Problem as problem:
        if problem.kind in ("unavailable", "internal"):
            return None
        raise


async def _listened(calls: SectionBus, service: str, consumer: str, types: list[str]) -> list[str]:
    described = await calls.call(consumer, "describe_bus", {})
    found = sorted(each["type"] for each in described["listens"] if each["source"] == service)
    wanted = [each for each in found if not types or each in types]
    if not wanted:
        raise Problem(
            "conflict", "not-listened-to", f"{consumer} listens to none of these events of {service}."
        )
    return wanted


async def _told_again(
    calls: SectionBus, service: str, consumer: str, types: list[str]
) -> AsyncIterator[dict[str, Any]]:
    for event_type in types:
        async for sent in restated(calls, service, event_type, consumer):
            yield {"type": event_type, "sent": sent}


def _lines(rows: AsyncIterator[dict[str, Any]]) -> StreamingResponse:
    """Stream rows as lines of JSON; a problem on the way becomes the last line, for the status is out."""

    async def lines() -> AsyncIterator[bytes]:
        try:
            async for row in rows:
                yield orjson.dumps(row) + b"\n"
        except Problem as problem:
            yield orjson.dumps({"error": problem.code, "detail": problem.detail}) + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")
