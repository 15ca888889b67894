"""How schemas look in the contract: what a client sends and what it is answered are components of their own.

A schema says both at once: ``CustomerSchema`` is ``NewCustomer`` where a customer is created, ``CustomerChange`` where
one is changed, and ``Customer`` in an answer (docs/decisions/0025).
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy
from apispec.ext.marshmallow.field_converter import FieldConverterMixin
from marshmallow import fields as marshmallow_fields
from packaging.version import Version

from servicekit.base import fields, labels
from servicekit.base.fields import Schema, made_once
from servicekit.base.money import CURRENCY
from servicekit.messages.events import AMOUNT
from servicekit.nouns.conditions.field import DESCRIBED, NAME, Where
from servicekit.nouns.listing import Listing

_BOUNDS = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "maxProperties")


class Shapes(FieldConverterMixin, ABC):
    """Writes schemas into the components of a document.

    apispec says how Marshmallow's own fields look; what ours take, they say themselves here.
    """

    openapi_version = Version("3.1.0")

    def __init__(self, components: dict[str, Any]) -> None:
        self._components = components
        self._named: dict[str, tuple[type[Schema], bool]] = {}
        self.init_attribute_functions()

    def reference(self, schema: type[Schema] | Schema) -> dict[str, Any]:
        """Return a reference to the component of a schema, which is written if it is not there yet."""
        one = schema() if isinstance(schema, type) else schema
        name, what = self.name_of(one), (type(one), bool(one.partial))
        if name not in self._named:
            if name in self._components:
                raise TypeError(f"There is another component {name}.")
            self._named[name], self._components[name] = what, {}
            self._components[name].update(self.described(one))
        elif self._named[name] != what:
            raise TypeError(f"{what[0].__name__} and {self._named[name][0].__name__} are both called {name}.")
        return {"$ref": f"#/components/schemas/{name}"}

    resolve_nested_schema = reference

    @abstractmethod
    def name_of(self, schema: Schema) -> str:
        """Return what the component of a schema is called."""

    @abstractmethod
    def described(self, schema: Schema) -> dict[str, Any]:
        """Return the component of a schema."""

    def _object(self, schema: Schema, names: Iterable[str], required: Iterable[str]) -> dict[str, Any]:
        shown = {name: schema.fields[name] for name in names}
        described = {
            "type": "object",
            "description": (inspect.getdoc(type(schema)) or "").split("\n\n")[0].replace("\n", " "),
            "properties": {
                field.data_key or name: self.field2property(field) | _told_to_people(schema, name)
                for name, field in shown.items()
            },
        }
        needed = sorted(schema.fields[name].data_key or name for name in required)
        return {**described, "required": needed} if needed else described

    def field2type_and_format(self, field: marshmallow_fields.Field[Any], **more: Any) -> dict[str, Any]:
        """Return type and format, and what else our own fields say of themselves."""
        described: dict[str, Any] = super().field2type_and_format(field, **more)
        described |= _own_description(field) | getattr(field, "described", {}) | _marks(field)
        if isinstance(field, fields.List) and field.maximum is not None:
            described |= {"maxItems": field.maximum} | ({"minItems": field.minimum} if field.minimum else {})
        return described


class Requests(Shapes):
    """What clients send: without what is only shown, and nothing besides.

    Args:
        answered: the schemas that are answered too; their components have the plain name.
    """

    def __init__(self, components: dict[str, Any], answered: Iterable[type[Schema]]) -> None:
        super().__init__(components)
        self._answered = frozenset(answered)

    def name_of(self, schema: Schema) -> str:
        """Return ``CustomerChange`` of what changes a part, ``NewCustomer`` of what is answered too."""
        name = plain_name(type(schema))
        if schema.partial:
            return f"{name}Change"
        return f"New{name}" if type(schema) in self._answered else name

    def described(self, schema: Schema) -> dict[str, Any]:
        """Return an object that takes no other fields; of a change none is required and none has a default."""
        taken = [name for name, field in schema.fields.items() if not field.dump_only]
        needed = [name for name in taken if schema.fields[name].required and not schema.partial]
        described = {**self._object(schema, taken, needed), "additionalProperties": False}
        if schema.partial:
            for field in described["properties"].values():
                field.pop("default", None)
        return described

    def field2type_and_format(self, field: marshmallow_fields.Field[Any], **more: Any) -> dict[str, Any]:
        """Return type and format; a tree of conditions is described by a component of its own."""
        if not isinstance(field, Where):
            return super().field2type_and_format(field, **more)
        self._components[NAME] = DESCRIBED
        return {"$ref": f"#/components/schemas/{NAME}"}

    def field2read_only(self, field: marshmallow_fields.Field[Any], **more: Any) -> dict[str, Any]:
        """Return nothing: what is only shown is not in a request."""
        return {}

    field2write_only = field2read_only


class Answers(Shapes):
    """What clients are answered: what is always there is required, what may be null says so.

    Args:
        lists: the lists of the service, whose models know which column may be null.
    """

    def __init__(self, components: dict[str, Any], lists: Iterable[Listing]) -> None:
        super().__init__(components)
        self._models = {listing.schema: listing.model for listing in lists}

    def name_of(self, schema: Schema) -> str:
        """Return ``Customer`` for ``CustomerSchema``."""
        return plain_name(type(schema))

    def described(self, schema: Schema) -> dict[str, Any]:
        """Return an object, to which later versions may add fields."""
        shown = [name for name, field in schema.fields.items() if not field.load_only]
        return self._object(schema, shown, shown if schema.always is None else schema.always)

    def single(self, schema: type[Schema], operations: list[str]) -> dict[str, Any]:
        """Return a reference to the component of a record by itself, which says what the caller may do with it now.

        Args:
            operations: what there is to be done with such a record.
        """
        self.reference(schema)
        whole, name = self._components[plain_name(schema)], f"Single{plain_name(schema)}"
        can = {
            "type": "array",
            "items": {"type": "string", "enum": operations},
            "description": "What the caller may do with it now, by `operationId`.",
            "x-label": labels.written(labels.OWN[labels.CAN]),
            "x-order": 1 + max(described["x-order"] for described in whole["properties"].values()),
        }
        self._components[name] = {
            **whole,
            "properties": {**whole["properties"], labels.CAN: can},
            "required": sorted([*whole.get("required", ()), labels.CAN]),
        }
        return {"$ref": f"#/components/schemas/{name}"}

    def page(self, schema: type[Schema]) -> dict[str, Any]:
        """Return a reference to the component of a list's page."""
        return self._page(f"{plain_name(schema)}Page", self.reference(schema), "A page of a list.")

    def sparse_page(self, schema: type[Schema]) -> dict[str, Any]:
        """Return a reference to the component of a list's page that holds some fields only."""
        whole, name = self._components[plain_name(schema)], f"Sparse{plain_name(schema)}"
        self._components[name] = {
            "type": "object",
            "description": "Those of the fields that were asked for.",
            "properties": whole["properties"],
        }
        item = {"$ref": f"#/components/schemas/{name}"}
        return self._page(f"{name}Page", item, "A page of a list with some fields of each record.")

    def _page(self, name: str, item: dict[str, Any], description: str) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "items": {"type": "array", "items": item},
            "next": {"type": ["string", "null"], "description": "Cursor of the next page, if there is one."},
            "total": {"type": "integer", "description": "How many there are; only with count=true."},
        }
        self._components[name] = {
            "type": "object",
            "description": description,
            "properties": {
                part: {**described, "x-label": labels.written(labels.OWN[part]), "x-order": order}
                for order, (part, described) in enumerate(parts.items(), 1)
            },
            "required": ["items", "next"],
        }
        return {"$ref": f"#/components/schemas/{name}"}

    def field2property(self, field: marshmallow_fields.Field[Any]) -> dict[str, Any]:
        """Return a field without what is asked of clients: bounds and defaults are for what comes in."""
        described: dict[str, Any] = super().field2property(field)
        return {name: value for name, value in described.items() if name not in (*_BOUNDS, "default")}

    def field2type_and_format(self, field: marshmallow_fields.Field[Any], **more: Any) -> dict[str, Any]:
        """Return type and format; how many digits an amount may have is a bound too."""
        described = super().field2type_and_format(field, **more)
        decimal = isinstance(field, (fields.Money, fields.Number))
        return described | {"pattern": AMOUNT} if decimal else described

    def field2read_only(self, field: marshmallow_fields.Field[Any], **more: Any) -> dict[str, Any]:
        """Return nothing: an answer is only read."""
        return {}

    field2write_only = field2read_only

    def field2choices(self, field: marshmallow_fields.Field[Any], **more: Any) -> dict[str, Any]:
        """Return the choices, null among them if it can come."""
        described: dict[str, Any] = super().field2choices(field, **more)
        if "enum" in described and not self._may_be_null(field):
            described["enum"] = [choice for choice in described["enum"] if choice is not None]
        return described

    def field2nullable(self, field: marshmallow_fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
        """Return the type with null if it can come."""
        described: dict[str, Any] = super().field2nullable(field, ret) if self._may_be_null(field) else {}
        return described

    def _may_be_null(self, field: marshmallow_fields.Field[Any]) -> bool:
        """Tell whether a field of an answer can be null: its column knows, and what is no column says it itself."""
        if isinstance(field, fields.Secret):
            return True  # In the answer that is repeated.
        nullable = getattr(self._column_of(field), "nullable", None)
        if nullable and not field.allow_none:
            schema = type(field.parent).__name__
            raise TypeError(f"{schema}.{field.name} can be null in the database, so it says allow_none.")
        return field.allow_none and nullable is not False

    def _column_of(self, field: marshmallow_fields.Field[Any]) -> Any:
        of = type(field.parent)
        model = next((self._models[each] for each in of.__mro__ if each in self._models), None)
        columns = sqlalchemy.inspect(model).columns if model is not None else {}
        return columns.get(field.attribute or field.name)


def plain_name(schema: type[Schema]) -> str:
    """Return ``Customer`` for ``CustomerSchema``."""
    return schema.__name__.removesuffix("Schema")


def with_parts(schema: type[Schema]) -> Iterator[type[Schema]]:
    """Yield a schema and those of its parts that are answered with it."""
    yield schema
    for field in made_once(schema).fields.values():
        part = field.inner if isinstance(field, marshmallow_fields.List) else field
        if isinstance(part, marshmallow_fields.Nested) and not field.load_only:
            inner: Any = part.schema
            yield from with_parts(type(inner))


def _told_to_people(schema: Schema, name: str) -> dict[str, Any]:
    """Say what a field is called, and at which place it was declared; the document sorts by name."""
    label = getattr(schema.fields[name], "label", None) or labels.OWN.get(name)
    called = {"x-label": labels.written(label)} if label else {}
    return called | {"x-order": list(schema.fields).index(name) + 1}


def _marks(field: marshmallow_fields.Field[Any]) -> dict[str, Any]:
    """Say what codes are called, whose id it is, and where the currency of an amount stands."""
    if isinstance(field, fields.Code) and field.choice_labels:
        return {"x-enum-labels": labels.choices_written(field.choice_labels)}
    if isinstance(field, fields.Id) and field.reference:
        return {"x-reference": field.reference}
    return {"x-money": CURRENCY} if isinstance(field, fields.Money) else {}


def _own_description(field: marshmallow_fields.Field[Any]) -> dict[str, Any]:
    """Say of our own fields what they really take; apispec would call a decimal string a number."""
    if isinstance(field, (fields.Money, fields.Number)):
        return {"type": "string", "pattern": _pattern(field)}
    if isinstance(field, fields.Email):
        return {"type": "string", "format": "idn-email", "maxLength": field.maximum}
    if isinstance(field, fields.Text):
        return {"type": "string", "maxLength": field.maximum} | ({} if field.blank else {"minLength": 1})
    if isinstance(field, fields.Currency):
        return {"type": "string", "pattern": "^[A-Z]{3}$"}
    return {}


def _pattern(field: fields.Money | fields.Number) -> str:
    """Return the form of a decimal: no sign where none is below zero, and more than zeros where zero is none."""
    least = field.above if field.above is not None else field.minimum
    sign = "-?" if least is None or least < 0 else ""
    more_than_zero = "(?=.*[1-9])" if field.above is not None and field.above >= 0 else ""
    return rf"^{more_than_zero}{sign}[0-9]{{1,{field.most_digits}}}(\.[0-9]{{1,4}})?$"
