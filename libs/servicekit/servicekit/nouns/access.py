"""Whose records a caller reaches: scopes over owners, evaluated in SQL on the service's own copy of the directory.

A record is visible to its owner, to the owner's superiors, and to whoever holds the permission in a scope that
covers the owner. A record that has no owner is visible to who holds the permission for all. The judge
(``servicekit.nouns.reach``) goes by that, and by what is granted.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import Session

from servicekit.base.context import Caller, current
from servicekit.base.database import table_of
from servicekit.base.errors import Forbidden, NotFound
from servicekit.base.scopes import ALL, Places
from servicekit.nouns.directory import DirectoryAccount, DirectoryDepartment

Directory = tuple[Any, Any]
"""The tables of accounts and departments that access goes by."""

COPY: Directory = (table_of(DirectoryAccount), table_of(DirectoryDepartment))
DIRECTORY = "directory"
"""Where a session says what its service goes by, if that is not the copy: the directory's keeper has the original."""


REACHED = "reached"
"""Where a session keeps what it was told of the directory, once that does not change any more."""


class ForAll(str):
    """A permission that says nothing about single records: it is held for all, or not at all."""

    __slots__ = ()


def holds(caller: Caller, permission: str) -> bool:
    """Tell whether a caller holds a permission; one that says nothing about single records only for all."""
    scope = caller.scope(permission)
    return scope == ALL if isinstance(permission, ForAll) else scope is not None


def held_scope(caller: Caller, permission: str) -> str:
    """Return the scope in which a caller holds a permission.

    Raises:
        Forbidden: ``permission-required``, if they do not, or in a narrower scope where there is only all.
    """
    scope = caller.scope(permission)
    if scope is None or not holds(caller, permission):
        raise permission_required(permission)
    return scope


@cache
def _owners(directory: Directory, kinds: tuple[str, ...] = ()) -> Select[tuple[UUID]]:
    """Return the query of the accounts whose records the account ``me`` reaches; made once, as making it costs more
    than asking it.

    Args:
        kinds: of the places besides (``Places``), by name.
    """
    account, department = directory
    me = bindparam("me", type_=Uuid())
    reports = select(account.c.id).where(account.c.manager_id == me).cte("reports", recursive=True)
    # UNION, not UNION ALL: a ring of superiors must not go round for ever.
    reports = reports.union(select(account.c.id).join(reports, account.c.manager_id == reports.c.id))
    parts: list[Any] = [select(me.label("id")), select(reports.c.id)]
    for kind in kinds:
        reached = select(account.c.id)
        place = bindparam(kind, type_=Uuid() if kind == "institution" else ARRAY(Uuid()))
        if kind == "institution":
            reached = reached.where(account.c.institution_id == place)
        elif kind == "exactly":
            reached = reached.where(account.c.department_id == any_(place))
        else:
            inside = account.join(department, department.c.id == account.c.department_id)
            reached = reached.select_from(inside).where(department.c.path.op("&&", is_comparison=True)(place))
        parts.append(reached)
    return select(union(*parts).subquery().c.id)


@cache
def _owner_is_reached(directory: Directory, kinds: tuple[str, ...] = ()) -> Select[tuple[bool]]:
    owners = _owners(directory, kinds).subquery()
    return select(select(owners.c.id).where(owners.c.id == bindparam("owner", type_=Uuid())).exists())


def directory_of(session: Session) -> Directory:
    """Return the tables that access goes by in a session's service."""
    kept: Directory = session.info.get(DIRECTORY, COPY)
    return kept


def _asked(caller: Caller, scope: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    places = {
        kind: list(place) if isinstance(place, tuple) else place
        for kind, place in Places.of(caller, scope)._asdict().items()
        if place
    }
    return tuple(places), {"me": caller.account_id, **places}


def owners_within(session: Session, caller: Caller, scope: str) -> list[UUID]:
    """Return the accounts whose records a caller reaches in a scope other than ``all``."""
    kinds, asked = _asked(caller, scope)
    return list(session.connection().scalars(_owners(directory_of(session), kinds), asked))


def visible_owners(session: Session, caller: Caller, permission: str) -> list[UUID] | None:
    """Return the accounts whose records a caller reaches with a permission; None means everybody's.

    Raises:
        Forbidden: ``permission-required``, if the caller does not hold the permission at all.
    """
    scope = held_scope(caller, permission)
    if scope == ALL:
        return None
    return owners_within(session, caller, scope)


def reaches(session: Session, caller: Caller, permission: str, owner_id: UUID) -> bool:
    """Tell whether a permission of the caller extends to the records of an owner."""
    scope = caller.scope(permission)
    if scope is None:
        return False
    if scope == ALL or owner_id == caller.account_id:
        return True
    kinds, asked = _asked(caller, scope)
    known: dict[Any, bool] = session.info.get(REACHED, {})
    question = (caller.account_id, scope, owner_id)
    if question not in known:
        statement = _owner_is_reached(directory_of(session), kinds)
        known[question] = bool(session.connection().scalar(statement, asked | {"owner": owner_id}))
    return known[question]


def remember_reach(session: Session) -> None:
    """Ask the directory each question once from now on: nothing changes it any more in this transaction."""
    session.info.setdefault(REACHED, {})


def reaches_by_place(session: Session, account_id: UUID, owner_id: UUID) -> bool:
    """Tell whether an owner's records are within an account's reach by its place alone: its own, and its reports'.

    For what an event brings: nobody's roles come with it.
    """
    statement = _owner_is_reached(directory_of(session))
    return bool(session.connection().scalar(statement, {"me": account_id, "owner": owner_id}))


def operator_required() -> None:
    """Refuse a request without a caller, unless it came by the exchange that only the broker's operator publishes to.

    Raises:
        Forbidden: ``sign-in-required``.
    """
    if not current().operator:
        raise Forbidden(
            "sign-in-required", "This needs a signed-in caller, or the account of the broker's operator."
        )


def seen_within(watchers: Iterable[Any], owners: list[UUID] | None) -> ColumnElement[bool]:
    """Return the condition that a record is seen in the reach of a caller.

    Args:
        watchers: what holds those in whose reach it is seen: columns of ids or of arrays of ids, expressions with an
            id's text.
        owners: as of ``visible_owners``; None: everybody's and nobody's.
    """
    if owners is None:
        return true()
    return or_(*(_meets(watcher, owners) for watcher in watchers))


def _meets(watcher: Any, owners: list[UUID]) -> ColumnElement[bool]:
    reached: list[Any] = [str(each) for each in owners] if isinstance(watcher.type, Text) else [*owners]
    meets: ColumnElement[bool]
    if isinstance(watcher.type, ARRAY):
        meets = watcher.overlap(literal(reached, watcher.type))
    else:
        meets = watcher == any_(literal(reached, ARRAY(watcher.type)))
    return meets


def covers(session: Session, caller: Caller, permission: str, owner_id: UUID | None) -> bool:
    """Tell whether a permission of the caller extends to a record, which may have no owner."""
    if owner_id is None:
        return caller.scope(permission) == ALL
    return reaches(session, caller, permission, owner_id)


def permission_required(permission: str) -> Forbidden:
    """Return the error for a caller who lacks a permission."""
    whole = " for all" if isinstance(permission, ForAll) else ""
    text = f"This needs the permission {permission}{whole}."
    return Forbidden("permission-required", text, params={"permission": str(permission)})


def not_found(permission: str) -> NotFound:
    """Return the error for a record that is not there, or not for the caller's eyes."""
    return NotFound(f"{permission.split('.')[0].replace('_', '-')}-not-found", "There is no such record.")
