"""Telling one consumer once more: the events a service published, or the present state of its records."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from gateway.answers import Lines, json_answer, shown, shown_in_lines
from gateway.described import Asked, called
from gateway.errors import Problem
from gateway.event_catalogue import ANY
from gateway.views.bus_answers import Interrupted, Replayed, ToldAgain
from gateway.views.bus_operators import EventTypes, ForOperators, Operators, ServiceName, lines, restated
from gateway.views.sections import SectionBus

Publisher = Annotated[str, Path(max_length=64, description="The service whose events or records are told.")]
MOST_PAGES = 20
"""Pages of one request; the answer's ``next`` goes on from there."""


class Replay(Asked):
    """Which of a service's events are sent once more, and to whom."""

    consumer: Annotated[ServiceName, called("接收服务", "Receiver")]
    since: Annotated[Annotated[str | None, Field(max_length=40)], called("起始时间", "Since")] = None
    types: Annotated[EventTypes, called("事件类型", "Event types")] = []
    again: Annotated[bool, called("已处理的也重新处理", "Also what has been handled")] = False
    """Whether what the consumer has handled is handled once more."""
    replay_id: Annotated[Annotated[str | None, Field(max_length=100)], called("重放标识", "Replay")] = None
    """What an earlier answer named, together with its ``next``."""
    after: Annotated[Annotated[int, Field(ge=0, le=10**18)], called("继续位置", "Goes on after")] = 0


class Rebuild(Asked):
    """Whose copy is told anew."""

    consumer: Annotated[ServiceName, called("接收服务", "Receiver")]
    types: Annotated[EventTypes, called("事件类型", "Event types")] = []
    from_empty: Annotated[bool, called("先清空副本", "Empty the copy first")] = False


def replay_routes(operators: Operators) -> APIRouter:
    """Return the routes that tell a consumer once more."""
    router = APIRouter(route_class=ForOperators)

    @router.post(
        "/v1/bus/{service}/replay",
        summary="Send a service's events once more to one consumer",
        response_model=Replayed,
        responses=shown({"sent": 203, "replay_id": None, "kept_since": None, "next": None}),
    )
    async def replay_events(request: Request, service: Publisher, body: Replay) -> Response:
        """Of what the consumer listens to; at most 4,000 events a request, ``next`` says where to go on."""
        calls = await operators.calls(request)
        types = await _listened(calls, operators.known(service), operators.known(body.consumer), body.types)
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

    @router.post(
        "/v1/bus/{service}/rebuild",
        summary="Tell one consumer a service's records anew",
        response_class=Lines,
        responses=shown_in_lines(
            ToldAgain | Interrupted,
            {"type": "customer.created", "sent": 200},
            {"type": "customer.created", "sent": 17},
        ),
    )
    async def rebuild_copies(request: Request, service: Publisher, body: Rebuild) -> Response:
        """The present state of everything the consumer copies; one line of JSON a page."""
        calls = await operators.calls(request)
        listened = await _listened(
            calls, operators.known(service), operators.known(body.consumer), body.types
        )
        described = await calls.call(service, "describe_bus", {})
        types = [each for each in described["restates"] if each in listened]
        if body.from_empty:
            await calls.call(body.consumer, "empty_copies", {"source": service})
        return lines(_told_again(calls, service, body.consumer, types))

    return router


async def _listened(calls: SectionBus, service: str, consumer: str, types: list[str]) -> list[str]:
    described = await calls.call(consumer, "describe_bus", {})
    found = sorted({each["type"] for each in described["listens"] if each["source"] in (service, ANY)})
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
