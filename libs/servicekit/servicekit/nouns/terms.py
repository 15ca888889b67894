"""Terms: values that stand in a dictionary which an administrator keeps (ID-43, CU-64).

    industry = Term("industry", label=("所属行业", "Industry"), load_default=None, allow_none=True)

A term is stored by its code and may be sent by its label, in Chinese or in English. An ``open`` dictionary takes texts
besides its terms. A term out of use stays with the records that have it, and no other gets it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as marshmallow_fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicekit.base.errors import Fault, Invalid
from servicekit.base.fields import Schema, Text, made_once
from servicekit.base.texts import name_key
from servicekit.nouns.definitions import DICTIONARY, Body, definitions

LONGEST_CODE = 100
UNKNOWN, OUT_OF_USE = "unknown-term", "term-out-of-use"


class Term(Text):
    """A text that stands in a dictionary.

    Args:
        dictionary: its key.
    """

    def __init__(self, dictionary: str, maximum: int = LONGEST_CODE, **more: Any):
        super().__init__(maximum, **more)
        self.dictionary = dictionary
        self.described = {"x-dictionary": dictionary}


class Doubt(NamedTuple):
    """A value of a request that only a record which has it already may have."""

    path: str
    attribute: str
    value: str
    code: str

    def fault(self) -> Fault:
        """Return what is wrong with it."""
        if self.code == UNKNOWN:
            return Fault(UNKNOWN, "There is no {term} in the dictionary.", term=self.value)
        return Fault(OUT_OF_USE, "{term} is no longer in use.", term=self.value)


def recognised(body: Body, text: str) -> tuple[str, str]:
    """Return the code of what a text says, and what is wrong with it: nothing, or the code of a fault.

    The code itself goes before labels, and what is in use before what is not.
    """
    terms = body.get("terms", ())
    for term in terms:
        if term["code"] == text:
            return text, "" if term["active"] else OUT_OF_USE
    key = name_key(text)
    named = [term for term in terms if key in names_of(term)]
    for term in sorted(named, key=lambda term: not term["active"]):
        return term["code"], "" if term["active"] else OUT_OF_USE
    return text, "" if body.get("open", True) else UNKNOWN


def names_of(term: Mapping[str, Any]) -> set[str]:
    """Return the keys of all that a term is recognised by."""
    return {name_key(name) for name in (term["code"], *term["label"].values())}


def read_terms(session: Session, schema: type[Schema] | None, data: Any) -> list[Doubt]:
    """Put codes in place of labels in what a request says, and return what it may say of some records only."""
    if schema is None:
        return []
    named = list(_named_terms(made_once(schema), data))
    keys = {field.dictionary for _, _, _, field in named}
    known = definitions(session, DICTIONARY, *keys) if keys else {}
    doubts = []
    for path, holder, attribute, field in named:
        if (body := known.get(field.dictionary)) is None:
            continue  # Nothing has been heard of it: it is as open as it was before there were dictionaries.
        holder[attribute], fault = recognised(body, holder[attribute])
        if fault:
            doubts.append(Doubt(path, attribute, holder[attribute], fault))
    return doubts


def without_what_stands(session: Session, model: Any, record_id: UUID, doubts: list[Doubt]) -> list[Doubt]:
    """Return the doubts about values that a record does not have already."""
    columns = [getattr(model, doubt.attribute, None) for doubt in doubts if "." not in doubt.path]
    known = [column for column in columns if column is not None]
    has = session.execute(select(*known).where(model.id == record_id)).one_or_none() if known else None
    stands = has._asdict() if has else {}
    return [doubt for doubt in doubts if stands.get(doubt.attribute) != doubt.value or "." in doubt.path]


def refuse(doubts: list[Doubt]) -> None:
    """Refuse what cannot be said.

    Raises:
        Invalid: ``unknown-term`` or ``term-out-of-use``, with an entry a field.
    """
    if doubts:
        errors = [{"field": doubt.path, "message": doubt.fault()} for doubt in doubts]
        raise Invalid(doubts[0].code, doubts[0].fault(), errors)


def _named_terms(
    schema: MarshmallowSchema, data: Any, prefix: str = ""
) -> Iterator[tuple[str, dict[str, Any], str, Term]]:
    """Yield for each term of a request its path, what holds it under which name, and its field."""
    for name, attribute, field in _term_fields(type(schema)):
        value = data.get(attribute)
        if value is None:
            continue
        if isinstance(field, Term):
            yield f"{prefix}{name}", data, attribute, field
            continue
        parts = enumerate(value) if isinstance(field, marshmallow_fields.List) else [("", value)]
        for index, part in parts:
            path = f"{prefix}{name}.{index}".rstrip(".")
            yield from _named_terms(getattr(field, "inner", field).schema, part, f"{path}.")


@cache
def _term_fields(schema: type[MarshmallowSchema]) -> list[tuple[str, str, Any]]:
    """Return the fields of a schema that are terms or hold parts that have some."""
    return [
        (field.data_key or name, field.attribute or name, field)
        for name, field in schema().load_fields.items()
        if _has_terms(field)
    ]


def _has_terms(field: Any) -> bool:
    inner = getattr(field, "inner", field)
    if isinstance(inner, marshmallow_fields.Nested):
        return bool(_term_fields(type(inner.schema)))
    return isinstance(field, Term)
