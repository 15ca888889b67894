"""Asking several services at once, each within a budget of its own."""

from typing import Any

import structlog

from gateway.bus import Bus
from gateway.errors import Problem

log = structlog.get_logger()


class SectionBus:
    """Calls services on behalf of one caller, for a page that is complete without any one of them."""

    def __init__(self, bus: Bus, headers: dict[str, str], timeout: float):
        self._bus = bus
        self._headers = headers
        self._timeout = timeout

    async def call(self, service: str, method: str, kwargs: dict[str, Any]) -> Any:
        """Return a service's answer, or raise the problem it gave within the budget."""
        reply = await self._bus.call(service, method, kwargs, headers=self._headers, timeout=self._timeout)
        return reply.result


def missing_section(problem: Problem, section: str) -> dict[str, str]:
    """Return what a page says of a section that its service did not give."""
    if problem.kind == "forbidden":
        return {"status": "forbidden"}
    if problem.kind != "unavailable":
        log.error("section failed", section=section, code=problem.code, detail=problem.detail)
    return {"status": "unavailable"}
