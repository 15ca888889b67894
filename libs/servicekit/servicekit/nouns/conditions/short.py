"""The short form of a condition, ``filter[amount][gte]=10000``: a text that says the value of a tree."""

import csv
import re
from typing import Any

from servicekit.base.errors import Fault
from servicekit.nouns.conditions.grammar import MOST_VALUES, UNKNOWN_COMPARISON
from servicekit.nouns.conditions.terms import (
    CODE,
    DAYS_AWAY,
    EXACT,
    FLAG,
    HOLDING,
    INTEGER,
    PHONE,
    QUESTION,
    SEARCH,
    TEXT,
    Term,
)
from servicekit.nouns.conditions.values import LONGEST_VALUE, NOT_TRUE_OR_FALSE, BadValue, text_of

LONGEST_VALUES = 16_000
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def value_of(term: Term, operator: str, text: str) -> Any:
    """Return the value that a text of the query string stands for, as a tree has it.

    Raises:
        BadValue: with a sentence for the client.
    """
    text_of(text, LONGEST_VALUES if operator in ("in", "not_in") else LONGEST_VALUE)
    if operator not in term.operators:
        # A code is a text too, and one can look into it; only no client is told so.
        searchable = term.kind in (TEXT, EXACT, CODE, PHONE, SEARCH)
        if operator in HOLDING and not searchable:
            raise BadValue(Fault("not-searchable", "Only texts can be searched with contains."))
        raise BadValue(UNKNOWN_COMPARISON)
    if operator in ("in", "not_in"):
        return [_one(term, each) for each in _listed(text)]
    if operator == "empty" or term.kind == QUESTION:
        return _flag(text)
    if operator in DAYS_AWAY:
        return _whole(text)
    return _one(term, text)


def _one(term: Term, text: str) -> Any:
    if term.kind == FLAG:
        return _flag(text)
    return _whole(text) if term.kind == INTEGER else text


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise BadValue(NOT_TRUE_OR_FALSE)
    return text == "true"


def _whole(text: str) -> Any:
    """Return a whole number; of anything else the text itself, which is then refused as what it is."""
    return int(text) if _WHOLE.fullmatch(text) else text


def _listed(value: str) -> list[str]:
    """Split a value at its commas; a part that holds one stands in double quotes, as in CSV: ``"Acme, Inc.",云图``."""
    try:
        (parts,) = csv.reader([value], strict=True, skipinitialspace=True)
    except (csv.Error, ValueError) as error:
        text = 'Must be values like a,b; one with a comma stands in quotes: "a, b",c.'
        raise BadValue(Fault("not-values", text)) from error
    values = [part for part in parts if part]
    if len(values) > MOST_VALUES:
        raise BadValue(Fault("too-many-values", "More than {max} values.", max=MOST_VALUES))
    return values
