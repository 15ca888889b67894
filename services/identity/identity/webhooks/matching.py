"""Which events a subscription is for: patterns of their types, and conditions on their data."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from servicekit import Invalid
from servicekit.contracts.catalogue import event_types
from servicekit.contracts.told_terms import event_terms
from servicekit.nouns.conditions import grammar, matching
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.terms import Term

PATTERN = re.compile(r"\*|[a-z][a-z_]{0,49}\.(\*|[a-z][a-z_]{0,49})")
"""``*``, ``contract.*`` or ``contract.signed``."""

OPERATORS = {
    "eq": ("等于", "Equal"),
    "ne": ("不等于", "Not equal"),
    "gt": ("大于", "Greater"),
    "gte": ("大于或等于", "Greater or equal"),
    "lt": ("小于", "Less"),
    "lte": ("小于或等于", "Less or equal"),
    "in": ("属于", "One of"),
    "contains": ("包含", "Contains"),
}
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


def is_for(patterns: Iterable[str], event_type: str) -> bool:
    """Tell whether one of some patterns fits a type of event."""
    noun = event_type.partition(".")[0]
    return any(pattern in ("*", event_type, f"{noun}.*") for pattern in patterns)


def terms_for(patterns: Iterable[str]) -> Mapping[str, Term]:
    """Return what may be asked of the events that some patterns are for."""
    return _terms(tuple(patterns))


@lru_cache(500)
def _terms(patterns: tuple[str, ...]) -> Mapping[str, Term]:
    return event_terms(tuple(sorted(each for each in event_types() if is_for(patterns, each))))


def means(patterns: Iterable[str], where: Any, data: Mapping[str, Any]) -> bool:
    """Tell whether a tree of conditions means what an event tells; one that cannot be read any more means all."""
    terms = terms_for(patterns)
    try:
        return matching.holds(grammar.read(where, terms, Asker()), terms, data)
    except Invalid:
        return True


def holds(conditions: Iterable[Mapping[str, Any]], data: Mapping[str, Any]) -> bool:
    """Tell whether an event's data meets all conditions."""
    return all(_holds(condition, matching.at(data, condition["field"])) for condition in conditions)


def _holds(condition: Mapping[str, Any], actual: Any) -> bool:
    operator, wanted = condition["operator"], condition["value"]
    if operator == "ne":
        return not _equal(actual, wanted)
    if actual is None:
        return False
    if operator == "eq":
        return _equal(actual, wanted)
    if operator == "in":
        return any(_equal(actual, each) for each in wanted)
    if operator == "contains":
        if isinstance(actual, list):
            return any(_equal(each, wanted) for each in actual)
        return isinstance(actual, str) and str(wanted).lower() in actual.lower()
    return _compares(operator, actual, wanted)


def _equal(actual: Any, wanted: Any) -> bool:
    numbers = _number(actual), _number(wanted)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return type(actual) is type(wanted) and bool(actual == wanted)


def _compares(operator: str, actual: Any, wanted: Any) -> bool:
    for read in (_number, _moment):
        one, other = read(actual), read(wanted)
        if one is not None and other is not None:
            order = (one > other) - (one < other)
            return {"gt": order > 0, "gte": order >= 0, "lt": order < 0, "lte": order <= 0}[operator]
    return False


def _number(value: Any) -> Decimal | None:
    """Read an exact number: amounts are texts in events."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return Decimal(value)
    return None


def _moment(value: Any) -> Any:
    """Read a time or a day; a day is its first moment (UTC)."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else datetime.fromisoformat(f"{date.isoformat(moment)}T00:00:00+00:00")
