"""Of what kind another service's record is, as its copy keeps it: what limits of roles may ask (docs/decisions/0055).

``facts`` has the members of the record's events that its contract marks for that, as they were told. A limit on what
has not been told lets nothing through.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    Text,
    Uuid,
    cast,
    literal,
)
from sqlalchemy.dialects.postgresql import ARRAY

from servicekit.base.fields import Text as TextField
from servicekit.base.fields import made_once
from servicekit.messages.events import Event
from servicekit.nouns.conditions import terms
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.grammar import Leaf, read
from servicekit.nouns.conditions.published import kinds_of
from servicekit.nouns.conditions.sql import leaves, sql_of
from servicekit.nouns.conditions.terms import Term
from servicekit.nouns.filtering import compare

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

_TYPES: Mapping[str, Any] = {
    terms.FLAG: Boolean(),
    terms.INTEGER: BigInteger(),
    terms.DECIMAL: Numeric(),
    terms.ID: Uuid(),
    terms.DAY: Date(),
    terms.MOMENT: DateTime(timezone=True),
}
_TEXT = TextField(label=("文本", "Text"))


NO_KIND = ("id", "updated_at")
"""What tells single records apart, or that something has changed."""
NAME = "name"
"""The one free text that a limit may be on: copies know it anyway."""


class TellsKind(Event):
    """An event with what copies keep of the kind of its record."""

    facts: dict[str, Any] = Field(default_factory=dict)

    noun: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _keep_facts(cls, said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "facts": {name: said[name] for name in kinds_of(cls.noun) if name in said}}


def told_kinds(noun: "Noun[Any]") -> tuple[str, ...]:
    """Return the fields of a noun's list that limits may be on: what its events tell of the kind of a record."""
    told = made_once(noun.told_as).dump_fields.keys() - {*noun.leaves_out, *NO_KIND}
    said = (name for name, term in noun.terms.items() if term.says_kind or name == NAME)
    return tuple(name for name in said if name in told)


def fact(model: Any, name: str, term: Term) -> ColumnElement[Any]:
    """Return what a copy knows of a field, as a value of its kind; null where it knows nothing."""
    text: ColumnElement[Any] = model.facts.op("->>", return_type=Text())(name)
    return cast(text, _TYPES[term.kind]) if term.kind in _TYPES else text


def meaning(model: Any, noun: str, asker: Asker, where: Any) -> list[ColumnElement[bool]]:
    """Return what a tree of conditions asks of a copy's rows.

    Raises:
        Invalid: if it asks what copies do not keep.
    """
    known = kinds_of(noun)
    node = read(where, known, asker)

    def holds(each: Leaf) -> ColumnElement[bool]:
        term = known[each.field]
        return compare(fact(model, each.field, term), each, _TEXT if term.kind == terms.TEXT else None)

    asked = literal(sorted({each.field for each in leaves(node)}), ARRAY(Text()))
    return [model.facts.op("?&", return_type=Boolean())(asked), sql_of(node, holds)]
