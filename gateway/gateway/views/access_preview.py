"""The preview of a change of rights: identity says whose would change, each service what they would gain and lose."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Body, Depends, Request
from starlette.responses import Response

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.contracts import Contract
from gateway.described import known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem, field_error
from gateway.views.access_changes import (
    EXAMPLE_ANSWER,
    EXAMPLE_CHANGE,
    AskedPreview,
    Change,
    PreviewAnswer,
    PreviewedShare,
)
from gateway.views.sections import SectionBus

log = structlog.get_logger()
SECONDS = 3.5
"""For which each service is waited: counting takes longer than a page, and a request lasts no longer than a call."""
STEPS = ("none", "view", "edit")
SHARE = "share_"


def sharing_services(contracts: Sequence[Contract]) -> dict[str, str]:
    """Return by noun which service shares its records."""
    operations = [each for contract in contracts for each in contract.operations()]
    return {
        each.rpc_method.removeprefix(SHARE): each.service
        for each in operations
        if each.rpc_method.startswith(SHARE) and each.path.endswith("/shares")
    }


def access_preview_routes(
    bus: Bus, admission: Admission, services: Sequence[str], sharing: Mapping[str, str]
) -> APIRouter:
    """Return the route of the preview."""
    router = APIRouter(tags=["views"], dependencies=[Depends(admission.first), Depends(known_query)])

    @router.post(
        "/v1/access/preview",
        summary="Preview a change of access",
        response_model=PreviewAnswer,
        responses=shown(EXAMPLE_ANSWER),
    )
    async def preview_access_change(
        request: Request, body: Annotated[AskedPreview, Body(examples=[EXAMPLE_CHANGE])]
    ) -> Response:
        """Who would gain and lose which records by a change of a role, an account, a position or a share.

        Nothing is changed. Whoever may not save the change is refused as by saving it.
        """
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        headers = {**context.rpc_headers(), "nameko.caller": caller.header}
        asked = SectionBus(bus, headers, SECONDS)
        if isinstance(body.change, PreviewedShare):
            return json_answer(await _of_share(asked, sharing, body.change))
        return json_answer(await _of_rights(asked, services, body.change))

    return router


async def _of_rights(asked: SectionBus, services: Sequence[str], change: Change) -> dict[str, Any]:
    sent = change.model_dump(mode="json", exclude_unset=True)
    told = await asked.call("identity", "preview_people", {"change": sent})
    signed = [{side: each[side] for side in ("before", "after")} for each in told["people"]]
    question = {"people": signed, "moved": told["moved"]}
    answers = await asyncio.gather(*(_counted(asked, service, question) for service in services))
    nouns: list[list[Any]] = [[] for _ in signed]
    for answer in answers:
        for one, more in zip(nouns, answer or [], strict=False):
            one += more
    return _answer(
        told, nouns, [name for name, answer in zip(services, answers, strict=True) if answer is None]
    )


async def _counted(asked: SectionBus, service: str, question: dict[str, Any]) -> list[Any] | None:
    """Return what people would gain and lose of a service's records, or None where it does not say."""
    try:
        answer: dict[str, Any] = await asked.call(service, "preview_access", question)
    except Problem as problem:
        if problem.kind != "unavailable":
            log.error("preview failed", service=service, code=problem.code, detail=problem.detail)
        return None
    found: list[Any] = answer["people"]
    return found


async def _of_share(asked: SectionBus, sharing: Mapping[str, str], change: PreviewedShare) -> dict[str, Any]:
    if change.noun not in sharing:
        allowed = ", ".join(sorted(sharing))
        errors = [
            field_error("change.noun", "not-allowed-value", "Must be one of: {allowed}.", allowed=allowed)
        ]
        raise Problem("invalid", "invalid-input", "The input is not valid.", errors=errors)
    sent = change.model_dump(mode="json", exclude_unset=True)
    share = {name: value for name, value in sent.items() if name not in ("kind", "noun", "id")}
    told = await asked.call("identity", "preview_receivers", {"to": sent["to"]})
    question = {
        "noun": change.noun,
        "record_id": change.id,
        "people": [each["subject"] for each in told["people"]],
        "share": share,
    }
    answer = await asked.call(sharing[change.noun], "preview_share", question)
    nouns = [_steps(change, each["before"], each["after"], answer["title"]) for each in answer["people"]]
    return _answer(told, nouns, [])


def _steps(change: PreviewedShare, before: str, after: str, title: str) -> list[dict[str, Any]]:
    """Return how far somebody would go with one record who does not go so far now, or no longer."""
    one = {"count": 1, "more": False, "samples": [{"id": change.id, "title": title}]}
    none: dict[str, Any] = {"count": 0, "more": False, "samples": []}
    was, will_be = STEPS.index(before), STEPS.index(after)
    return [
        {
            "noun": change.noun, "level": STEPS[step],
            "gains": one if will_be >= step else none, "loses": none if will_be >= step else one,
        }
        for step in range(1, len(STEPS))
        if (was >= step) != (will_be >= step)
    ]  # fmt: skip


def _answer(told: Mapping[str, Any], nouns: list[list[Any]], unavailable: list[str]) -> dict[str, Any]:
    people = [
        {"account_id": each["account_id"], "display_name": each["display_name"], "nouns": changed}
        for each, changed in zip(told["people"], nouns, strict=True)
        if changed
    ]
    counted = {"looked_at": len(nouns), "left_out": told["left_out"], "unavailable": unavailable}
    return {"people": people, **counted}
