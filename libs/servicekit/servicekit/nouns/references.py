"""Whom and what a request refers to: accounts, and other services' records, judged by this service's copies of them.

No service asks another. What its copy knows of an account or a record is checked before anything is changed; what the
copy has not heard of yet is taken only while the news may still be on its way (docs/decisions/0012).
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as marshmallow_fields
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, MappedSQLExpression, Session, column_property, mapped_column

from servicekit.base.context import Caller, current
from servicekit.base.database import Owned, utcnow
from servicekit.base.date_fields import CLOCKS_DIFFER
from servicekit.base.errors import Conflict, Forbidden, Invalid
from servicekit.base.fields import AccountId, Schema, made_once
from servicekit.base.ids import made_at
from servicekit.base.new_records import KNOWN
from servicekit.nouns.access import reaches
from servicekit.nouns.directory import PERSON, DirectoryAccount, store_newer
from servicekit.nouns.reach import is_seen

NEWS_MAY_TAKE = timedelta(hours=1)
"""For how long after an id was made its record may be unknown here. A copy that is further behind than this has an
alert of its own (the age of the outbox, parked events)."""

OWNER_REFUSED = ("unknown-account", "account-left", "owner-out-of-reach")
"""What naming an owner may be refused with."""

C = TypeVar("C", bound="Copied")

_HELD = "kehu_copies_held"
"""Where a session keeps the copies that are held until its transaction ends, by entity and id."""


def check_accounts(session: Session, caller: Caller | None, schema: type[Schema] | None, data: Any) -> None:
    """Make sure that the accounts a request names in ``AccountId`` fields are people who work here.

    Whoever asks may name themselves, a program too: identity has just let them in.

    Raises:
        Invalid: ``unknown-account``, ``account-left``, with an entry a field.
    """
    if schema is None:
        return
    named = [
        (path, account_id)
        for path, account_id in _named_accounts(made_once(schema), data)
        if caller is None or account_id != caller.account_id
    ]
    if not named:
        return
    account = DirectoryAccount
    wanted = select(account.id, account.active).where(
        account.id.in_({account_id for _, account_id in named}), account.kind == PERSON
    )
    active = {row.id: row.active for row in session.connection().execute(wanted)}
    unknown = [path for path, account_id in named if account_id not in active]
    left = [path for path, account_id in named if not active.get(account_id, True)]
    if unknown:
        raise _invalid("unknown-account", "There is no such account.", unknown + left)
    if left:
        raise _invalid("account-left", "The account is no longer active.", left)


def check_new_owner(
    session: Session, caller: Caller, permission: str, owner_id: UUID, of: Owned | None = None
) -> None:
    """Make sure that the caller may put a record into the hands of an owner.

    Args:
        of: the record, if it has an owner already: whoever may change it because it was granted to them hands over
            nothing.

    Raises:
        Forbidden: ``owner-out-of-reach``, if the caller's scope does not cover that account, or the one before.
    """
    before = owner_id if of is None else of.owner_id
    if of is not None and before == owner_id:
        return
    if not all(reaches(session, caller, permission, each) for each in {owner_id, before}):
        raise Forbidden("owner-out-of-reach", "You may not give a record to this account.")


def _invalid(code: str, message: str, paths: list[str]) -> Invalid:
    return Invalid(code, message, [{"field": path, "message": message} for path in paths])


def _named_accounts(schema: MarshmallowSchema, data: Any, prefix: str = "") -> Iterator[tuple[str, UUID]]:
    for name, attribute, field in _account_fields(type(schema)):
        value = data.get(attribute)
        if value is None:
            continue
        parts = enumerate(value) if isinstance(field, marshmallow_fields.List) else [(None, value)]
        inner = field.inner if isinstance(field, marshmallow_fields.List) else field
        for index, part in parts:
            path = f"{prefix}{name}" if index is None else f"{prefix}{name}.{index}"
            if isinstance(inner, marshmallow_fields.Nested):
                yield from _named_accounts(inner.schema, part, f"{path}.")
            else:
                yield path, part


@cache
def _account_fields(schema: type[MarshmallowSchema]) -> list[tuple[str, str, Any]]:
    """Return the fields of a schema that name accounts or hold parts that do: name outside, name inside, field."""
    return [
        (field.data_key or name, field.attribute or name, field)
        for name, field in schema().load_fields.items()
        if _names_accounts(getattr(field, "inner", field))
    ]


def _names_accounts(field: Any) -> bool:
    if isinstance(field, marshmallow_fields.Nested):
        return bool(_account_fields(type(field.schema)))
    return isinstance(field, AccountId)


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

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if cls.of.shared:
            cls.granted_as = (cls.of.noun, "id")

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


def check_named(
    session: Session, caller: Caller, model: type[C], record_id: UUID, *, field: str, reading: str
) -> UUID:
    """Return the id under which a record that a request names is kept today, if the caller may name it.

    Args:
        model: this service's copy of such records.
        field: where the request names it.
        reading: the permission to see such records, e.g. ``customer.read``.

    Raises:
        Invalid: ``unknown-<noun>``, if the copy knows that the caller may not see it, or does not know it although it
            is too old to be news, or no id of ours.
        Conflict: ``<noun>-invalid``, if nothing new may be made about it.
    """
    noun = reading.partition(".")[0].replace("_", "-")
    found = standing(session, model, record_id)
    hidden = found.owner_id is not None and not is_seen(session, found, caller, reading)
    if hidden or (_only_heard_of(found) and not _may_be_news(found.id)):
        raise Invalid.field(
            field, f"There is no such {noun}, or it is not for you to see.", f"unknown-{noun}"
        )
    _ensure_active(found, field, noun)
    return found.id


def check_known(session: Session, model: type[Copied], record_id: UUID, *, field: str, noun: str) -> None:
    """Make sure that a record that was named before is known and in use now that it counts, e.g. at a signature.

    Until then an id that may be news was taken. The row is not held: what refers to the record is locked already, and
    a merger takes the two the other way round; it links anew what has been changed here.

    Raises:
        Invalid: ``unknown-<noun>``, if its own service has not told of it.
        Conflict: ``<noun>-invalid``, if nothing new may be made about it.
    """
    found = session.get(model, record_id)
    if found is None or _only_heard_of(found):
        message = f"No such {noun} is known here. One made a moment ago may be news on its way: try again."
        raise Invalid.field(field, message, f"unknown-{noun}")
    _ensure_active(found, field, noun)


def _only_heard_of(found: Copied) -> bool:
    return found.version == 0 and found.name is None


def _ensure_active(found: Copied, field: str, noun: str) -> None:
    if not found.active:
        message = f"The {noun} is invalid; nothing new can be made about it."
        raise Conflict(f"{noun}-invalid", message, [{"field": field, "message": message}])


def _may_be_news(record_id: UUID) -> bool:
    made = made_at(record_id)
    now = utcnow()
    return made is not None and now - NEWS_MAY_TAKE < made < now + CLOCKS_DIFFER
