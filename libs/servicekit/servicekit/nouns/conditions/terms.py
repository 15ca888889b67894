"""Terms: what a condition may ask of a field, by the kind of its values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow.fields import Field

from servicekit.base.fields import Code, Id, Phone, Text
from servicekit.base.labels import OWN, Label, choices_written, written

FLAG, INTEGER, DECIMAL, ID, DAY, MOMENT = "flag", "integer", "decimal", "id", "day", "moment"
TEXT, EXACT, CODE, PHONE = "text", "exact", "code", "phone"
"""Texts: as a reader compares them, to the letter, one of a closed set, a phone number."""
CODES = "codes"
"""Several of a closed set: a record is found by any one of them."""
SEARCH, QUESTION = "search", "question"
"""What is only searched, in several fields at once; what depends on who asks or on other rows."""

SAME = ("eq", "ne", "in", "not_in")
ORDER = ("gt", "gte", "lt", "lte")
PERIODS = ("within", "before", "after")
DAYS_AWAY = ("within_last", "within_next")
HOLDING = ("contains", "not_contains")

OPERATORS: Mapping[str, Label] = {
    "eq": ("等于", "is"),
    "ne": ("不等于", "is not"),
    "in": ("属于", "is one of"),
    "not_in": ("不属于", "is none of"),
    "contains": ("包含", "contains"),
    "not_contains": ("不包含", "does not contain"),
    "gt": ("大于", "is more than"),
    "gte": ("大于或等于", "is at least"),
    "lt": ("小于", "is less than"),
    "lte": ("小于或等于", "is at most"),
    "within": ("在此期间", "is within"),
    "within_last": ("在最近（天）内", "is within the last (days)"),
    "within_next": ("在未来（天）内", "is within the next (days)"),
    "before": ("早于", "is before"),
    "after": ("晚于", "is after"),
    "empty": ("为空", "is empty"),
}

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, FLAG), (int, INTEGER), (Decimal, DECIMAL), (UUID, ID), (datetime, MOMENT), (date, DAY),
)  # fmt: skip
TYPES: Mapping[str, type] = {kind: type_ for type_, kind in _KINDS}

_TAKES: Mapping[str, tuple[str, ...]] = {
    FLAG: SAME,
    INTEGER: (*SAME, *ORDER),
    DECIMAL: (*SAME, *ORDER),
    ID: SAME,
    DAY: (*SAME, *ORDER, *PERIODS, *DAYS_AWAY),
    MOMENT: (*SAME, *ORDER, *PERIODS, *DAYS_AWAY),
    TEXT: SAME,
    EXACT: SAME,
    CODE: SAME,
    CODES: SAME,
    PHONE: (*SAME, *HOLDING),
    SEARCH: ("contains",),
    QUESTION: ("eq",),
}


@dataclass(frozen=True)
class Term:
    """What may be asked of a field."""

    kind: str
    operators: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    reference: str = ""
    """The noun whose record its values name."""
    dictionary: str = ""
    """The dictionary in which its values stand."""
    label: Label | None = None
    choice_labels: Mapping[str, Label] = field(default_factory=dict)
    """What a code is called; only what is told to people reads it."""

    @classmethod
    def of(cls, kind: str, *, searched: bool = False, may_lack: bool = False, **more: Any) -> "Term":
        """Return the term of a kind of values.

        Args:
            searched: whether a part of a text may be looked for.
            may_lack: whether there may be no value.
        """
        holding = HOLDING if searched and kind in (TEXT, EXACT) else ()
        operators = (*_TAKES[kind], *holding, *(("empty",) if may_lack else ()))
        return cls(kind, operators, **more)

    @property
    def says_kind(self) -> bool:
        """Whether it tells of what kind a record is: no free text, and nothing that is only searched or asked."""
        return bool(self.dictionary) or self.kind in (FLAG, INTEGER, DECIMAL, ID, DAY, MOMENT, CODE, EXACT)

    def described(self) -> dict[str, Any]:
        """Return the term as a contract tells it."""
        told = {
            "kind": self.kind,
            "operators": list(self.operators),
            "enum": list(self.choices),
            "x-enum-labels": choices_written(self.choice_labels),
            "x-reference": self.reference,
            "x-dictionary": self.dictionary,
            "x-label": written(self.label) if self.label else {},
        }
        return {name: value for name, value in told.items() if value}


def kind_of(type_: type, shown_as: Field[Any] | None) -> str:
    """Return the kind of a column's values; the field that shows them decides how texts compare."""
    for each, kind in _KINDS:
        if issubclass(type_, each):
            return kind
    if isinstance(shown_as, Phone):
        return PHONE
    if isinstance(shown_as, Code):
        return CODE
    return TEXT if isinstance(shown_as, Text) else EXACT


def told_by(name: str, shown_as: Field[Any] | None) -> dict[str, Any]:
    """Return what a schema's field says of its values."""
    told: dict[str, Any] = {"label": getattr(shown_as, "label", None) or OWN.get(name)}
    if isinstance(shown_as, Code):
        told |= {"choices": shown_as.choices, "choice_labels": shown_as.choice_labels}
    if isinstance(shown_as, Id) and shown_as.reference:
        told["reference"] = shown_as.reference
    if dictionary := getattr(shown_as, "dictionary", ""):
        told["dictionary"] = dictionary
    return told
