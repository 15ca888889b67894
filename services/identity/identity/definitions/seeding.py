"""Putting in the presets: what is not there yet, and what a release says anew of what is."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.definitions import presets
from identity.definitions.fields import FieldDefinition
from identity.definitions.model import Definition, Dictionary, NumberingRule, ParameterSetting
from identity.definitions.queries import tell
from servicekit.contracts.told_fields import Taker, takers
from servicekit.nouns.patterns import DAY

SET_BY_PEOPLE = ("value", "pattern", "counts", "required", "strict", "common", "remark")
"""What of a body an administrator says, and a release does not say anew."""

_OURS = UUID("0198f3a0-7c00-7000-8000-000000000042")


def add_presets(session: Session, *, fresh: bool) -> None:
    """Add the definitions that are missing; what somebody has set stays.

    Args:
        fresh: whether the house begins with this release: its dictionaries take any text until somebody adds a term to
            one. In a house that was there before, whose programs send texts of their own, nothing closes by itself.
    """
    known = {(each.kind, each.noun, each.key): each for each in session.scalars(select(Definition))}
    for kind, noun, key, position, body in _presets(closes=fresh):
        definition = known.get((kind.__mapper_args__["polymorphic_identity"], noun, key))
        if definition is None:
            preset_id = _id_of(kind, f"{noun}/{key}" if noun else key)
            definition = kind(id=preset_id, noun=noun, key=key, position=position, body=body)
            session.add(definition)
            tell(session, definition)
        elif kind is not Dictionary and (said := _said_anew(definition, body)) != definition.body:
            definition.body = said
            tell(session, definition)


def _said_anew(definition: Definition, body: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in definition.body.items() if name in SET_BY_PEOPLE}
    return {**body, **kept}


def _presets(*, closes: bool) -> Iterator[tuple[Any, str, str, int, dict[str, Any]]]:
    for place, (key, (chinese, english, terms)) in enumerate(presets.DICTIONARIES.items(), 1):
        entries = [_term(key, code, label) for code, label in terms.items()]
        label = presets.said(chinese, english)
        body: dict[str, Any] = {
            "label": label,
            "remark": None,
            "open": True,
            "closes": closes,
            "terms": entries,
        }
        yield Dictionary, "", key, place, body
    for place, (key, (chinese, english, pattern, fields)) in enumerate(presets.NUMBERS.items(), 1):
        label = presets.said(chinese, english)
        body = {"label": label, "preset": pattern, "pattern": pattern, "counts": DAY, "fields": [*fields]}
        yield NumberingRule, "", key, place, body
    for place, (key, parameter) in enumerate(presets.PARAMETERS.items(), 1):
        yield ParameterSetting, "", key, place, {**parameter, "value": None}
    for noun, taker in takers().items():
        for place, (key, told) in enumerate(fields_told(taker), 1):
            yield FieldDefinition, noun, key, place, _standard(noun, key, told, key in taker.always)


def fields_told(taker: Taker) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the fields that a noun has anyway and that forms ask for, in their order."""
    told = sorted(taker.fields.items(), key=lambda pair: pair[1].get("x-order", 0))
    yield from ((key, said) for key, said in told if "$ref" not in said and key not in presets.NOT_ASKED)


def _standard(noun: str, key: str, told: Mapping[str, Any], always: bool) -> dict[str, Any]:
    """Return the setting of a field that the noun has anyway; what people require of each other, programs need not."""
    required, common = presets.FIELDS.get(noun, ((), ()))
    return {
        "label": dict(told["x-label"]),
        "standard": True,
        "always": always,
        "required": always or key in required,
        "strict": always,
        "common": always or key in (*required, *common),
        "remark": None,
    }


def _term(key: str, code: str, english: str) -> dict[str, Any]:
    label = presets.said(code, english)
    return {
        "id": str(uuid5(_OURS, f"{key}/{code}")),
        "code": code,
        "label": label,
        "remark": None,
        "active": True,
    }


def _id_of(kind: Any, key: str) -> UUID:
    """Return the id of a preset: the same in every house, so that one given back its database has no second."""
    return uuid5(_OURS, f"{kind.__name__}/{key}")
