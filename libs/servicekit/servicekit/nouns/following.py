"""A copy of another service's records, kept with one declaration; what refers to them follows when two become one.

    class ReaderHandlers(
        Follows, copy=ReaderCopy, source="readers", noun="reader", told=("created", "updated"), ended=("expelled",),
        relinks=(Relink(Loan.reader_id, LoanUpdated.of),),
    ):
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
from servicekit.nouns.grants import audience_of, keep_audience
from servicekit.nouns.references import Copied, keep_copy, keep_merger

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
        copy: the entity of the copy; what it has besides ``Copied`` is told under the same names, or derived.
        source: the service whose records they are.
        noun: what they are called in its events: ``<noun>.<told>`` and, where there are mergers, ``<noun>.merged``.
        told: the events that tell a record as it is now.
        ended: the states in which nothing new may be made about a record.
        merges: whether two of them may become one.
        relinks: what refers to the records, in the order in which rows are locked.
        deletes: whether a record may be deleted (``<noun>.deleted``); nothing refers to it then.
        shared: whether a record may be granted to others (``<noun>.access_changed``), who then may name it here.
        derived: what the copy has besides and nobody tells, by column: made of the event.
        needs: the fields of the event, with defaults, that only this is made of.
        then: called with the id of a record whose copy has changed, once what refers to it is linked anew.
    """

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def __init_subclass__(
        cls,
        *,
        copy: type[Copied] | None = None,
        source: str = "",
        noun: str = "",
        told: Iterable[str] = (),
        ended: Iterable[str] = (),
        merges: bool = True,
        relinks: Iterable[Relink] = (),
        deletes: bool = False,
        shared: bool = False,
        derived: Mapping[str, Callable[[Any], Any]] | None = None,
        needs: Mapping[str, str] | None = None,
        then: Then | None = None,
        **more: Any,
    ) -> None:
        super().__init_subclass__(**more)
        if copy is None:
            return  # A service class, which has its handlers already.
        cls.copies, copy.of_noun = {source: (copy,)}, noun
        links, then, derived = tuple(relinks), then or _nothing, derived or {}
        more_told = [column for column in _more_columns(copy) if column.key not in derived]
        fields: dict[str, Any] = {"name": (str, ...), "owner_id": (UUID | None, None), "version": (int, ...)}
        fields |= {column.key: (column.type.python_type | None, ...) for column in more_told}
        only_read = {"status": (str, ""), **{name: (str, default) for name, default in (needs or {}).items()}}
        for happened in told:
            event_class = _event_class(
                source, f"{noun}.{happened}", {f"{noun}_id": (UUID, ...), **fields, **only_read}
            )
            handler = _keeping(copy, event_class, tuple(fields), derived, frozenset(ended), then)
            setattr(cls, f"follow_{noun}_{happened}", handler)
        if shared:
            copy.granted_as = (noun, "id")
            event_class = _event_class(
                source, f"{noun}.{ACCESS_CHANGED}",
                {f"{noun}_id": (UUID, ...), "grants": (list[Granted], ...), **fields, **only_read},
            )  # fmt: skip
            keep = _keeping(copy, event_class, tuple(fields), derived, frozenset(ended), then)
            setattr(cls, f"follow_{noun}_access", _granting(noun, event_class, keep.handler))
            setattr(cls, f"audit_{noun}_grants", auditing_grants(source, noun))
        if merges:
            setattr(cls, f"follow_{noun}_merger", _merging(copy, source, noun, links, then, deletes=deletes))
        if deletes:
            setattr(cls, f"follow_{noun}_deletion", _forgetting(copy, source, noun, links))
        setattr(cls, f"audit_{noun}_names", _auditing(copy, source, noun, more_told, deletes=deletes))


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


def _keeping(
    copy: type[Copied],
    event_class: type[Event],
    fields: tuple[str, ...],
    derived: Mapping[str, Callable[[Any], Any]],
    ended: frozenset[str],
    then: Then,
) -> Any:
    own_id = f"{event_class.type.partition('.')[0]}_id"

    def follow(_service: Any, session: Session, told: Any) -> None:
        """Keep the record as it is now, unless a newer state of it is known."""
        values = {name: getattr(told, name) for name in fields}
        values |= {name: make(told) for name, make in derived.items()}
        keep_copy(session, copy, getattr(told, own_id), active=told.status not in ended, **values)
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
    return [column for column in inspect(copy).columns if column.key not in Copied.__annotations__]


def _merging(
    copy: type[Copied], source: str, noun: str, relinks: tuple[Relink, ...], then: Then, *, deletes: bool
) -> Any:
    gone, kept = f"{noun}_id", f"kept_{noun}_id"
    event_class = _event_class(source, f"{noun}.merged", {gone: (UUID, ...), kept: (UUID, ...)})

    def follow_merger(_service: Any, session: Session, merger: Any) -> None:
        """Link what referred to the record that goes to the one that lives on; what comes late goes there too."""
        lives_on = keep_merger(session, copy, getattr(merger, gone), getattr(merger, kept))
        # What lived on may have been deleted before the merger was heard of: then there is nothing to refer to.
        deleted = deletes and not session.get_one(copy, lives_on).active
        for what in relinks:
            _relink(session, what, getattr(merger, gone), None if deleted else lives_on)
        then(session, lives_on)

    return listens(event_class)(follow_merger)


def _forgetting(copy: type[Copied], source: str, noun: str, relinks: tuple[Relink, ...]) -> Any:
    own_id = f"{noun}_id"
    event_class = _event_class(source, f"{noun}.deleted", {own_id: (UUID, ...), "version": (int, ...)})

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


def _auditing(copy: type[Copied], source: str, noun: str, more_told: list[Any], *, deletes: bool) -> Any:
    @audited(f"{noun}-names", owner=source, copy=copy)
    def audit_names(_service: Any) -> Any:
        """Return the records as this service knows them: what it shows of them, and what it judges by."""
        told = select(copy.id, copy.name, copy.owner_id, copy.active, *more_told)
        told = told.where(copy.version > 0, copy.merged_into_id.is_(None))
        return told.where(copy.active) if deletes else told

    return audit_names


def _event_class(source: str, event_type: str, fields: dict[str, Any]) -> type[Event]:
    made = create_model(
        event_type, __base__=Event, __doc__=f"What this service needs of {event_type}.", **fields
    )
    made.source, made.type = source, event_type
    return made
