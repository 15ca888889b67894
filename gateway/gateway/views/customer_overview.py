"""The customer overview: everything the services know about one customer, on one page, within a second."""

import asyncio
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from gateway.answers import JSON, json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem
from gateway.settings import Settings
from gateway.views.sections import SectionBus, missing_section

ROWS = "10"
RECORDS = {
    "contacts": "Contact",
    "activities": "Activity",
    "opportunities": "Opportunity",
    "contracts": "ContractSummary",
    "receivables": "Receivable",
    "cases": "Case",
}
"""The sections, and what the services call their records."""


def _described_section(members: dict[str, Any]) -> dict[str, Any]:
    missing = {
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "string", "enum": ["forbidden", "unavailable"]}},
    }
    told = {"status": {"type": "string", "const": "ok"}, **members}
    return {"oneOf": [{"type": "object", "required": [*told], "properties": told}, missing]}


def _described() -> dict[int | str, dict[str, Any]]:
    """Return what is said of the answer: its records are those that the services' own documents describe."""
    sections = {"customer": _described_section({"record": _component("SingleCustomer")})}
    for section, record in RECORDS.items():
        page = {
            "items": {"type": "array", "items": _component(record)},
            "next": {"type": ["string", "null"], "description": "Cursor of the section's list."},
        }
        sections[section] = _described_section(page)
    example: dict[str, Any] = {name: {"status": "ok", "items": [], "next": None} for name in RECORDS}
    answers = shown({"customer": {"status": "unavailable"}, **example})
    schema = {"type": "object", "required": [*sections], "properties": sections}
    answers[200]["content"][JSON]["schema"] = schema
    return answers


def _component(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def customer_overview_routes(bus: Bus, admission: Admission, settings: Settings) -> APIRouter:
    """Return the route of the customer overview."""
    router = APIRouter(tags=["views"], dependencies=[Depends(admission.first), Depends(known_query)])

    @router.get("/v1/customers/{customer_id}/overview", summary="Customer overview", responses=_described())
    async def get_customer_overview(request: Request, customer_id: str) -> Response:
        """A customer with the latest of its contacts, activities, opportunities, contracts and so on.

        Each section has a ``status``: ``ok``, ``forbidden`` where the caller may not read it, or
        ``unavailable`` where its service did not answer in time.
        """
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        headers = {**context.rpc_headers(), "nameko.caller": caller.header}
        services = SectionBus(bus, headers, settings.view_timeout)
        return json_answer(await _sections(services, customer_id))

    return router


async def _sections(services: SectionBus, customer_id: str) -> dict[str, Any]:
    of_customer = {"customer_id": customer_id, "query": {"limit": ROWS}}
    by_customer = {"query": {"filter[customer_id]": customer_id, "limit": ROWS, "sort": "-created_at"}}
    pages: dict[str, tuple[str, str, dict[str, Any]]] = {
        "contacts": ("customer", "list_contacts", of_customer),
        "activities": ("customer", "list_activities", of_customer),
        "opportunities": ("sales", "list_opportunities", by_customer),
        "contracts": ("contract", "list_contracts", by_customer),
        "receivables": ("finance", "list_receivables", by_customer),
        "cases": ("service-desk", "list_cases", by_customer),
    }
    customer, *sections = await asyncio.gather(
        _customer(services, customer_id),
        *(_page(services, section, *request) for section, request in pages.items()),
    )
    lives_on = customer.get("record", {}).get("id", customer_id)
    if lives_on != customer_id:
        # The id is of a customer that was merged away, or is spelt otherwise: all is with the one that lives on.
        return await _sections(services, lives_on)
    return {"customer": customer, **dict(zip(pages, sections, strict=True))}


async def _customer(services: SectionBus, customer_id: str) -> dict[str, Any]:
    try:
        record = await services.call("customer", "get_customer", {"customer_id": customer_id})
    except Problem as problem:
        if problem.kind in ("not_found", "invalid"):
            raise
        return missing_section(problem, "customer")
    return {"status": "ok", "record": record}


async def _page(
    services: SectionBus, section: str, service: str, method: str, kwargs: dict[str, Any]
) -> dict[str, Any]:
    try:
        page = await services.call(service, method, kwargs)
    except Problem as problem:
        return missing_section(problem, section)
    return {"status": "ok", **page}
