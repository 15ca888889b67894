"""What an administrator has configured: dictionaries, numbering rules, parameters, fields, each a definition of a kind.

Identity keeps the truth, every service a copy of it. What a service has not heard of yet is as its own code says, so
nothing waits for the copy (docs/decisions/0042).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.database import KitBase
from servicekit.messages.events import Event
from servicekit.messages.inbox import listens
from servicekit.nouns.audits import audited
from servicekit.nouns.directory import DirectoryCopy, store_newer
from servicekit.nouns.remembered import forget, remembered

DICTIONARY, NUMBERING, PARAMETER, FIELD, POOL = "dictionary", "numbering", "parameter", "field", "pool"
FLOW = "approval-flow"
SMALL = (NUMBERING, PARAMETER)
"""Kinds of which there are few and short ones: whoever asks for one definition gets to know them all."""

_KNOWN = "definitions"

Body = Mapping[str, Any]


class DefinitionRow(KitBase):
    """A definition as this service knows it; in identity's own database the truth stands in this table."""

    __tablename__ = "definition"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    noun: Mapped[str] = mapped_column(default="")
    """What it is about, of kinds whose keys are told apart by that."""
    key: Mapped[str]
    body: Mapped[dict[str, Any]]
    active: Mapped[bool]
    position: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DefinitionChanged(Event):
    """What a service needs to know of a definition."""

    source: ClassVar[str] = "identity"
    type: ClassVar[str] = "definition.changed"

    definition_id: UUID
    kind: str
    noun: str
    key: str
    body: dict[str, Any]
    active: bool
    position: int
    version: int


@cache
def _wanted() -> Select[Any]:
    row = DefinitionRow
    asked = and_(
        row.kind == bindparam("kind"),
        row.noun == bindparam("noun"),
        row.key.in_(bindparam("keys", expanding=True)),
    )
    small = and_(row.kind.in_(SMALL), bindparam("with_small"))
    wanted = select(row.kind, row.noun, row.key, row.body).where(or_(asked, small), row.active)
    # Of two under one key the newer: a database that identity was given back may have made it anew.
    return wanted.order_by(row.version)


def definitions(session: Session, kind: str, *keys: str, noun: str = "") -> dict[str, Body]:
    """Return the bodies of definitions by key, as far as there are such; the same for all of a transaction."""
    known: dict[tuple[str, str, str], Body | None] = remembered(session, _KNOWN)
    places = {key: (kind, noun, key) for key in keys}
    if unread := [key for key, place in places.items() if place not in known]:
        first = not known
        if first or kind not in SMALL:
            asked = {"kind": kind, "noun": noun, "keys": unread, "with_small": first}
            for of_kind, of_noun, of_key, body in session.connection().execute(_wanted(), asked):
                known[of_kind, of_noun, of_key] = body
        for key in unread:
            known.setdefault(places[key], None)
    found = {key: known[place] for key, place in places.items()}
    return {key: body for key, body in found.items() if body is not None}


class DefinitionCopy:
    """Handlers that keep the copy of the definitions."""

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {"identity": (DefinitionRow,)}

    @listens(DefinitionChanged)
    def follow_definition(self, session: Session, changed: DefinitionChanged) -> None:
        """Keep what an administrator has configured."""
        values = changed.model_dump()
        forget(session)
        store_newer(session, DefinitionRow, {"id": values.pop("definition_id"), **values})

    @audited("definitions", owner="identity", copy=DefinitionRow)
    def audit_definitions(self) -> Any:
        """Return the definitions as this service knows them."""
        row = DefinitionRow
        return select(row.id, row.kind, row.noun, row.key, row.body, row.active, row.position)


class PlatformCopy(DirectoryCopy, DefinitionCopy):
    """What every service but identity knows of the house: who works there, and what is configured."""
