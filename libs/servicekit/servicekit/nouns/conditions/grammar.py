"""The grammar: a tree of conditions as JSON, read into what it means, or told where it is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.base.date_fields import is_day, is_moment
from servicekit.base.errors import Fault, Invalid
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.periods import MOST_DAYS, NOT_A_PERIOD, beginning, days_away, span_of
from servicekit.nouns.conditions.terms import (
    CODE,
    CODES,
    DAY,
    DAYS_AWAY,
    DECIMAL,
    FLAG,
    HOLDING,
    ID,
    INTEGER,
    MOMENT,
    ORDER,
    PERIODS,
    QUESTION,
    Term,
)

DEEPEST, MOST_CONDITIONS, MOST_SEARCHED = 8, 50, 10
"""How many levels of groups a tree may have, how many conditions, and how many of them that look into texts."""
MOST_PARTS = 200
"""How many parts of a tree are looked at, whatever they are: so many are wrong at most."""
MOST_VALUES = 200
"""As many as a page has records: the records that a page refers to can be asked for at once."""
LONGEST_VALUE = 2_000

UNKNOWN_COMPARISON = Fault("unknown-comparison", "There is no such comparison for this field.")
NOT_TRUE_OR_FALSE = Fault("not-true-or-false", "Must be true or false.")
NOT_A_CONDITION = Fault(
    "not-a-condition",
    "Must be all, any or not, or a field with its operator and its value, and nothing else.",
)


@dataclass(frozen=True)
class Same:
    """A field is one of some values."""

    field: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Holds:
    """A field holds a text somewhere."""

    field: str
    text: str


@dataclass(frozen=True)
class Compared:
    """A field is more or less than a value."""

    field: str
    operator: str
    value: Any


@dataclass(frozen=True)
class Span:
    """A day or a moment is not before a first one, and before another one; either may be open."""

    field: str
    begins: Any = None
    ends: Any = None


@dataclass(frozen=True)
class Empty:
    """There is no value."""

    field: str


@dataclass(frozen=True)
class All:
    """All of these hold; of none, that is so."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Any_:
    """One of these holds at least."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """This is not known to hold."""

    part: "Node"


Leaf = Same | Holds | Compared | Span | Empty
Node = Leaf | All | Any_ | Not
OPPOSITES = {"ne": "eq", "not_in": "in", "not_contains": "contains"}


def read(where: Any, terms: Mapping[str, Term], asker: Asker, path: str = "where") -> Node:
    """Read a tree of conditions.

    Args:
        terms: what may be asked, by field.
        path: where the tree stands in what a client has sent.

    Raises:
        Invalid: ``invalid-input`` with an entry a place.
    """
    reader = _Reader(terms, asker)
    node = reader.node(where, path, 1) if where not in (None, {}) else All(())
    if reader.errors:
        raise Invalid("invalid-input", "The condition is not valid.", reader.errors)
    return node


class _Reader:
    """Reads one tree, and gathers what is wrong with it."""

    def __init__(self, terms: Mapping[str, Term], asker: Asker) -> None:
        self._terms = terms
        self._asker = asker
        self._count = self._searched = self._looked_at = 0
        self.errors: list[dict[str, Any]] = []

    def node(self, tree: Any, path: str, depth: int) -> Node:
        """Return what a part of the tree means."""
        self._looked_at += 1
        if self._looked_at == MOST_PARTS + 1:
            self._wrong(path, Fault("too-many-items", "More than {max} items.", max=MOST_PARTS))
        if self._looked_at > MOST_PARTS:
            return All(())
        if not isinstance(tree, dict):
            return self._wrong(path, NOT_A_CONDITION)
        if len(tree) == 1 and (group := next(iter(tree))) in ("all", "any", "not"):
            if depth > DEEPEST:
                return self._wrong(path, Fault("too-deep", "More than {max} levels of groups.", max=DEEPEST))
            if group == "not":
                return Not(self.node(tree["not"], f"{path}.not", depth + 1))
            parts = self._parts(tree[group], f"{path}.{group}", depth + 1)
            return All(parts) if group == "all" else Any_(parts)
        return self._condition(tree, path)

    def _parts(self, parts: Any, path: str, depth: int) -> tuple[Node, ...]:
        if not isinstance(parts, list):
            self._wrong(path, Fault("not-a-list", "Must be a list."))
        elif not parts:
            self._wrong(path, Fault("too-few-items", "Fewer than {min} items.", min=1))
        elif len(parts) > MOST_CONDITIONS:
            self._wrong(path, Fault("too-many-items", "More than {max} items.", max=MOST_CONDITIONS))
        else:
            return tuple(self.node(part, f"{path}.{place}", depth) for place, part in enumerate(parts))
        return ()

    def _condition(self, tree: dict[str, Any], path: str) -> Node:
        self._count += 1
        if self._count == MOST_CONDITIONS + 1:
            text = "More than {max} conditions."
            self._wrong(path, Fault("too-many-conditions", text, max=MOST_CONDITIONS))
        if self._count > MOST_CONDITIONS:
            return All(())
        field, operator = tree.get("field"), tree.get("operator")
        if tree.keys() - {"field", "operator", "value"} or "field" not in tree:
            return self._wrong(path, NOT_A_CONDITION)
        term = self._terms.get(field) if isinstance(field, str) else None
        if term is None:
            names = ", ".join(self._terms)
            return self._wrong(
                f"{path}.field", Fault("unknown-filter", "Filters are: {filters}.", filters=names)
            )
        if operator not in term.operators:
            allowed = ", ".join(term.operators)
            unknown = Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=allowed)
            return self._wrong(f"{path}.operator", unknown)
        self._searched += operator in HOLDING
        if self._searched > MOST_SEARCHED and operator in HOLDING:
            text = "More than {max} conditions that look into texts."
            return self._wrong(path, Fault("too-many-searches", text, max=MOST_SEARCHED))
        if "value" not in tree and operator != "empty":
            return self._wrong(f"{path}.value", Fault("required", "Missing data for required field."))
        assert isinstance(field, str)
        try:
            return leaf(field, term, operator, tree.get("value", True), self._asker)
        except BadValue as error:
            return self._wrong(f"{path}.value{error.below}", error.fault)

    def _wrong(self, path: str, fault: Fault) -> Node:
        self.errors.append({"field": path, "message": fault})
        return All(())


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


def leaf(field: str, term: Term, operator: str, value: Any, asker: Asker) -> Node:
    """Return what one comparison means.

    Raises:
        BadValue: if the field takes no such value.
    """
    if operator in OPPOSITES:
        return Not(leaf(field, term, OPPOSITES[operator], value, asker))
    if operator == "eq":
        return Same(field, tuple(_values(term, value, asker)))
    if operator == "in":
        return Same(field, tuple(_listed(term, value, asker)))
    if operator == "contains":
        return Holds(field, text_of(value))
    if operator == "empty":
        if not isinstance(value, bool):
            raise BadValue(NOT_TRUE_OR_FALSE)
        return Empty(field) if value else Not(Empty(field))
    if operator in ORDER:
        return Compared(field, operator, _one(term, value))
    assert operator in (*PERIODS, *DAYS_AWAY), operator
    return _span(field, term, operator, value, asker)


def _span(field: str, term: Term, operator: str, value: Any, asker: Asker) -> Span:
    if operator in DAYS_AWAY:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_DAYS:
            raise BadValue(
                Fault("not-within", "Must be a whole number from {min} to {max}.", min=0, max=MOST_DAYS)
            )
        begins, ends = days_away(value, operator.removeprefix("within_"), asker.today)
    else:
        try:
            begins, ends = span_of(value if isinstance(value, str) else "", asker.today)
        except ValueError as error:
            raise BadValue(NOT_A_PERIOD) from error
    at: Callable[[date], Any] = (
        (lambda day: day) if term.kind == DAY else lambda day: beginning(day, asker.zone)
    )
    if operator == "before":
        return Span(field, None, at(begins))
    return Span(field, at(ends), None) if operator == "after" else Span(field, at(begins), at(ends))


def _listed(term: Term, value: Any, asker: Asker) -> list[Any]:
    if not isinstance(value, list):
        raise BadValue(Fault("not-a-list", "Must be a list."))
    if len(value) > MOST_VALUES:
        raise BadValue(Fault("too-many-values", "More than {max} values.", max=MOST_VALUES))
    found: list[Any] = []
    for place, each in enumerate(value):
        try:
            found += _values(term, each, asker)
        except BadValue as error:
            raise BadValue(error.fault, f".{place}") from error
    return found


def _values(term: Term, value: Any, asker: Asker) -> list[Any]:
    """Return the values that one stands for: a word for people may stand for several."""
    if isinstance(value, str) and term.kind == ID and value in asker.words(term.reference):
        return [*asker.ids(term.reference, value)]
    return [_one(term, value)]


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


def _one(term: Term, value: Any) -> Any:
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
