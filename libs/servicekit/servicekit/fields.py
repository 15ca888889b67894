"""Marshmallow fields and the schema base: strict about what comes in, exact about what goes out."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cache, cached_property
from typing import Any

import email_validator
from email_validator import EmailNotValidError, validate_email
from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from servicekit.clock import today
from servicekit.phones import digits
from servicekit.texts import clean, comparable, with_line_breaks

# An address within somebody's own network (.local) is one too, and nothing is sent from here.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()

_MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")
_NUMBER = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CENT = Decimal("0.01")

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a client's clock may be ahead of ours."""


def to_cents(amount: Decimal) -> Decimal:
    """Round an amount to the cent, half to even: the one rounding rule of the platform."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


class Schema(MarshmallowSchema):
    """Base of all schemas: unknown fields are refused, not ignored."""

    class Meta:
        unknown = RAISE

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return a record, or several, as what goes out.

        Marshmallow's own way of finding out for each value where it stands takes five times as long as writing it.
        """
        if self.many if many is None else many:
            return [self._written(item) for item in obj]
        return self._written(obj)

    def _written(self, record: Any) -> dict[str, Any]:
        if isinstance(record, Mapping):  # What is not in it stays out.
            present = (column for column in self._outgoing if column[1] in record)
            return {name: write(record[attribute], name, record) for name, attribute, write in present}
        return {
            name: write(getattr(record, attribute), name, record) for name, attribute, write in self._outgoing
        }

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
        parts = field.inner.schema
        return lambda value, _name, _record: None if value is None else parts.dump(value, many=True)
    return field._serialize


class Nested(fields.Nested):
    """A part of a record. A PATCH may leave parts out, but those it names it gives as a whole."""

    def _load(self, value: Any, partial: Any = None) -> Any:
        return super()._load(value, partial=None)


class List(fields.List[Any]):
    """A list; too long a one is refused before any of its items is looked at.

    Args:
        inner: the field of an item.
        maximum: the most items, in the contract file ``maxItems``; only a list that is never sent to us may have none.
        minimum: the fewest items.
    """

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
                raise ValidationError(f"More than {self.maximum} items.")
            if len(value) < self.minimum:
                raise ValidationError(f"Fewer than {self.minimum} items.")
        return super()._deserialize(value, attr, data, **more)


class Timestamp(fields.AwareDateTime):
    """A moment with its offset from UTC, of years that can be stored and read back in every time zone; kept in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **more)
        if not 1 < moment.year < 9999:
            raise ValidationError("Outside of what can be stored.")
        return moment.astimezone(UTC)


class PastTimestamp(Timestamp):
    """A moment at which something was done: not in the future, and not before 1990."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **more)
        if not datetime(1990, 1, 1, tzinfo=UTC) <= moment <= datetime.now(UTC) + CLOCKS_DIFFER:
            raise ValidationError("Must not be in the future, nor before 1990.")
        return moment


class Date(fields.Date):
    """A day as ``2026-11-22``; the other forms of ISO 8601 are refused, and so is what lies centuries away.

    Args:
        earliest: the first day allowed.
    """

    def __init__(self, *, earliest: date = date(1900, 1, 1), **more: Any):
        super().__init__(**more)
        self.earliest = earliest

    @property
    def latest(self) -> date:
        """The last day allowed."""
        return date(2199, 12, 31)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day: date = super()._deserialize(value, attr, data, **more)
        if not self.earliest <= day <= self.latest:
            raise ValidationError(f"Must be from {self.earliest} to {self.latest}.")
        return day


class PastDate(Date):
    """A day on which something has happened, from 1990 on."""

    def __init__(self, *, earliest: date = date(1990, 1, 1), **more: Any):
        super().__init__(earliest=earliest, **more)

    @property
    def latest(self) -> date:
        """Tomorrow: east of the house it has begun already."""
        return today() + timedelta(days=1)


@cache
def made_once(schema: type[Schema]) -> Schema:
    """Return the one instance of a schema class: making one copies all its fields, using one changes nothing in it."""
    return schema()


class Id(fields.UUID):
    """The id of a record."""


class AccountId(Id):
    """The id of an account that is to own, handle or look after something.

    Before an operation begins, the kit sees that the account exists and is active (``servicekit.references``).
    """


class Text(fields.String):
    """Text in its one form (``servicekit.texts``): composed, without what nobody sees, without blanks at its ends.

    NUL, other control characters and lone surrogates are refused, and so is what has nothing to be seen.

    Args:
        maximum: the most characters allowed, in that form.
        blank: whether the empty text is allowed.
        multiline: whether there may be several lines; line breaks of every kind become line feeds.
    """

    def __init__(self, maximum: int = 200, *, blank: bool = False, multiline: bool = False, **more: Any):
        super().__init__(**more)
        self.maximum = maximum
        self.blank = blank
        self.multiline = multiline

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("Not a text.")
        text = clean(with_line_breaks(value) if self.multiline else value)
        if not self.blank and not comparable(text):
            raise ValidationError("Must not be blank.")
        if len(text) > self.maximum:
            raise ValidationError(f"Longer than {self.maximum} characters.")
        allowed = "\n\t" if self.multiline else ""
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text):
            raise ValidationError("Holds characters that cannot be stored.")
        return text


class _ExactDecimal(fields.Field[Decimal]):
    """A decimal that is written as a plain decimal string and never passes through a float."""

    pattern = _NUMBER
    message = "Not a decimal with at most 14 digits before and 4 after the point."

    def __init__(
        self, *, minimum: Decimal | int | None = None, above: Decimal | int | None = None, **more: Any
    ):
        super().__init__(**more)
        self.minimum = minimum
        self.above = above

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Decimal:
        # An integer is exact in JSON; any other number has been a float on its way here.
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not self.pattern.fullmatch(value):
            raise ValidationError(self.message)
        try:
            number = Decimal(value)
        except InvalidOperation as error:  # pragma: no cover - the pattern admits decimals only
            raise ValidationError(self.message) from error
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(f"Must be at least {self.minimum}.")
        if self.above is not None and number <= self.above:
            raise ValidationError(f"Must be more than {self.above}.")
        return number + 0  # There is no negative zero in the database.


class Money(_ExactDecimal):
    """An amount, exact to the cent, as a decimal string with two digits: ``"1234.50"``."""

    pattern = _MONEY
    message = "Not an amount like 1234.50."

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        return None if value is None else f"{to_cents(value):f}"


class Number(_ExactDecimal):
    """A quantity or a price factor with up to four digits after the point, as a decimal string."""

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **more: Any) -> str | None:
        if value is None:
            return None
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


class Currency(fields.String):
    """An ISO 4217 currency code of three capital letters."""

    def __init__(self, **more: Any):
        super().__init__(
            validate=validate.Regexp(r"\A[A-Z]{3}\Z", error="Not a currency code like CNY."), **more
        )


class Code(fields.String):
    """One of a closed set of codes, such as a state.

    Args:
        choices: the codes allowed.
    """

    def __init__(self, choices: Iterable[str], **more: Any):
        self.choices = tuple(choices)
        super().__init__(validate=validate.OneOf(self.choices, error="Must be one of: {choices}."), **more)


class Integer(fields.Integer):
    """A whole number; text and fractions are refused.

    Args:
        minimum, maximum: the bounds allowed, both included.
    """

    def __init__(self, *, minimum: int | None = None, maximum: int | None = 2_000_000_000, **more: Any):
        super().__init__(strict=True, validate=validate.Range(min=minimum, max=maximum), **more)
        self.minimum = minimum

    def _validated(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Flag(fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


class Email(Text):
    """A mail address by itself, kept in small letters; ``<a@b.co>`` and ``a@b.co;`` are refused."""

    def __init__(self, **more: Any):
        super().__init__(maximum=254, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            address = validate_email(text, check_deliverability=False, strict=True)
        except EmailNotValidError as error:
            raise ValidationError(f"Not a mail address: {error}") from error
        return address.normalized.lower()


class Phone(Text):
    """A phone number as it was typed; an entity keeps its E.164 beside it (``servicekit.phones``).

    What is no valid number is kept too: a part of one, a number of another country without its code, an extension.
    """

    def __init__(self, maximum: int = 50, **more: Any):
        super().__init__(maximum, **{"metadata": {"example": "138 0013 8000"}, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if len(digits(text)) < 3 or "@" in text:
            raise ValidationError("Not a phone number.")
        return text


class E164(Text):
    """A phone number in E.164, made of what was typed; null where that is not a valid number."""

    def __init__(self, **more: Any):
        super().__init__(
            16, dump_only=True, allow_none=True, **{"metadata": {"example": "+8613800138000"}, **more}
        )


def flatten(messages: Any, prefix: str = "") -> list[dict[str, str]]:
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
    return [{"field": prefix, "message": str(messages)}]
