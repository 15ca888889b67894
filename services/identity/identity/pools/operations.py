"""What can be asked about pools."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.definitions.queries import tell
from identity.groups.model import UserGroup
from identity.pools.model import PoolDefinition
from identity.pools.schemas import MOST, PoolSchema, PoolsQuerySchema, PoolsSchema
from servicekit import Caller, Fault, ForAll, Invalid, NotFound, expect_version, operation
from servicekit.base.texts import name_key
from servicekit.nouns.access import holds

WRITE = ForAll("pool.write")
GROUPS = ("members_group_id", "admins_group_id")


class PoolOperations:
    """Pools: everybody sees those that they belong to, and few keep them (CU-85)."""

    @operation("GET /v1/pools", query=PoolsQuerySchema, returns=PoolsSchema)
    def list_pools(self, session: Session, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
        """List the pools that the caller sees or keeps; all of them for who may change pools (CU-35, CU-122)."""
        wanted = select(PoolDefinition).order_by(PoolDefinition.noun, PoolDefinition.key)
        if "noun" in query:
            wanted = wanted.where(PoolDefinition.noun == query["noun"])
        if "active" in query:
            wanted = wanted.where(PoolDefinition.active.is_(query["active"] == "true"))
        called = name_key(query.get("name", ""))
        seen = [each for each in session.scalars(wanted) if called in each.key and _sees(caller, each)]
        return {"items": seen[: query.get("limit", MOST)], "next": None}

    @operation("GET /v1/pools/{pool_id}", returns=PoolSchema)
    def get_pool(self, session: Session, caller: Caller, pool_id: UUID) -> PoolDefinition:
        """Return one pool (CU-35)."""
        return _found(session, caller, pool_id)

    @operation(
        "POST /v1/pools",
        permission=WRITE,
        accepts=PoolSchema,
        returns=PoolSchema,
        creates=True,
        errors=("definition-key-taken", "unknown-group"),
    )
    def create_pool(self, session: Session, caller: Caller, data: dict[str, Any]) -> PoolDefinition:
        """Open a pool: who sees what lies in it, who keeps it, and how records leave it (CU-35, CU-36, CU-86)."""
        _check_groups(session, data)
        pool = PoolDefinition()
        pool.fill_in(**data)
        session.add(pool)
        session.flush()
        tell(session, pool)
        return pool

    @operation(
        "PATCH /v1/pools/{pool_id}",
        permission=WRITE,
        accepts=PoolSchema,
        returns=PoolSchema,
        errors=("definition-key-taken", "stale-version", "unknown-group"),
    )
    def update_pool(
        self, session: Session, caller: Caller, pool_id: UUID, data: dict[str, Any]
    ) -> PoolDefinition:
        """Change a pool; its new people see what lies in it within a second, the old ones no longer (CU-86).

        Out of use it takes nothing more; what lies in it stays there until somebody claims it.
        """
        pool = _found(session, caller, pool_id)
        expect_version(pool)
        if data.get("noun", pool.noun) != pool.noun:
            raise Invalid.field("noun", Fault("noun-fixed", "A pool is of one noun for good."))
        _check_groups(session, data)
        pool.fill_in(**data)
        tell(session, pool)
        return pool


def _sees(caller: Caller, pool: PoolDefinition) -> bool:
    return pool.is_of(caller) or holds(caller, WRITE)


def _found(session: Session, caller: Caller, pool_id: UUID) -> PoolDefinition:
    found = session.get(PoolDefinition, pool_id)
    if found is None or not _sees(caller, found):
        raise NotFound("pool-not-found", "There is no such pool.")
    return found


def _check_groups(session: Session, data: dict[str, Any]) -> None:
    """Refuse groups that there are not.

    Raises:
        Invalid: ``unknown-group``.
    """
    for field in GROUPS:
        if field in data and session.get(UserGroup, data[field]) is None:
            raise Invalid.field(field, Fault("unknown-group", "There is no such group."))


def is_in_pools(session: Session, group: UserGroup) -> bool:
    """Tell whether a pool names a group."""
    named = {getattr(pool, field) for pool in session.scalars(select(PoolDefinition)) for field in GROUPS}
    return group.id in named
