"""Events that a service gave up: looking at them, handling them once more, discarding them."""

import asyncio

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from gateway.answers import json_answer
from gateway.views.bus_operators import Asked, EventTypes, Operators, or_away

PAGE = 500
"""Parked events of one service in an answer."""


class Discard(Asked):
    """Why an event is given up."""

    reason: str = Field(min_length=1, max_length=1000)


class RedriveAll(Asked):
    """Which parked events are handled once more."""

    types: EventTypes = []
    """None named: all."""


def parked_routes(operators: Operators) -> APIRouter:
    """Return the routes that look at parked events."""
    router = APIRouter()

    @router.get("/v1/bus/parked", summary="Parked events")
    async def parked_events(
        request: Request, service: str | None = None, state: str = "parked", after: str | None = None
    ) -> Response:
        """Events that were given up, with their error: the first 500 of each service.

        Of one ``service`` page by page, each beginning ``after`` what ``next`` of the page before says.
        """
        calls = await operators.calls(request)
        asked = [operators.known(service)] if service else operators.services
        arguments = {"state": None if state == "all" else state, "limit": PAGE}
        if after is not None and service:
            arguments["after"] = after
        pages = await asyncio.gather(
            *(or_away(calls, each, "list_failed_events", arguments) for each in asked)
        )
        found = dict(zip(asked, pages, strict=True))
        return json_answer(
            {
                "items": [
                    {"service": each, **item}
                    for each, page in found.items()
                    if page
                    for item in page["items"]
                ],
                "unavailable": [each for each, page in found.items() if page is None],
                "next": pages[0]["next"] if service and pages[0] else None,
            }
        )

    @router.get("/v1/bus/parked/{service}/{event_id}", summary="A parked event")
    async def parked_event(request: Request, service: str, event_id: str) -> Response:
        """A failed event with its payload."""
        calls = await operators.calls(request)
        arguments = {"event_id": event_id}
        return json_answer(await calls.call(operators.known(service), "show_failed_event", arguments))

    return router


def mending_routes(operators: Operators) -> APIRouter:
    """Return the routes that have parked events handled once more, or discard them."""
    router = APIRouter()

    @router.post("/v1/bus/parked/{service}/{event_id}/redrive", summary="Handle a parked event once more")
    async def redrive(request: Request, service: str, event_id: str) -> Response:
        """Sent to its service unchanged; handled once, or parked again with its new error."""
        calls = await operators.calls(request)
        arguments = {"event_id": event_id}
        return json_answer(await calls.call(operators.known(service), "redrive_event", arguments))

    @router.post(
        "/v1/bus/parked/{service}/redrive", summary="Handle all parked events of a service once more"
    )
    async def redrive_all(request: Request, service: str, body: RedriveAll | None = None) -> Response:
        """The oldest first; those that are parked anew meanwhile are left."""
        calls = await operators.calls(request)
        parked = (await calls.call(operators.known(service), "describe_bus", {}))["failed"]["parked"]
        arguments = {"types": body.types if body else []}
        redriven = 0
        while redriven < parked:
            sent = (await calls.call(service, "redrive_parked_events", arguments))["redriven"]
            if not sent:
                break
            redriven += sent
        return json_answer({"redriven": redriven})

    @router.post("/v1/bus/parked/{service}/{event_id}/discard", summary="Give a parked event up")
    async def discard(request: Request, service: str, event_id: str, body: Discard) -> Response:
        """The event stays, marked with who gave it up and why."""
        calls = await operators.calls(request)
        arguments = {"event_id": event_id, "reason": body.reason}
        return json_answer(await calls.call(operators.known(service), "discard_event", arguments))

    return router
