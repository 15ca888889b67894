"""The feed: a service's published events as a caller may see them, read by position instead of over the broker.

Sequence numbers have no holes, and rows get theirs after their commit, so a reader who has been given everything up
to a number never misses anything below it. A position is such a number.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    and_,
    any_,
    cast,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.scopes import ALL
from servicekit.messages.envelope import envelope
from servicekit.messages.outbox import OutboxCounter, OutboxRow
from servicekit.nouns.access import owners_within, seen_within
from servicekit.nouns.besides import by_department, by_pool, holder, not_in_pool
from servicekit.nouns.glimpsing import GLIMPSES, blank_events, types_of
from servicekit.nouns.grants import GLIMPSE, VIEW, granted_records
from servicekit.nouns.limits import is_limited
from servicekit.nouns.reach import Reach

EXAMINED = 10_000
"""Rows that one call looks at, at most: who may see few of many events gets few and moves on all the same."""

MOST_EVENTS = 500

BEGINNING, END = "beginning", "end"

CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the clock of the process that publishes may be behind that of the one where an event happened."""

event_noun: ColumnElement[str] = func.split_part(OutboxRow.type, ".", 1)
event_watchers: tuple[Any, ...] = (OutboxRow.data["owner_id"].astext, OutboxRow.watcher_ids)


def read_events(
    session: Session,
    service: str,
    caller: Caller | None,
    after: int | str,
    types: Iterable[str] = (),
    limit: int = 100,
    besides: Mapping[str, str] | None = None,
    *,
    also: Collection[UUID] = (),
    entities: Mapping[str, Any] | None = None,
    since: datetime | None = None,
    subjects: Sequence[UUID] = (),
) -> dict[str, Any]:
    """Return the next events that a caller may see, and the position that has been reached with them.

    Args:
        caller: None for the platform itself, which sees everything.
        after: a position, or ``beginning`` (the oldest event that is kept), or ``end``.
        types: event types, with ``*`` for any characters; none means all.
        besides: permissions that are asked for besides ``<noun>.read``, by noun (see ``Service.told_to``).
        entities: by noun the entity, which says whose grants and whose pool hold for its records.
        also: ids by which events concern the caller besides their own (see ``Service.concerned_as``).
        since: begin with what has been published from this time on, instead of after a position: nothing that has
            happened since is left out, and what happened just before may come too.
        subjects: of these records only; none means all.

    Returns:
        ``items`` (envelopes), ``position`` (everything up to it has been examined), ``first`` (the lowest number
        still kept) and, with ``since``, ``kept_since`` (when that was published, if there were any before),
        ``published`` and ``last`` (the highest number published, and given), ``behind_since`` (when the first event
        after ``position`` happened).
    """
    limit = min(max(limit, 1), MOST_EVENTS)
    # One statement, so that the bounds and the rows are of the same moment.
    bounds = _bounds(after if since is None else _position_at(since))
    rows = (
        select(OutboxRow)
        .where(
            OutboxRow.sequence > bounds.c.start,
            OutboxRow.sequence <= bounds.c.until,
            *_of_types(types),
            *([OutboxRow.subject.in_(subjects)] if subjects else []),
            *_visible(session, caller, besides or {}, also, entities or {}),
        )
        .order_by(OutboxRow.sequence)
        .limit(limit)
        .lateral("event")
    )
    found = session.execute(
        select(bounds, rows).select_from(bounds.outerjoin(rows, true())).order_by(rows.c.sequence)
    ).all()
    events = [row for row in found if row.sequence is not None]
    position = events[-1].sequence if len(events) == limit else found[0].until
    items = [envelope(service, row) for row in events]
    if caller is not None:
        blank_events(session, caller, (entities or {}).values(), items)
    return {
        "items": items,
        "position": position,
        "first": found[0].first,
        "kept_since": _time_of(session, found[0].first) if since is not None and found[0].first > 1 else None,
        "published": found[0].published,
        "last": found[0].last,
        "behind_since": _time_of(session, position + 1) if position < found[0].published else None,
    }


def _time_of(session: Session, sequence: int) -> str | None:
    """Return when the event of a number happened, if it is kept."""
    happened = session.scalar(select(OutboxRow.occurred_at).where(OutboxRow.sequence == sequence))
    return happened.isoformat() if happened else None


def _position_at(since: datetime) -> ColumnElement[int]:
    """Return the position before what has been published from a time on: what happens is published after that."""
    first = select(func.min(OutboxRow.sequence)).where(OutboxRow.published_at >= since - CLOCKS_DIFFER)
    return func.coalesce(first.scalar_subquery() - 1, literal_column("known.published"))


def _bounds(after: int | str | ColumnElement[int]) -> Any:
    """Return the query of what is kept and published, and of the numbers to look at: above start, up to until."""
    lowest = select(func.min(OutboxRow.sequence)).scalar_subquery()
    lowest_unpublished = (
        select(func.min(OutboxRow.sequence)).where(OutboxRow.published_at.is_(None)).scalar_subquery()
    )
    # By its key, so that the planner knows it is one row: it would compile a plan for thousands (140 ms of JIT).
    known = (
        select(
            OutboxCounter.last,
            func.coalesce(lowest, OutboxCounter.last + 1).label("first"),
            func.coalesce(lowest_unpublished - 1, OutboxCounter.last).label("published"),
        )
        .where(OutboxCounter.id == 1)
        .cte("known")
    )
    words = {BEGINNING: known.c.first - 1, END: known.c.published}
    start = words[after] if isinstance(after, str) else cast(after, BigInteger)
    started = select(known, start.label("start")).cte("started")
    furthest = func.least(started.c.published, started.c.start + EXAMINED)
    # A position never goes back, not even where published events are marked to be published again.
    return select(started, func.greatest(started.c.start, furthest).label("until")).cte("bounds")


def _of_types(types: Iterable[str]) -> list[ColumnElement[bool]]:
    """Return the condition that an event has one of the types."""
    patterns = [
        wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_").replace("*", "%")
        for wanted in types
    ]
    return [OutboxRow.type.like(any_(literal(patterns, ARRAY(Text))))] if patterns else []


def _visible(
    session: Session,
    caller: Caller | None,
    besides: Mapping[str, str],
    also: Collection[UUID],
    entities: Mapping[str, Any],
) -> list[ColumnElement[bool]]:
    """Return the conditions that a caller may see an event.

    Who holds ``<noun>.read`` for all sees every ``<noun>.…``; in a narrower scope, those whose ``owner_id`` it
    covers, or another one in whose reach the record was seen then, and what is granted to the caller now; pools, what
    is public and limits are judged as the record is now. It goes by
    the caller's permissions, not by the types this process knows: a newer replica may have published one it does not
    know, which must not be skipped.
    """
    if caller is None:
        return []
    scopes: dict[str, str] = {
        permission.removesuffix(".read"): scope
        for permission, scope in caller.permissions.items()
        if permission.endswith(".read")
    }
    allowed: list[ColumnElement[bool]] = []
    held_at = {*scopes.values(), *([everywhere] if (everywhere := caller.permissions.get("*")) else [])}
    # In this order: whose reach is wide is settled by the noun alone, without a look into the payload.
    for scope in sorted(held_at, key=lambda scope: scope != ALL):
        nouns = [noun for noun, held in scopes.items() if held == scope]
        conditions = [event_noun.in_(nouns)] if nouns else []
        if everywhere == scope:
            conditions.append(not_(event_noun.in_(list(scopes))))
        condition = or_(*conditions)
        if scope != ALL:
            reached = [*owners_within(session, caller, scope), *also]
            by_owner = and_(seen_within(event_watchers, reached), *_not_in_pool(entities))
            condition = and_(condition, or_(by_owner, *_besides(session, caller, entities, scope)))
        allowed.append(condition)
    seen = or_(*allowed) if allowed else literal(False)
    return [seen, *_limited(session, caller, entities), *_not_held_back(session, caller, besides, also)]


def _besides(
    session: Session, caller: Caller, entities: Mapping[str, Any], scope: str
) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that the record of an event, or the one it belongs to, is granted to a caller now, lies in
    a pool of theirs, or is public where they work."""
    for noun, entity in entities.items():
        if entity.granted_as is not None:
            of, member = entity.granted_as
            yield and_(event_noun == noun, _its_id(member).in_(granted_records(caller, of, VIEW)))
        if (found := holder(entity)) is None:
            continue
        held, member = found
        for way in (by_pool(session, caller, held, VIEW), by_department(session, caller, held, scope)):
            if way is not None:
                yield and_(event_noun == noun, _its_id(member).in_(select(held.id).where(way)))
        if (glimpse := GLIMPSES.get(entity)) and (
            way := by_pool(session, caller, entity, GLIMPSE)
        ) is not None:
            shown = OutboxRow.type.in_(types_of(glimpse))
            yield and_(shown, OutboxRow.subject.in_(select(entity.id).where(way)))


def _not_in_pool(entities: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for noun, entity in entities.items():
        if (found := holder(entity)) is not None and (outside := not_in_pool(found[0])):
            lies = select(found[0].id).where(not_(and_(*outside)))
            yield or_(event_noun != noun, _its_id(found[1]).not_in(lies))


def _limited(session: Session, caller: Caller, entities: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a record is of a kind that the caller may see."""
    for noun, entity in entities.items():
        permission = f"{noun}.read"
        if is_limited(caller, permission, entity) and caller.scope(permission) is not None:
            limits = Reach(session, caller, permission).limits(entity)
            yield or_(event_noun != noun, OutboxRow.subject.in_(select(entity.id).where(*limits)))


def _its_id(member: str) -> Any:
    return OutboxRow.subject if member == "id" else cast(OutboxRow.data[member].astext, Uuid())


def _not_held_back(
    session: Session, caller: Caller, besides: Mapping[str, str], also: Collection[UUID]
) -> list[ColumnElement[bool]]:
    """Return the conditions that an event of a noun that asks for a further permission is in the reach of that too.

    Whoever does not hold it is told of what is their own.
    """
    held_back: list[ColumnElement[bool]] = []
    for noun, permission in besides.items():
        scope = caller.scope(permission)
        if scope != ALL:
            reached = [caller.account_id] if scope is None else owners_within(session, caller, scope)
            held_back.append(or_(event_noun != noun, seen_within(event_watchers, [*reached, *also])))
    return held_back
