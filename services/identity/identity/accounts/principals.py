"""Whom a right may be given to so that an account has it (docs/decisions/0043)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.departments.model import Department
from identity.groups.model import MEMBER
from servicekit.base.context import EVERYONE


def principals_of(session: Session, account: Account) -> list[UUID]:
    """Return an account itself, its department and those above, its institution, roles and groups, and everyone.

    They come in one order, so that one caller is signed once.
    """
    above = select(func.unnest(Department.path)).where(Department.id == account.department_id)
    groups = select(MEMBER.c.group_id).where(MEMBER.c.account_id == account.id)
    found = {account.id, EVERYONE, *(role.id for role in account.held_roles)}
    found.update(session.scalars(above.union_all(groups)))
    if account.institution_id is not None:
        found.add(account.institution_id)
    return sorted(found)
