"""Why somebody may see a record, or why not, by the same rules that let them: owner, superiors, scopes and grants."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from servicekit.base.context import EVERYONE, Caller
from servicekit.base.database import utcnow, watchers_of
from servicekit.base.scopes import ALL, OWN, Places, Scope
from servicekit.nouns.access import directory_of, reaches, reaches_by_place
from servicekit.nouns.besides import State
from servicekit.nouns.grants import (
    ACCOUNT,
    ALL_PEOPLE,
    DEPARTMENT,
    GLIMPSE,
    GROUP,
    INSTITUTION,
    LEVEL_NAMES,
    VIEW,
    AccessGrant,
    grants_of,
    held_by,
)
from servicekit.nouns.not_reaching import NONE, is_active, why_not
from servicekit.nouns.reach import refusal

MOST_SUPERIORS = 50
Reason = dict[str, Any]


def explanation(session: Session, who: Caller, record: Any, reading: str, writing: str) -> dict[str, Any]:
    """Return how far somebody may go with a record, why, why no further, and who else may see it.

    Args:
        who: who may be somebody else than asks, and see nothing of it.
        reading: the permission to see such records.
        writing: the permission to keep them.
    """
    level = level_of(session, who, record, reading, writing)
    because: list[Reason] = []
    if level != NONE:
        because = [
            *_by_owners(session, who, record, reading, writing),
            *_by_grants(session, who, record),
            *_by_state(session, record, who),
        ]
    return {
        "account_id": who.account_id,
        "level": level,
        "because": _named(session, because),
        "why_not": _named(session, why_not(session, who, record, level, reading, writing)),
        "others": _named(
            session, [*_owners(session, record), *_granted(session, record), *_by_state(session, record)]
        ),
    }


def level_of(session: Session, who: Caller, record: Any, reading: str, writing: str) -> str:
    """Return how far somebody may go with a record: ``none``, ``glimpse``, ``view`` or ``edit``."""
    if not is_active(session, who) or refusal(session, record, who, reading, reading, GLIMPSE):
        return NONE
    if refusal(session, record, who, reading, reading):
        return "glimpse"
    return "view" if refusal(session, record, who, writing, reading) else "edit"


def _by_owners(session: Session, caller: Caller, record: Any, reading: str, writing: str) -> Iterable[Reason]:
    for owner_id in _reaching(session, record):
        level = "edit" if _covers(session, caller, writing, record, owner_id) else "view"
        if owner_id == caller.account_id:
            yield _reason("owner", ACCOUNT, owner_id, level)
        elif reaches_by_place(session, caller.account_id, owner_id):
            yield _reason("superior", ACCOUNT, owner_id, level)
    scope = caller.scope(reading)
    if scope == ALL:
        yield _reason("scope", ALL_PEOPLE, EVERYONE, _by_scope(caller, writing), scope=ALL)
    elif scope is not None:
        yield from _by_places(session, caller, record, reading, writing)


def _reaching(session: Session, record: Any) -> list[UUID]:
    """Return those in whose reach a record is seen: nobody's while it lies in a pool."""
    if State.of(session, record).in_pool:
        return []
    return sorted((each for each in watchers_of(record) if each), key=str)


def _by_state(session: Session, record: Any, who: Caller | None = None) -> Iterable[Reason]:
    """Yield the groups of the pool that a record lies in, and the department that a public one is seen in.

    Args:
        who: only by what of these somebody reaches it; None: all.
    """
    state = State.of(session, record)
    if state.pool is not None:
        members = "glimpse" if state.pool.hides else "view"
        groups = {state.pool.members_id: members, state.pool.admins_id: "edit"}
        for group_id, level in groups.items():
            if who is None or group_id in who.principals:
                reason = _reason("pool", GROUP, group_id, level)
                reason["through"]["name"] = state.pool.body.get("name")
                yield reason
    department_id = state.department_id(session) if state.public else None
    if department_id is not None and (who is None or who.department_id == department_id):
        yield _reason("public", DEPARTMENT, department_id, "view")


def _covers(session: Session, caller: Caller, writing: str, record: Any, owner_id: UUID) -> bool:
    """Tell whether somebody may change a record by way of the one whose it is; who only sees it too lets nobody."""
    return owner_id == record.owner_id and reaches(session, caller, writing, owner_id)


def _by_scope(caller: Caller, writing: str) -> str:
    return "edit" if caller.scope(writing) == ALL else "view"


def _by_places(session: Session, caller: Caller, record: Any, reading: str, writing: str) -> Iterable[Reason]:
    """Yield the parts of the organisation that a scope names and an owner belongs to."""
    text = caller.scope(reading) or OWN
    scope, places = Scope.of(text), Places.of(caller, text)
    for owner_id in _reaching(session, record):
        account, department = directory_of(session)
        asked = (
            select(account.c.institution_id, department.c.path, department.c.id)
            .select_from(account.outerjoin(department, department.c.id == account.c.department_id))
            .where(account.c.id == owner_id)
        )
        found = session.connection().execute(asked).first()
        if found is None:
            continue
        level = "edit" if _covers(session, caller, writing, record, owner_id) else "view"
        inside = [each for each in places.below if each in (found.path or [])]
        for department_id in [*inside, *(each for each in places.exactly if each == found.id)]:
            yield _reason("scope", DEPARTMENT, department_id, level, scope=scope.kind_at(department_id))
        if places.institution is not None and found.institution_id == places.institution:
            yield _reason("scope", INSTITUTION, places.institution, level, scope=scope.word)


def _by_grants(session: Session, caller: Caller, record: Any) -> Iterable[Reason]:
    if record.granted_as is None:
        return
    mine = select(AccessGrant).where(
        AccessGrant.record_id == getattr(record, record.granted_as[1]),
        AccessGrant.level >= VIEW,
        *held_by(caller),
    )
    for grant in session.scalars(mine.order_by(AccessGrant.granted_at, AccessGrant.id)):
        yield _of_grant(grant)


def _owners(session: Session, record: Any) -> Iterable[Reason]:
    """Yield those in whose reach a record is seen, and everybody above them."""
    for owner_id in _reaching(session, record):
        yield _reason("owner", ACCOUNT, owner_id, "edit" if owner_id == record.owner_id else "view")
        for superior_id in _superiors(session, owner_id):
            yield _reason("superior", ACCOUNT, superior_id, "edit" if owner_id == record.owner_id else "view")


def _superiors(session: Session, account_id: UUID) -> list[UUID]:
    account, _ = directory_of(session)
    above = select(account.c.manager_id.label("id")).where(account.c.id == account_id)
    chain = above.cte("above", recursive=True)
    chain = chain.union(select(account.c.manager_id).join(chain, account.c.id == chain.c.id))
    asked = select(chain.c.id).where(chain.c.id.is_not(None), chain.c.id != account_id).limit(MOST_SUPERIORS)
    return [*session.connection().scalars(asked)]


def _granted(session: Session, record: Any) -> Iterable[Reason]:
    if record.granted_as is None:
        return
    for grant in grants_of(session, getattr(record, record.granted_as[1])):
        if grant.level >= VIEW and (grant.until is None or grant.until > utcnow()):
            yield _of_grant(grant)


def _of_grant(grant: AccessGrant) -> Reason:
    level = LEVEL_NAMES[grant.level]
    return _reason(grant.reason, grant.kind, grant.principal_id, level, until=grant.until)


def _reason(rule: str, kind: str, principal_id: UUID, level: str, **more: Any) -> Reason:
    return {"rule": rule, "through": {"kind": kind, "id": principal_id}, "level": level, "scope": None} | more


def names_of(session: Session, principal_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of the people and departments among some principals, as far as they are known here."""
    account, department = directory_of(session)
    ids = literal([*principal_ids], ARRAY(Uuid()))
    people = select(account.c.id, account.c.display_name).where(account.c.id == any_(ids))
    parts = select(department.c.id, department.c.name).where(department.c.id == any_(ids))
    return {row.id: row.display_name for row in session.connection().execute(people.union_all(parts))}


def _named(session: Session, reasons: Iterable[Reason]) -> list[Reason]:
    """Return reasons with the names of the people and departments in them."""
    found = [*reasons]
    through = [each["through"] for each in found if each["through"] is not None]
    names = names_of(session, {each["id"] for each in through})
    for each in through:
        each["name"] = each.get("name") or names.get(each["id"])
    for each in found:
        each.setdefault("until", None)
    return found
