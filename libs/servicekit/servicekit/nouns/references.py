"""Whom and what a request refers to: accounts, and other services' records, judged by this service's copies of them.

No service asks another. What its copy knows of an account or a record is checked before anything is changed; what the
copy has not heard of yet is taken only while the news may still be on its way (docs/decisions/0012).
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as marshmallow_fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.database import Owned, utcnow
from servicekit.base.date_fields import CLOCKS_DIFFER
from servicekit.base.errors import Conflict, Forbidden, Invalid
from servicekit.base.fields import AccountId, Schema, made_once
from servicekit.base.ids import made_at
from servicekit.nouns.access import holds, reaches
from servicekit.nouns.copied import C, Copied, standing
from servicekit.nouns.directory import PERSON, DirectoryAccount
from servicekit.nouns.reach import is_seen

NEWS_MAY_TAKE = timedelta(hours=1)
"""For how long after an id was made its record may be unknown here. A copy that is further behind than this has an
alert of its own (the age of the outbox, parked events)."""

OWNER_REFUSED = ("unknown-account", "account-left", "owner-out-of-reach")
"""What naming an owner may be refused with."""


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
    if not _may_name(session, found, caller, reading) or (
        _only_heard_of(found) and not _may_be_news(found.id)
    ):
        raise Invalid.field(
            field, f"There is no such {noun}, or it is not for you to see.", f"unknown-{noun}"
        )
    _ensure_active(found, field, noun)
    return found.id


def _may_name(session: Session, found: Copied, caller: Caller, reading: str) -> bool:
    """Tell whether somebody may name a record: who may see it, as at home; what is nobody's, whoever likes."""
    if found.owner_id is None:
        return True
    return holds(caller, reading) and is_seen(session, found, caller, reading)


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
