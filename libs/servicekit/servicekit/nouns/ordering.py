"""The orders of a list, and the place to go on from in one of them."""

import base64
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, ColumnElement, Integer, Text, func, literal, literal_column, tuple_

from servicekit.base.errors import Invalid
from servicekit.nouns.conditions.values import read_moment

AFTER_ALL = {date: "'infinity'::date", datetime: "'infinity'::timestamptz"}
"""Where a record without a value stands: a day that is not known may be any later one."""


class Order(Protocol):
    """What a list can be in the order of: a column (``Sort``), or a field that is set at run time."""

    def of(self, model: Any) -> ColumnElement[Any]:
        """Return what the rows of a model, or of a table derived from it, are ordered by."""

    def value(self, row: Any) -> Any:
        """Return what a row stands by in the order."""

    def read_back(self, value: Any) -> Any:
        """Read such a value from a cursor; ValueError if it is none."""

    def beyond(self, model: Any, position: tuple[Any, UUID], *, descending: bool) -> ColumnElement[bool]:
        """Return the condition that a row comes after a place."""


@dataclass(frozen=True)
class Sort:
    """What a list is ordered by: a column, and what stands in where it has no value.

    A day or a moment that is not known comes after all others (``AFTER_ALL``), unless another column stands in. The
    index is made on the same expression: ``coalesce(expected_close_on, 'infinity'::date)``, and for ranks
    ``array_position(ARRAY['low', 'high'], priority)``.
    """

    column: Any
    otherwise: Any = None
    """The column that stands in, which is never null."""
    ranks: tuple[str, ...] = ()
    """The codes that the column may hold from the first to the last, where the alphabet says nothing."""

    def __post_init__(self) -> None:
        """Refuse a column whose missing values have no place."""
        if self.may_lack and self.column.type.python_type not in AFTER_ALL:
            raise TypeError(
                f"{self.column} may be null, and only days and moments have a place without a value."
            )

    @property
    def may_lack(self) -> bool:
        """Whether a record may stand where no value is."""
        return self.otherwise is None and bool(getattr(self.column, "nullable", False))

    def of(self, model: Any) -> ColumnElement[Any]:
        """Return what the rows of a model, or of a table derived from it, are ordered by."""
        column: ColumnElement[Any] = getattr(model, self.column.key)
        if self.ranks:
            return self._rank(column)
        if self.otherwise is not None:
            return func.coalesce(column, getattr(model, self.otherwise.key))
        return func.coalesce(column, self._after_all) if self.may_lack else column

    def value(self, row: Any) -> Any:
        """Return what a row stands by in the order."""
        value = getattr(row, self.column.key)
        return getattr(row, self.otherwise.key) if value is None and self.otherwise is not None else value

    def beyond(self, model: Any, position: tuple[Any, UUID], *, descending: bool) -> ColumnElement[bool]:
        """Return the condition that a row comes after a place."""
        value, record_id = position
        here = tuple_(self.of(model), model.id)
        place = self._after_all if value is None else literal(value, self.column.type)
        if self.ranks:
            place = self._rank(place)
        there = tuple_(place, literal(record_id, model.id.type))
        return here < there if descending else here > there

    def read_back(self, value: Any) -> Any:
        """Read a sort value as it is stored: it need not be one that a client may send.

        Raises:
            ValueError: if it is none of ours.
        """
        kind = self.column.type.python_type
        if value is None and self.may_lack:
            return None
        if kind is int:
            if type(value) is not int or abs(value) >= 2**63:
                raise ValueError("no number of ours")
            return value
        if not isinstance(value, str) or "\x00" in value:
            raise ValueError("no text of ours")
        if kind is Decimal:
            if not re.fullmatch(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", value):
                raise ValueError("no amount of ours")
            return Decimal(value)
        if kind is datetime:
            return read_moment(value)
        return date.fromisoformat(value) if kind is date else value

    def _rank(self, code: ColumnElement[Any]) -> ColumnElement[Any]:
        # As the index has it: a parameter in place of the codes would be another expression.
        codes = ", ".join(f"'{each}'" for each in self.ranks)
        return func.array_position(literal_column(f"ARRAY[{codes}]", ARRAY(Text())), code, type_=Integer())

    @property
    def _after_all(self) -> ColumnElement[Any]:
        return literal_column(AFTER_ALL[self.column.type.python_type], self.column.type)


def encode_cursor(sort: str, value: Any, record_id: UUID) -> str:
    """Return the place behind a row of a list in an order, as text that clients do not read."""
    text = f"{value:f}" if isinstance(value, Decimal) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, text, str(record_id)])).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str, by: Order) -> tuple[Any, UUID]:
    """Return the sort value and the id of the row that a cursor stands behind.

    Raises:
        Invalid: ``invalid-cursor``.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, record_id = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if made_for != sort:
            raise ValueError("made for another order")
        return by.read_back(value), UUID(record_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid("invalid-cursor", "The cursor is not one of this list in this order.") from error
