"""The history of records: which fields an operation or an event changed, from what to what, by whom and from where.

Nothing has to be called: SQLAlchemy tells of every record that a session flushes, and what is to be told is written in
its transaction, with the statement that journals it or just before the commit. Rows are only ever added: the database
refuses everything else, and ``servicekit.nouns.chain`` chains them (docs/decisions/0040).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Table, Uuid, event, insert, inspect
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.base import LoaderCallableStatus
from sqlalchemy.orm.util import identity_key

from servicekit.base.context import Context, current
from servicekit.base.database import KitBase, table_of, utcnow, watchers_of
from servicekit.base.ids import new_id
from servicekit.nouns.told import Plan, differences
from servicekit.nouns.views import view_class

CREATED, CHANGED, DELETED = "created", "changed", "deleted"
ACTED, VIEWED = "acted", "viewed"
"""What changed nothing of the record itself."""
_CHANGES = "kehu_changes"
"""Where a session keeps what it has flushed of records and not yet written down."""


class Change(KitBase):
    """What happened to a record at one time."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_record", "record_id", "at", "id"),)

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    id: Mapped[UUID]
    at: Mapped[datetime]
    noun: Mapped[str]
    record_id: Mapped[UUID]
    version: Mapped[int | None]
    """Of the record afterwards; none where it was only looked at or acted upon."""
    kind: Mapped[str]
    operation: Mapped[str]
    """Or the event, or the timer, that did it."""
    actor_id: Mapped[UUID | None]
    correlation_id: Mapped[UUID]
    address: Mapped[str | None]
    """The client's, where one asked."""
    changes: Mapped[dict[str, Any]]
    """Old and new by field, as answers show them."""
    watcher_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    """In whose reach the record was when it was deleted."""


TABLE: Table = table_of(Change)
COLUMNS = tuple(column.key for column in TABLE.c if column.key != "position")

PLANS: dict[type[Any], Plan] = {}
"""By model what is told of its records; what no service shows by itself has none."""
_PARENTS: dict[type[Any], list[tuple[type[Any], str, str]]] = {}
"""By model of a part: the models that it is a part of, by which relation, and its column with the parent's id."""


def tell_of(plan: Plan) -> None:
    """Write down what happens to the records of a model from now on."""
    PLANS[plan.model] = plan
    for name, relation in plan.relations.items():
        if relation.secondary is None and relation.uselist:
            ((_, remote),) = relation.local_remote_pairs
            column = relation.mapper.get_property_by_column(remote).key
            parents = _PARENTS.setdefault(relation.mapper.class_, [])
            if (plan.model, name, column) not in parents:
                parents.append((plan.model, name, column))


@dataclass
class _Waiting:
    """What is known of a record that was flushed: what it was like before."""

    record: Any
    kind: str
    columns: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[Any]] = field(default_factory=dict)

    def remember(self, plan: Plan) -> None:
        """Remember what the record was like, as far as it is about to change and has not before."""
        state: Any = inspect(self.record)
        for name, value in state.committed_state.items():
            if name in plan.of_columns or name in plan.columns:
                self.columns.setdefault(name, value if _is_known(value) else None)
        for name in plan.relations:
            self.remember_parts(name)

    def remember_parts(self, name: str) -> None:
        """Remember the parts of a relation, if they are about to change."""
        state: Any = inspect(self.record)
        if name in self.parts or name not in state.dict:
            return
        history = state.attrs[name].history
        kept = [*(history.unchanged or ()), *(history.deleted or ())]
        if history.added or history.deleted or any(inspect(part).modified for part in kept):
            self.parts[name] = [_as_it_was(part) for part in kept if part is not None]


def _is_known(value: Any) -> bool:
    return not isinstance(value, LoaderCallableStatus)


def _as_it_was(part: Any) -> Any:
    """Return a part with the values it was stored with."""
    state: Any = inspect(part)
    if not state.modified:
        return part
    before = {name: value for name, value in state.committed_state.items() if _is_known(value)}
    return view_class(state.class_)({**state.dict, **before})


def notice(session: Session, *_: Any) -> None:
    """Remember what is about to be stored, changed and deleted; each flush calls it."""
    if not PLANS:
        return
    waiting: dict[int, _Waiting] = session.info.setdefault(_CHANGES, {})
    for kind, records in ((CREATED, session.new), (CHANGED, session.dirty), (DELETED, session.deleted)):
        for record in records:
            _notice_one(session, waiting, kind, record)


def _notice_one(session: Session, waiting: dict[int, _Waiting], kind: str, record: Any) -> None:
    if (plan := PLANS.get(type(record))) is not None:
        known = waiting.setdefault(id(record), _Waiting(record, kind))
        if kind != CREATED and known.kind != CREATED:
            known.remember(plan)
        if kind == DELETED:
            known.kind = DELETED if known.kind != CREATED else ""
    for model, relation, column in _PARENTS.get(type(record), ()):
        if (parent_id := getattr(record, column)) is None:
            continue
        parent = session.identity_map.get(identity_key(model, parent_id))
        if parent is not None and type(parent) in PLANS:
            waiting.setdefault(id(parent), _Waiting(parent, CHANGED)).remember_parts(relation)


event.listen(Session, "before_flush", notice)


def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_CHANGES, None)


event.listen(Session, "after_soft_rollback", _forget)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """Write down what nobody has written down before: what events, timers and jobs changed."""
    if PLANS:
        session.flush()
        if rows := take_changes(session):
            session.execute(insert(TABLE), rows)


def take_changes(session: Session) -> list[dict[str, Any]]:
    """Return the rows of what the session has flushed and not yet written down, which is theirs to insert."""
    waiting: dict[int, _Waiting] | None = session.info.pop(_CHANGES, None)
    if not waiting:
        return []
    context, at = current(), utcnow()
    return [_row(each, context, at) for each in waiting.values() if each.kind]


def _row(waiting: _Waiting, context: Context, at: datetime) -> dict[str, Any]:
    record, plan = waiting.record, PLANS[type(waiting.record)]
    told = row_of(context, at, plan.noun, record.id, waiting.kind)
    told["version"], told["changes"] = record.version, _changes_of(waiting, plan)
    if waiting.kind == DELETED:
        told["watcher_ids"] = _watchers(record, waiting)
    return told


def row_of(context: Context, at: datetime, noun: str, record_id: UUID, kind: str) -> dict[str, Any]:
    """Return the values of a row that tells no field yet."""
    return {
        "id": new_id(), "at": at, "noun": noun, "record_id": record_id, "version": None, "kind": kind,
        "operation": context.operation, "actor_id": context.actor_id, "correlation_id": context.correlation_id,
        "address": context.address, "changes": {}, "watcher_ids": None,
    }  # fmt: skip


def _changes_of(waiting: _Waiting, plan: Plan) -> dict[str, list[Any]]:
    values = inspect(waiting.record).dict
    now = plan.of({name: values[name] for name in (*plan.columns, *plan.relations) if name in values})
    if waiting.kind == CREATED:
        return differences({}, _told(plan, now, plan.of_columns))
    before = plan.of({**now.__dict__, **waiting.columns, **waiting.parts})
    if waiting.kind == DELETED:
        return differences(_told(plan, before, plan.of_columns), {})
    names = [name for name in plan.of_columns if name in waiting.columns]
    return differences(_told(plan, before, names), _told(plan, now, names))


def _told(plan: Plan, record: Any, columns: Iterable[str]) -> dict[str, Any]:
    """Return the named columns of a record as answers show them, and what is made of all that is loaded of it."""
    told: dict[str, Any] = {}
    for shown in (*(plan.of_columns[name] for name in columns), *plan.derived):
        try:
            told |= shown.told(record)
        except AttributeError:
            continue  # Made of parts that nobody has loaded, and so nobody has changed.
    return told


def _watchers(record: Any, waiting: _Waiting) -> list[UUID]:
    try:
        return [each for each in watchers_of(record) if each is not None]
    except TypeError:
        return []
