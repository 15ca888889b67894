"""Marshmallow fields and the schema base: strict about what comes in, exact about what goes out."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar

import email_validator
from email_validator import EmailNotValidError, validate_email
from marshmallow import RAISE, ValidationError, fields
from marshmallow import Schema as MarshmallowSchema

from servicekit.base.date_fields import Date as Date
from servicekit.base.date_fields import PastDate as PastDate
from servicekit.base.date_fields import PastTimestamp as PastTimestamp
from servicekit.base.date_fields import PlannedTimestamp as PlannedTimestamp
from servicekit.base.date_fields import Timestamp as Timestamp
from servicekit.base.decimal_fields import Currency as Currency
from servicekit.base.decimal_fields import Money as Money
from servicekit.base.decimal_fields import Number as Number
from servicekit.base.errors import Fault
from servicekit.base.id_fields import AccountId as AccountId
from servicekit.base.id_fields import Id as Id
from servicekit.base.labels import Label, Labelled
from servicekit.base.money import currency_of
from servicekit.base.phones import digits
from servicekit.base.texts import MOST_MARKS, clean, comparable, in_one_line, is_overloaded, with_line_breaks
from servicekit.base.validators import OneOf, Within, too_long

# An address within somebody's own network (.local) is one too, and nothing is sent from here.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


class Schema(MarshmallowSchema):
    """Base of all schemas: unknown fields are refused, not ignored."""

    always: ClassVar[tuple[str, ...] | None] = None
    """The fields that are in every answer, of a schema whose answers leave some out; None: all of them."""

    of_record: ClassVar[bool] = True
    """Whether it shows a record, or what goes with one: with that nothing is done by itself."""

    error_messages: dict[str, str] = {
        "unknown": Fault("unknown-field", "Unknown field."),
        "type": Fault("wrong-type", "Invalid input type."),
    }

    class Meta:
        unknown = RAISE

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return a record, or several, as what goes out.

        Marshmallow's own way of finding out for each value where it stands takes five times as long as writing it.
        """
        if self.many if many is None else many:
            return [self.written(item) for item in obj]
        return self.written(obj)

    def written(self, record: Any, currency: str | None = None) -> dict[str, Any]:
        """Return a record as what goes out.

        Args:
            currency: what its amounts are in if it does not say so itself, being a part of a record that does.
        """
        if isinstance(record, Mapping):  # What is not in it stays out.
            present = (column for column in self._outgoing if column[1] in record)
            result = {name: write(record[attribute], name, record) for name, attribute, write in present}
        else:
            result = {
                name: write(getattr(record, attribute), name, record)
                for name, attribute, write in self._outgoing
            }
        if self._amounts:
            currency = currency_of(record) or currency
            for name, amount in self._amounts:
                if name in result:
                    result[name] = amount.shown(result[name], currency)
        return result

    @cached_property
    def _amounts(self) -> list[tuple[str, "Money"]]:
        """The fields that are written with the digits of a currency, by their names outside."""
        return [
            (field.data_key or name, field)
            for name, field in self.dump_fields.items()
            if isinstance(field, Money)
        ]

    @cached_property
    def _outgoing(self) -> list[tuple[str, str, Callable[[Any, str, Any], Any]]]:
        """For each field its name outside, the attribute it is read from, and what writes the value."""
        return [
            (field.data_key or name, field.attribute or name, _writer(field))
            for name, field in self.dump_fields.items()
        ]


def _writer(field: fields.Field[Any]) -> Callable[[Any, str, Any], Any]:
    """Return what writes a field's value; a list of parts is written by the parts' schema, without asking each part."""
    if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
        parts: Any = field.inner.schema
        return lambda value, _name, record: (
            None if value is None else [parts.written(part, currency_of(record)) for part in value]
        )
    if isinstance(field, Money):
        return lambda value, _name, _record: value  # The record is looked at as a whole, for its currency.
    return field._serialize


class Nested(Labelled, fields.Nested):
    """A part of a record. A PATCH may leave parts out, but those it names it gives as a whole."""

    def _load(self, value: Any, partial: Any = None) -> Any:
        return super()._load(value, partial=None)


class List(Labelled, fields.List[Any]):
    """A list; too long a one is refused before any of its items is looked at.

    Args:
        inner: the field of an item.
        maximum: the most items, in the contract file ``maxItems``; only a list that is never sent to us may have none.
        minimum: the fewest items.
    """

    fault = "not-a-list"

    def __init__(
        self, inner: fields.Field[Any], *, maximum: int | None = None, minimum: int = 0, **more: Any
    ):
        super().__init__(inner, **more)
        if maximum is None and not self.dump_only:
            raise TypeError("A list that clients send has a maximum.")
        self.maximum = maximum
        self.minimum = minimum

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if isinstance(value, list):
            if self.maximum is not None and len(value) > self.maximum:
                raise ValidationError(Fault("too-many-items", "More than {max} items.", max=self.maximum))
            if len(value) < self.minimum:
                raise ValidationError(Fault("too-few-items", "Fewer than {min} items.", min=self.minimum))
        return super()._deserialize(value, attr, data, **more)


@cache
def made_once(schema: type[Schema]) -> Schema:
    """Return the one instance of a schema class: making one copies all its fields, using one changes nothing in it."""
    return schema()


class Secret(Labelled, fields.String):
    """A text that is shown in one answer and never again: null where that answer is repeated for an Idempotency-Key."""

    def __init__(self, **more: Any):
        super().__init__(dump_only=True, allow_none=True, **more)


class Text(Labelled, fields.String):
    """Text in its one form (``servicekit.base.texts``): composed, without what nobody sees, without blanks at its ends.

    Tabs and line breaks within a text of one line become a blank. NUL, other control characters and lone surrogates are
    refused, and so is what has nothing to be seen.

    Args:
        maximum: the most characters allowed, in that form.
        blank: whether the empty text is allowed.
        multiline: whether there may be several lines; line breaks of every kind become line feeds.
    """

    fault = "not-a-text"

    def __init__(self, maximum: int = 200, *, blank: bool = False, multiline: bool = False, **more: Any):
        super().__init__(**more)
        self.maximum = maximum
        self.blank = blank
        self.multiline = multiline

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError(Fault("not-a-text", "Not a text."))
        # Before anything is done with a text whose length makes that take long: composed it is at most a quarter.
        if len(value) > 4 * self.maximum and len(value := value.strip()) > 4 * self.maximum:
            raise ValidationError(too_long(self.maximum))
        if not value.isascii() and is_overloaded(value):
            raise ValidationError(
                Fault("too-many-marks", "Holds more than {max} marks on one letter.", max=MOST_MARKS)
            )
        text = clean(with_line_breaks(value)) if self.multiline else in_one_line(clean(value))
        if len(text) > self.maximum:
            raise ValidationError(too_long(self.maximum))
        if not self.blank and not comparable(text):
            raise ValidationError(Fault("blank", "Must not be blank."))
        allowed = "\n\t" if self.multiline else ""
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text):
            raise ValidationError(Fault("unstorable-characters", "Holds characters that cannot be stored."))
        return text


class Code(Labelled, fields.String):
    """One of a closed set of codes, such as a state.

    Args:
        choices: the codes allowed, with what each is called.
    """

    fault = "not-a-text"

    def __init__(self, choices: Mapping[str, Label] | Iterable[str], **more: Any):
        self.choices = tuple(choices)
        self.choice_labels = dict(choices) if isinstance(choices, Mapping) else {}
        super().__init__(validate=OneOf(self.choices), **more)


class Integer(Labelled, fields.Integer):
    """A whole number; text and fractions are refused, and ``3.0`` is as whole as ``3`` (JSON Schema says so too).

    Args:
        minimum, maximum: the bounds allowed, both included.
    """

    fault = "not-a-whole-number"

    def __init__(self, *, minimum: int | None = None, maximum: int | None = 2_000_000_000, **more: Any):
        super().__init__(strict=True, validate=Within(min=minimum, max=maximum), **more)
        self.minimum = minimum

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Flag(Labelled, fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError(Fault("not-true-or-false", "Must be true or false."))
        return value


class Email(Text):
    """A mail address by itself, kept in small letters and of one width (NFKC): ``ａ@b.co`` is ``a@b.co``.

    ``<a@b.co>`` and ``a@b.co;`` are refused.
    """

    def __init__(self, **more: Any):
        super().__init__(maximum=254, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = unicodedata.normalize("NFKC", super()._deserialize(value, attr, data, **more))
        try:
            address = validate_email(text, check_deliverability=False, strict=True)
        except EmailNotValidError as error:
            raise ValidationError(Fault("not-a-mail-address", f"Not a mail address: {error}")) from error
        return address.normalized.lower()


class Phone(Text):
    """A phone number as it was typed; an entity keeps its E.164 beside it (``servicekit.base.phones``).

    What is no valid number is kept too: a part of one, a number of another country without its code, an extension.
    """

    def __init__(self, maximum: int = 50, **more: Any):
        super().__init__(maximum, **{"metadata": {"example": "138 0013 8000"}, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if len(digits(text)) < 3 or "@" in text:
            raise ValidationError(Fault("not-a-phone-number", "Not a phone number."))
        return text


class E164(Text):
    """A phone number in E.164, made of what was typed; null where that is not a valid number."""

    def __init__(self, **more: Any):
        super().__init__(
            16, dump_only=True, allow_none=True, **{"metadata": {"example": "+8613800138000"}, **more}
        )


def flatten(messages: Any, prefix: str = "") -> list[dict[str, Any]]:
    """Turn Marshmallow's nested messages into one entry a field, with the path to it.

    Example:
        ``{"lines": {0: {"price": ["Not an amount."]}}}`` becomes
        ``[{"field": "lines.0.price", "message": "Not an amount."}]``.
    """
    if isinstance(messages, Mapping):
        return [
            entry
            for key, value in messages.items()
            for entry in flatten(value, prefix if key == "_schema" else f"{prefix}.{key}".lstrip("."))
        ]
    if isinstance(messages, (list, tuple)):
        return [entry for message in messages for entry in flatten(message, prefix)]
    return [{"field": prefix, "message": messages if isinstance(messages, str) else str(messages)}]
