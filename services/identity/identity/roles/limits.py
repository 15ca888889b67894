"""Limits of roles: for which kinds of records a permission is held, by conditions on the noun's fields (CU-20)."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from identity.roles.permissions import EVERY, together
from servicekit import Fault, Invalid
from servicekit.base import scopes
from servicekit.base.published import documents
from servicekit.contracts.catalogue import permissions_for_all
from servicekit.nouns.conditions import grammar
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.published import kinds_of

if TYPE_CHECKING:
    from identity.roles.model import Role

Part = tuple[str, Any]
"""A scope with the tree of conditions that limits it, or None where it holds for all kinds."""


@cache
def limited_nouns() -> frozenset[str]:
    """Return the nouns whose permissions may be limited: what says of what kind it is, and is no person."""
    found = set()
    for document in documents("openapi.json"):
        for path, methods in document["paths"].items():
            _, _, last = path.rpartition("/")
            look = methods.get("get", {})
            noun = look.get("x-permission", "").partition(".")[0]
            own = last == f"{{{noun}_id}}" and f"{noun}.read" not in permissions_for_all()
            if own and look["x-rpc"]["service"] != "identity" and kinds_of(noun):
                found.add(noun)
    return frozenset(found)


def check_limits(limits: Mapping[str, Any], permissions: Mapping[str, str]) -> None:
    """Refuse limits on what is not held, is no noun's with an owner, or names what its records do not have.

    Raises:
        Invalid: ``invalid-input``, with the place.
    """
    for permission, where in limits.items():
        place = f"limits.{permission}"
        noun = permission.partition(".")[0]
        if permission not in permissions:
            raise Invalid.field(place, Fault("limit-without-permission", "The role does not allow this."))
        if noun not in limited_nouns():
            raise Invalid.field(place, Fault("not-limited", "This cannot be limited to some kinds."))
        grammar.read(where, kinds_of(noun), Asker(), place)


def parts_of(roles: Iterable["Role"]) -> dict[str, list[Part]]:
    """Return what roles say together of permissions that one of them limits: each scope with its limit."""
    held: dict[str, list[Part]] = {}
    for role in roles:
        for permission, scope in role.grants.items():
            held.setdefault(permission, []).append((scope, role.limits.get(permission)))
    everything = held.get(EVERY, [])
    added = {
        permission: _added([*parts, *everything])
        for permission, parts in held.items()
        if any(where is not None for _, where in parts)
    }
    return {
        permission: parts
        for permission, parts in added.items()
        if any(where is not None for _, where in parts)
    }


def _added(parts: Iterable[Part]) -> list[Part]:
    """Return parts added up: one a limit, without those that one for all kinds covers."""
    by_limit: list[Part] = []
    for scope, where in parts:
        same = next((n for n, (_, known) in enumerate(by_limit) if known == where), None)
        if same is None:
            by_limit.append((scope, where))
        else:
            by_limit[same] = (together(by_limit[same][0], scope) or scope, where)
    free = next((scope for scope, where in by_limit if where is None), None)
    return [part for part in by_limit if part[1] is None or not scopes.covers(free, part[0])]
