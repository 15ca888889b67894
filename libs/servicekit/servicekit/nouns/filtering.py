"""What may be asked of a list's columns, as SQL: texts to find, and values to compare."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow.fields import Field
from sqlalchemy import ARRAY, ColumnElement, Select, and_, any_, false, func, literal, or_, true

from servicekit.base.fields import Phone, Text
from servicekit.base.phones import digits, e164, is_phone_like, ways_to_dial
from servicekit.base.texts import LONGEST_KEY, comparable, is_unspaced
from servicekit.nouns.conditions.grammar import MOST_VALUES, Compared, Holds, Leaf, Same, Span
from servicekit.nouns.conditions.terms import SAME, SEARCH, Term, kind_of, told_by

DESCRIBED = """\
All filters must hold. Texts are compared as a reader compares them: width, case and blanks do not count.
With `[in]` come up to 200 values, separated by commas or each in a parameter of its own; one that holds a comma
stands in double quotes: `filter[name][in]="Acme, Inc.",云图`."""
"""What the contract file says of every list; what each filter takes stands at its parameters."""

COMPARISONS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}
COMPARED = (int, Decimal, date, datetime)
"""What is less or more than another."""


@dataclass(frozen=True)
class Among:
    """Values of which a record has several, in a table of their own: a record is found by any one of them.

    Args:
        column: the values.
        records: the query of the ids of the records that have them.
    """

    column: Any
    records: Select[Any]

    def holds(self, model: Any, leaf: Leaf) -> ColumnElement[bool]:
        """Return the condition that a record has one of the values asked for."""
        found: ColumnElement[bool] = model.id.in_(self.records.where(compare(self.column, leaf)))
        return found


@dataclass(frozen=True)
class Search:
    """A text column that is searched by ``contains`` through its bigram index; Chinese and English alike.

    ``anything``: it holds whatever a record is found by, digits of phone numbers among it.
    ``also``: what a record is found by too, each with an index of its own; then there is no other comparison.
    """

    column: Any
    anything: bool = False
    also: tuple[Any, ...] = ()

    @property
    def columns(self) -> tuple[Any, ...]:
        """All that it looks into."""
        return (self.column, *self.also)


def column_of(what: Any) -> Any:
    """Return the column that a filter of a list asks."""
    return what.column if isinstance(what, Search | Among) else what


def term_of(name: str, what: Any, shown_as: Field[Any] | None) -> Term:
    """Return what may be asked by a filter of a list.

    Args:
        what: a column, ``Search`` or ``Among``.
        shown_as: the schema's field of that name, if there is one.
    """
    told = told_by(name, shown_as)
    if isinstance(what, Search) and what.also:
        return Term.of(SEARCH, **told)
    column = column_of(what)
    kind = kind_of(column.type.python_type, None if isinstance(what, Among) else shown_as)
    if isinstance(what, Among):
        return Term(kind, SAME, label=told["label"])
    searched = isinstance(what, Search) or isinstance(shown_as, Text)
    return Term.of(kind, searched=searched, may_lack=getattr(column, "nullable", True), **told)


def search_terms(column: Any, term: str) -> ColumnElement[bool]:
    """Return the condition that a text column contains a term, as a reader compares texts (``servicekit.base.texts``).

    The bigram array is what the index knows; looking into the text then makes sure. A single character has no bigram:
    a Chinese one or a kana is a word all the same and has an index of its own (``character_index_anew``), a letter is
    looked for without one.
    """
    # The database makes both keys: what it has stored was perhaps made by another version of Unicode than ours.
    text, wanted, key = func.kehu_key(column), func.kehu_key(term), comparable(term)
    if len(key) == 1 and is_unspaced(key):
        return and_(
            func.kehu_characters(text).op("@>")(func.kehu_characters(wanted)), func.strpos(text, wanted) != 0
        )
    return _contains(text, wanted, len(key))


def name_key_of(text: Any) -> ColumnElement[str]:
    """Return the key of a column or a value (``base.texts.name_key``) as the database makes and indexes it."""
    return func.left(func.kehu_key(text), LONGEST_KEY)


def _contains(text: Any, wanted: Any, length: int) -> ColumnElement[bool]:
    found = func.strpos(text, wanted) != 0
    if length < 2:
        return found
    return and_(func.kehu_bigrams(text).op("@>")(func.kehu_bigrams(wanted)), found)


def _dials(column: Any, wanted: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a phone number holds one of some rows of digits, as typed or in its E.164."""
    known = func.kehu_phone(column, getattr(column.class_, f"{column.key}_e164"))
    return or_(*(_contains(known, part, len(part)) for part in sorted(wanted)))


def search(
    column: Any, term: str, field: Field[Any] | None = None, anything: bool = False
) -> list[ColumnElement[bool]]:
    """Return the conditions that a column contains a term; none for a term with nothing to be seen.

    Args:
        field: the schema's field that shows the column, which decides how they are compared.
        anything: whether the column holds the digits of phone numbers among other things.
    """
    if isinstance(field, Phone):
        return [_dials(column, ways_to_dial(term))] if digits(term) else [false()]
    if not comparable(term):
        return []
    if anything and is_phone_like(term):
        return [or_(*(search_terms(column, way) for way in sorted({comparable(term), *ways_to_dial(term)})))]
    return [search_terms(column, term)]


def compare(
    column: Any, leaf: Leaf, field: Field[Any] | None = None, anything: bool = False
) -> ColumnElement[bool]:
    """Return the condition that a comparison of a column means.

    Args:
        field: the schema's field that shows the column, which decides how they are compared.
        anything: whether the column holds the digits of phone numbers among other things.
    """
    if isinstance(leaf, Same):
        return _is_one_of(column, leaf.values, field)
    if isinstance(leaf, Holds):
        return and_(true(), *search(column, leaf.text, field, anything))
    if isinstance(leaf, Compared):
        compared: ColumnElement[bool] = getattr(column, COMPARISONS[leaf.operator])(leaf.value)
        return compared
    if isinstance(leaf, Span):
        begun = [column >= leaf.begins] if leaf.begins is not None else []
        return and_(*begun, *([column < leaf.ends] if leaf.ends is not None else []))
    lacks: ColumnElement[bool] = column.is_(None)
    return lacks


def _is_one_of(column: Any, values: tuple[Any, ...], field: Field[Any] | None) -> ColumnElement[bool]:
    """Return the condition that a column is one of some values, each compared as the field compares.

    A text is the same as another if a reader takes it for the same, a phone number if it is dialled in the same way.
    """
    if isinstance(field, Phone):
        wanted = {f" {way} " for value in values for way in (digits(value), (e164(value) or "")[1:]) if way}
        return _dials(column, wanted) if wanted else false()
    if not values:
        return false()
    compared, asked = column, [*values]
    if isinstance(field, Text):
        compared, asked = name_key_of(column), [name_key_of(value) for value in values]
    if len(asked) > MOST_VALUES:  # A whole department stands for itself.
        return column == any_(literal(asked, ARRAY(column.type)))  # type: ignore[no-any-return]
    same: ColumnElement[bool] = compared == asked[0] if len(asked) == 1 else compared.in_(asked)
    return same
