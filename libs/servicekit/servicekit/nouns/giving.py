"""Giving a record to others: who may, how far, and how it is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from servicekit.base.context import Caller
from servicekit.base.database import utcnow
from servicekit.base.errors import Conflict, Fault, Forbidden, Invalid
from servicekit.messages.events import publish
from servicekit.messages.record_events import RecordEvent
from servicekit.nouns.access import covers, directory_of, permission_required
from servicekit.nouns.besides import State
from servicekit.nouns.grants import (
    ACCOUNT,
    DEPARTMENT,
    EDIT,
    LEVELS,
    AccessAudience,
    AccessGrant,
    grants_of,
    held_by,
    told,
)

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

MOST = 200
"""How many shares a record has at most, and how many belong to its team."""


def granted(noun: "Noun[Any]", record: Any) -> RecordEvent:
    session = object_session(record)
    assert session is not None
    return noun.access_changed.of(record, grants=[told(each) for each in grants_of(session, record.id)])


def lies_in_no_pool(session: Session, _caller: Caller, record: Any) -> bool:
    """Tell whether a record may be given to others: where it lies in a pool, that says who sees it."""
    return not State.of(session, record).in_pool


def shareable(
    noun: "Noun[Any]", session: Session, caller: Caller, ids: Mapping[str, UUID], level: str = "view"
) -> Any:
    """Load a record to share, held until the transaction ends, so that shares are told in their order.

    Raises:
        Forbidden: ``permission-required``, also for whom the record was granted to, where its owner alone shares it.
        Invalid: ``share-level-too-high``, where such records are shared for viewing only.
    """
    record = noun.load(session, caller, ids[noun.id_name])
    if LEVELS[level] > noun.shared_up_to:
        text = "Such records are shared for viewing only."
        raise Invalid.field("level", Fault("share-level-too-high", text))
    session.refresh(record, with_for_update=True)
    # Judged again: whoever was waited for may have given the record away, taken the caller's share back, or changed it.
    noun.load(session, caller, record.id)
    if not lies_in_no_pool(session, caller, record):
        raise Conflict("lies-in-pool", "It lies in a pool, which says who sees it.")
    if noun.shared_up_to < EDIT and not covers(session, caller, noun.writing, record.owner_id):
        raise permission_required(noun.writing)
    return record


def ensure_no_more_than_theirs(
    session: Session,
    noun: "Noun[Any]",
    record: Any,
    caller: Caller,
    principal_id: UUID,
    until: datetime | None,
) -> None:
    """Refuse that whoever may change a record only because it was granted to them lets that last, or gives it to whom
    they belong to: it could not be taken back from them any more.

    Raises:
        Forbidden: ``share-outlives-ones-own``.
    """
    if covers(session, caller, noun.writing, record.owner_id):
        return
    mine = [AccessGrant.record_id == record.id, AccessGrant.level >= EDIT, *held_by(caller)]
    ends = session.scalars(select(AccessGrant.until).where(*mine)).all()
    last = None if None in ends else max(each for each in ends if each is not None)
    if principal_id in caller.principals or (last is not None and (until is None or until > last)):
        text = "Who edits by a share shares with others, and for no longer than it lasts."
        raise Forbidden("share-outlives-ones-own", text)


def keep(
    session: Session, noun: "Noun[Any]", record: Any, caller: Caller, principal_id: UUID, reason: str,
    kind: str, level: str, **values: Any,
) -> AccessGrant:  # fmt: skip
    """Grant a record, or change the grant that is there for the same reason, and tell it."""
    grant = session.get(AccessGrant, (record.id, principal_id, reason))
    if grant is None:
        of = (AccessGrant.record_id == record.id, AccessGrant.reason == reason)
        if (session.scalar(select(func.count()).select_from(AccessGrant).where(*of)) or 0) >= MOST:
            raise Conflict(
                "too-many-shares", f"It is shared with {MOST} already: take a department or a group."
            )
        grant = AccessGrant(record_id=record.id, principal_id=principal_id, reason=reason, noun=noun.name)
        session.add(grant)
    given = {"kind": kind, "level": LEVELS[level], "granted_by": caller.account_id, **values}
    for name, value in given.items():
        setattr(grant, name, value)
    session.flush()
    tell(session, noun, record)
    return grant


def tell(session: Session, noun: "Noun[Any]", record: Any) -> None:
    """Tell to whom a record is granted now: what others judge references to it by."""
    session.flush()
    record.touch()
    publish(session, record, granted(noun, record))
    session.merge(
        AccessAudience(noun=noun.name, record_id=record.id, version=record.version, changed_at=utcnow())
    )


def check_principal(session: Session, kind: str, principal_id: UUID | None) -> None:
    """Make sure that a person or a department is known; institutions, roles and groups are known in identity only.

    Raises:
        Invalid: ``unknown-principal``.
    """
    account, department = directory_of(session)
    tables = {ACCOUNT: account, DEPARTMENT: department}
    if kind not in tables:
        return
    known = select(tables[kind].c.id).where(tables[kind].c.id == principal_id)
    if session.connection().scalar(known) is None:
        raise Invalid.field("to.id", Fault("unknown-principal", "There is no such person or department."))
