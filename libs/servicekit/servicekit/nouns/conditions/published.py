"""What may be asked of other services' records, as their contract files say it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from servicekit.base.labels import Label
from servicekit.base.published import documents
from servicekit.nouns.conditions.terms import QUESTION, SEARCH, Term

BY_KIND = "x-limits"
"""The mark of a term that limits of roles may ask (``servicekit.nouns.limits``)."""


@cache
def record_terms(path: str) -> Mapping[str, Term]:
    """Return what may be asked of one record of a noun of any service.

    Args:
        path: where its records are: ``/v1/contracts``.
    """
    read = {name: as_told(each) for name, each in _conditions(path)}
    return {name: term for name, term in read.items() if term.kind not in (SEARCH, QUESTION)}


@cache
def kinds_of(noun: str) -> Mapping[str, Term]:
    """Return what limits may ask of a noun's records, and so what copies of them keep; of an unknown noun nothing."""
    ends = f"/{{{noun}_id}}"
    paths = [path for document in documents("openapi.json") for path in document["paths"]]
    own = next((path for path in paths if path.endswith(ends) and _searched(path) in paths), "")
    return {name: as_told(each) for name, each in _conditions(own.removesuffix(ends)) if BY_KIND in each}


def _searched(path: str) -> str:
    return path.rpartition("/")[0] + "/search"


def _conditions(path: str) -> list[tuple[str, dict[str, Any]]]:
    for document in documents("openapi.json"):
        if searched := document["paths"].get(f"{path}/search"):
            return sorted(searched["post"]["x-conditions"].items(), key=lambda pair: pair[1]["x-order"])
    return []


def as_told(told: Mapping[str, Any]) -> Term:
    """Return a term as a contract tells it."""
    return Term(told["kind"], tuple(told["operators"]), **said(told))


def said(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a contract says of a field's values."""
    label, choices = told.get("x-label"), tuple(each for each in told.get("enum", ()) if each is not None)
    labels = {code: _label(each) for code, each in told.get("x-enum-labels", {}).items() if code in choices}
    return {
        "choices": choices,
        "reference": told.get("x-reference", ""),
        "dictionary": told.get("x-dictionary", ""),
        "label": _label(label) if label else None,
        "choice_labels": labels,
    }


def _label(written: Mapping[str, str]) -> Label:
    return written["zh"], written["en"]
