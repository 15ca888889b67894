"""Events that a service gave up: looking at them, handling them once more, discarding them."""

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import Response

from gateway.answers import json_answer, shown
from gateway.described import EXAMPLE_ID, Asked, called
from gateway.errors import Problem, field_error
from gateway.views.bus_answers import (
    FAILED_EVENT,
    FailedEvent,
    FailedEventPage,
    FailedEventShown,
    ParkedState,
    Redriven,
)
from gateway.views.bus_operators import EventTypes, ForOperators, Operators, ServiceName, or_away

PAGE = 500
"""Parked events of one service in an answer."""
Named = Annotated[str, Path(max_length=64, description="A service.")]
EventId = Annotated[UUID, Path(description="The event's `id`.")]
LISTED = {
    "items": [{"service": "finance", **FAILED_EVENT}],
    "unavailable": [],
    "next": None,
}
SENT = {**FAILED_EVENT, "state": "redriven", "noted_by": "wang.fang"}
GIVEN_UP = {**FAILED_EVENT, "state": "discarded", "note": "Sent by a test.", "noted_by": "wang.fang"}


class Discard(Asked):
    """Why an event is given up."""

    reason: Annotated[str, called("放弃原因", "Reason")] = Field(min_length=1, max_length=1000)


class RedriveAll(Asked):
    """Which parked events are handled once more."""

    types: Annotated[EventTypes, called("事件类型", "Event types")] = []
    """None named: all."""


def parked_routes(operators: Operators) -> APIRouter:
    """Return the routes that look at parked events."""
    router = APIRouter(route_class=ForOperators)

    @router.get(
        "/v1/bus/parked", summary="Parked events", response_model=FailedEventPage, responses=shown(LISTED)
    )
    async def list_parked_events(
        request: Request,
        service: Annotated[ServiceName | None, Query(description="Only of this service.")] = None,
        state: Annotated[ParkedState | Literal["all"], Query(description="Only in this state.")] = "parked",
        after: Annotated[str | None, Query(max_length=64, description="`next` of the page before.")] = None,
    ) -> Response:
        """Events that were given up, with their error: the first 500 of each service.

        Of one ``service`` page by page, each beginning ``after`` what ``next`` of the page before says.
        """
        calls = await operators.calls(request)
        if after and service is None:
            text = "Goes on in the events of one service, which must be named."
            errors = [field_error("after", "service-needed", text)]
            raise Problem("invalid", "invalid-input", "Of which service shall the page be?", errors=errors)
        asked = [operators.known(service)] if service else operators.services
        arguments: dict[str, Any] = {"state": None if state == "all" else state, "limit": PAGE}
        if after:
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

    @router.get(
        "/v1/bus/parked/{service}/{event_id:uuid}",
        summary="A parked event",
        response_model=FailedEventShown,
        responses=shown({**FAILED_EVENT, "body": {"type": "contract.signed", "data": {"id": EXAMPLE_ID}}}),
    )
    async def get_parked_event(request: Request, service: Named, event_id: EventId) -> Response:
        """A failed event with its payload."""
        calls = await operators.calls(request)
        arguments = {"event_id": str(event_id)}
        return json_answer(await calls.call(operators.known(service), "show_failed_event", arguments))

    return router


def mending_routes(operators: Operators) -> APIRouter:
    """Return the routes that have parked events handled once more, or discard them."""
    router = APIRouter(route_class=ForOperators)

    @router.post(
        "/v1/bus/parked/{service}/{event_id:uuid}/redrive",
        summary="Handle a parked event once more",
        response_model=FailedEvent,
        responses=shown(SENT),
    )
    async def redrive_parked_event(request: Request, service: Named, event_id: EventId) -> Response:
        """Sent to its service unchanged; handled once, or parked again with its new error."""
        calls = await operators.calls(request)
        arguments = {"event_id": str(event_id)}
        return json_answer(await calls.call(operators.known(service), "redrive_event", arguments))

    @router.post(
        "/v1/bus/parked/{service}/redrive",
        summary="Handle all parked events of a service once more",
        response_model=Redriven,
        responses=shown({"redriven": 103}),
    )
    async def redrive_parked_events(
        request: Request, service: Named, body: RedriveAll | None = None
    ) -> Response:
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

    @router.post(
        "/v1/bus/parked/{service}/{event_id:uuid}/discard",
        summary="Give a parked event up",
        response_model=FailedEvent,
        responses=shown(GIVEN_UP),
    )
    async def discard_parked_event(
        request: Request, service: Named, event_id: EventId, body: Discard
    ) -> Response:
        """The event stays, marked with who gave it up and why."""
        calls = await operators.calls(request)
        arguments = {"event_id": str(event_id), "reason": body.reason}
        return json_answer(await calls.call(operators.known(service), "discard_event", arguments))

    return router
