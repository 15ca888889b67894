"""Why somebody may not see a record, or not change it: what each rule lacks that would let them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ARRAY, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.database import utcnow
from servicekit.base.scopes import OWN, Scope
from servicekit.nouns.access import directory_of, holds
from servicekit.nouns.besides import State
from servicekit.nouns.grants import AccessGrant
from servicekit.nouns.reach import refusal

NONE = "none"
Lack = dict[str, Any]


def is_active(session: Session, who: Caller) -> bool:
    """Tell whether somebody works here, as far as is known: whoever does not cannot sign in."""
    account, _ = directory_of(session)
    return (
        session.connection().scalar(select(account.c.active).where(account.c.id == who.account_id))
        is not False
    )


def why_not(
    session: Session, who: Caller, record: Any, level: str, reading: str, writing: str
) -> Iterable[Lack]:
    """Return why somebody goes no further with a record; nothing for who may change it.

    Args:
        level: how far they go.
    """
    if level == "edit":
        return []
    missed, permission = ("view", reading) if level in (NONE, "glimpse") else ("edit", writing)
    if not is_active(session, who):
        return [_lack("account-left", missed)]
    if not holds(who, permission):
        return [_lack("permission", missed, permission=str(permission))]
    kept = replace(who, limits={})
    if refusal(session, record, kept, permission, reading) is None:
        return [_lack("limit", missed, permission=str(permission))]
    by_scope = _lack(
        "scope", missed, permission=str(permission), scope=Scope.of(who.scope(permission) or OWN).kind
    )
    pooled = [_lack("pool", missed)] if State.of(session, record).in_pool else [by_scope]
    return [*pooled, *_by_grants(session, who, record, missed)]


def _by_grants(session: Session, who: Caller, record: Any, missed: str) -> Iterator[Lack]:
    """Yield what keeps each grant to somebody from letting them, or that there is none."""
    if record.granted_as is None:
        return
    theirs = select(AccessGrant).where(
        AccessGrant.record_id == getattr(record, record.granted_as[1]),
        AccessGrant.principal_id == any_(literal([*who.principals], ARRAY(Uuid()))),
    )
    found = session.scalars(theirs.order_by(AccessGrant.granted_at, AccessGrant.id)).all()
    for grant in found:
        yield _of_grant(grant, who, missed)
    if not found:
        yield _lack("not-granted", missed)


def _of_grant(grant: AccessGrant, who: Caller, missed: str) -> Lack:
    through = {"kind": grant.kind, "id": grant.principal_id}
    if grant.until is not None and grant.until <= utcnow():
        return _lack("ended", missed, through=through, until=grant.until)
    if not grant.security_from <= who.security_level <= grant.security_to:
        trusted = {"security_from": grant.security_from, "security_to": grant.security_to}
        return _lack("security-level", missed, through=through, **trusted)
    return _lack("level", missed, through=through)


def _lack(rule: str, level: str, **more: Any) -> Lack:
    unsaid = dict.fromkeys(("permission", "scope", "through", "security_from", "security_to", "until"))
    return {**unsaid, "rule": rule, "level": level, **more}
