"""Operating the bus over HTTP: what waits, what failed, and how to mend it. The services check ``bus.operate``."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from gateway.answers import Lines, json_answer, shown, shown_in_lines
from gateway.bus import Bus
from gateway.described import known_query
from gateway.edge.admission import Admission
from gateway.views.bus_answers import (
    BUS_STATE,
    DIFFERENCE,
    END,
    AuditDifference,
    AuditEnd,
    BusState,
    Interrupted,
)
from gateway.views.bus_audit import differences
from gateway.views.bus_operators import ForOperators, Operators, described, lines
from gateway.views.bus_parked import mending_routes, parked_routes
from gateway.views.bus_replay import replay_routes

Kind = Annotated[str | None, Query(max_length=100, description="Only this comparison; otherwise all.")]
Grace = Annotated[
    float, Query(ge=0, le=86_400, description="Seconds for which rows that changed are left alone.")
]


def bus_operations_routes(bus: Bus, admission: Admission, services: list[str]) -> APIRouter:
    """Return all routes for operators."""
    operators = Operators(bus, admission, services)
    guards = [Depends(admission.first), Depends(known_query)]
    router = APIRouter(tags=["bus"], dependencies=guards, route_class=ForOperators)

    @router.get("/v1/bus", summary="State of the bus", response_model=BusState, responses=shown(BUS_STATE))
    async def get_bus(request: Request) -> Response:
        """Outbox lag, queue depths and failed events of every service; needs ``bus.operate``."""
        return json_answer({"services": await described(await operators.calls(request), services)})

    for routes in (parked_routes, mending_routes, replay_routes, audit_routes):
        router.include_router(routes(operators))
    return router


def audit_routes(operators: Operators) -> APIRouter:
    """Return the routes that compare the services' records."""
    router = APIRouter(route_class=ForOperators)

    line = AuditDifference | AuditEnd | Interrupted

    @router.get(
        "/v1/bus/audit",
        summary="Compare the services' records",
        response_class=Lines,
        responses=shown_in_lines(line, DIFFERENCE, END),
    )
    async def audit_records(request: Request, kind: Kind = None, grace: Grace = 60.0) -> Response:
        """Every difference as one line of JSON, then a line with their number."""
        calls = await operators.calls(request)
        sides = await described(calls, operators.services)
        return lines(differences(calls, sides, kind, grace, mend=False))

    @router.post(
        "/v1/bus/audit/mend",
        summary="Compare the services' records and mend what differs",
        response_class=Lines,
        responses=shown_in_lines(line, {**DIFFERENCE, "mending": "copy dropped"}, END),
    )
    async def mend_records(request: Request, kind: Kind = None, grace: Grace = 60.0) -> Response:
        """As the audit; each line says what was told again, or nothing where a person has to look."""
        calls = await operators.calls(request)
        sides = await described(calls, operators.services)
        return lines(differences(calls, sides, kind, grace, mend=True))

    return router
