"""A copy of another service's records, kept with one declaration; what refers to them follows when two become one.

    class ReaderCopy(Copied, Base):
        of = From("readers", "reader", ended="expelled", shared=True)

    class ReaderHandlers(Follows, copy=ReaderCopy, relinks=(Relink(Loan.reader_id, LoanUpdated.of),)):
        '''Keeps the copy of readers, and every loan with the reader that lives on.'''

A service class takes the handlers in by inheriting from that. They may get each event twice, late and out of order.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from pydantic import create_model
from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from servicekit.messages.events import Event, publish
from servicekit.messages.inbox import listens
from servicekit.nouns.access_events import ACCESS_CHANGED, Granted
from servicekit.nouns.audits import audited
from servicekit.nouns.besides import LiesInPool, MayBePublic
from servicekit.nouns.conditions.published import kinds_of
from servicekit.nouns.copied import Copied, From, keep_copy, keep_merger
from servicekit.nouns.facts import TellsKind, fact
from servicekit.nouns.grants import audience_of, keep_audience

PORTION = 500
"""How many records are locked, changed and told at a time."""


Then = Callable[[Session, UUID], None]


@dataclass(frozen=True)
class Relink:
    """What refers to the copied records, and how it is told that it refers to another one."""

    column: InstrumentedAttribute[Any]
    tell: Callable[[Any], Event]
    """Makes the event of a record that has been linked to another."""


class Follows:
    """Handlers that keep a copy of another service's records.

    Args:
        copy: the entity of the copy, which says whose records they are (``From``).
        relinks: what refers to the records, in the order in which rows are locked.
        then: called with the id of a record whose copy has changed, once what refers to it is linked anew.
    """

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def __init_subclass__(
        cls,
        *,
        copy: type[Copied] | None = None,
        relinks: Iterable[Relink] = (),
        then: Then | None = None,
        **more: Any,
    ) -> None:
        super().__init_subclass__(**more)
        if copy is None:
            return  # A service class, which has its handlers already.
        of, links, then = copy.of, tuple(relinks), then or _nothing
        cls.copies = {of.source: (copy,)}
        fields = _fields(copy)
        for happened in of.told.split():
            keep = _keeping(copy, _event_class(of, happened, fields), then)
            setattr(cls, f"follow_{of.noun}_{happened}", keep)
        if of.shared:
            granted = _event_class(of, ACCESS_CHANGED, {**fields, "grants": (list[Granted], ...)})
            keep = _keeping(copy, granted, then)
            setattr(cls, f"follow_{of.noun}_access", _granting(of.noun, granted, keep.handler))
            setattr(cls, f"audit_{of.noun}_grants", auditing_grants(of.source, of.noun))
        if of.merges:
            setattr(cls, f"follow_{of.noun}_merger", _merging(copy, links, then))
        if of.deletes:
            setattr(cls, f"follow_{of.noun}_deletion", _forgetting(copy, links))
        setattr(cls, f"audit_{of.noun}_names", _auditing(copy))
        setattr(cls, f"audit_{of.noun}_kinds", _auditing_kinds(copy))


def _fields(copy: type[Copied]) -> dict[str, Any]:
    """Return the fields that events tell of a record: those that its copy keeps, and what some are made of."""
    of = copy.of
    kept = {column.key: (column.type.python_type | None, ...) for column in _more_columns(copy)}
    # A version that knows nothing of pools and of what is public does not tell of them either.
    kept |= {column.key: (column.type.python_type | None, _usual(column)) for column in _standing(copy)}
    read = {"status": (str, ""), **{name: (str, default) for name, default in of.needs.items()}}
    return {
        f"{of.noun}_id": (UUID, ...), of.name: (str, ...), "owner_id": (UUID | None, None), "version": (int, ...),
        **kept, **read,
    }  # fmt: skip


def _relink(session: Session, what: Relink, gone_id: UUID, kept_id: UUID | None) -> None:
    """Link every record that refers to one to another, or to none, and tell each with its new version."""
    if gone_id == kept_id:
        return
    model: Any = what.column.class_
    left = (
        select(model)
        .where(what.column == gone_id)
        .order_by(model.id)
        .limit(PORTION)
        .with_for_update(of=model)
    )
    while records := session.scalars(left).all():
        for record in records:
            setattr(record, what.column.key, kept_id)
        for record in records:
            publish(session, record, what.tell(record))


def _nothing(_session: Session, _record_id: UUID) -> None:
    """Do what has to be done after a change where nothing has to be."""


def _keeping(copy: type[Copied], event_class: type[Event], then: Then) -> Any:
    of, own_id = copy.of, f"{copy.of.noun}_id"
    columns = (*_more_columns(copy), *_standing(copy))
    kept = ("owner_id", "version", "facts", *(column.key for column in columns))

    def follow(_service: Any, session: Session, told: Any) -> None:
        """Keep the record as it is now, unless a newer state of it is known."""
        values = {name: getattr(told, name) for name in kept}
        values |= {name: make(told) for name, make in of.derived.items()}
        active = told.status not in of.ended.split()
        keep_copy(session, copy, getattr(told, own_id), name=getattr(told, of.name), active=active, **values)
        then(session, getattr(told, own_id))

    return listens(event_class)(follow)


def _granting(noun: str, event_class: type[Event], keep: Any) -> Any:
    def follow_access(service: Any, session: Session, told: Any) -> None:
        """Keep whom the record is granted to, and the record as it is now."""
        grants = [each.model_dump() for each in told.grants]
        keep_audience(session, noun, getattr(told, f"{noun}_id"), told.version, grants)
        keep(service, session, told)

    return listens(event_class)(follow_access)


def _more_columns(copy: type[Copied]) -> list[Any]:
    """Return the columns of a copy that are told under the same names, besides those that every copy has."""
    usual = {*Copied.__annotations__, *copy.of.derived, *_STANDING}
    return [column for column in inspect(copy).columns if column.key not in usual]


_STANDING = {*LiesInPool.__annotations__, *MayBePublic.__annotations__}
"""The columns that say whether a record lies in a pool, and who sees a public one."""


def _standing(copy: type[Copied]) -> list[Any]:
    return [column for column in inspect(copy).columns if column.key in _STANDING]


def _usual(column: Any) -> Any:
    return None if column.default is None else column.default.arg


def _merging(copy: type[Copied], relinks: tuple[Relink, ...], then: Then) -> Any:
    of = copy.of
    gone, kept = f"{of.noun}_id", f"kept_{of.noun}_id"
    event_class = _event_class(of, "merged", {gone: (UUID, ...), kept: (UUID, ...)})

    def follow_merger(_service: Any, session: Session, merger: Any) -> None:
        """Link what referred to the record that goes to the one that lives on; what comes late goes there too."""
        lives_on = keep_merger(session, copy, getattr(merger, gone), getattr(merger, kept))
        # What lived on may have been deleted before the merger was heard of: then there is nothing to refer to.
        deleted = of.deletes and not session.get_one(copy, lives_on).active
        for what in relinks:
            _relink(session, what, getattr(merger, gone), None if deleted else lives_on)
        then(session, lives_on)

    return listens(event_class)(follow_merger)


def _forgetting(copy: type[Copied], relinks: tuple[Relink, ...]) -> Any:
    own_id = f"{copy.of.noun}_id"
    event_class = _event_class(copy.of, "deleted", {own_id: (UUID, ...), "version": (int, ...)})

    def follow_deletion(_service: Any, session: Session, deletion: Any) -> None:
        """Let nothing refer to a record that is gone, and nothing new either."""
        keep_copy(session, copy, getattr(deletion, own_id), active=False, version=deletion.version)
        for what in relinks:
            _relink(session, what, getattr(deletion, own_id), None)

    return listens(event_class)(follow_deletion)


def auditing_grants(source: str, noun: str) -> Any:
    """Make the audit of whom a service knows others' records to be granted to."""

    @audited(f"{noun}-grants", owner=source)
    def audit_grants(_service: Any) -> Any:
        """Return whom records are granted to, as this service knows it."""
        return audience_of(noun)

    return audit_grants


def _auditing(copy: type[Copied]) -> Any:
    of = copy.of

    @audited(f"{of.noun}-names", owner=of.source, copy=copy)
    def audit_names(_service: Any) -> Any:
        """Return the records as this service knows them: what it shows of them, and what it judges by."""
        told = select(copy.id, copy.name, copy.owner_id, copy.active, *_more_columns(copy))
        told = told.where(copy.version > 0, copy.merged_into_id.is_(None))
        return told.where(copy.active) if of.deletes else told

    return audit_names


def _auditing_kinds(copy: type[Copied]) -> Any:
    of = copy.of

    @audited(f"{of.noun}-kinds", owner=of.source, copy=copy)
    def audit_kinds(_service: Any) -> Any:
        """Return of what kind records are, as this service knows it: what limits are judged by."""
        own = {column.key: column for column in _standing(copy)}
        figures = ((name, own.get(name, fact(copy, name, term))) for name, term in kinds_of(of.noun).items())
        told = select(copy.id, *(figure.label(name) for name, figure in figures))
        told = told.where(copy.version > 0, copy.merged_into_id.is_(None))
        return told.where(copy.active) if of.deletes else told

    return audit_kinds


def _event_class(of: From, happened: str, fields: Mapping[str, Any]) -> type[Event]:
    event_type = f"{of.noun}.{happened}"
    made = create_model(
        event_type, __base__=TellsKind, __doc__=f"What this service needs of {event_type}.", **dict(fields)
    )
    made.source, made.type, made.noun = of.source, event_type, of.noun
    return made
