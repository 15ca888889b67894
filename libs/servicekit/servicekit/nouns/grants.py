"""Grants: rights on single records, given to an account, a department, an institution, a role, a group or everyone.

A grant is one row: a principal reaches a record up to a level, for a reason, as long as the caller's security level is
within its range and it has not run out. Shares and teams are grants; so is what another service's record carries here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Index,
    Select,
    SmallInteger,
    Uuid,
    any_,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.context import EVERYONE, Caller, current
from servicekit.base.database import KitBase, table_of, utcnow
from servicekit.base.ids import new_id

GLIMPSE, VIEW, EDIT = 1, 2, 3
LEVELS = {"glimpse": GLIMPSE, "view": VIEW, "edit": EDIT}
LEVEL_NAMES = {number: name for name, number in LEVELS.items()}
SHARE, TEAM = "share", "team"
ACCOUNT, DEPARTMENT, INSTITUTION, ROLE, GROUP, ALL_PEOPLE = (
    "account", "department", "institution", "role", "group", "everyone",
)  # fmt: skip
KINDS = {
    ACCOUNT: ("个人", "Person"),
    DEPARTMENT: ("部门", "Department"),
    INSTITUTION: ("机构", "Institution"),
    ROLE: ("角色", "Role"),
    GROUP: ("用户组", "Group"),
    ALL_PEOPLE: ("所有人", "Everyone"),
}
"""What rights are given to."""
SECURITY_FROM, SECURITY_TO = 10, 100
"""The security levels that a grant reaches where nobody says otherwise, both ends inside (ID-24)."""


class AccessGrant(KitBase):
    """That a principal reaches a record up to a level, and why."""

    __tablename__ = "access_grant"
    __table_args__ = (Index("ix_access_grant_principal_id", "principal_id", "noun", "record_id"),)

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(default=new_id, unique=True)
    noun: Mapped[str]
    kind: Mapped[str]
    """What the principal is, of ``KINDS``."""
    level: Mapped[int] = mapped_column(SmallInteger)
    role: Mapped[str | None]
    """As what somebody belongs to a team."""
    security_from: Mapped[int] = mapped_column(SmallInteger, default=SECURITY_FROM)
    security_to: Mapped[int] = mapped_column(SmallInteger, default=SECURITY_TO)
    until: Mapped[datetime | None]
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime] = mapped_column(default=utcnow)


class AccessAudience(KitBase):
    """Of which version of a record, its own or another's, a service has the grants; also where none are left."""

    __tablename__ = "access_audience"

    noun: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(default=utcnow, server_default=func.now())


_TABLE = table_of(AccessGrant)
TOLD = ("principal_id", "kind", "reason", "level", "security_from", "security_to", "until")
"""What others are told of a grant."""


def principal_of(kind: str, principal_id: UUID | None) -> UUID:
    """Return the id that a principal is known by: everyone has one for all."""
    return EVERYONE if kind == ALL_PEOPLE or principal_id is None else principal_id


def held_by(caller: Caller) -> list[ColumnElement[bool]]:
    """Return the conditions that a grant holds for a caller now."""
    grant, principals = _TABLE.c, literal([*caller.principals], ARRAY(Uuid()))
    return [
        grant.principal_id == any_(principals),
        grant.security_from <= caller.security_level,
        grant.security_to >= caller.security_level,
        or_(grant.until.is_(None), grant.until > func.now()),
    ]


def granted_records(caller: Caller, noun: str, level: int) -> Select[tuple[UUID]]:
    """Return the query of the ids of the records that are granted to a caller, up to a level at least."""
    grant = _TABLE.c
    return select(grant.record_id).where(grant.noun == noun, grant.level >= level, *held_by(caller))


def granted_level(session: Session, caller: Caller, record_id: UUID) -> int:
    """Return how far grants let a caller reach a record; 0: not at all."""
    asked = select(func.max(_TABLE.c.level)).where(_TABLE.c.record_id == record_id, *held_by(caller))
    return session.connection().scalar(asked) or 0


def grants_of(session: Session, record_id: UUID, *reasons: str) -> list[AccessGrant]:
    """Return the grants on a record, the oldest first, those that have run out too.

    Args:
        reasons: of these only; by default all.
    """
    of = select(AccessGrant).where(AccessGrant.record_id == record_id)
    if reasons:
        of = of.where(AccessGrant.reason.in_(reasons))
    return list(session.scalars(of.order_by(AccessGrant.granted_at, AccessGrant.id)))


def told(grant: AccessGrant) -> dict[str, Any]:
    """Return what an event says of a grant."""
    return {name: getattr(grant, name) for name in TOLD} | {"level": LEVEL_NAMES[grant.level]}


def audience_of(noun: str) -> Select[tuple[Any, ...]]:
    """Return the query of whom records of a noun are granted to, in one text a record: what services compare."""
    audience, grant = AccessAudience, AccessGrant
    told = (grant.principal_id, grant.kind, grant.reason, grant.level)
    said = func.concat_ws(" ", *told, grant.security_from, grant.security_to, grant.until)
    listed = func.string_agg(
        said, aggregate_order_by(literal_column("','"), grant.principal_id, grant.reason)
    )
    grants = select(func.coalesce(listed, "")).where(grant.record_id == audience.record_id)
    return select(
        audience.record_id.label("id"), audience.changed_at, grants.scalar_subquery().label("grants")
    ).where(audience.noun == noun)


def keep_audience(
    session: Session, noun: str, record_id: UUID, version: int, grants: Iterable[Mapping[str, Any]]
) -> None:
    """Keep the grants on another service's record as it has told them, unless newer ones are known."""
    known = session.get(AccessAudience, (noun, record_id), with_for_update=True)
    if known is not None and known.version >= version and not current().restated:
        return
    if known is None:
        session.add(AccessAudience(noun=noun, record_id=record_id, version=version))
    else:
        known.version, known.changed_at = version, utcnow()
    session.flush()
    session.execute(delete(_TABLE).where(_TABLE.c.record_id == record_id))
    rows = [
        {
            **{name: grant[name] for name in TOLD}, "level": LEVELS[grant["level"]], "noun": noun,
            "record_id": record_id, "id": new_id(), "granted_at": utcnow(),
        }
        for grant in grants
    ]  # fmt: skip
    if rows:
        session.execute(insert(_TABLE), rows)
