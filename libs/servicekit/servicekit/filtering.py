"""What a query string may ask of a list's columns: texts to find, values to compare, and the place to go on from."""

import base64
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, false, func, or_

from servicekit.errors import Invalid

_COMPARISONS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}


def search_terms(column: Any, term: str) -> ColumnElement[bool]:
    """Return the condition that a text column contains a term, whatever the case.

    The bigram array is what the index knows; looking into the text then makes sure. A single character has no bigram
    and is looked for without the index.
    """
    lowered = func.lower(column)
    # The database lowers both: it and Python do not agree about every letter (İ, Σ).
    wanted = func.lower(term)
    found = func.strpos(lowered, wanted) != 0
    if len(term) < 2:
        return found
    return and_(func.kehu_bigrams(lowered).op("@>")(func.kehu_bigrams(wanted)), found)


def search(column: Any, term: str) -> list[tuple[Any, str]]:
    """Return the column and the text that is looked for in it; nothing for the empty text.

    Raises:
        ValueError: with a sentence for the client.
    """
    _check_usable(term)
    if column.type.python_type is not str:
        raise ValueError("Only texts can be searched with contains.")
    return [(column, term)] if term else []


def _check_usable(value: str) -> None:
    if "\x00" in value or len(value) > 2000:
        raise ValueError("The value is not usable.")


def condition(column: Any, operator: str, value: str) -> ColumnElement[bool]:
    """Return the condition that a comparison of a column with a value means.

    Raises:
        ValueError: with a sentence for the client.
    """
    _check_usable(value)
    kind = column.type.python_type
    if operator == "empty":
        if value not in {"true", "false"}:
            raise ValueError("Must be true or false.")
        empty: ColumnElement[bool] = column.is_(None)
        return empty if value == "true" else ~empty
    if operator in {"eq", "ne"}:
        wanted = read_value(kind, value)
        return column == wanted if operator == "eq" else or_(column != wanted, column.is_(None))
    if operator == "in":
        values = [read_value(kind, part) for part in value.split(",") if part]
        return column.in_(values) if values else false()
    if operator in _COMPARISONS and kind in (int, Decimal, date, datetime):
        compared: ColumnElement[bool] = getattr(column, _COMPARISONS[operator])(read_value(kind, value))
        return compared
    raise ValueError("There is no such comparison for this field.")


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
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError
            return moment
        if kind is date:
            return date.fromisoformat(value)
    except (ValueError, KeyError, InvalidOperation) as error:
        names = {bool: "true or false", int: "a whole number", Decimal: "a decimal", UUID: "an id"}
        names |= {date: "a date like 2026-11-22", datetime: "a time like 2026-11-22T08:00:00Z"}
        raise ValueError(f"Must be {names[kind]}.") from error
    return value


def encode_cursor(sort: str, value: Any, record_id: UUID) -> str:
    """Return the place behind a row of a list in an order, as text that clients do not read."""
    text = str(value) if isinstance(value, Decimal) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, text, str(record_id)])).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str, column: Any) -> tuple[Any, UUID]:
    """Return the sort value and the id of the row that a cursor stands behind.

    Raises:
        Invalid: ``invalid-cursor``.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, record_id = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if made_for != sort:
            raise ValueError("made for another order")
        if "\x00" in str(value):
            raise ValueError("no text of ours")
        return read_value(column.type.python_type, str(value)), UUID(record_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid("invalid-cursor", "The cursor is not one of this list in this order.") from error
