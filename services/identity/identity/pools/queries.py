"""Pools found: lists, and those that somebody may see."""

from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, literal, or_
from sqlalchemy.orm import Session

from identity.pools.model import PoolDefinition
from identity.pools.schemas import PoolSchema
from servicekit import Caller, ForAll, Listing, NotFound, Search
from servicekit.nouns.access import holds

READ, WRITE = ForAll("pool.read"), ForAll("pool.write")

POOLS = Listing(
    PoolDefinition,
    PoolSchema,
    READ,
    filters={
        "name": Search(PoolDefinition.key),
        "noun": PoolDefinition.noun,
        "active": PoolDefinition.active,
    },
    sorts={"created_at": PoolDefinition.created_at, "name": PoolDefinition.key},
    default="created_at",
)


def seen_by(caller: Caller) -> list[ColumnElement[bool]]:
    """Return the condition that somebody sees a pool: who belongs to it, and who keeps all (CU-122)."""
    if holds(caller, WRITE):
        return []
    mine = any_(literal([str(each) for each in caller.principals], ARRAY(Text)))
    body = PoolDefinition.body
    return [or_(*(body[group].astext == mine for group in ("members_group_id", "admins_group_id")))]


def pool_seen(session: Session, caller: Caller, pool_id: UUID) -> PoolDefinition:
    """Return a pool that somebody may see.

    Raises:
        NotFound: ``pool-not-found``.
    """
    found = session.get(PoolDefinition, pool_id)
    if found is None or not (found.is_of(caller) or holds(caller, WRITE)):
        raise NotFound("pool-not-found", "There is no such pool.")
    return found
