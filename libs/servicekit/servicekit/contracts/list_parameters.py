"""What a list takes, as OpenAPI says it: each comparison of each field is a parameter with its type."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow.fields import Field

from servicekit.base.fields import Code, Phone, Text, made_once
from servicekit.base.labels import choices_written
from servicekit.nouns.asked import DEFAULT_LIMIT, MAX_LIMIT
from servicekit.nouns.conditions.grammar import MOST_VALUES
from servicekit.nouns.conditions.periods import PATTERN
from servicekit.nouns.conditions.values import LONGEST_VALUE
from servicekit.nouns.filtering import COMPARED, Among, Search
from servicekit.nouns.listing import Listing

_KINDS: dict[type, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer", "format": "int64"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    str: {"type": "string", "maxLength": LONGEST_VALUE},
}
_COMPARED = {"gt": "more", "gte": "as much or more", "lt": "less", "lte": "as much or less"}
_PERIODS = {"within": "of this period", "before": "before this period", "after": "after this period"}
_PERIOD = {"type": "string", "pattern": PATTERN, "examples": ["this_month"]}
_LATER = {"gt": "later", "gte": "then or later", "lt": "earlier", "lte": "then or earlier"}


def parameters(listing: Listing) -> list[dict[str, Any]]:
    """Return the query parameters of a list."""
    taken = [
        *(each for name, what in listing.filters.items() for each in _filters(listing, name, what)),
        *(
            _parameter(f"filter[{name}]", {"type": "boolean"}, (question.__doc__ or "").split("\n")[0])
            for name, question in listing.asks.items()
        ),
        *(_usual(listing) if listing.paged else ()),
    ]
    return [each for each in taken if not listing.says or each["name"] in listing.says]


def _filters(listing: Listing, name: str, what: Any) -> Iterator[dict[str, Any]]:
    if isinstance(what, Search) and what.also:
        names = ", ".join(f"`{column.key}`" for column in what.columns)
        yield _parameter(
            f"filter[{name}][contains]", _KINDS[str], f"One of {names} holds this text or number."
        )
        return
    if isinstance(what, Among):
        value = _KINDS[what.column.type.python_type]
        yield _parameter(f"filter[{name}]", value, f"This is among its `{name}`.")
        yield _list_of(
            f"filter[{name}][in]", value, f"One of these values is among its `{name}`.", MOST_VALUES
        )
        return
    column = what.column if isinstance(what, Search) else what
    field = made_once(listing.compared).fields.get(name)
    kind = column.type.python_type
    value = _one_of(field) if isinstance(field, Code) else _KINDS[kind]
    yield _parameter(f"filter[{name}]", value, f"`{name}` is {_same(field)}.")
    yield _parameter(f"filter[{name}][ne]", value, f"`{name}` is another value, or there is none.")
    yield _list_of(f"filter[{name}][in]", value, f"`{name}` is one of these values.", MOST_VALUES)
    if kind in COMPARED:
        for operator, words in (_LATER if issubclass(kind, date) else _COMPARED).items():
            yield _parameter(f"filter[{name}][{operator}]", value, f"`{name}` is {words}.")
    if issubclass(kind, date):
        for operator, words in _PERIODS.items():
            yield _parameter(f"filter[{name}][{operator}]", _PERIOD, f"`{name}` is {words}.")
    if getattr(column, "nullable", True):
        yield _parameter(f"filter[{name}][empty]", {"type": "boolean"}, f"Whether there is no `{name}`.")
    if isinstance(what, Search) or isinstance(field, Text):
        yield _parameter(f"filter[{name}][contains]", _KINDS[str], f"`{name}` holds {_part(field)}.")


def _one_of(field: Code) -> dict[str, Any]:
    called = {"x-enum-labels": choices_written(field.choice_labels)} if field.choice_labels else {}
    return {"type": "string", "enum": list(field.choices), **called}


def _same(field: Field[Any] | None) -> str:
    if isinstance(field, Phone):
        return "this number, however it is written"
    return "this text, as a reader compares" if isinstance(field, Text) else "this value"


def _part(field: Field[Any] | None) -> str:
    return "these digits" if isinstance(field, Phone) else "this text somewhere, as a reader compares"


def _usual(listing: Listing) -> Iterator[dict[str, Any]]:
    orders = [sign + name for name in listing.sorts for sign in ("", "-")]
    fields = list(made_once(listing.schema).dump_fields)
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    yield _parameter(
        "sort", {"type": "string", "enum": orders, "default": listing.default}, "The order; - for descending."
    )
    yield _parameter("limit", limit, "How many records a page has at most.")
    yield _parameter("cursor", {"type": "string"}, "Where to go on: `next` of the page before.")
    yield _parameter(
        "count", {"type": "boolean", "default": False}, "Whether to count all records (`total`)."
    )
    yield _list_of("fields", {"type": "string", "enum": fields}, "The fields to answer, and no others.")


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _list_of(name: str, item: dict[str, Any], description: str, most: int | None = None) -> dict[str, Any]:
    bound = {} if most is None else {"maxItems": most}
    listed = _parameter(name, {"type": "array", "items": item, **bound}, description)
    return {**listed, "style": "form", "explode": False}
