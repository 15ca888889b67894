"""Operating the bus over HTTP: what waits, what failed, and how to mend it. The services check ``bus.operate``."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from gateway.answers import json_answer
from gateway.bus import Bus
from gateway.edge.admission import Admission
from gateway.views.bus_audit import differences
from gateway.views.bus_operators import Operators, described, lines
from gateway.views.bus_parked import mending_routes, parked_routes
from gateway.views.bus_replay import replay_routes


def bus_operations_routes(bus: Bus, admission: Admission, services: list[str]) -> APIRouter:
    """Return all routes for operators."""
    operators = Operators(bus, admission, services)
    router = APIRouter(tags=["bus"], dependencies=[Depends(admission.first)])

    @router.get("/v1/bus", summary="State of the bus")
    async def bus_state(request: Request) -> Response:
        """Outbox lag, queue depths and failed events of every service; needs ``bus.operate``."""
        return json_answer({"services": await described(await operators.calls(request), services)})

    for routes in (parked_routes, mending_routes, replay_routes, audit_routes):
        router.include_router(routes(operators))
    return router


def audit_routes(operators: Operators) -> APIRouter:
    """Return the routes that compare the services' records."""
    router = APIRouter()

    @router.get("/v1/bus/audit", summary="Compare the services' records")
    async def audit(request: Request, kind: str | None = None, grace: float = 60.0) -> StreamingResponse:
        """Every difference as one line of JSON, then a line with their number."""
        calls = await operators.calls(request)
        sides = await described(calls, operators.services)
        return lines(differences(calls, sides, kind, grace, mend=False))

    @router.post("/v1/bus/audit/mend", summary="Compare the services' records and mend what differs")
    async def mend(request: Request, kind: str | None = None, grace: float = 60.0) -> StreamingResponse:
        """As the audit; each line says what was told again, or nothing where a person has to look."""
        calls = await operators.calls(request)
        sides = await described(calls, operators.services)
        return lines(differences(calls, sides, kind, grace, mend=True))

    return router
