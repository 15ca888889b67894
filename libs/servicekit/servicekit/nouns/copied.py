"""Copies of other services' records, as this service keeps them: what is shown of one, whose it is, of what kind it is.

A copy is judged by the one judge of access like its record at home (docs/decisions/0055): by its owner, whom it is
granted to, its pool and department where the record has such, and by the limits of roles.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, MappedSQLExpression, Session, column_property, mapped_column

from servicekit.base.context import current
from servicekit.base.new_records import KNOWN
from servicekit.nouns import facts
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.directory import store_newer
from servicekit.nouns.limits import MEANT

C = TypeVar("C", bound="Copied")

_HELD = "kehu_copies_held"
"""Where a session keeps the copies that are held until its transaction ends, by entity and id."""


@dataclass(frozen=True)
class From:
    """Whose records a copy is of, and which events tell of them; ``Follows`` makes the handlers of that.

    Args:
        source: the service whose records they are.
        noun: what they are called in its events: ``<noun>.<told>`` and, where there are mergers, ``<noun>.merged``.
        told: the events that tell a record as it is now, with blanks between them.
        ended: the states in which nothing new may be made about a record, with blanks between them.
        name: the field that says what a record is called.
        merges: whether two of them may become one.
        deletes: whether a record may be deleted (``<noun>.deleted``); nothing refers to it then.
        shared: whether a record may be granted to others (``<noun>.access_changed``), who then may name it here.
        derived: what the copy has besides and nobody tells, by column: made of the event.
        needs: the fields of the event, with defaults, that only this is made of.
    """

    source: str = ""
    noun: str = ""
    told: str = "created updated"
    ended: str = ""
    name: str = "name"
    merges: bool = True
    deletes: bool = False
    shared: bool = False
    derived: Mapping[str, Callable[[Any], Any]] = dataclasses.field(default_factory=dict)
    needs: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Copied:
    """A copy of another service's records: what is shown of one, and what says whether it may be named.

    What a subclass has besides these columns is told under the same names, or derived.
    """

    of: ClassVar[From] = From()
    """Whose records they are."""
    seen_by: ClassVar[tuple[str, ...]] = ("owner_id",)
    granted_as: ClassVar[tuple[str, str] | None] = None
    """As of ``servicekit.Owned``: whose grants, told by its own service, hold for it."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    """Empty where only the id has been heard of so far."""
    owner_id: Mapped[UUID | None]
    active: Mapped[bool] = mapped_column(default=True)
    """False once nothing new may be made about it."""
    merged_into_id: Mapped[UUID | None]
    """The record that lives on in its place, if it was merged away."""
    version: Mapped[int] = mapped_column(default=0)
    """Of the record; 0 until its own service has told of it."""
    facts: Mapped[dict[str, Any] | None]
    """Of what kind it is (``servicekit.nouns.facts``); none until that has been told."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if cls.of.shared:
            cls.granted_as = (cls.of.noun, "id")
        if cls.of.noun:
            MEANT[cls, cls.of.noun] = cls

    @classmethod
    def meaning(cls, asker: Asker, where: Any) -> list[ColumnElement[bool]]:
        """Return what a limit on such records asks of a copy's rows.

        Raises:
            Invalid: if it asks what copies do not keep.
        """
        return facts.meaning(cls, cls.of.noun, asker, where)

    @classmethod
    def name_of(cls, record_id: Any) -> MappedSQLExpression[str | None]:
        """Return an attribute of whatever refers to such a record: its present name, if that is known by now."""
        name = select(cls.name).where(cls.id == record_id)
        return column_property(name.correlate_except(cls).scalar_subquery(), info={KNOWN: cls._name_known})

    @classmethod
    def _name_known(cls, session: Session, record: Any) -> str | None:
        """Return the name of the record that a new one refers to, if the session has looked it up.

        Raises:
            LookupError: if it has not.
        """
        record_id = getattr(record, f"{cls.of.noun}_id")
        return None if record_id is None else session.info[_HELD][cls, record_id].name


def keep_copy(session: Session, model: type[Copied], record_id: UUID, **values: Any) -> None:
    """Store what has been told of a record, unless something newer is known.

    Args:
        values: columns by name, ``version`` among them.
    """
    if current().restated:
        values.setdefault("merged_into_id", None)  # Its owner has it, so it lives.
    # An insert fills in the columns' defaults; a copy that is there keeps what nobody has told.
    store_newer(session, model, {"id": record_id, **values})  # type: ignore[arg-type]


def keep_merger(session: Session, model: type[Copied], gone_id: UUID, kept_id: UUID) -> UUID:
    """Note that one record went into another, and return the one that lives on today.

    It waits for the transactions that are naming the one that goes (see ``standing``), so that whoever re-links records
    afterwards finds theirs too.
    """
    gone = insert(model).values(id=gone_id, merged_into_id=kept_id, active=True, version=0)
    session.execute(
        gone.on_conflict_do_update(
            index_elements=["id"], set_={"merged_into_id": gone.excluded.merged_into_id}
        )
    )
    return standing(session, model, kept_id).id


def standing(session: Session, model: type[C], record_id: UUID) -> C:
    """Return the copy of the record that an id stands for today, over any number of mergers.

    It is held until the transaction ends: a merger that begins now waits, and finds what is linked here. An id that
    has not been heard of gets an empty row for that.
    """
    seen: set[UUID] = set()
    while True:
        seen.add(record_id)
        found = _held(session, model, record_id)
        if found.merged_into_id is None or found.merged_into_id in seen:
            return found
        record_id = found.merged_into_id


def _held(session: Session, model: type[C], record_id: UUID) -> C:
    """Return the copy of a record, held until the transaction ends; an empty one of an id not heard of.

    Whoever takes the row away between the two statements, as a mend of the copies does, lets it be made once more.
    """
    held = select(model).where(model.id == record_id).with_for_update(read=True)
    held = held.execution_options(populate_existing=True)
    empty = insert(model).values(id=record_id, active=True, version=0).on_conflict_do_nothing()
    while (found := session.scalars(held).one_or_none()) is None:
        session.execute(empty)
    session.info.setdefault(_HELD, {})[model, record_id] = found
    return found
