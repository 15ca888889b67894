"""Pools, as identity tells every service of them."""

from typing import Any, NamedTuple
from uuid import UUID

from servicekit import new_id
from servicekit.testing import RunningService


class APool(NamedTuple):
    """A pool with the groups that see and keep what lies in it."""

    id: str
    members: UUID
    admins: UUID


def a_pool_of(service: RunningService, noun: str, **said: Any) -> APool:
    """Tell a service of a new pool of a noun."""
    pool = APool(str(new_id()), new_id(), new_id())
    tell_of_pool(service, pool, noun, **said)
    return pool


def tell_of_pool(
    service: RunningService, pool: APool, noun: str, *, active: bool = True, version: int = 1, **said: Any
) -> None:
    """Tell a service what a pool is like."""
    groups = {"members_group_id": str(pool.members), "admins_group_id": str(pool.admins)}
    body = {"name": "华东公海", "policy": "claim", "may_move": False, **groups, **said}
    data = {
        "definition_id": pool.id, "kind": "pool", "noun": noun, "key": pool.id, "body": body,
        "active": active, "position": 0, "version": version,
    }  # fmt: skip
    service.deliver_and_wait("identity", "definition.changed", data, subject=pool.id)
