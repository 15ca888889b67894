"""The grammar: a tree of conditions as JSON, read into what it means, or told where it is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from servicekit.base.errors import Fault, Invalid
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.periods import MOST_DAYS, NOT_A_PERIOD, beginning, days_away, span_of
from servicekit.nouns.conditions.terms import (
    DAY,
    DAYS_AWAY,
    HOLDING,
    ID,
    ORDER,
    PERIODS,
    Term,
)
from servicekit.nouns.conditions.values import NOT_TRUE_OR_FALSE, BadValue, text_of, value_of

DEEPEST, MOST_CONDITIONS, MOST_SEARCHED = 8, 50, 10
"""How many levels of groups a tree may have, how many conditions, and how many of them that look into texts."""
MOST_PARTS = 200
"""How many parts of a tree are looked at, whatever they are: so many are wrong at most."""
MOST_VALUES = 200
"""As many as a page has records: the records that a page refers to can be asked for at once."""

UNKNOWN_COMPARISON = Fault("unknown-comparison", "There is no such comparison for this field.")
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
        return Compared(field, operator, value_of(term, value))
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
    return [value_of(term, value)]
