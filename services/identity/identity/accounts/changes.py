"""Changing an account by the rules that look at more than the account itself."""

from typing import Any

from sqlalchemy.orm import Session

from identity.accounts.appointing import appointments_named
from identity.accounts.model import Account
from identity.accounts.queries import account_named, lasting_members, reports_to
from identity.accounts.reach import WRITE, Guard, superiors_of, who_see_into
from identity.departments.model import Department
from identity.departments.queries import department_named, reaches_department
from identity.events import AccessChanged, AccountChanged
from identity.positions.model import MAIN, Appointment
from identity.positions.superiors import follow_positions, who_may_become_superior
from identity.roles.limits import parts_of
from identity.roles.model import ADMINISTRATOR, Role
from identity.roles.permissions import covers, union
from identity.roles.queries import roles_called
from servicekit import Caller, Conflict, Fault, Forbidden, Invalid, publish, reaches

PLACING = frozenset({"department_id", "appointments", "manager_id", "status"})
"""What decides who is whose superior: whatever else changes leaves the chart as it is."""
ELSEWHERE = ("role_codes", "department_id", "appointments")
"""What is taken over in another way than the columns."""


def change_account(
    session: Session, caller: Caller, account: Account, data: dict[str, Any], *, opens: bool = False
) -> list[Account]:
    """Fill in what a caller gives for an account; return the others whose superior has changed with it.

    The directory is locked by now.

    Args:
        opens: whether the account is just being opened.

    Raises:
        Invalid: if a department or a role is unknown, or the superior reports to the account; ``unknown-account``,
            ``account-left`` for the superior.
        Forbidden: ``account-out-of-reach``, if the account may do more than the caller, before or after, or would be
            where the caller keeps none; ``reach-widened``, if the caller would see more by it.
        Conflict: ``last-administrator``, if nobody would be left for good who can do everything.
    """
    ensure_may_do_no_more(caller, account)
    lasted = account.is_lasting_administrator
    values = {name: value for name, value in data.items() if name not in ELSEWHERE}
    if "role_codes" in data:
        values["roles"] = roles_called(session, data["role_codes"])
        roles = values["roles"]
        if not covers(caller, union(role.grants for role in roles), parts_of(roles)):
            raise Forbidden("account-out-of-reach", "You may not give anybody more than you may do yourself.")
    appointments, department = _places(session, account, data)
    if data.get("manager_id") is not None:
        _check_superior(session, account, data)
    places = opens or bool(PLACING & data.keys())
    gainers = [
        *superiors_of(session, data.get("manager_id")),
        *(who_see_into(session, department) if opens or _moves(account, department) else []),
        *(who_may_become_superior(session) if places else []),
    ]
    guard = Guard(session, caller, gainers if opens else [account, *gainers], account if opens else None)
    if data.get("manager_id", account.manager_id) != account.manager_id:
        account.manager_follows = False
    account.fill_in(**values)
    account.work_in(department)
    _check_roles(account, values.get("roles", []))
    if appointments is not None:
        _check_appointments(session, caller, account, appointments)
        account.appoint(appointments)
    if opens:
        session.add(account)
    followed = follow_positions(session) if places else []
    guard.check()
    if not reaches(session, caller, WRITE, account.id):
        raise Forbidden("account-out-of-reach", "You keep no accounts there.")
    if lasted and not account.is_lasting_administrator and not lasting_members(session, ADMINISTRATOR):
        raise Conflict("last-administrator", "Nobody else could administer the system for good.")
    return [each for each in followed if each is not account]


def tell_change(session: Session, account: Account, followed: list[Account]) -> None:
    """Tell of an account that was changed, of what it may do now, and of others whose superior has changed with it."""
    publish(session, account, AccountChanged.of(account))
    publish(session, account, AccessChanged(account_id=account.id))
    for each in followed:
        publish(session, each, AccountChanged.of(each))


def _check_roles(account: Account, roles: list[Role]) -> None:
    if any(role.institution_id not in (None, account.institution_id) for role in roles):
        text = "A role of an institution is for its people alone."
        raise Invalid.field("roles", Fault("role-of-another-institution", text))


def _check_appointments(
    session: Session, caller: Caller, account: Account, appointments: list[Appointment]
) -> None:
    """Refuse to appoint somebody where the caller keeps no accounts: what is shared with the department they would see.

    Raises:
        Forbidden: ``account-out-of-reach``.
    """
    known = {each.position_id for each in account.appointments}
    for each in appointments:
        department = session.get_one(Department, each.position.department_id)
        if each.position_id not in known and not reaches_department(caller, WRITE, department):
            raise Forbidden("account-out-of-reach", "You keep no accounts there.")


def _moves(account: Account, department: Department | None) -> bool:
    return account.department_id != (department.id if department else None)


def _places(
    session: Session, account: Account, data: dict[str, Any]
) -> tuple[list[Appointment] | None, Department | None]:
    """Return the positions that the input gives, None where it gives none, and the department that somebody has then.

    Raises:
        Invalid: if a position or a department is unknown, or the main position is not in the department.
    """
    given = data.get("appointments")
    appointments = None if given is None else appointments_named(session, account, given)
    held = account.appointments if appointments is None else appointments
    main = next((each.position for each in held if each.kind == MAIN), None)
    named = data.get("department_id", account.department_id)
    if main is None or named == main.department_id:
        return appointments, department_named(session, named, "department_id")
    if named is not None and "department_id" in data and (given is None or named != account.department_id):
        text = "The main position belongs to another department."
        raise Invalid.field("department_id", Fault("department-of-position", text))
    return appointments, department_named(session, main.department_id, "department_id")


def ensure_may_do_no_more(caller: Caller, account: Account) -> None:
    """Refuse to touch somebody who may do more than the caller.

    Raises:
        Forbidden: ``account-out-of-reach``.
    """
    if not covers(caller, account.permissions, account.parts):
        raise Forbidden("account-out-of-reach", "This person may do more than you.")


def _check_superior(session: Session, account: Account, data: dict[str, Any]) -> None:
    # Who sends an account back with the superior it has, changes none.
    if data["manager_id"] != account.manager_id:
        account_named(session, data["manager_id"], "manager_id")
    if reports_to(session, data["manager_id"], account.id):
        raise Invalid.field(
            "manager_id", Fault("below-itself", "A superior cannot report to the same person.")
        )
