"""Changing an account by the rules that look at more than the account itself."""

from typing import Any

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import able_members, reports_to
from identity.departments.queries import department_named
from identity.roles.model import ADMINISTRATOR
from identity.roles.permissions import covers, union
from identity.roles.queries import roles_called
from servicekit import Caller, Conflict, Forbidden, Invalid


def change_account(session: Session, caller: Caller, account: Account, data: dict[str, Any]) -> None:
    """Fill in what a caller gives for an account.

    Raises:
        Invalid: if a department, a superior or a role is unknown, or the superior reports to the account.
        Forbidden: ``account-out-of-reach``, if the account may do more than the caller, before or after.
        Conflict: ``last-administrator``, if nobody would be left who can do everything.
    """
    ensure_within_reach(caller, account)
    was_administrator = account.is_administrator
    if "role_codes" in data:
        data["roles"] = roles_called(session, data.pop("role_codes"))
        if not covers(caller, union(role.permissions for role in data["roles"])):
            raise Forbidden("account-out-of-reach", "You may not give anybody more than you may do yourself.")
    department_named(session, data.get("department_id"), "department_id")
    if data.get("manager_id") is not None:
        _check_superior(session, account, data)
    account.fill_in(**data)
    if was_administrator and not account.is_administrator:
        session.flush()
        if not able_members(session, ADMINISTRATOR):
            raise Conflict("last-administrator", "Nobody else could administer the system.")


def ensure_within_reach(caller: Caller, account: Account) -> None:
    """Refuse to touch somebody who may do more than the caller: that would be a way to become them."""
    if not covers(caller, account.permissions):
        raise Forbidden("account-out-of-reach", "This person may do more than you.")


def _check_superior(session: Session, account: Account, data: dict[str, Any]) -> None:
    if session.get(Account, data["manager_id"]) is None:
        raise Invalid.field("manager_id", "There is no such account.")
    if reports_to(session, data["manager_id"], account.id):
        raise Invalid.field("manager_id", "A superior cannot report to the same person.")
