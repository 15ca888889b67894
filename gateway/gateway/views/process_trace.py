"""The process trace: what every service did under one correlation id, in the order it happened."""

import asyncio
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import EXAMPLE_EVENT_ID, EXAMPLE_TIME, Id, Moment, called, fields_speak, known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem
from gateway.event_catalogue import ANY
from gateway.permissions import OPERATE
from gateway.settings import Settings
from gateway.views.sections import SectionBus

MOST_PROCESSES = 50
"""So many of the newest are told; each service tells as many of its own, so that none of these is left out."""

ProcessId = Annotated[
    str,
    Path(description="What an answer carried as `X-Correlation-ID`.", json_schema_extra={"format": "uuid"}),
]


KINDS_OF_STEP = {
    "operation": ("操作", "Operation"),
    "event_published": ("发布事件", "Event published"),
    "event_handled": ("处理事件", "Event handled"),
    "event_failed": ("处理事件失败", "Event failed"),
    "event_awaited": ("等待处理事件", "Event awaited"),
}


@fields_speak
class ProcessStep(TypedDict):
    """Something that a service did, or has yet to do."""

    service: Annotated[str, called("服务", "Service")]
    at: Annotated[Moment, called("时间", "At")]
    kind: Annotated[
        Literal["operation", "event_published", "event_handled", "event_failed", "event_awaited"],
        called("步骤类型", "Kind", KINDS_OF_STEP),
    ]
    name: Annotated[str, called("名称", "Name")]
    """The operation, or the type of the event."""
    subject: Annotated[Id | None, called("相关记录", "Record")]
    """The record it was about."""
    outcome: Annotated[str, called("结果", "Outcome")]
    """``ok``; an error's code; of events ``waiting``, ``published``, ``retrying``, ``parked`` and so on."""
    duration_ms: Annotated[float | None, called("耗时（毫秒）", "Milliseconds")]
    detail: Annotated[str, called("详情", "Detail")]
    event_id: NotRequired[Annotated[Id, called("事件标识", "Event")]]
    tries: NotRequired[Annotated[int, called("尝试次数", "Tries")]]
    next_try_at: NotRequired[Annotated[Moment | None, called("下次尝试时间", "Next try")]]
    retry: NotRequired[Annotated[str, called("重新处理地址", "Handled once more at")]]
    """Where an operator has a parked event handled once more, by POST; nobody else is told."""


@fields_speak
class ProcessTrace(TypedDict):
    """A process in all services."""

    correlation_id: Annotated[Id, called("流程标识", "Process")]
    steps: Annotated[list[ProcessStep], called("步骤列表", "Steps")]
    unavailable: Annotated[list[str], called("无应答的服务", "Services that do not answer")]
    """Services that did not answer: their steps may be missing."""


@fields_speak
class RecordProcess(TypedDict):
    """A process in which something was done with a record."""

    correlation_id: Annotated[Id, called("流程标识", "Process")]
    at: Annotated[Moment, called("时间", "At")]
    """When a service was last concerned with the record in it."""
    service: Annotated[str, called("服务", "Service")]
    name: Annotated[str, called("名称", "Name")]
    """The operation, or the type of the event, by which it was."""
    account_id: Annotated[Id | None, called("发起人", "Begun by")]
    """Who began it; null for what the platform did by itself."""


@fields_speak
class RecordProcesses(TypedDict):
    """The processes of a record, the newest first."""

    items: Annotated[list[RecordProcess], called("流程列表", "Processes")]
    unavailable: Annotated[list[str], called("无应答的服务", "Services that do not answer")]
    """Services that did not answer: processes in which only they had to do with it may be missing."""


PROCESSES = {
    "items": [
        {
            "correlation_id": "01936f3a-7c00-7000-8000-0000000000bb",
            "at": EXAMPLE_TIME,
            "service": "contract",
            "name": "sign_contract",
            "account_id": "01936f3a-7c00-7000-8000-000000000003",
        }
    ],
    "unavailable": [],
}
TRACE = {
    "correlation_id": "01936f3a-7c00-7000-8000-0000000000bb",
    "steps": [
        {
            "service": "contract",
            "at": EXAMPLE_TIME,
            "kind": "event_published",
            "name": "contract.signed",
            "subject": "01936f3a-7c00-7000-8000-000000000001",
            "outcome": "published",
            "duration_ms": None,
            "detail": EXAMPLE_EVENT_ID,
            "event_id": EXAMPLE_EVENT_ID,
        }
    ],
    "unavailable": [],
}


Answers = dict[str, dict[str, Any] | None]
"""What each service says: nothing where it knows nothing, None where it did not answer."""


def process_trace_routes(
    bus: Bus, admission: Admission, settings: Settings, services: list[str]
) -> APIRouter:
    """Return the routes of processes: those of a record, and the steps of one."""
    router = APIRouter(tags=["views"], dependencies=[Depends(admission.first), Depends(known_query)])

    async def signed_in(request: Request) -> SectionBus:
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        headers = {**context.rpc_headers(), "nameko.caller": caller.header}
        return SectionBus(bus, headers, settings.view_timeout)

    @router.get(
        "/v1/processes",
        summary="Processes of a record",
        response_model=RecordProcesses,
        responses=shown(PROCESSES),
    )
    async def list_processes(
        request: Request, subject: Annotated[UUID, Query(description="The id of the record.")]
    ) -> Response:
        """In which processes something was done with a record, the newest 50: each can be looked at by its id.

        Who may not read all processes is told of those they began themselves.
        """
        sections = await signed_in(request)
        answers = await _ask_all(sections, services, "find_processes", subject=str(subject))
        return json_answer(_processes(answers))

    @router.get(
        "/v1/processes/{correlation_id}",
        summary="Process trace",
        response_model=ProcessTrace,
        responses=shown(TRACE),
    )
    async def get_process_trace(request: Request, correlation_id: ProcessId) -> Response:
        """Every step of a process in every service; the id is what an answer carried as ``X-Correlation-ID``.

        A step ``event_awaited`` is one that a service has yet to take: an event for it has been published or
        waits to be. A step ``event_failed`` says how often it was tried, and when it will be again; one that
        was parked has a link ``retry`` for those who may operate the bus.
        Services that did not answer are listed in ``unavailable``: their steps may be missing.
        """
        sections = await signed_in(request)
        try:
            process_id = str(UUID(correlation_id))
        except ValueError:
            raise _not_found() from None
        answers = await _ask_all(sections, services, "describe_process", correlation_id=process_id)
        caller = await admission.signed_in(request_context(request.scope))
        return json_answer(_trace(process_id, answers, operates=caller.holds_for_all(OPERATE)))

    return router


async def _ask_all(sections: SectionBus, services: list[str], method: str, **arguments: str) -> Answers:
    answers = await asyncio.gather(*(_ask(sections, service, method, arguments) for service in services))
    return dict(zip(services, answers, strict=True))


async def _ask(
    sections: SectionBus, service: str, method: str, arguments: dict[str, str]
) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = await sections.call(service, method, arguments)
    except Problem as problem:
        if problem.kind in ("unavailable", "internal"):
            return None
        if problem.kind == "not_found":
            return {}
        raise
    return answer


def _processes(answers: Answers) -> dict[str, Any]:
    """Return the processes of a record; only the service that keeps it writes down what was done with it."""
    items = [
        {**item, "service": service}
        for service, answer in answers.items()
        if answer
        for item in answer["items"]
    ]
    items.sort(key=lambda item: item["at"], reverse=True)
    return {"items": items[:MOST_PROCESSES], "unavailable": _silent(answers)}


def _trace(process_id: str, answers: Answers, *, operates: bool) -> dict[str, Any]:
    """Return the steps that services know of a process, and those that they have yet to take.

    Args:
        operates: whether the caller may operate the bus, and so is told how a parked event is handled once more.

    Raises:
        Problem: ``process-not-found``, if all have answered and none knows it.
    """
    steps = [step for answer in answers.values() if answer for step in answer["steps"]]
    if not steps and not _silent(answers):
        raise _not_found()
    steps += _awaited(steps, {name: answer.get("listens", []) for name, answer in answers.items() if answer})
    for step in steps:
        if operates and step["outcome"] == "parked":
            step["retry"] = f"/v1/bus/parked/{step['service']}/{step['event_id']}/redrive"
    steps.sort(key=lambda step: step["at"])
    return {"correlation_id": process_id, "steps": steps, "unavailable": _silent(answers)}


def _silent(answers: Answers) -> list[str]:
    return [service for service, answer in answers.items() if answer is None]


def _awaited(steps: list[dict[str, Any]], listens: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return the steps that services have yet to take: events they listen to and have neither handled nor failed at.

    Args:
        listens: what each service that answered listens to, as ``source:type``; of any service ``*:type``.
    """
    met = {
        (step["service"], step.get("event_id"))
        for step in steps
        if step["kind"] in ("event_handled", "event_failed")
    }
    return [
        {
            **step,
            "service": service,
            "kind": "event_awaited",
            "outcome": "waiting",
            "detail": f"from {step['service']}, {step['outcome']}",
        }
        for step in steps
        if step["kind"] == "event_published"
        for service, types in listens.items()
        if {f"{step['service']}:{step['name']}", f"{ANY}:{step['name']}"} & set(types)
        and (service, step.get("event_id")) not in met
    ]


def _not_found() -> Problem:
    return Problem("not_found", "process-not-found", "No service knows a process with this id.")
