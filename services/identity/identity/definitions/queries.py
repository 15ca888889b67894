"""Definitions found, by what they are called."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.definitions.model import Definition
from identity.events import DefinitionChanged
from servicekit import ForAll, NotFound, expect_version, publish

READ, WRITE = ForAll("definition.read"), ForAll("definition.write")

D = TypeVar("D", bound=Definition)


def all_of(session: Session, kind: type[D]) -> dict[str, Any]:
    """Return all definitions of a kind as a page: there are few, and each has its place."""
    found = session.scalars(select(kind).order_by(kind.position, kind.key))
    return {"items": [*found], "next": None}


def found(session: Session, kind: type[D], key: str) -> D:
    """Return the definition of a kind that has a key, or an id: by that its ``Location`` names a new one.

    Raises:
        NotFound: ``definition-not-found``.
    """
    try:
        named: Any = kind.id == UUID(key)
    except ValueError:
        named = kind.key == key
    definition = session.scalars(select(kind).where(named)).one_or_none()
    if definition is None:
        raise NotFound("definition-not-found", "There is no such record.")
    return definition


def to_change(session: Session, kind: type[D], key: str) -> D:
    """Return a definition that is about to be changed.

    Raises:
        NotFound: ``definition-not-found``.
        Conflict: ``stale-version``.
    """
    definition = found(session, kind, key)
    expect_version(definition)
    return definition


def tell(session: Session, *changed: Definition) -> None:
    """Let all services know of definitions that have changed."""
    for each in changed:
        publish(session, each, DefinitionChanged.of(each))


def last_position(session: Session, kind: type[D]) -> int:
    """Return the place of the last definition of a kind."""
    places: Sequence[int] = session.scalars(select(kind.position)).all()
    return max(places, default=0)
