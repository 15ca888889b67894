"""What the routes for operators of the bus share: who asks, which services there are, and answers line by line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import orjson
from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import Field

from gateway.answers import Lines
from gateway.bus import Bus
from gateway.context import request_context
from gateway.edge.admission import Admission
from gateway.errors import Problem
from gateway.permissions import NEEDS_OPERATE
from gateway.views.sections import SectionBus

TIMEOUT = 10.0
"""Seconds a page of replayed or compared rows may take."""


MOST_TYPES = 50
EventTypes = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=MOST_TYPES)]
"""Types of events that an operator names."""
ServiceName = Annotated[str, Field(max_length=64)]


class ForOperators(APIRoute):
    """A route that says which permission it needs, as the services' operations do."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, endpoint, **{**more, "openapi_extra": NEEDS_OPERATE})


class Operators:
    """Lets signed-in people ask the services about the bus. The services check ``bus.operate``.

    Args:
        services: the names of the services there are.
    """

    def __init__(self, bus: Bus, admission: Admission, services: list[str]):
        self.services = services
        self._bus = bus
        self._admission = admission

    async def calls(self, request: Request) -> SectionBus:
        """Return what asks services in the name of a request's caller; refuse a request without a sign-in."""
        context = request_context(request.scope)
        caller = await self._admission.signed_in(context)
        return SectionBus(self._bus, {**context.rpc_headers(), "nameko.caller": caller.header}, TIMEOUT)

    def known(self, service: str) -> str:
        """Return a service's name, or raise ``service-not-found``."""
        if service not in self.services:
            raise Problem("not_found", "service-not-found", "There is no service of this name.")
        return service


async def or_away(calls: SectionBus, service: str, method: str, arguments: dict[str, Any]) -> Any:
    """Return a service's answer, or None where it does not come."""
    try:
        return await calls.call(service, method, arguments)
    except Problem as problem:
        if problem.kind in ("unavailable", "internal"):
            return None
        raise


async def described(calls: SectionBus, services: list[str]) -> list[dict[str, Any]]:
    """Return what each service says of its part of the bus, or that it does not answer."""
    answers = await asyncio.gather(*(or_away(calls, service, "describe_bus", {}) for service in services))
    return [
        answer or {"service": service, "unavailable": True}
        for service, answer in zip(services, answers, strict=True)
    ]


async def restated(
    calls: SectionBus, service: str, event_type: str, consumer: str, ids: list[str] | None = None
) -> AsyncIterator[int]:
    """Have a service tell one consumer its records of a type, all or some; yield how many a page."""
    after, more = None, True
    while more:
        arguments = {"event_type": event_type, "consumer": consumer, "ids": ids, "after": after}
        page = await calls.call(service, "restate_records", arguments)
        yield page["sent"]
        after = page["next"]
        more = after is not None


def lines(rows: AsyncIterator[dict[str, Any]]) -> Lines:
    """Stream rows as lines of JSON; a problem on the way becomes the last line, for the status is out."""

    async def encoded() -> AsyncIterator[bytes]:
        try:
            async for row in rows:
                yield orjson.dumps(row) + b"\n"
        except Problem as problem:
            yield orjson.dumps({"error": problem.code, "detail": problem.detail}) + b"\n"

    return Lines(encoded())
