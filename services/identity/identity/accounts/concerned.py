"""Whose reach a change of the directory or of roles may change, and whom a right is given to that is shared."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, func, literal, or_, select
from sqlalchemy.orm import Session

from identity.accounts.model import PERSON, Account
from identity.accounts.queries import able
from identity.accounts.reach import superiors_of, who_see_into
from identity.departments.model import Department
from identity.groups.model import MEMBER
from identity.positions.model import Appointment, Position
from identity.roles.model import ACCOUNT_ROLE
from servicekit import Fault, Invalid
from servicekit.base.context import EVERYONE
from servicekit.nouns.previewing import PLACE

Placed = dict[UUID, tuple[Any, ...]]
"""By account: its superior, department and institution."""


def placed(session: Session) -> Placed:
    """Return where everybody is placed, and below whom."""
    columns = [getattr(Account, name) for name in PLACE]
    rows = session.connection().execute(select(Account.id, *columns))
    return {row.id: tuple(row)[1:] for row in rows}


class Moved(NamedTuple):
    """Accounts that a change would place anew."""

    before: Placed
    after: Placed

    @property
    def ids(self) -> list[UUID]:
        """Who would have another superior or place."""
        return sorted(each for each in self.before if self.before[each] != self.after.get(each))

    def told(self) -> list[dict[str, Any]]:
        """Return what services are told of them."""
        return [
            {"account_id": str(each), **{name: value and str(value) for name, value in self._place(each)}}
            for each in self.ids
        ]

    def _place(self, account_id: UUID) -> list[tuple[str, Any]]:
        return [*zip(PLACE, self.after[account_id], strict=True)]


def who_see(session: Session, placed_ids: list[UUID], most: int) -> list[UUID]:
    """Return who may see what belongs to some accounts by their place: superiors first, then who sees into departments.

    Args:
        most: of so many accounts; of more, those above them are mostly the same.
    """
    found: dict[UUID, None] = {}
    accounts = [session.get_one(Account, each) for each in placed_ids[:most]]
    for account in accounts:
        found.update(dict.fromkeys(each.id for each in superiors_of(session, account.manager_id)))
    departments = {account.department_id for account in accounts if account.department_id}
    for department_id in sorted(departments):
        into = who_see_into(session, session.get_one(Department, department_id))
        found.update(dict.fromkeys(sorted(each.id for each in into)))
    return [*found]


def role_holders(role_id: UUID) -> Select[Any]:
    """Return the query of who has a role and can sign in."""
    return select(Account.id).where(Account.id.in_(_having(role_id)), able()).order_by(Account.id)


def belonging_to(session: Session, kind: str, principal_id: UUID | None, most: int) -> tuple[list[UUID], int]:
    """Return some of the people whom a right is given to with a principal, and how many there are.

    Raises:
        Invalid: for a kind that there is none of, or without an id.
    """
    if kind != "everyone" and principal_id is None:
        raise Invalid.field("change.to.id", "Only everyone has no id.", "required")
    held = _holding(kind, EVERYONE if principal_id is None else principal_id)
    people = select(Account.id).where(Account.kind == PERSON, able(), held)
    count = session.scalar(select(func.count()).select_from(people.subquery())) or 0
    return [*session.scalars(people.order_by(Account.id).limit(most))], count


def _having(role_id: UUID) -> Select[Any]:
    return select(ACCOUNT_ROLE.c.account_id).where(ACCOUNT_ROLE.c.role_id == role_id)


def _holding(kind: str, principal_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a principal is among an account's (``principals_of``)."""
    below = select(Department.id).where(literal(principal_id) == any_(Department.path))
    inside = select(Department.id).where(Department.institution_id == principal_id)
    grouped = select(MEMBER.c.account_id).where(MEMBER.c.group_id == principal_id)
    conditions: dict[str, ColumnElement[bool]] = {
        "account": Account.id == principal_id,
        "department": _placed_in(below),
        "institution": _placed_in(inside),
        "role": Account.id.in_(_having(principal_id)),
        "group": Account.id.in_(grouped),
        "everyone": Account.id.is_not(None),
    }
    if kind not in conditions:
        allowed = ", ".join(conditions)
        raise Invalid.field(
            "change.to.kind", Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=allowed)
        )
    return conditions[kind]


def _placed_in(departments: Select[Any]) -> ColumnElement[bool]:
    appointed = select(Appointment.account_id).join(Position, Position.id == Appointment.position_id)
    return or_(
        Account.department_id.in_(departments),
        Account.id.in_(appointed.where(Position.department_id.in_(departments))),
    )
