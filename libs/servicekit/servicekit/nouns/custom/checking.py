"""Checking what a request says of fields at run time: after its schema, within its transaction.

What only a record that has it already may have, such as an option out of use, is refused after the operation: before,
nobody has judged whether the caller may know what the record has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.errors import Fault, Invalid
from servicekit.base.fields import Schema, flatten, made_once
from servicekit.nouns.custom import values
from servicekit.nouns.custom.column import CustomValues
from servicekit.nouns.custom.naming import judge
from servicekit.nouns.custom.settings import PREFIX, FieldSetting, fields_of

REQUIRED = Fault("required", "Missing data for required field.")
UNKNOWN = Fault("unknown-field", "Unknown field.")
NOT_IN_USE = Fault("field-out-of-use", "The field is no longer in use.")


class Doubt(NamedTuple):
    """A value that only a record which has it already may have."""

    key: str
    value: Any
    fault: Fault


@dataclass
class Said:
    """What a request says of fields at run time, and what is wrong with it."""

    caller: Caller | None
    service_class: type
    creates: bool
    errors: list[dict[str, Any]] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def read(self, session: Session, settings: Mapping[str, FieldSetting], given: Mapping[str, Any]) -> Any:
        """Return the values of custom fields as they are kept."""
        kept: dict[str, Any] = {}
        for key, value in given.items():
            setting = settings.get(PREFIX + key)
            if setting is None:
                self._wrong(PREFIX + key, UNKNOWN)
            elif value is None:
                kept[key] = None
            else:
                kept[key] = self._one(session, setting, value)
        return kept

    def _one(self, session: Session, setting: FieldSetting, value: Any) -> Any:
        try:
            kept = values.read(setting, value)
        except ValidationError as error:
            self.errors += flatten(error.messages, setting.name)
            return None
        fault = NOT_IN_USE if not setting.active else values.out_of_use(setting, kept)
        if fault is None and setting.reference:
            kept, fault = judge(session, self.caller, self.service_class, setting, kept)
        if fault is not None:
            self.doubts.append(Doubt(setting.key, kept, fault))
        return kept if kept != [] else None

    def require(self, settings: Mapping[str, FieldSetting], said: Mapping[str, Any]) -> None:
        """Look whether all that is required is there, of a change whether none of it is taken away."""
        for name, setting in settings.items():
            taken_away = name in said and said[name] in (None, "", [])
            missing = self.creates and name not in said
            if setting.required and (taken_away or missing):
                self._wrong(name, REQUIRED)

    def _wrong(self, name: str, fault: Fault) -> None:
        if not any(error["field"].startswith(name) for error in self.errors):
            self.errors.append({"field": name, "message": fault})


def check_fields(
    session: Session,
    caller: Caller | None,
    service_class: type,
    schema: type[Schema] | None,
    data: Any,
    *,
    creates: bool,
) -> list[Doubt]:
    """Read the values of custom fields that a request has, and see that what is required is there.

    Returns:
        What only a record that has it already may have; of a new one there is nothing that would be in doubt.

    Raises:
        Invalid: ``invalid-input`` with an entry a field: ``custom.colour``.
    """
    member = member_of(schema)
    if member is None or schema is None or not isinstance(data, dict):
        return []
    name, noun = member
    given = data.get(name)
    if not creates and given is None and not data:
        return []
    settings = fields_of(session, noun)
    said = Said(caller, service_class, creates)
    own = said.read(session, settings, given or {})
    if given is not None:
        data[name] = own
    standard = {outside: data[inside] for outside, inside in _members(schema) if inside in data}
    said.require(settings, {**standard, **{PREFIX + key: value for key, value in own.items()}})
    if creates:
        said.errors += _told(said.doubts)
    if said.errors:
        raise Invalid("invalid-input", "Some fields are not valid.", said.errors)
    return said.doubts


def without_values_kept(session: Session, model: Any, record_id: Any, doubts: list[Doubt]) -> list[Doubt]:
    """Return the doubts about values that a record does not have already."""
    kept = session.scalar(select(model.custom).where(model.id == record_id)) or {}
    return [doubt for doubt in doubts if kept.get(doubt.key) != doubt.value]


def refuse_values(doubts: list[Doubt]) -> None:
    """Refuse what cannot be said.

    Raises:
        Invalid: ``invalid-input``, with an entry a field.
    """
    if doubts:
        raise Invalid("invalid-input", "Some fields are not valid.", _told(doubts))


def _told(doubts: list[Doubt]) -> list[dict[str, Any]]:
    return [{"field": PREFIX + doubt.key, "message": doubt.fault} for doubt in doubts]


@cache
def member_of(schema: type[Schema] | None) -> tuple[str, str] | None:
    """Return under which name a schema holds the values of custom fields, and of which noun they are."""
    fields = made_once(schema).fields.items() if schema is not None else ()
    found = ((name, each.noun) for name, each in fields if isinstance(each, CustomValues))
    return next(found, None)


@cache
def _members(schema: type[Schema]) -> tuple[tuple[str, str], ...]:
    def pairs() -> Iterator[tuple[str, str]]:
        for name, each in made_once(schema).load_fields.items():
            yield each.data_key or name, each.attribute or name

    return tuple(pairs())
