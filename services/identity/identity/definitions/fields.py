"""Settings of fields: those that administrators add to the records of a noun, and those that it has anyway (GW-58)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.definitions.model import Definition
from identity.definitions.queries import tell
from servicekit import Conflict, Fault, Invalid
from servicekit.contracts.told_fields import Taker, takers
from servicekit.nouns.custom.settings import (
    CHOICE,
    CHOICES,
    INDEXED,
    MONEY,
    MOST_FIELDS,
    MOST_OPTIONS,
    REFERENCE,
)
from servicekit.nouns.definitions import FIELD

MOST_INDEXED = 20
"""Fields of one noun with an index: every record that is written is written into each of them."""


class FieldDefinition(Definition):
    """How a field of a noun is asked for (CU-02, CU-63, GW-58)."""

    __mapper_args__ = {"polymorphic_identity": FIELD}

    def __getattr__(self, name: str) -> Any:
        """Return what the body says; nothing of what it does not."""
        if name.startswith("_") or name not in SAID:
            raise AttributeError(name)
        return self.body.get(name, SAID[name])

    def revise(self, **said: Any) -> None:
        """Set it otherwise; its key and its type stay, since records have values of it.

        Raises:
            Conflict: ``field-always-there``.
            Invalid: for what does not fit its type.
        """
        if self.always and (said.get("required", True) is False or said.get("enabled", True) is False):
            raise Conflict("field-always-there", "No record is made without it.")
        if self.standard and (own := sorted(said.keys() & {"label", "options", "indexed"})):
            raise Invalid.field(own[0], Fault("not-of-standard-field", "Only of fields of one's own."))
        self.active = said.pop("enabled", self.active)
        if "options" in said:
            said["options"] = _with_those_before(self.options or [], said["options"] or [])
        self.change(**said)
        ensure_fits({**SAID, **self.body})


SAID: Mapping[str, Any] = {
    "standard": False, "always": False, "type": None, "options": None, "currency": None, "reference": None,
    "required": False, "strict": True, "common": False, "indexed": False, "remark": None,
}  # fmt: skip
"""What the body of a field's definition says besides the label, and what it is where it does not."""


def _with_those_before(before: list[dict[str, Any]], said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the options as they are said, and those that are not named any more as out of use: records have them."""
    named = {each["code"] for each in said}
    gone = [{**each, "active": False} for each in before if each["code"] not in named]
    if len(said) + len(gone) > MOST_OPTIONS:
        told = "More than {max} options, with those that are out of use."
        raise Invalid.field("options", Fault("too-many-items", told, max=MOST_OPTIONS))
    return [*said, *gone]


def ensure_fits(said: Mapping[str, Any]) -> None:
    """Look whether what is said of a field fits its type.

    Raises:
        Invalid: for the member that does not.
    """
    chosen = said["type"] in (CHOICE, CHOICES)
    codes = [each["code"] for each in said["options"] or ()]
    needless = Fault("not-of-this-type", "Fields of this type have none.")
    if chosen and not codes:
        raise Invalid.field("options", Fault("too-few-items", "Fewer than {min} items.", min=1))
    if len(codes) != len({*codes}):
        raise Invalid.field("options", Fault("same-code-twice", "Two options have one code."))
    for member, wanted in (("options", chosen), ("currency", said["type"] == MONEY)):
        if said[member] and not wanted:
            raise Invalid.field(member, needless)
    if said["indexed"] and said["type"] not in INDEXED:
        raise Invalid.field("indexed", Fault("not-indexable", "Fields of this type have no index."))


def taker_of(noun: str) -> Taker:
    """Return what is known of a noun that takes fields.

    Raises:
        Invalid: if it takes none.
    """
    if noun not in takers():
        text = Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(sorted(takers())))
        raise Invalid.field("noun", text)
    return takers()[noun]


def declare(
    session: Session, noun: str, key: str, enabled: bool, position: int | None, **said: Any
) -> FieldDefinition:
    """Add a field to the records of a noun, as its last unless a place is named.

    Raises:
        Invalid: for what does not fit; a key that the noun has anyway.
        Conflict: ``too-many-fields``; a key that is taken is found when it is stored.
    """
    taker = taker_of(noun)
    ensure_fits({**SAID, **said})
    if (said["type"] == REFERENCE) != bool(said["reference"]) or said["reference"] not in (
        None,
        *taker.references,
    ):
        allowed = ", ".join(taker.references)
        wrong = Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=allowed)
        raise Invalid.field("reference", wrong)
    others = placed(session, noun)
    if sum(not other.standard for other in others) >= MOST_FIELDS:
        told = f"The noun has {MOST_FIELDS} fields of its own already."
        raise Conflict("too-many-fields", told, params={"max": MOST_FIELDS})
    ensure_few_indexed(others, said["indexed"])
    field = FieldDefinition(noun=noun, key=key, active=enabled, body=said, position=len(others) + 1)
    session.add(field)
    place(session, others, field, position or field.position)
    return field


def ensure_few_indexed(others: list[FieldDefinition], one_more: bool) -> None:
    """Refuse an index where there are as many as may be.

    Raises:
        Conflict: ``too-many-indexes``.
    """
    if one_more and sum(bool(other.indexed and other.active) for other in others) >= MOST_INDEXED:
        told = f"The noun has {MOST_INDEXED} fields with an index already."
        raise Conflict("too-many-indexes", told, params={"max": MOST_INDEXED})


def placed(session: Session, noun: str) -> list[FieldDefinition]:
    """Return the fields of a noun in their order, and let nobody else change it until this transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"fields of {noun}", 0))))
    field = FieldDefinition
    found = select(field).where(field.noun == noun).order_by(field.position, field.key)
    return [*session.scalars(found.execution_options(populate_existing=True))]


def place(session: Session, fields: list[FieldDefinition], field: FieldDefinition, position: int) -> None:
    """Put a field to a place among those of its noun, and tell of it and of those that have moved for it."""
    others = [each for each in fields if each.id != field.id]
    others.insert(position - 1, field)
    moved = [each for place, each in enumerate(others, 1) if each.position != place]
    for place, each in enumerate(others, 1):
        each.position = place
    tell(session, *dict.fromkeys((field, *moved)))
