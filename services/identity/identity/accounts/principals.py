"""Whom a right may be given to so that an account has it (docs/decisions/0043), and what else is told of a caller."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.departments.model import Department
from identity.groups.model import MEMBER
from servicekit.base.context import EVERYONE


def principals_of(session: Session, account: Account) -> list[UUID]:
    """Return an account itself, its departments and those above, their institutions, its roles and groups, everyone.

    They come in one order, so that one caller is signed once.
    """
    places = {account.department_id, *(each.position.department_id for each in account.appointments)}
    above = select(func.unnest(Department.path)).where(Department.id.in_(places - {None}))
    houses = select(Department.institution_id).where(
        Department.id.in_(places - {None}), Department.institution_id.is_not(None)
    )
    groups = select(MEMBER.c.group_id).where(MEMBER.c.account_id == account.id)
    found = {account.id, EVERYONE, *(role.id for role in account.held_roles)}
    found.update(session.scalars(above.union_all(groups, houses)))
    return sorted(found)


def facts_of(session: Session, account: Account) -> dict[str, Any]:
    """Return what is told of an account as a caller, besides its session."""
    limits = {
        permission: [{"scope": scope, "where": where} for scope, where in parts]
        for permission, parts in sorted(account.parts.items())
    }
    return {
        "account_id": str(account.id),
        "username": account.username,
        "display_name": account.display_name,
        "department_id": str(account.department_id) if account.department_id else None,
        "permissions": account.permissions,
        "roles": sorted(role.code for role in account.held_roles),
        "institution_id": str(account.institution_id) if account.institution_id else None,
        "principals": [str(each) for each in principals_of(session, account)],
        "security_level": account.security_level,
    } | ({"limits": limits} if limits else {})
