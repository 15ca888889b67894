"""Whose superior follows from positions, and who that is (ID-04, ID-25, docs/decisions/0043).

Somebody's superior is who holds the superior position of their main one; if nobody does, who holds the next one above.
Without one it is the head of their department, or of the next department above that has another head than themselves.
Where somebody has set a superior by hand, that one stays.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from identity.accounts.model import IN_SERVICE, PERSON, Account
from identity.departments.model import Department
from identity.positions.model import MAIN, Appointment, Position
from servicekit import Conflict


class _Chart:
    """The positions, with who holds them and works here, longest first."""

    def __init__(self, session: Session) -> None:
        self.positions = {
            row.id: row
            for row in session.execute(
                select(Position.id, Position.superior_id, Position.department_id, Position.management)
            )
        }
        departments = session.execute(select(Department.id, Department.path))
        self.paths: dict[UUID, list[UUID]] = {row.id: row.path for row in departments}
        held = select(Appointment.account_id, Appointment.position_id, Appointment.kind).join(
            Account, Account.id == Appointment.account_id
        )
        rows = session.execute(
            held.where(Account.status == IN_SERVICE).order_by(Appointment.started_on, Appointment.account_id)
        ).all()
        self.holders: dict[UUID, list[UUID]] = {}
        self.heads: dict[UUID, list[UUID]] = {}
        for row in rows:
            self.holders.setdefault(row.position_id, []).append(row.account_id)
            if self.positions[row.position_id].management:
                department_id = self.positions[row.position_id].department_id
                self.heads.setdefault(department_id, []).append(row.account_id)
        self.main = {row.account_id: self.positions[row.position_id] for row in rows if row.kind == MAIN}

    def superior_of(self, account_id: UUID, department_id: UUID | None) -> UUID | None:
        """Return who is somebody's superior."""
        above = getattr(self.main.get(account_id), "superior_id", None)
        while above is not None:
            if others := [each for each in self.holders.get(above, []) if each != account_id]:
                return others[0]
            above = self.positions[above].superior_id
        for department in reversed(self.paths.get(department_id, []) if department_id else []):
            heads = self.heads.get(department, [])
            if heads and account_id not in heads:
                return heads[0]
        return None


def heads_for(session: Session, account_id: UUID) -> list[UUID]:
    """Return the heads of somebody's department, or of the next one above that has another head than themselves."""
    account = session.get(Account, account_id)
    department = session.get(Department, account.department_id) if account and account.department_id else None
    held = (
        select(Appointment.account_id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Account, Account.id == Appointment.account_id)
        .where(Position.management, Account.status == IN_SERVICE)
        .order_by(Appointment.started_on, Appointment.account_id)
    )
    for place in reversed(department.path if department else []):
        heads = list(session.scalars(held.where(Position.department_id == place)))
        if heads and account_id not in heads:
            return [*dict.fromkeys(heads)]
    return []


def follow_positions(session: Session) -> list[Account]:
    """Give everybody the superior who follows from positions, and return those who have another one now.

    Raises:
        Conflict: ``superiors-in-a-ring``, if somebody would be their own superior, however far up.
    """
    session.flush()
    follows = or_(Account.manager_id.is_(None), Account.manager_follows)
    charted = or_(exists().where(Position.id.is_not(None)), exists().where(Account.manager_follows))
    if not session.scalar(select(charted)):
        return []
    chart = _Chart(session)
    query = select(Account.id, Account.department_id, Account.manager_id)
    rows = session.execute(query.where(Account.kind == PERSON, follows)).all()
    wanted = {row.id: chart.superior_of(row.id, row.department_id) for row in rows}
    moved = [row.id for row in rows if wanted[row.id] != row.manager_id]
    changed = list(session.scalars(select(Account).where(Account.id.in_(moved)).order_by(Account.id)))
    for account in changed:
        account.manager_id, account.manager_follows = wanted[account.id], True
    if changed:
        session.flush()
        _refuse_rings(session, moved)
    return changed


def _refuse_rings(session: Session, account_ids: Iterable[UUID]) -> None:
    managed = session.execute(select(Account.id, Account.manager_id).where(Account.manager_id.is_not(None)))
    above: dict[UUID, UUID | None] = {row.id: row.manager_id for row in managed}
    for account_id in account_ids:
        seen: set[UUID] = set()
        each: UUID | None = account_id
        while each is not None and each not in seen:
            seen.add(each)
            each = above.get(each)
        if each is not None:
            text = "Somebody would be their own superior, by way of positions and superiors set by hand."
            raise Conflict("superiors-in-a-ring", text)


def who_may_become_superior(session: Session, *positions: UUID | None) -> list[Account]:
    """Return who may be given subordinates when positions change: who holds one that has some, or a given one, and
    everybody above them."""
    below = select(Position.superior_id).where(Position.superior_id.is_not(None))
    leading = or_(
        Position.management, Position.id.in_(below), Position.id.in_([each for each in positions if each])
    )
    held: Any = (
        select(Appointment.account_id).join(Position, Position.id == Appointment.position_id).where(leading)
    )
    chain = select(Account.id, Account.manager_id).where(Account.id.in_(held)).cte("chain", recursive=True)
    chain = chain.union(select(Account.id, Account.manager_id).join(chain, Account.id == chain.c.manager_id))
    return list(session.scalars(select(Account).where(Account.id.in_(select(chain.c.id)))))
