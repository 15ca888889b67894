"""What a query string may ask of a list's columns: texts to find, and values to compare."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from marshmallow.fields import Field
from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_

from servicekit.base.date_fields import is_day, is_moment
from servicekit.base.errors import Fault
from servicekit.base.fields import Code, Phone, Text
from servicekit.base.phones import digits, e164, is_phone_like, ways_to_dial
from servicekit.base.texts import LONGEST_KEY, comparable, is_unspaced

DESCRIBED = """\
All filters must hold. Texts are compared as a reader compares them: width, case and blanks do not count.
With `[in]` come up to 200 values, separated by commas or each in a parameter of its own; one that holds a comma
stands in double quotes: `filter[name][in]="Acme, Inc.",云图`."""
"""What the contract file says of every list; what each filter takes stands at its parameters."""

NOT_TRUE_OR_FALSE = Fault("not-true-or-false", "Must be true or false.")
COMPARISONS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
COMPARED = (int, Decimal, date, datetime)
"""What is less or more than another."""

MOST_VALUES = 200
"""As many as a page has records: the records that a page refers to can be asked for at once."""
LONGEST_VALUE, LONGEST_VALUES = 2_000, 16_000


@dataclass(frozen=True)
class Among:
    """Values of which a record has several, in a table of their own: a record is found by any one of them.

    Args:
        column: the values.
        records: the query of the ids of the records that have them.
    """

    column: Any
    records: Select[Any]

    def holds(self, model: Any, operator: str, value: str) -> ColumnElement[bool]:
        """Return the condition that a record has one of the values asked for.

        Raises:
            ValueError: with a sentence for the client.
        """
        if operator not in ("eq", "in"):
            raise ValueError(Fault("unknown-comparison", "There is no such comparison for this field."))
        found: ColumnElement[bool] = model.id.in_(self.records.where(condition(self.column, operator, value)))
        return found


def search_terms(column: Any, term: str) -> ColumnElement[bool]:
    """Return the condition that a text column contains a term, as a reader compares texts (``servicekit.base.texts``).

    The bigram array is what the index knows; looking into the text then makes sure. A single character has no bigram:
    a Chinese one or a kana is a word all the same and has an index of its own (``character_index_anew``), a letter is
    looked for without one.
    """
    # The database makes both keys: what it has stored was perhaps made by another version of Unicode than ours.
    text, wanted, key = func.kehu_key(column), func.kehu_key(term), comparable(term)
    if len(key) == 1 and is_unspaced(key):
        return and_(
            func.kehu_characters(text).op("@>")(func.kehu_characters(wanted)), func.strpos(text, wanted) != 0
        )
    return _contains(text, wanted, len(key))


def name_key_of(text: Any) -> ColumnElement[str]:
    """Return the key of a column or a value (``base.texts.name_key``) as the database makes and indexes it."""
    return func.left(func.kehu_key(text), LONGEST_KEY)


def _contains(text: Any, wanted: Any, length: int) -> ColumnElement[bool]:
    found = func.strpos(text, wanted) != 0
    if length < 2:
        return found
    return and_(func.kehu_bigrams(text).op("@>")(func.kehu_bigrams(wanted)), found)


def _dials(column: Any, wanted: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a phone number holds one of some rows of digits, as typed or in its E.164."""
    known = func.kehu_phone(column, getattr(column.class_, f"{column.key}_e164"))
    return or_(*(_contains(known, part, len(part)) for part in sorted(wanted)))


def search(
    column: Any, term: str, field: Field[Any] | None = None, anything: bool = False
) -> list[ColumnElement[bool]]:
    """Return the conditions that a column contains a term; none for a term with nothing to be seen.

    Args:
        field: the schema's field that shows the column, which decides how they are compared.
        anything: whether the column holds the digits of phone numbers among other things.

    Raises:
        ValueError: with a sentence for the client.
    """
    _check_usable(term)
    if column.type.python_type is not str:
        raise ValueError(Fault("not-searchable", "Only texts can be searched with contains."))
    if isinstance(field, Phone):
        return [_dials(column, ways_to_dial(term))] if digits(term) else [false()]
    if not comparable(term):
        return []
    if anything and is_phone_like(term):
        return [or_(*(search_terms(column, way) for way in sorted({comparable(term), *ways_to_dial(term)})))]
    return [search_terms(column, term)]


def _check_usable(value: str, most: int = LONGEST_VALUE) -> None:
    if "\x00" in value:
        raise ValueError(Fault("unstorable-characters", "The value holds a character that no text has."))
    if len(value) > most:
        raise ValueError(Fault("too-long", "The value is longer than {max} characters.", max=most))


def condition(column: Any, operator: str, value: str, field: Field[Any] | None = None) -> ColumnElement[bool]:
    """Return the condition that a comparison of a column with a value means.

    Args:
        field: the schema's field that shows the column, which decides how they are compared.

    Raises:
        ValueError: with a sentence for the client.
    """
    _check_usable(value, LONGEST_VALUES if operator == "in" else LONGEST_VALUE)
    kind = column.type.python_type
    if operator == "empty":
        if value not in {"true", "false"}:
            raise ValueError(NOT_TRUE_OR_FALSE)
        empty: ColumnElement[bool] = column.is_(None)
        return empty if value == "true" else ~empty
    if operator in {"eq", "ne"}:
        same = _is_one_of(column, [value], field)
        return same if operator == "eq" else or_(not_(same), column.is_(None))
    if operator == "in":
        values = _listed(value)
        return _is_one_of(column, values, field) if values else false()
    if operator in COMPARISONS and kind in COMPARED:
        compared: ColumnElement[bool] = getattr(column, COMPARISONS[operator])(read_value(kind, value))
        return compared
    raise ValueError(Fault("unknown-comparison", "There is no such comparison for this field."))


def _listed(value: str) -> list[str]:
    """Split a value at its commas; a part that holds one stands in double quotes, as in CSV: ``"Acme, Inc.",云图``."""
    try:
        (parts,) = csv.reader([value], strict=True, skipinitialspace=True)
    except (csv.Error, ValueError) as error:
        text = 'Must be values like a,b; one with a comma stands in quotes: "a, b",c.'
        raise ValueError(Fault("not-values", text)) from error
    values = [part for part in parts if part]
    if len(values) > MOST_VALUES:
        raise ValueError(Fault("too-many-values", "More than {max} values.", max=MOST_VALUES))
    for each in values:
        _check_usable(each)
    return values


def _is_one_of(column: Any, values: list[str], field: Field[Any] | None) -> ColumnElement[bool]:
    """Return the condition that a column is one of some values, each compared as the field compares.

    A text is the same as another if a reader takes it for the same, a phone number if it is dialled in the same way.
    """
    if isinstance(field, Phone):
        wanted = {f" {way} " for value in values for way in (digits(value), (e164(value) or "")[1:]) if way}
        return _dials(column, wanted) if wanted else false()
    if isinstance(field, Code) and not {*values} <= {*field.choices}:
        raise ValueError(
            Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(field.choices))
        )
    compared, asked = column, [read_value(column.type.python_type, value) for value in values]
    if isinstance(field, Text):
        compared, asked = name_key_of(column), [name_key_of(value) for value in values]
    same: ColumnElement[bool] = compared == asked[0] if len(asked) == 1 else compared.in_(asked)
    return same


_NOT_OF_KIND: dict[type, Fault] = {
    bool: NOT_TRUE_OR_FALSE,
    int: Fault("not-a-whole-number", "Must be a whole number."),
    Decimal: Fault("not-a-decimal", "Must be a decimal."),
    UUID: Fault("not-an-id", "Must be an id."),
    date: Fault("not-a-date", "Must be a date like 2026-11-22."),
    datetime: Fault("not-a-time", "Must be a time like 2026-11-22T08:00:00Z."),
}


def read_value(kind: type, value: str) -> Any:
    """Read a value of the query string as a column's type.

    Raises:
        ValueError: with a sentence for the client.
    """
    try:
        if kind is bool:
            return {"true": True, "false": False}[value]
        if kind is int:
            if not re.fullmatch(r"-?[0-9]{1,18}", value):
                raise ValueError
            return int(value)
        if kind is Decimal:
            if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", value):
                raise ValueError
            return Decimal(value)
        if kind is UUID:
            return UUID(value)
        if kind is datetime:
            return read_moment(value)
        if kind is date:
            if not is_day(value):
                raise ValueError
            return date.fromisoformat(value)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise ValueError(_NOT_OF_KIND[kind]) from error
    return value


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
