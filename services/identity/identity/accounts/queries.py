"""Accounts found: lists, superiors, administrators."""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from identity.accounts.model import IN_SERVICE, Account
from identity.accounts.schemas import AccountSchema
from identity.roles.model import Role
from servicekit import Listing, Search, today

ACCOUNTS = Listing(
    Account,
    AccountSchema,
    "account.read",
    filters={
        "username": Search(Account.username),
        "display_name": Search(Account.display_name),
        "department_id": Account.department_id,
        "manager_id": Account.manager_id,
        "email": Account.email,
        "mobile": Account.mobile,
        "status": Account.status,
        "locked": Account.locked,
        "expires_on": Account.expires_on,
        "created_at": Account.created_at,
    },
    sorts={
        "created_at": Account.created_at,
        "username": Account.username,
        "display_name": Account.display_name,
    },
    whole=True,
)


def able_members(session: Session, role_code: str) -> list[UUID]:
    """Return who has a role and may sign in, oldest account first."""
    query = (
        select(Account.id)
        .join(Account.roles)
        .where(
            Role.code == role_code,
            Account.status == IN_SERVICE,
            Account.locked.is_(False),
            or_(Account.expires_on.is_(None), Account.expires_on >= today()),
        )
        .order_by(Account.id)
    )
    return list(session.scalars(query))


def reports_to(session: Session, superior_id: UUID, account_id: UUID) -> bool:
    """Tell whether somebody is an account or has it among their superiors, however far up."""
    chain = (
        select(Account.id, Account.manager_id).where(Account.id == superior_id).cte("chain", recursive=True)
    )
    above = chain.union(select(Account.id, Account.manager_id).join(chain, Account.id == chain.c.manager_id))
    return bool(session.scalar(select(func.count()).select_from(above).where(above.c.id == account_id)))
