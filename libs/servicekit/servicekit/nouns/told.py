"""What the history of a noun tells: the fields that its single look shows, each written as the answer writes it.

What no answer shows (a password's hash, a search key) is in no plan, and so never written down. Nor is what the kit
counts itself, nor a foreign record's name: of that there is the id.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Column, inspect
from sqlalchemy.orm import RelationshipProperty

from servicekit.base.decimal_fields import Money
from servicekit.base.fields import List, Nested, Schema, Secret, made_once
from servicekit.base.money import currency_of
from servicekit.nouns.custom.column import CustomValues
from servicekit.nouns.views import view_class

LEFT_OUT = frozenset({"id", "version", "created_at", "updated_at", "glimpse"})
"""What every record has, and the history says otherwise; and what depends on who looks."""

Write = Callable[[Any, Any], Any]
"""Returns a value as an answer shows it, given the record (or its view) that has it."""


class Shown(NamedTuple):
    """A field: what it is called outside, the attribute it is read from, and how it is written."""

    name: str
    attribute: str
    write: Write
    by_key: bool = False
    """Whether it holds fields that are set at run time, each of which is told by itself."""

    def told(self, record: Any) -> dict[str, Any]:
        """Return what a record has of it, by the names that the history tells it under.

        Raises:
            AttributeError: if it is made of parts that nobody has loaded.
        """
        value = self.write(getattr(record, self.attribute), record)
        if not self.by_key:
            return {self.name: value}
        return {f"{self.name}.{key}": each for key, each in (value or {}).items()}


class Plan:
    """What is told of the records of a model.

    Args:
        noun: what the record is called.
        schema: what its single look shows.
    """

    def __init__(self, model: type[Any], noun: str, schema: type[Schema]) -> None:
        mapper = inspect(model)
        self.model, self.noun, self.schema = model, noun, schema
        self.view: Any = view_class(mapper.class_)
        self.columns = tuple(
            each.key for each in mapper.column_attrs if isinstance(each.columns[0], Column)
        )  # fmt: skip
        self.relations: dict[str, RelationshipProperty[Any]] = {
            each.key: each
            for each in mapper.relationships
            if each.lazy not in ("write_only", "dynamic") and not each.viewonly
        }
        computed = {each.key for each in mapper.column_attrs} - {*self.columns}
        shown = [each for each in _shown_by(schema) if each.attribute not in computed]
        self.of_columns = {each.attribute: each for each in shown if each.attribute in self.columns}
        self.derived = [each for each in shown if each.attribute not in self.columns]
        """Parts, and what the entity makes of its columns and parts."""

    def of(self, values: dict[str, Any]) -> Any:
        """Return a record as it was with these columns and parts."""
        return self.view(values)


def _shown_by(schema: type[Schema]) -> Iterator[Shown]:
    for name, field in made_once(schema).dump_fields.items():
        outside, attribute = field.data_key or name, field.attribute or name
        if outside in LEFT_OUT or isinstance(field, Secret):
            continue
        yield Shown(outside, attribute, _writer(field, outside), isinstance(field, CustomValues))


def _writer(field: Any, name: str) -> Write:
    if isinstance(field, Money):
        return lambda value, record: field.shown(value, currency_of(record))
    part = field.inner if isinstance(field, List) else field
    if isinstance(part, Nested):
        return partial(_written_parts, part.schema, several=part is not field)
    return lambda value, record: field._serialize(value, name, record)


def _written_parts(schema: Any, value: Any, record: Any, *, several: bool) -> Any:
    """Return parts without their ids: made anew with the same content they are the same."""
    if value is None:
        return None
    currency = currency_of(record)
    written = [
        {name: told for name, told in schema.written(part, currency).items() if name not in LEFT_OUT}
        for part in (value if several else [value])
    ]
    return written if several else written[0]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return what differs as ``{"field": [old, new]}``; of lists of parts only the parts that do."""
    found: dict[str, list[Any]] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new or (_is_nothing(old) and _is_nothing(new)):
            continue
        pair = [old, new]
        if isinstance(old, list) and isinstance(new, list) and _are_parts([*old, *new]):
            pair = [_without(old, new), _without(new, old)]
        if pair != [[], []]:
            found[name] = pair
    return found


def _is_nothing(value: Any) -> bool:
    return value is None or value == []


def _are_parts(values: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _without(parts: list[Any], others: list[Any]) -> list[Any]:
    known = Counter(map(_key, others))
    left = []
    for part in parts:
        if known[_key(part)]:
            known[_key(part)] -= 1
        else:
            left.append(part)
    return left


def _key(part: Any) -> bytes:
    return orjson.dumps(part, option=orjson.OPT_SORT_KEYS)
