"""What can be asked about pools."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.definitions.queries import tell
from identity.groups.model import UserGroup
from identity.pools.model import PoolDefinition
from identity.pools.queries import POOLS, READ, WRITE, pool_seen, seen_by
from identity.pools.schemas import PoolSchema
from servicekit import Caller, Fault, Invalid, expect_version, operation
from servicekit.nouns.access import held_scope

GROUPS = ("members_group_id", "admins_group_id")


class PoolOperations:
    """Pools: everybody sees those that they belong to, and few keep them (CU-85)."""

    @operation("GET /v1/pools", lists=POOLS)
    def list_pools(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the pools that the caller sees or keeps; all of them for who may change pools (CU-35, CU-122)."""
        return POOLS.page(session, caller, query, *seen_by(caller))

    @operation("GET /v1/pools/{pool_id}", permission=READ, returns=PoolSchema)
    def get_pool(self, session: Session, caller: Caller, pool_id: UUID) -> PoolDefinition:
        """Return one pool (CU-35)."""
        return pool_seen(session, caller, pool_id)

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
        held_scope(caller, READ)  # The answer shows it.
        pool = pool_seen(session, caller, pool_id)
        expect_version(pool)
        if data.get("noun", pool.noun) != pool.noun:
            raise Invalid.field("noun", Fault("noun-fixed", "A pool is of one noun for good."))
        _check_groups(session, data)
        pool.fill_in(**data)
        tell(session, pool)
        return pool


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
