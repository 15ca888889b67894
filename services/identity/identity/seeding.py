"""What must be there before anybody can sign in: keys, the ready roles, and the first administrator."""

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.approvals.telling import tell_flows
from identity.base import DIRECTORY, PREPARING, take_turns
from identity.definitions.seeding import add_presets
from identity.departments.model import Department
from identity.departments.queries import members_of
from identity.events import AccessChanged, AccountChanged, DepartmentChanged
from identity.institutions.model import Institution
from identity.institutions.queries import INSTITUTIONS, institution_called
from identity.roles.model import ADMINISTRATOR, Role
from identity.roles.ready import READY_ROLES
from identity.signin.keys import ensure_keys
from identity.signin.passwords import ensure_good, hashed
from servicekit import publish
from servicekit.base import sealing
from servicekit.base.database import Database
from servicekit.base.settings import Settings
from servicekit.messages.outbox import write_waiting

log = structlog.get_logger("identity")

FIRST_USERNAME = "admin"
WHOLE = "本机构"
"""What the institution of an organisation with several top departments is called, until somebody renames it."""


class FirstAdministrator(Settings):
    """The setting that only the first start reads, from a file of that name in the secrets folder."""

    identity_admin_password: str = ""


def prepare(settings: Settings) -> None:
    """Put in what is missing; several at once take turns, and what is there is left as it is."""
    database = Database(settings.database_url_of("identity"), 2, "kehu-identity-prepare")
    try:
        database.transact(_seed)
    finally:
        database.dispose()


def _seed(session: Session) -> None:
    sealing.ensure_keys()
    take_turns(session, PREPARING)
    ensure_keys(session)
    _add_roles(session)
    fresh = session.scalar(select(Account.id).limit(1)) is None
    add_presets(session, fresh=fresh)
    tell_flows(session)
    _add_institution(session)
    if fresh:
        _add_first_administrator(session)
    write_waiting(session)


def _add_roles(session: Session) -> None:
    """Add the ready roles that are not there, and to the others what this release gives that none before it gave.

    What the organisation made of a role stays, and what it took away stays away (ID-17).
    """
    known = {role.code: role for role in session.scalars(select(Role).with_for_update())}
    for ready in READY_ROLES:
        role = known.get(ready.code)
        if role is None:
            role = Role(code=ready.code, name=ready.name, permissions={}, ready=True)
            session.add(role)
        if role.hand_out(ready.permissions):
            publish(session, role, AccessChanged(account_id=None))


def _add_institution(session: Session) -> None:
    """Give departments from before there were institutions one, and tell everybody where people work now (ID-01).

    Top departments that are there already may be several in it; further ones come to institutions of their own.
    """
    take_turns(session, DIRECTORY)
    homeless = select(Department).where(Department.institution_id.is_(None))
    departments = list(session.scalars(homeless.order_by(func.cardinality(Department.path), Department.id)))
    if not departments:
        return
    tops = [department for department in departments if department.parent_id is None]
    whole = _whole(session, tops[0].name if len(tops) == 1 else WHOLE) if tops else None
    for department in departments:
        above = session.get(Department, department.parent_id) if department.parent_id else None
        if above is not None:
            department.institution_id = above.institution_id
        elif whole is not None:
            department.institution_id = whole.id
        publish(session, department, DepartmentChanged.of(department))
    for account in members_of(session, departments):
        account.institution_id = session.get_one(Department, account.department_id).institution_id
        publish(session, account, AccountChanged.of(account))
        publish(session, account, AccessChanged(account_id=account.id))


def _whole(session: Session, name: str) -> Institution:
    institution = institution_called(session, name)
    if institution is None:
        institution = Institution(name=name)
        session.add(institution)
        publish(session, institution, INSTITUTIONS.created.of(institution))
        session.flush()
    return institution


def _add_first_administrator(session: Session) -> None:
    """Open the account that opens all others (ID-27); no password is built in, and none stands in a log."""
    password = FirstAdministrator().identity_admin_password
    if not password:
        raise RuntimeError(
            "IDENTITY_ADMIN_PASSWORD is not given: nobody could sign in to open the other accounts"
        )
    ensure_good(password, [FIRST_USERNAME], "IDENTITY_ADMIN_PASSWORD")
    account = Account(password_hash=hashed(password))
    administrator = session.scalars(select(Role).where(Role.code == ADMINISTRATOR)).one()
    account.fill_in(roles=[administrator], username=FIRST_USERNAME, display_name="系统管理员")
    session.add(account)
    publish(session, account, AccountChanged.of(account))
    log.info("first administrator added", username=FIRST_USERNAME)
