"""What the answers of the gateway's own routes are declared with: dictionaries whose every field is described."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired, TypeVar, get_args, get_origin

from fastapi import Request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    with_config,
)

from gateway.errors import Problem, field_error, given_more_than_once

Declared = TypeVar("Declared")


def fields_speak(declared: Declared) -> Declared:
    """Let what stands below a field of a TypedDict be its description.

    What is always there is required, and what may be missing says NotRequired. The routes answer with dictionaries that
    services gave them, so these are for the document: tests hold real answers against it.
    """
    dictionary: Any = declared
    speaking = with_config(ConfigDict(use_attribute_docstrings=True))(dictionary)
    shown = TypeAdapter(speaking).json_schema()["properties"]
    # Pydantic would look for the texts in the source again, for every route and application that uses the dictionary.
    del dictionary.__pydantic_config__
    for name, hint in dictionary.__annotations__.items():
        text = Field(description=shown[name].get("description"))
        if get_origin(hint) is NotRequired:
            dictionary.__annotations__[name] = NotRequired[Annotated[get_args(hint)[0], text]]
        else:
            dictionary.__annotations__[name] = Annotated[hint, text]
    return declared


def called(zh: str, en: str, codes: Mapping[str, tuple[str, str]] | None = None) -> Any:
    """Say what people call a field and its codes, as the services' contracts do (docs/decisions/0032)."""
    said: dict[str, Any] = {"x-label": {"zh": zh, "en": en}}
    if codes:
        said["x-enum-labels"] = {code: {"zh": each[0], "en": each[1]} for code, each in codes.items()}
    return Field(json_schema_extra=said)


EXAMPLE_ID = "01936f3a-7c00-7000-8000-000000000001"
EXAMPLE_EVENT_ID = "01936f3a-7c00-7000-8000-0000000000aa"
EXAMPLE_TIME = "2026-11-22T08:00:00.000000Z"

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""When something happened, in UTC."""
Id = Annotated[str, Field(json_schema_extra={"format": "uuid"})]


class Asked(BaseModel):
    """What a caller asks for; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def known_query(request: Request) -> None:
    """Refuse query names that a route does not take, or that come twice: it would be an answer to another question."""
    route: Any = request.scope["route"]
    known = {field.alias for field in route.dependant.query_params}
    if unknown := [name for name in request.query_params if name not in known]:
        errors = [field_error(name, "unknown-parameter", "Unknown query parameter.") for name in unknown]
        raise Problem("invalid", "invalid-input", "The query has names that are not known.", errors=errors)
    if twice := [name for name in request.query_params if len(request.query_params.getlist(name)) > 1]:
        raise given_more_than_once(twice)


# As the services take them (servicekit/date_fields.py), whose code the gateway does not load.
RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _as_rfc_3339(value: Any) -> Any:
    if isinstance(value, str) and not RFC_3339.fullmatch(value):
        raise ValueError("must be an RFC 3339 time")
    return value


def _within_the_calendar(moment: datetime) -> datetime:
    """Refuse its ends, where an offset leads out of it."""
    if not 1 < moment.year < 9999:
        raise ValueError("must be from year 2 to 9998")
    return moment.astimezone(UTC)


AskedMoment = Annotated[AwareDatetime, BeforeValidator(_as_rfc_3339), AfterValidator(_within_the_calendar)]
"""A time that a caller gives: a date and a time of day with their zone."""
