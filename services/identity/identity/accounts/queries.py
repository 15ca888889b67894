"""Accounts found: lists, superiors, administrators."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, and_, any_, exists, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, aliased

from identity.accounts.model import IN_SERVICE, PERSON, Account
from identity.accounts.schemas import AccountSchema
from identity.departments.model import Department
from identity.positions.model import Appointment
from identity.roles.model import ACCOUNT_ROLE, Role
from identity.roles.permissions import EVERY
from identity.service_accounts.model import ServiceSecret
from servicekit import Invalid, Listing, Search, today
from servicekit.nouns.filtering import Among

_ABOVE = aliased(Department)
_PLACED = (
    select(Account.id)
    .join(Department, Department.id == Account.department_id)
    .join(_ABOVE, _ABOVE.id == any_(Department.path))
)
"""Accounts, each once for their department and each one above it."""

ACCOUNTS = Listing(
    Account,
    AccountSchema,
    "account.read",
    filters={
        "kind": Account.kind,
        "username": Search(Account.username),
        "display_name": Search(Account.display_name),
        "department_id": Account.department_id,
        "institution_id": Account.institution_id,
        "within_department_id": Among(_ABOVE.id, _PLACED),
        "position_id": Among(Appointment.position_id, select(Appointment.account_id)),
        "without_position": Account.without_position,
        "without_role": Account.without_role,
        "security_level": Account.security_level,
        "manager_id": Account.manager_id,
        "email": Account.email,
        "mobile": Search(Account.mobile),
        "status": Account.status,
        "locked": Account.locked,
        "expires_on": Account.expires_on,
        "roles": Among(Role.code, select(ACCOUNT_ROLE.c.account_id).join(Role)),
    },
    sorts={
        "created_at": Account.created_at,
        "username": Account.username,
        "display_name": Account.display_name,
    },
    whole=True,
)


NAMED_REFUSED = ("unknown-account", "account-left")
"""What is answered where a request names somebody who does not work here."""


def account_named(session: Session, account_id: UUID, field: str) -> Account:
    """Return the account that a field of the input names.

    Raises:
        Invalid: ``unknown-account``, also for a service account; ``account-left``, if the person has left or is locked.
    """
    account = session.get(Account, account_id)
    if account is None or account.kind != PERSON:
        raise Invalid.field(field, "There is no such person.", "unknown-account")
    if not account.active:
        raise Invalid.field(field, "The account is no longer active.", "account-left")
    return account


def people_named(session: Session, account_ids: Iterable[UUID], field: str) -> list[Account]:
    """Return the accounts that a list in the input names, each once.

    Raises:
        Invalid: as of ``account_named``.
    """
    found = (account_named(session, each, f"{field}.{place}") for place, each in enumerate(account_ids))
    return list({account.id: account for account in found}.values())


def able() -> ColumnElement[bool]:
    """Return the condition that nothing keeps a person from signing in."""
    return and_(
        Account.status == IN_SERVICE,
        Account.locked.is_(False),
        or_(Account.expires_on.is_(None), Account.expires_on >= today()),
    )


def able_to(permission: str) -> ColumnElement[bool]:
    """Return the condition that somebody may sign in, and that a role that holds for them allows something."""
    held = aliased(Role)
    allowed = exists().where(
        ACCOUNT_ROLE.c.account_id == Account.id,
        held.id == ACCOUNT_ROLE.c.role_id,
        or_(held.institution_id.is_(None), held.institution_id == Account.institution_id),
        held.permissions.has_any(array([permission, EVERY])),
    )
    return and_(able(), allowed)


def members_in_service(session: Session, role_code: str) -> list[UUID]:
    """Return who has a role and works here, locked or expired or not."""
    query = select(Account.id).join(Account.roles)
    return list(session.scalars(query.where(Role.code == role_code, Account.status == IN_SERVICE)))


def holders(session: Session, role: Role) -> list[Account]:
    """Return who has a role, able or not."""
    return list(session.scalars(select(Account).join(Account.roles).where(Role.id == role.id)))


def lasting_members(session: Session, role_code: str) -> list[UUID]:
    """Return who has a role and may sign in for good: an expiry that comes by itself has nobody to refuse it."""
    query = select(Account.id).join(Account.roles)
    return list(session.scalars(query.where(Role.code == role_code, able(), Account.expires_on.is_(None))))


def superior_ids(account_id: UUID) -> Select[tuple[UUID]]:
    """Return the query of an account and everybody above it."""
    chain = (
        select(Account.id, Account.manager_id).where(Account.id == account_id).cte("chain", recursive=True)
    )
    # UNION, not UNION ALL: a ring of superiors must not go round for ever.
    above = chain.union(select(Account.id, Account.manager_id).join(chain, Account.id == chain.c.manager_id))
    return select(above.c.id)


def knowing_ids(account_id: UUID) -> CompoundSelect[UUID]:
    """Return the query of an account, of who knows its password, of who knows theirs, and so on."""
    secret = _secrets()
    start = select(secret).where(secret.c.id == account_id).cte("knowing", recursive=True)
    known = select(Account.id).where(Account.id == account_id)
    more = select(secret).join(start, secret.c.id == start.c.known_to)
    chain = start.union(more)
    return known.union(select(chain.c.known_to).where(chain.c.known_to.is_not(None)))


def known_ids(account_ids: Iterable[UUID]) -> Select[tuple[UUID]]:
    """Return the query of some accounts and of all whose password they know, by way of others too."""
    secret = _secrets()
    known = select(Account.id).where(Account.id.in_(account_ids)).cte("known", recursive=True)
    more = select(secret.c.id).join(known, secret.c.known_to == known.c.id)
    return select(known.union(more).c.id)


def holders_of(account_ids: Iterable[UUID]) -> Select[UUID]:
    """Return the query of who has ever been shown a secret of some programs, and may have acted as them."""
    return select(ServiceSecret.known_to).where(ServiceSecret.account_id.in_(account_ids))


def programs_of(account_ids: Any) -> Select[UUID]:
    """Return the query of the programs that some accounts, or those of a query, have been shown a secret of."""
    return select(ServiceSecret.account_id).where(ServiceSecret.known_to.in_(account_ids))


def _secrets() -> Subquery:
    """Return the query of whose password or secret is known to whom."""
    passwords = select(Account.id, Account.password_known_to.label("known_to"))
    secrets = select(ServiceSecret.account_id.label("id"), ServiceSecret.known_to).where(
        ServiceSecret.is_alive()
    )
    return passwords.where(Account.password_known_to.is_not(None)).union_all(secrets).subquery("secret")


def reports_to(session: Session, superior_id: UUID, account_id: UUID) -> bool:
    """Tell whether somebody is an account or has it among their superiors, however far up."""
    return account_id in set(session.scalars(superior_ids(superior_id)))
