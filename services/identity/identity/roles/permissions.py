"""Permissions with their scopes: how they add up, and who may pass them on."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from servicekit import Caller
from servicekit.base import scopes
from servicekit.base.scopes import Scope

SCOPES = {
    "own": ("本人", "Own"),
    "department_only": ("本部门", "Own department only"),
    "department": ("本部门及下级", "Department"),
    "institution": ("本机构", "Institution"),
    "departments": ("指定部门", "Given departments"),
    "all": ("全部", "All"),
}
"""From narrow to wide: own records, those of the department without and with those below, the institution's,
everybody's. Given departments stand beside this order: which they are, the role says."""
GIVEN_DEPARTMENTS = "departments"

EVERY = "*"
"""Stands for every permission there is."""


def together(one: str | None, other: str | None) -> str | None:
    """Return what two scopes give together; None is no scope at all."""
    if one is None or other is None:
        return one or other
    return (Scope.of(one) | Scope.of(other)).text


def union(grants: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return what several roles give together: each permission in all its scopes (ID-18)."""
    all_of_them: dict[str, str] = {}
    for grant in grants:
        for permission, scope in grant.items():
            all_of_them[permission] = together(all_of_them.get(permission), scope) or scope
    # A caller's own entry is looked up before the one for everything, so it must not be the narrower one.
    return {name: together(scope, all_of_them.get(EVERY)) or scope for name, scope in all_of_them.items()}


def resolved(permissions: Mapping[str, str], departments: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return permissions with their scopes as services read them: given departments by their ids."""
    below = frozenset(UUID(str(each["department_id"])) for each in departments if each["below"])
    exactly = frozenset(UUID(str(each["department_id"])) for each in departments if not each["below"])
    given = Scope(below=below, exactly=exactly).text
    return {
        permission: given if scope == GIVEN_DEPARTMENTS else scope
        for permission, scope in permissions.items()
    }


def in_words(permissions: Mapping[str, str]) -> dict[str, str]:
    """Return permissions with their scopes as people read them: that departments are given, not which."""
    return {
        permission: GIVEN_DEPARTMENTS if scope.below or scope.exactly else scope.word
        for permission, scope in ((name, Scope.of(text)) for name, text in permissions.items())
    }


def covers(
    caller: Caller,
    permissions: Mapping[str, str],
    parts: Mapping[str, Iterable[tuple[str, Any]]] = MappingProxyType({}),
) -> bool:
    """Tell whether a caller holds all of some permissions, each at least as wide and for all their kinds of records.

    Args:
        parts: by permission, each scope with its limit; of one that is not there all kinds are meant.
    """
    return all(
        scopes.covers(caller.scope(permission), scope)
        and kinds_covered(caller, permission, parts.get(permission, [(scope, None)]))
        for permission, scope in permissions.items()
    )


def kinds_covered(caller: Caller, permission: str, parts: Iterable[tuple[str, Any]]) -> bool:
    """Tell whether a caller holds a permission for all kinds that some parts name, each in as wide a scope."""
    mine = caller.limits.get(permission)
    if mine is None:
        return True
    return all(
        any(scopes.covers(held, scope) and _implies(where, limit) for held, limit in mine)
        for scope, where in parts
    )


def _implies(where: Any, limit: Any) -> bool:
    """Tell whether what one condition lets through another does, as far as can be read off them."""
    if limit is None or where == limit:
        return True
    return isinstance(where, dict) and limit in where.get("all", ())


def may_do_no_more(_session: Session, caller: Caller, holder: Any) -> bool:
    """Tell whether an account or a role holds no more than a caller does."""
    return covers(caller, getattr(holder, "grants", None) or holder.permissions, holder.parts)
