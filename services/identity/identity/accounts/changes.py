"""Changing an account by the rules that look at more than the account itself."""

from typing import Any

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import account_named, lasting_members, reports_to
from identity.accounts.reach import WRITE, Guard, superiors_of, who_see_into
from identity.departments.queries import department_named
from identity.roles.model import ADMINISTRATOR
from identity.roles.permissions import covers, union
from identity.roles.queries import roles_called
from servicekit import Caller, Conflict, Fault, Forbidden, Invalid, reaches


def change_account(
    session: Session, caller: Caller, account: Account, data: dict[str, Any], *, opens: bool = False
) -> None:
    """Fill in what a caller gives for an account; the directory is locked by now.

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
    values = {name: value for name, value in data.items() if name not in ("role_codes", "department_id")}
    if "role_codes" in data:
        values["roles"] = roles_called(session, data["role_codes"])
        if not covers(caller, union(role.grants for role in values["roles"])):
            raise Forbidden("account-out-of-reach", "You may not give anybody more than you may do yourself.")
    department = department_named(session, data.get("department_id"), "department_id")
    if data.get("manager_id") is not None:
        _check_superior(session, account, data)
    gainers = [*superiors_of(session, data.get("manager_id")), *who_see_into(session, department)]
    guard = Guard(session, caller, gainers if opens else [account, *gainers], account if opens else None)
    account.fill_in(**values)
    if "department_id" in data:
        account.work_in(department)
    if opens:
        session.add(account)
    guard.check()
    if not reaches(session, caller, WRITE, account.id):
        raise Forbidden("account-out-of-reach", "You keep no accounts there.")
    if lasted and not account.is_lasting_administrator and not lasting_members(session, ADMINISTRATOR):
        raise Conflict("last-administrator", "Nobody else could administer the system for good.")


def ensure_may_do_no_more(caller: Caller, account: Account) -> None:
    """Refuse to touch somebody who may do more than the caller.

    Raises:
        Forbidden: ``account-out-of-reach``.
    """
    if not covers(caller, account.permissions):
        raise Forbidden("account-out-of-reach", "This person may do more than you.")


def _check_superior(session: Session, account: Account, data: dict[str, Any]) -> None:
    # Who sends an account back with the superior it has, changes none.
    if data["manager_id"] != account.manager_id:
        account_named(session, data["manager_id"], "manager_id")
    if reports_to(session, data["manager_id"], account.id):
        raise Invalid.field(
            "manager_id", Fault("below-itself", "A superior cannot report to the same person.")
        )
