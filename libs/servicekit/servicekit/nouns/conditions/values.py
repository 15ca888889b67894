"""The values that conditions compare with, read as the kind of their field, or refused."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.base.date_fields import is_day, is_moment
from servicekit.base.errors import Fault
from servicekit.nouns.conditions.terms import (
    CODE,
    CODES,
    DAY,
    DECIMAL,
    FLAG,
    ID,
    INTEGER,
    MOMENT,
    QUESTION,
    Term,
)

LONGEST_VALUE = 2_000
NOT_TRUE_OR_FALSE = Fault("not-true-or-false", "Must be true or false.")


class BadValue(ValueError):
    """A value that a comparison does not take.

    Args:
        fault: what is wrong, for the client.
        below: where, within the value: ``.3``.
    """

    def __init__(self, fault: Fault, below: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.below = below


def text_of(value: Any, most: int = LONGEST_VALUE) -> str:
    """Return a text that can be looked for.

    Raises:
        BadValue: if it is none, or too long.
    """
    if not isinstance(value, str):
        raise BadValue(Fault("not-a-text", "Not a text."))
    if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
        raise BadValue(Fault("unstorable-characters", "The value holds a character that no text has."))
    if len(value) > most:
        raise BadValue(Fault("too-long", "The value is longer than {max} characters.", max=most))
    return value


_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,4})?")
_MOST_WHOLE = 10**18


def value_of(term: Term, value: Any) -> Any:
    kind = term.kind
    if kind in (FLAG, QUESTION):
        if not isinstance(value, bool):
            raise BadValue(NOT_TRUE_OR_FALSE)
        return value
    if kind in (INTEGER, DECIMAL):
        return _number(kind, value)
    text = text_of(value)
    if kind in (CODE, CODES) and term.choices and text not in term.choices:
        raise BadValue(
            Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(term.choices))
        )
    try:
        return read_as(kind, text)
    except ValueError as error:
        raise BadValue(NOT_OF_KIND[kind]) from error


def read_as(kind: str, text: str) -> Any:
    """Return what a text says as a value of a kind.

    Raises:
        ValueError: if it says nothing of that kind.
    """
    return _READ[kind](text) if kind in _READ else text


def _number(kind: str, value: Any) -> int | Decimal:
    if isinstance(value, bool):
        raise BadValue(NOT_OF_KIND[kind])
    if kind == INTEGER:
        if not isinstance(value, int) or not -_MOST_WHOLE < value < _MOST_WHOLE:
            raise BadValue(NOT_OF_KIND[kind])
        return value
    # An integer is exact in JSON; any other number has been a float on its way here.
    if isinstance(value, int) and abs(value) < 10**15:
        return Decimal(value)
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise BadValue(NOT_OF_KIND[kind])
    return Decimal(value)


def _day(text: str) -> date:
    if not is_day(text):
        raise ValueError
    return date.fromisoformat(text)


def read_moment(value: str) -> datetime:
    """Read a moment with its offset.

    Raises:
        ValueError: if it is none, or its offset leads out of the calendar.
    """
    if not is_moment(value):
        raise ValueError
    try:
        # In UTC, as the database knows no offset of 16 hours or more.
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError from error


_READ: Mapping[str, Callable[[str], Any]] = {ID: UUID, DAY: _day, MOMENT: read_moment}
NOT_OF_KIND: Mapping[str, Fault] = {
    INTEGER: Fault("not-a-whole-number", "Must be a whole number."),
    DECIMAL: Fault("not-a-decimal", "Must be a decimal."),
    ID: Fault("not-an-id", "Must be an id."),
    DAY: Fault("not-a-date", "Must be a date like 2026-11-22."),
    MOMENT: Fault("not-a-time", "Must be a time like 2026-11-22T08:00:00Z."),
}
