"""Conditions on one record, in Python: an entity, a row as a client sees it, or what an event tells.

It says what the SQL of the same tree says of the same record (tests/servicekit/test_conditions_agree.py).
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from servicekit.base.phones import digits, e164, ways_to_dial
from servicekit.base.texts import comparable, name_key
from servicekit.nouns.conditions import values
from servicekit.nouns.conditions.grammar import All, Any_, Compared, Empty, Holds, Leaf, Node, Not, Same, Span
from servicekit.nouns.conditions.terms import CODE, CODES, DECIMAL, EXACT, FLAG, INTEGER, PHONE, TEXT, Term

_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
}  # fmt: skip


def holds(node: Node, terms: Mapping[str, Term], record: Any) -> bool:
    """Tell whether a record is meant.

    Args:
        terms: those that the tree was read by.
        record: an entity, or a mapping; a field like ``party.name`` or ``lines.0.price`` leads into its parts.
    """
    if isinstance(node, All):
        return all(holds(part, terms, record) for part in node.parts)
    if isinstance(node, Any_):
        return any(holds(part, terms, record) for part in node.parts)
    if isinstance(node, Not):
        return not holds(node.part, terms, record)
    return _leaf_holds(node, terms[node.field], record)


def _leaf_holds(node: Leaf, term: Term, record: Any) -> bool:
    if isinstance(node, Holds):
        return _contains(node, term, record)
    if term.kind == PHONE and isinstance(node, Same):
        wanted = {
            f" {way} " for value in node.values for way in (digits(value), (e164(value) or "")[1:]) if way
        }
        return any(way in _dialled(node.field, record) for way in wanted)
    actual = _value(term, at(record, node.field))
    if isinstance(node, Empty):
        return actual is None
    if actual is None:
        return False
    if isinstance(node, Same):
        if term.kind == CODES:
            return any(each in node.values for each in actual)
        if isinstance(actual, list):
            return False  # Of several, none is what a single one is asked to be.
        if term.kind == TEXT:
            return name_key(actual) in {name_key(each) for each in node.values}
        return actual in node.values
    if isinstance(node, Compared):
        return _ORDER[node.operator](actual, node.value)
    assert isinstance(node, Span)
    return (node.begins is None or actual >= node.begins) and (node.ends is None or actual < node.ends)


def _contains(node: Holds, term: Term, record: Any) -> bool:
    if term.kind == PHONE:
        ways = ways_to_dial(node.text) if digits(node.text) else ()
        return any(way in _dialled(node.field, record) for way in ways)
    wanted = comparable(node.text)
    # A term with nothing to be seen is in every text.
    if not wanted:
        return True
    actual = at(record, node.field)
    if isinstance(actual, list):
        return any(isinstance(each, str) and comparable(each) == wanted for each in actual)
    return isinstance(actual, str) and wanted in comparable(actual)


def _dialled(field: str, record: Any) -> str:
    """Return the digits of a phone number, as ``kehu_phone`` in the database has them; nothing of none."""
    typed, number = at(record, field), at(record, f"{field}_e164")
    if not isinstance(typed, str):
        return ""
    return f" {digits(typed)} " + (f"{number[1:]} " if isinstance(number, str) else "")


def at(record: Any, field: str) -> Any:
    """Return what stands at a path such as ``party.name`` or ``lines.0.price``; None if nothing does."""
    value = record
    for step in field.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list):
            place = int(step) if step.isdecimal() and step.isascii() and len(step) < 5 else len(value)
            value = value[place] if place < len(value) else None
        elif value is not None:
            value = getattr(value, step, None) if not isinstance(value, str | int | float) else None
    return value


def _value(term: Term, actual: Any) -> Any:
    """Return a value as its kind compares; None where it is of another kind altogether.

    What an event tells are texts: an amount is ``"10000.00"``, a moment ``"2026-11-22T08:00:00+00:00"``.
    """
    kind = term.kind
    if actual is None:
        return None
    if kind == CODES:
        return actual if isinstance(actual, list) else None
    if kind in (TEXT, EXACT, CODE):
        return actual if isinstance(actual, str | list) else None
    if kind in (FLAG, INTEGER):
        return actual if isinstance(actual, bool) is (kind == FLAG) and isinstance(actual, int) else None
    if kind == DECIMAL:
        return _decimal(actual)
    if isinstance(actual, str):
        try:
            return values.read_as(kind, actual)
        except ValueError:
            return None
    return actual


def _decimal(actual: Any) -> Decimal | None:
    if isinstance(actual, Decimal):
        return actual
    if isinstance(actual, bool) or not isinstance(actual, int | str):
        return None
    try:
        number = Decimal(actual)
    except ArithmeticError:
        return None
    return number if number.is_finite() else None
