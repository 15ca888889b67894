"""Settings of fields as this service knows them: a definition of the kind ``field`` each, by the noun they are of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from servicekit.base.labels import Label
from servicekit.nouns.definitions import FIELD, Body, DefinitionRow
from servicekit.nouns.remembered import remembered

TEXT, LONG_TEXT, NUMBER, MONEY, DATE, TIME = "text", "long_text", "number", "money", "date", "time"
CHOICE, CHOICES, FLAG, PERSON, REFERENCE = "choice", "choices", "flag", "person", "reference"
TYPES: Mapping[str, Label] = {
    TEXT: ("文本", "Text"),
    LONG_TEXT: ("多行文本", "Long text"),
    NUMBER: ("数字", "Number"),
    MONEY: ("金额", "Money"),
    DATE: ("日期", "Date"),
    TIME: ("时间", "Time"),
    CHOICE: ("单选", "Choice"),
    CHOICES: ("多选", "Choices"),
    FLAG: ("是否", "Yes or no"),
    PERSON: ("人员", "Person"),
    REFERENCE: ("关联记录", "Reference"),
}
ORDERED = (TEXT, NUMBER, MONEY, DATE, TIME, CHOICE, FLAG, PERSON, REFERENCE)
"""What a list can be in the order of, where there is an index."""
INDEXED = (*ORDERED, CHOICES)

MOST_FIELDS, MOST_OPTIONS = 200, 200
"""Fields of one noun, in use or not, and options of one field."""
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
"""What a field's key looks like: it stands in names of indexes, beside the name of the table."""
PREFIX = "custom."
"""What the key of a custom field begins with where fields are named."""

_KNOWN = "fields"


@dataclass(frozen=True)
class FieldSetting:
    """What an administrator has set of a field: one of their own, or one that the noun has anyway (``standard``)."""

    key: str
    body: Body
    active: bool = True

    @property
    def standard(self) -> bool:
        """Whether the noun has it anyway."""
        return bool(self.body.get("standard"))

    @property
    def type(self) -> str:
        """What kind of values it has."""
        return str(self.body.get("type", TEXT))

    @property
    def name(self) -> str:
        """What it is called where fields are named."""
        return self.key if self.standard else PREFIX + self.key

    @property
    def required(self) -> bool:
        """Whether a record is not made without it, whoever makes it."""
        return self.active and bool(self.body.get("required")) and bool(self.body.get("strict", True))

    @property
    def indexed(self) -> bool:
        """Whether lists have an index for it."""
        return self.active and bool(self.body.get("indexed")) and self.type in INDEXED

    @property
    def label(self) -> Label:
        """What people call it."""
        label = self.body.get("label", {})
        return label.get("zh", self.key), label.get("en", self.key)

    @property
    def options(self) -> Mapping[str, Mapping[str, Any]]:
        """What may be chosen, by code, in its order; also what is no longer in use."""
        return {each["code"]: each for each in self.body.get("options") or ()}

    @property
    def currency(self) -> str:
        """What its amounts are in."""
        return str(self.body.get("currency") or "CNY")

    @property
    def reference(self) -> str:
        """The noun whose records its values name."""
        return "account" if self.type == PERSON else str(self.body.get("reference") or "")


@cache
def _wanted() -> Select[Any]:
    row = DefinitionRow
    of_noun = select(row.key, row.body, row.active, row.position)
    return of_noun.where(row.kind == FIELD, row.noun == bindparam("noun")).order_by(row.version)


def fields_of(session: Session, noun: str) -> Mapping[str, FieldSetting]:
    """Return the settings of a noun's fields by name, in their order; the same for all of a transaction.

    A custom field is named ``custom.colour``. A key that could not be one is left out, whoever has told it: it would
    stand in statements.
    """
    known: dict[str, Mapping[str, FieldSetting]] = remembered(session, _KNOWN)
    if noun not in known:
        rows = session.connection().execute(_wanted(), {"noun": noun}).all()
        # Of two under one key the newer, as with all definitions.
        newest = {row.key: row for row in rows if row.body.get("standard") or KEY.fullmatch(row.key)}
        placed = sorted(newest.values(), key=lambda row: (row.position, row.key))
        settings = [FieldSetting(row.key, row.body, row.active) for row in placed]
        known[noun] = {each.name: each for each in settings}
    return known[noun]
