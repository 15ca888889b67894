"""Permissions with their scopes: how they add up, and who may pass them on."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from servicekit import Caller

SCOPES = {"own": ("本人", "Own"), "department": ("本部门及下级", "Department"), "all": ("全部", "All")}
"""From narrow to wide: own records, those of the department and below, everybody's."""

EVERY = "*"
"""Stands for every permission there is."""


def wider(one: str | None, other: str | None) -> str | None:
    """Return the wider of two scopes; None is no scope at all."""
    return max((scope for scope in (one, other) if scope), key=[*SCOPES].index, default=None)


def union(grants: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return what several roles give together: each permission in its widest scope (ID-18)."""
    together: dict[str, str] = {}
    for grant in grants:
        for permission, scope in grant.items():
            together[permission] = wider(together.get(permission), scope) or scope
    # A caller's own entry is looked up before the one for everything, so it must not be the narrower one.
    return {permission: wider(scope, together.get(EVERY)) or scope for permission, scope in together.items()}


def covers(caller: Caller, permissions: Mapping[str, str]) -> bool:
    """Tell whether a caller holds all of some permissions, each at least as wide."""
    held = {permission: caller.scope(permission) for permission in permissions}
    return all(
        wider(held[permission], scope) == held[permission] for permission, scope in permissions.items()
    )


def may_do_no_more(_session: Session, caller: Caller, holder: Any) -> bool:
    """Tell whether an account or a role holds no more than a caller does."""
    return covers(caller, holder.permissions)
