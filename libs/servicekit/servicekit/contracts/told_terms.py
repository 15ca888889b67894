"""What may be asked of the events of other services, as their contract files say it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from servicekit.base.published import documents
from servicekit.nouns.conditions.published import said
from servicekit.nouns.conditions.terms import (
    CODE,
    DAY,
    DECIMAL,
    FLAG,
    ID,
    INTEGER,
    MOMENT,
    TEXT,
    Term,
)

_FORMATS = {"uuid": ID, "date": DAY, "date-time": MOMENT}
_TYPES = {"boolean": FLAG, "integer": INTEGER, "string": TEXT}
_DEEPEST = 2


@cache
def event_terms(event_types: tuple[str, ...]) -> Mapping[str, Term]:
    """Return what may be asked of what some types of events tell; a part is named by its way, ``party.name``."""
    found: dict[str, Term] = {}
    for event_type in event_types:
        for name, term in _terms_of_type().get(event_type, {}).items():
            known = found.get(name, term)
            found[name] = term if known == term else _both(known, term)
    return found


def _both(one: Term, other: Term) -> Term:
    """Return what may be asked of a field that is told in two ways."""
    may_lack = "empty" in one.operators or "empty" in other.operators
    if one.kind != other.kind:
        return Term.of(TEXT, searched=True, may_lack=may_lack, label=one.label)
    choices = tuple(dict.fromkeys((*one.choices, *other.choices)))
    return Term.of(
        one.kind, searched=True, may_lack=may_lack, choices=choices, reference=one.reference,
        dictionary=one.dictionary if one.dictionary == other.dictionary else "", label=one.label,
        choice_labels={**other.choice_labels, **one.choice_labels},
    )  # fmt: skip


@cache
def _terms_of_type() -> Mapping[str, Mapping[str, Term]]:
    shown = {
        name: schema.get("properties", {})
        for document in documents("openapi.json")
        for name, schema in document["components"]["schemas"].items()
    }
    return {
        channel["address"]: dict(_of_event(document, message, shown))
        for document in documents("asyncapi.json")
        for channel in document["channels"].values()
        for message in channel["messages"]
    }


def _of_event(document: Any, message: str, shown: Mapping[str, Any]) -> Iterator[tuple[str, Term]]:
    schemas = document["components"]["schemas"]
    event_type = document["components"]["messages"][message]["name"]
    noun = "".join(part.title() for part in event_type.partition(".")[0].split("_"))
    if message in schemas:
        yield from _of_schema(schemas[message], schemas, shown.get(noun, {}), 0)


def _of_schema(
    schema: Any, schemas: Mapping[str, Any], shown: Mapping[str, Any], depth: int
) -> Iterator[tuple[str, Term]]:
    for name, described in schema.get("properties", {}).items():
        part = described.get("$ref", "").rpartition("/")[2]
        if part and depth < _DEEPEST:
            inner = _of_schema(schemas[part], schemas, {}, depth + 1)
            yield from ((f"{name}.{below}", term) for below, term in inner)
        elif term := _of_property(described, shown.get(name, {})):
            yield name, term


def _of_property(described: Mapping[str, Any], shown: Mapping[str, Any]) -> Term | None:
    types = [each for each in _listed(described.get("type")) if each != "null"]
    kind = _FORMATS.get(described.get("format", ""), _TYPES.get(types[0]) if types else None)
    if kind is None:
        return None
    if "enum" in described:
        kind = CODE
    elif kind == TEXT and "[0-9]+(" in described.get("pattern", ""):
        kind = DECIMAL
    may_lack = "null" in _listed(described.get("type"))
    return Term.of(kind, searched=True, may_lack=may_lack, **said({**shown, **described}))


def _listed(types: Any) -> list[str]:
    return types if isinstance(types, list) else [types]
