"""The search over all that one works with: each service is asked at once, the first few of each noun come back."""

import asyncio
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from gateway.answers import json_answer, shown
from gateway.bus import Bus
from gateway.context import request_context
from gateway.described import EXAMPLE_ID, Id, called, fields_speak, known_query
from gateway.edge.admission import Admission
from gateway.errors import Problem, field_error
from gateway.settings import Settings
from gateway.views.sections import SectionBus, missing_section

FEW = "5"
FEWEST, LONGEST = 2, 100
"""How many characters a text has that is searched for: one letter is in too many records for an index to help."""
WORD = re.compile("[\u2e80-\u2fff\u3005-\u3007\u3021-\u312f\u31a0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""A Chinese character or a kana, which is a word by itself, and which the services have an index for."""
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols, by their category, of which nothing is to be seen."""


@dataclass(frozen=True)
class Source:
    """Where a noun is looked for.

    Args:
        title: the fields that name a record; the first that says something does.
        detail: the field that tells two of the same name apart.
    """

    noun: str
    service: str
    method: str
    title: tuple[str, ...]
    number: str = ""
    detail: str = ""
    searched: str = "search"

    @property
    def query(self) -> dict[str, str]:
        """What is asked besides the text."""
        fields = ("id", *self.title, self.number, self.detail)
        return {"limit": FEW, "fields": ",".join(field for field in dict.fromkeys(fields) if field)}

    def found(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return a record as the search shows it."""
        title = next((item[name] for name in self.title if item.get(name)), "")
        detail = item.get(self.detail)
        told = {"noun": self.noun, "id": item["id"], "title": title, "number": item.get(self.number)}
        return {**told, "detail": detail if detail != title else None}


SOURCES = {
    "customers": Source("customer", "customer", "list_customers", ("name",), number="number"),
    "contacts": Source("contact", "customer", "list_all_contacts", ("name",), detail="title"),
    "leads": Source(
        "lead", "sales", "list_leads", ("company_name", "contact_name"), detail="contact_name"
    ),
    "opportunities": Source(
        "opportunity", "sales", "list_opportunities", ("name",), detail="customer_name", searched="name"
    ),
    "contracts": Source("contract", "contract", "list_contracts", ("name",), number="number"),
    "cases": Source(
        "case", "service-desk", "list_cases", ("subject",), number="number", detail="customer_name"
    ),
}  # fmt: skip
"""The sections of the answer, in the order of a console's navigation."""


NOUNS = {
    "customer": ("客户", "Customer"),
    "contact": ("联系人", "Contact"),
    "lead": ("线索", "Lead"),
    "opportunity": ("商机", "Opportunity"),
    "contract": ("合同", "Contract"),
    "case": ("服务工单", "Case"),
}
STATUSES = {
    "ok": ("正常", "Ok"),
    "forbidden": ("无权查看", "Forbidden"),
    "unavailable": ("暂时查不到", "Unavailable"),
}


@fields_speak
class Found(TypedDict):
    """A record that a search has found."""

    noun: Annotated[
        Literal["customer", "contact", "lead", "opportunity", "contract", "case"],
        called("记录类型", "Kind", NOUNS),
    ]
    """What it is."""
    id: Annotated[Id, called("记录标识", "ID")]
    title: Annotated[str, called("名称", "Name")]
    """What it is called: its name or subject; of a lead the company, or the person where there is none."""
    number: Annotated[str | None, called("编号", "Number")]
    """Its number, if its noun has numbers."""
    detail: Annotated[str | None, called("补充说明", "Detail")]
    """What tells it apart from another of the same name: a contact's job title, a lead's person, a case's customer."""


@fields_speak
class FoundSection(TypedDict):
    """What was found of one noun."""

    status: Annotated[Literal["ok", "forbidden", "unavailable"], called("查询状态", "Status", STATUSES)]
    """Forbidden where the caller may not read any, unavailable where its service did not answer in time."""
    items: Annotated[list[Found], called("查到的记录", "Records")]
    """The newest of them."""
    more: Annotated[bool, called("还有更多", "There are more")]
    """Whether there are more; the noun's own list has them all."""


@fields_speak
class SearchAnswer(TypedDict):
    """What was found, noun by noun."""

    customers: Annotated[FoundSection, called("客户", "Customers")]
    """By name, pinyin, number, phone and mail."""
    contacts: Annotated[FoundSection, called("联系人", "Contacts")]
    """By name, pinyin, any phone number and mail."""
    leads: Annotated[FoundSection, called("线索", "Leads")]
    """By company, person and phone numbers."""
    opportunities: Annotated[FoundSection, called("商机", "Opportunities")]
    """By name."""
    contracts: Annotated[FoundSection, called("合同", "Contracts")]
    """By name and number."""
    cases: Annotated[FoundSection, called("服务工单", "Cases")]
    """By subject, number and the number to call back."""


_CUSTOMER = {
    "noun": "customer",
    "id": EXAMPLE_ID,
    "title": "上海云图科技有限公司",
    "number": "KH20261122-0001",
    "detail": None,
}
_EXAMPLE: dict[str, Any] = {
    **{section: {"status": "ok", "items": [], "more": False} for section in SOURCES},
    "customers": {"status": "ok", "items": [_CUSTOMER], "more": False},
    "cases": {"status": "unavailable", "items": [], "more": False},
}

Asked = Annotated[
    str,
    Query(
        description="A name, a number or a part of one: one Chinese character, or two of other writings at least.",
        max_length=LONGEST,
        json_schema_extra={"minLength": 1},
        examples=["云图"],
    ),
]


def search_routes(bus: Bus, admission: Admission, settings: Settings) -> APIRouter:
    """Return the route of the search."""
    router = APIRouter(tags=["views"], dependencies=[Depends(admission.first), Depends(known_query)])

    @router.get("/v1/search", summary="Search", response_model=SearchAnswer, responses=shown(_EXAMPLE))
    async def search_everything(request: Request, q: Asked) -> Response:
        """The first few customers, contacts, leads, opportunities, contracts and cases that hold a text.

        As a reader compares: width, case and blanks do not count. Each section has only what the caller may see.
        """
        context = request_context(request.scope)
        caller = await admission.signed_in(context)
        text = _usable(q)
        headers = {**context.rpc_headers(), "nameko.caller": caller.header}
        services = SectionBus(bus, headers, settings.view_timeout)
        sections = await asyncio.gather(*(_section(services, name, text) for name in SOURCES))
        return json_answer(dict(zip(SOURCES, sections, strict=True)))

    return router


def _usable(q: str) -> str:
    """Return the text to look for, without what stands around it.

    Raises:
        Problem: ``invalid-input``.
    """
    text = " ".join(unicodedata.normalize("NFKC", q).split())
    if "\x00" in text:
        raise _refused("q", "unstorable-characters", "Holds a character that no text has.")
    seen = [each for each in text if unicodedata.category(each)[0] not in "CMZ" and each not in FILLERS]
    if len(seen) < FEWEST and not (seen and WORD.fullmatch(seen[0])):
        raise _refused("q", "too-short", "Must be at least {min} characters long.", min=FEWEST)
    return text


def _refused(field: str, code: str, message: str, **params: Any) -> Problem:
    return Problem(
        "invalid",
        "invalid-input",
        "The text cannot be searched for.",
        errors=[field_error(field, code, message, **params)],
    )


async def _section(services: SectionBus, section: str, text: str) -> dict[str, Any]:
    source = SOURCES[section]
    query = {f"filter[{source.searched}][contains]": text, **source.query}
    try:
        page = await services.call(source.service, source.method, {"query": query})
    except Problem as problem:
        return {**missing_section(problem, section), "items": [], "more": False}
    items = [source.found(item) for item in page["items"]]
    return {"status": "ok", "items": items, "more": page["next"] is not None}
