"""The one judge of access: what a caller reaches with a permission, in lists, single looks, changes, sums, the feed.

A record is reached by way of its owner (``servicekit.nouns.access``), because it is granted to somebody the caller
is or belongs to (``servicekit.nouns.grants``), or by its pool or department (``servicekit.nouns.besides``); and of
those only what a limit lets through (``servicekit.nouns.limits``). Looking takes a grant to view, changing one to edit;
what lies in a pool may be reached for a glimpse only (``servicekit.nouns.glimpsing``).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, literal, or_, select, true, union
from sqlalchemy.orm import Session

from servicekit.base.belonging import entity_above, is_within, record_above
from servicekit.base.context import Caller, current
from servicekit.base.database import watchers_of, watching
from servicekit.base.errors import Conflict, Forbidden, NotFound
from servicekit.base.scopes import ALL
from servicekit.base.scopes import covers as as_wide
from servicekit.nouns.access import (
    REACHED,
    covers,
    holds,
    not_found,
    permission_required,
    seen_within,
    visible_owners,
)
from servicekit.nouns.besides import State, by_department, by_pool, entity_of, not_in_pool
from servicekit.nouns.grants import EDIT, VIEW, granted_level, granted_records
from servicekit.nouns.limits import is_limited, lets, limits_on

R = TypeVar("R")

FEW_OWNERS = 24
"""Up to this many owners each owner's newest rows are read from the owner's index and merged; for more, the ordered
index is read and filtered. Measured on a million rows of 2,000 owners (docs/performance.md)."""
FEW_GRANTED = 2000
"""Up to this many records that are granted to a caller a list reads them by their keys; of more, the ordered index is
read until the page is full."""


def noun_of_permission(permission: str) -> str:
    """Return the noun that a permission is about."""
    return permission.partition(".")[0]


class Reach:
    """What a caller reaches with a permission.

    Raises:
        Forbidden: ``permission-required``, if the caller does not hold it at all.
    """

    def __init__(self, session: Session, caller: Caller, permission: str, level: int = VIEW) -> None:
        self.session, self.caller, self.permission, self.level = session, caller, permission, level
        self.owners = visible_owners(session, caller, permission)
        """Whose records; None: everybody's."""
        self._granted: dict[str, list[UUID]] = {}
        self._ways: dict[Any, list[ColumnElement[bool]]] = {}
        self._public: dict[Any, ColumnElement[bool] | None] = {}

    @property
    def _granted_up_to(self) -> int:
        """The level that a grant has to be of: nothing is granted for a glimpse."""
        return max(self.level, VIEW)

    @cached_property
    def everything(self) -> bool:
        """Whether records are reached whosever they are."""
        return self.owners is None

    def has_all(self, model: Any) -> bool:
        """Whether every record of an entity is reached."""
        if is_within(model):
            return len(model.belongs_to) == 1 and self.has_all(self._above(model)[0])
        return self.everything and not self.limits(model)

    def where(self, model: Any) -> ColumnElement[bool]:
        """Return the condition that a record is reached: for counts, sums and joins."""
        if is_within(model):
            return self._within(model)
        if self.everything:
            return and_(true(), *self.limits(model))
        return and_(or_(self.by_owner(model), *self.ways(model)), *self.limits(model))

    def _above(self, model: Any) -> tuple[Any, Any]:
        """Return the entity that records belong to by this permission, and the column with its id."""
        noun = noun_of_permission(self.permission)
        return entity_above(model, noun), getattr(model, model.belongs_to[noun])

    def _within(self, model: Any) -> ColumnElement[bool]:
        """Return the condition that the record that another one belongs to is reached."""
        above, column = self._above(model)
        if self.has_all(above):
            there: ColumnElement[bool] = column.is_not(None)
            return there
        reached: ColumnElement[bool] = column.in_(self._ids_above(model, above))
        return reached

    def _ids_above(self, model: Any, above: Any) -> Any:
        further = model.further_ways(self, noun_of_permission(self.permission))
        if not further:
            return select(above.id).where(self.where(above))
        own = [and_(way, *self.limits(above)) for way in (self.by_owner(above), *self.ways(above))]
        if self.owners is None or len(self.owners) > FEW_OWNERS:
            return select(above.id).where(or_(*own, *further))
        # Each way has an index of its own, which the planner takes only where they are asked apart.
        return union(*(select(above.id).where(way) for way in (*own, *further)))

    def limits(self, model: Any) -> list[ColumnElement[bool]]:
        """Return what has to hold besides; nothing for who is not limited to some kinds."""
        return limits_on(self, model)

    def by_owner(self, model: Any) -> ColumnElement[bool]:
        """Return the condition that a record is reached by way of those in whose reach it is seen."""
        if self.everything:
            return true()
        watchers = [getattr(model, name) for name in model.seen_by]
        return and_(seen_within(watchers, self.owners), *not_in_pool(model))

    def ways(self, model: Any) -> list[ColumnElement[bool]]:
        """Return the conditions by which a record is reached otherwise than by way of its owner, as far as any may."""
        if model not in self._ways:
            pool = by_pool(self.session, self.caller, model, self.level)
            found = (self.granted(model), pool, self.public(model))
            self._ways[model] = [each for each in found if each is not None]
        return self._ways[model]

    def public(self, model: Any) -> ColumnElement[bool] | None:
        """Return the condition that a record is public in the caller's department, or None if none is."""
        if model not in self._public:
            self._public[model] = self._by_department(model)
        return self._public[model]

    def _by_department(self, model: Any) -> ColumnElement[bool] | None:
        if self.level > VIEW:
            return None
        # Of several roles each has its own scope and limit, so that none makes the question needless.
        limited = len(self.caller.limits.get(self.permission, ())) > 1
        scope = None if limited else self.caller.scope(self.permission)
        return by_department(self.session, self.caller, model, scope)

    def besides(self, model: Any) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions that a record is reached in one of these ways, and neither by its owner nor in one
        before."""
        known = [self.by_owner(model)]
        for way in self.ways(model):
            # A record that is seen in nobody's reach is neither within it nor not.
            yield and_(*(func.coalesce(each, False).is_(False) for each in known), way)
            known.append(way)

    def granted(self, model: Any) -> ColumnElement[bool] | None:
        """Return the condition that a record is granted to the caller, or None if nothing of its kind is."""
        if model.granted_as is None:
            return None
        noun, name = model.granted_as
        column, ids = getattr(model, name), self._granted_ids(noun)
        if self.has_many_grants(model):
            many: ColumnElement[bool] = column.in_(granted_records(self.caller, noun, self._granted_up_to))
            return many
        few: ColumnElement[bool] = column == any_(literal(ids, ARRAY(Uuid())))
        return few if ids else None

    def has_many_grants(self, model: Any) -> bool:
        """Tell whether so many records of a kind are granted that a list had better not read each by its key."""
        return model.granted_as is not None and len(self._granted_ids(model.granted_as[0])) > FEW_GRANTED

    def _granted_ids(self, noun: str) -> list[UUID]:
        if noun not in self._granted:
            asked = granted_records(self.caller, noun, self._granted_up_to).distinct().limit(FEW_GRANTED + 1)
            self._granted[noun] = [*self.session.connection().scalars(asked)]
        return self._granted[noun]


def is_granted(session: Session, record: Any, caller: Caller, level: int) -> bool:
    """Tell whether a record, or its view, is granted to a caller up to a level."""
    if record.granted_as is None:
        return False
    record_id = getattr(record, record.granted_as[1])
    known: dict[Any, Any] = session.info.get(REACHED, {})
    question = (caller.account_id, record_id)
    if question not in known:
        known[question] = granted_level(session, caller, record_id)
    return int(known[question]) >= max(level, VIEW)


def extends_to(session: Session, record: Any, caller: Caller, permission: str) -> bool:
    """Tell whether a permission of the caller extends to a record: it is changed in its owner's reach, where it is
    granted for editing, and by who keeps the pool it lies in.

    Of a noun without owners nothing is asked here: its permission is ``ForAll``, or its records are reached by way of
    others.
    """
    if not watching(record):
        return True
    return _is_reached(session, record, caller, permission, EDIT)


def is_seen(session: Session, record: Any, caller: Caller, reading: str, level: int = VIEW) -> bool:
    """Tell whether the permission to read extends to a record: it is read in the reach of all who are in its
    ``seen_by``, where it is granted for viewing, and by whom its pool or department lets.
    """
    if not watching(record):
        return True
    return _is_reached(session, record, caller, reading, level)


def _is_reached(session: Session, record: Any, caller: Caller, permission: str, level: int) -> bool:
    reached = (
        _by_owner(session, record, caller, permission, level)
        or is_granted(session, record, caller, level)
        or State.of(session, record).lets(session, caller, level)
    )
    if not reached or not is_limited(caller, permission, entity_of(record)):
        return reached
    return lets(Reach(session, caller, permission, level), record)


def _by_owner(session: Session, record: Any, caller: Caller, permission: str, level: int) -> bool:
    if caller.scope(permission) == ALL:
        return True
    watchers = watchers_of(record) if level <= VIEW else {record.owner_id}
    # Oneself first: that asks nothing of the directory.
    if caller.account_id not in watchers and not any(
        covers(session, caller, permission, each) for each in watchers
    ):
        return False
    return not State.of(session, record).in_pool


def refusal(
    session: Session, record: Any, caller: Caller, permission: str, reading: str, level: int = VIEW
) -> Forbidden | NotFound | None:
    """Return what keeps a caller from doing something with a record, or None.

    Whoever may not look at a record does nothing with it either: every change answers with the record, and so would
    show it.

    Args:
        level: how far it has to be seen for that.
    """
    if not holds(caller, reading):
        return permission_required(reading)
    if is_within(entity_of(record)):
        record = record_above(session, record, noun_of_permission(reading))
        if record is None:
            return not_found(reading)
    reached = (
        permission != reading
        and holds(caller, permission)
        and extends_to(session, record, caller, permission)
    )
    # Whom one reaches for more is seen, if one sees as far: that spares the question of the directory.
    wide = as_wide(caller.scope(reading), caller.scope(permission))
    if reached and wide and not is_limited(caller, reading, entity_of(record)):
        return None
    if not is_seen(session, record, caller, reading, level):
        return not_found(reading)
    return None if reached or permission == reading else permission_required(permission)


def load(
    session: Session,
    model: type[R],
    record_id: UUID,
    caller: Caller,
    permission: str,
    *,
    reading: str | None = None,
    options: tuple[Any, ...] = (),
    any_version: bool = False,
    level: int = VIEW,
) -> R:
    """Load a record that the caller may see and act on.

    Args:
        record_id: the record's id.
        permission: what the caller wants to do, e.g. ``contract.sign``.
        reading: the permission to see such records; by default the same noun's ``read``.
        options: loader options for the query.
        any_version: judge no version yet: something else comes first, and ``expect_version`` after it.
        level: how far it has to be seen.

    Raises:
        NotFound: ``<noun>-not-found`` by the noun of ``reading``, if there is none or the caller may not see it.
        Forbidden: ``permission-required``, if the caller may see it but not do this with it, or see none.
        Conflict: ``stale-version``, if the caller named a version (If-Match) and the record has another.
    """
    if reading is None:
        # What is held for all or not at all is read so too.
        reading = type(permission)(f"{permission.partition('.')[0]}.read")
    found = session.get(model, record_id, options=options)
    if found is None:
        raise not_found(reading)
    ensure_reach(session, found, caller, permission, reading, level)
    if not any_version:
        expect_version(found)
    return found


def load_part(session: Session, model: type[R], record_id: UUID, noun: str, **belonging: UUID) -> R:
    """Load a record that is shown within another one, which the caller has been found to see.

    Args:
        noun: what it is called, e.g. ``case-note``.
        belonging: the columns that say what it is a part of, each with its value.

    Raises:
        NotFound: ``<noun>-not-found``, also for a part of another record.
    """
    found = session.get(model, record_id)
    if found is None or any(getattr(found, column) != value for column, value in belonging.items()):
        raise NotFound(f"{noun}-not-found", "There is no such record.")
    return found


def ensure_reach(
    session: Session, record: Any, caller: Caller, permission: str, reading: str, level: int = VIEW
) -> None:
    """Make sure that a caller may see a record, and do with it what they want.

    Raises:
        NotFound: ``<noun>-not-found``, if they may not even see it.
        Forbidden: ``permission-required``, if they may see it but not do this with it, or may see no such record.
    """
    if refused := refusal(session, record, caller, permission, reading, level):
        raise refused


def expect_version(record: Any) -> None:
    """Refuse to change a record whose version is none of those that the client named in If-Match.

    Raises:
        Conflict: ``stale-version``.
    """
    expected = current().if_match
    if expected is not None and record.version not in expected:
        raise Conflict(
            "stale-version", f"The record has version {record.version}, which If-Match does not name."
        )
