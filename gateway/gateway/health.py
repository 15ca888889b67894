"""Health: whether this worker lives, and whether the platform behind it can serve."""

import asyncio
import time
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.described import fields_speak, known_query
from gateway.edge.tokens import TokenVerifier
from gateway.errors import RETRY_AFTER_SECONDS, Problem

ASK_AT_MOST_EVERY = 1.0
ANSWER_TIMEOUT = 0.8


class Liveness(TypedDict):
    """That the process lives."""

    status: Literal["live"]


class ServiceHealth(TypedDict):
    """How a service is: ``stopped`` if it does not run, ``silent`` if it does not answer."""

    status: Literal["ok", "stopped", "silent", "failing"]


@fields_speak
class Readiness(TypedDict):
    """Whether requests can be served."""

    status: Literal["ready", "not ready"]
    broker: Literal["connected", "disconnected"]
    keys: Literal["known", "unknown"]
    """Whether the keys that access tokens are signed with have been heard of."""
    services: dict[str, ServiceHealth]


READY = {
    "status": "ready",
    "broker": "connected",
    "keys": "known",
    "services": {"identity": {"status": "ok"}, "sales": {"status": "stopped"}},
}


class Health:
    """Asks the services how they are, at most once a second however often it is asked itself."""

    def __init__(self, bus: Bus, tokens: TokenVerifier, services: Iterable[str], patience: float):
        self._bus = bus
        self._tokens = tokens
        self._services = sorted({"identity", *services})
        self._asking = asyncio.Lock()
        self._states: dict[str, dict[str, Any]] = {}
        self._asked = -ASK_AT_MOST_EVERY
        self._patient_until = time.monotonic() + patience
        self._seen: set[str] = set()

    async def report(self) -> dict[str, Any]:
        """Return the state of the broker, of identity's keys, and of every service."""
        async with self._asking:
            if time.monotonic() - self._asked >= ASK_AT_MOST_EVERY:
                states = await asyncio.gather(*map(self._state, self._services))
                self._states = dict(zip(self._services, states, strict=True))
                self._asked = time.monotonic()
                self._seen |= {name for name, state in self._states.items() if state["status"] == "ok"}
        return {
            "broker": "connected" if self._bus.connected else "disconnected",
            "keys": "unknown" if self._tokens.public_keys is None else "known",
            "services": self._states,
        }

    def waits_for(self) -> list[str]:
        """Return the services that have not answered since this worker started, while it is still starting."""
        starting = time.monotonic() < self._patient_until
        return [name for name in self._services if name not in self._seen] if starting else []

    async def _state(self, service: str) -> dict[str, Any]:
        try:
            await self._bus.call(service, "describe_health", {}, timeout=ANSWER_TIMEOUT)
        except Problem as problem:
            status = {"service-unavailable": "stopped", "service-timeout": "silent"}
            return {"status": status.get(problem.code, "failing")}
        return {"status": "ok"}


def health_routes(health: Health) -> APIRouter:
    """Return the routes for probes."""
    router = APIRouter(tags=["health"], dependencies=[Depends(known_query)])

    @router.get(
        "/health/live",
        summary="Whether the process lives",
        response_model=Liveness,
        responses=shown({"status": "live"}),
        openapi_extra={"security": []},
    )
    async def get_liveness() -> Response:
        """Answers as long as the event loop turns; it tests nothing else."""
        return json_answer({"status": "live"})

    @router.get(
        "/health/ready",
        summary="Whether requests can be served",
        response_model=Readiness,
        responses={**shown(READY), 503: {"model": Readiness, "description": "Not ready."}},
        openapi_extra={"security": []},
    )
    async def get_readiness(
        everything: Annotated[bool, Query(alias="all", description="Whether every service counts.")] = False,
    ) -> Response:
        """Ready when the broker is connected and identity's keys are known; with ``all=true``, when every service is.

        While it starts, a worker also waits until it has heard of every service. Later a service that is down costs
        only its own routes, and must not take the gateway off the air. The body lists each service's state.
        """
        report = await health.report()
        missing = [name for name, state in report["services"].items() if state["status"] != "ok"]
        is_ready = (
            report["broker"] == "connected"
            and report["keys"] == "known"
            and not (missing if everything else health.waits_for())
        )
        body = {"status": "ready" if is_ready else "not ready", **report}
        if is_ready:
            return json_answer(body)
        return json_answer(body, 503, {"retry-after": str(RETRY_AFTER_SECONDS)})

    return router
