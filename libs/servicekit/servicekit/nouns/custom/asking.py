"""Custom fields in lists: what may be asked of them, as SQL that an index answers, and the orders by them.

The value stands in one expression (``placed``), on which the index of the field is made: with it what has no value
stands behind all others. All but numbers are compared as the texts they are kept as, letter by letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import array

from servicekit.base.texts import LONGEST_KEY, name_key
from servicekit.nouns.conditions import terms
from servicekit.nouns.conditions.grammar import Compared, Empty, Holds, Leaf, Same, Span
from servicekit.nouns.conditions.terms import Term
from servicekit.nouns.conditions.values import read_moment
from servicekit.nouns.custom import settings as types
from servicekit.nouns.custom.settings import FieldSetting
from servicekit.nouns.custom.values import LAST_LETTER
from servicekit.nouns.filtering import COMPARISONS, search

_KINDS: Mapping[str, str] = {
    types.TEXT: terms.TEXT,
    types.LONG_TEXT: terms.TEXT,
    types.NUMBER: terms.DECIMAL,
    types.MONEY: terms.DECIMAL,
    types.DATE: terms.DAY,
    types.TIME: terms.MOMENT,
    types.CHOICE: terms.CODE,
    types.CHOICES: terms.CODES,
    types.FLAG: terms.FLAG,
    types.PERSON: terms.ID,
    types.REFERENCE: terms.ID,
}
_NUMBERS = (types.NUMBER, types.MONEY)
_KEYED = (types.TEXT, types.LONG_TEXT)
"""Texts that are compared as a reader compares them, by their key."""


@dataclass(frozen=True)
class CustomField:
    """A custom field of a list's records."""

    setting: FieldSetting

    @cached_property
    def term(self) -> Term:
        """What a condition may ask of it."""
        options = self.setting.options
        labels = {code: (each["label"]["zh"], each["label"]["en"]) for code, each in options.items()}
        return Term.of(
            _KINDS[self.setting.type], searched=True, may_lack=True, label=self.setting.label,
            choices=tuple(options), choice_labels=labels, reference=self.setting.reference,
        )  # fmt: skip

    @property
    def _key(self) -> ColumnElement[Any]:
        # A parameter in its place would be another expression than the index's.
        return literal_column(f"'{self.setting.key}'", Text())

    def text(self, model: Any) -> ColumnElement[Any]:
        """Return the value as text; null where there is none."""
        kept: ColumnElement[Any] = model.custom.op("->>", return_type=Text())(self._key)
        return kept

    def placed(self, model: Any) -> ColumnElement[Any]:
        """Return what its index is made on: the value as it is compared, and the last of all where there is none."""
        text = self.text(model)
        if self.setting.type in _NUMBERS:
            return func.coalesce(cast(text, Numeric()), self._last)
        key = func.left(func.kehu_key(text), literal_column(f"{LONGEST_KEY}"))
        return func.coalesce(key if self.setting.type in _KEYED else text, self._last).collate("C")

    @property
    def _last(self) -> ColumnElement[Any]:
        if self.setting.type in _NUMBERS:
            return literal_column("'Infinity'::numeric", Numeric())
        return literal_column(f"'{LAST_LETTER}'::text", Text())

    def _said(self, value: Any) -> ColumnElement[Any]:
        """Return a value of a condition as it is compared."""
        if self.setting.type in _NUMBERS:
            return literal(value, Numeric())
        if self.setting.type in _KEYED:
            return func.left(func.kehu_key(literal(value, Text())), literal_column(f"{LONGEST_KEY}"))
        return literal(written(value), Text())

    def holds(self, model: Any, leaf: Leaf) -> ColumnElement[bool]:
        """Return the condition that a comparison means."""
        if isinstance(leaf, Empty):
            lacks: ColumnElement[bool] = self.text(model).is_(None)
            return lacks
        if self.setting.type == types.CHOICES:
            return self._chosen(model, leaf)
        if isinstance(leaf, Holds):
            return and_(true(), *search(self.text(model), leaf.text))
        placed = self.placed(model)
        if isinstance(leaf, Same):
            wanted = [self._said(value) for value in leaf.values if not self._is_last(value)]
            return false() if not wanted else placed == wanted[0] if len(wanted) == 1 else placed.in_(wanted)
        if isinstance(leaf, Compared):
            compared = getattr(placed, COMPARISONS[leaf.operator])(self._said(leaf.value))
            return and_(compared, placed < self._last)
        assert isinstance(leaf, Span)
        begun = [placed >= self._said(leaf.begins)] if leaf.begins is not None else []
        return and_(*begun, placed < (self._last if leaf.ends is None else self._said(leaf.ends)))

    def _chosen(self, model: Any, leaf: Leaf) -> ColumnElement[bool]:
        assert isinstance(leaf, Same)
        if not leaf.values:
            return false()
        options = model.custom.op("->")(self._key)
        return or_(options.op("?|")(cast(array([*leaf.values]), _TEXTS)))

    def _is_last(self, value: Any) -> bool:
        return isinstance(value, str) and name_key(value) == LAST_LETTER


_TEXTS: Any = array([literal_column("''", Text())]).type


def written(value: Any) -> str:
    """Return a value as the text that is kept of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@dataclass(frozen=True)
class CustomOrder:
    """The order of a list by a custom field that has an index; what has no value comes last (``ordering.Sort``)."""

    field: CustomField

    def of(self, model: Any) -> ColumnElement[Any]:
        """Return what rows are ordered by."""
        return self.field.placed(model)

    def value(self, row: Any) -> Any:
        """Return what a row stands by in the order."""
        value = row.custom.get(self.field.setting.key)
        return None if value is None else written(value)

    def read_back(self, value: Any) -> Any:
        """Read what a cursor says; any text is a place, of numbers and days too.

        Raises:
            ValueError: if it is none of ours.
        """
        if value is None:
            return None
        if not isinstance(value, str) or "\x00" in value or len(value) > LONGEST:
            raise ValueError("no text of ours")
        if self.field.setting.type in _NUMBERS:
            number = Decimal(value) if value.isascii() else Decimal("NaN")
            if not number.is_finite():
                raise ValueError("no number of ours")
            return number
        return read_moment(value) if self.field.setting.type == types.TIME else value

    def beyond(self, model: Any, position: tuple[Any, UUID], *, descending: bool) -> ColumnElement[bool]:
        """Return the condition that a row comes after a place."""
        value, record_id = position
        here = tuple_(self.of(model), model.id)
        place = self.field._last if value is None else self.field._said(value)
        there = tuple_(place, literal(record_id, model.id.type))
        return here < there if descending else here > there


LONGEST = 1_000
"""Of a value in a cursor."""
