"""Limits: for which kinds of records a permission is held, as roles say it in the one grammar (CU-20, decision 41).

A permission says what, its scope and the grants say whose, its limit says which kinds. Of several roles each lets
somebody do what it says: its scope with its limit, neither widened by another's.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from servicekit.base.belonging import entity_above
from servicekit.base.context import Caller
from servicekit.base.errors import Forbidden, Invalid
from servicekit.base.scopes import ALL
from servicekit.nouns.access import owners_within, seen_within
from servicekit.nouns.besides import entity_of, not_in_pool
from servicekit.nouns.conditions.asker import Asker

if TYPE_CHECKING:
    from servicekit.nouns.reach import Reach


class Meaning(Protocol):
    """What says what a tree of conditions asks of an entity's rows."""

    def meaning(self, asker: Asker, where: Any) -> Sequence[ColumnElement[bool]]:
        """Return what a tree asks of a row.

        Raises:
            Invalid: if it cannot be read.
        """
        ...


MEANT: dict[tuple[Any, str], Meaning] = {}
"""By entity and noun, what says what limits of the noun's permissions mean: its list, or the copy of such records."""


def is_limited(caller: Caller, permission: str, model: Any) -> bool:
    """Tell whether somebody holds a permission on some kinds of an entity's records only."""
    if not caller.limits:
        return False
    return permission in caller.limits or _parents(model) in caller.limits


def _parents(model: Any) -> str:
    """Return the permission to see the record that one belongs to."""
    granted_as = getattr(model, "granted_as", None)
    return "" if granted_as is None or granted_as[1] == "id" else f"{granted_as[0]}.read"


def limits_on(reach: "Reach", model: Any) -> list[ColumnElement[bool]]:
    """Return what has to hold besides for a record to be reached; nothing for who is not limited."""
    caller, permission = reach.caller, str(reach.permission)
    if not is_limited(caller, permission, model):
        return []
    found = []
    noun, _, _ = permission.partition(".")
    meant = MEANT.get((model, noun))
    if permission in caller.limits and (meant is not None or model.__tablename__ == noun):
        found.append(_kinds(reach, model, meant))
    if (above := _parents(model)) in caller.limits:
        found.append(_with_parent(reach, model, above))
    return found


def _kinds(reach: "Reach", model: Any, meant: Meaning | None) -> ColumnElement[bool]:
    parts = reach.caller.limits[str(reach.permission)]
    kinds = [_meaning(reach, meant, where) for _, where in parts]
    if len(parts) == 1:
        return kinds[0]
    watchers = [getattr(model, name) for name in model.seen_by]
    outside = not_in_pool(model)
    by_scope = [
        kind
        if scope == ALL
        else and_(kind, seen_within(watchers, owners_within(reach.session, reach.caller, scope)), *outside)
        for (scope, _), kind in zip(parts, kinds, strict=True)
    ]
    return or_(*by_scope, *(and_(way, or_(*kinds)) for way in reach.ways(model)))


def _meaning(reach: "Reach", meant: Meaning | None, where: Any) -> ColumnElement[bool]:
    if where is None:
        return true()
    if meant is None:
        return false()
    try:
        return and_(true(), *meant.meaning(Asker(reach.session, reach.caller), where))
    except Invalid:
        return false()  # It names a field that is gone: rather nothing than everything.


def _with_parent(reach: "Reach", model: Any, permission: str) -> ColumnElement[bool]:
    noun, column = model.granted_as
    entity = entity_above(model, noun)
    if entity is None:
        return false()
    judged = limits_on(type(reach)(reach.session, reach.caller, permission), entity)
    seen: ColumnElement[bool] = getattr(model, column).in_(select(entity.id).where(*judged))
    return seen


def lets(reach: "Reach", record: Any) -> bool:
    """Tell whether a single record is of a kind that a permission is held for, by the very condition of lists."""
    model = entity_of(record)
    conditions = limits_on(reach, model)
    if not conditions:
        return True
    return bool(reach.session.scalar(select(exists().where(model.id == record.id, *conditions))))


def ensure_kind(session: Session, caller: Caller, permission: str, record: Any) -> None:
    """Refuse to leave a record, new or changed, as one of a kind that the permission is not held for.

    Raises:
        Forbidden: ``kind-out-of-reach``.
    """
    from servicekit.nouns.reach import Reach

    if is_limited(caller, permission, entity_of(record)):
        session.flush()
        if not lets(Reach(session, caller, permission), record):
            raise Forbidden("kind-out-of-reach", "Your role keeps records of other kinds only.")
