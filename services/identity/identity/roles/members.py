"""Roles given and taken from their side (ID-18)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.changes import change_account, tell_change
from identity.accounts.model import Account
from identity.accounts.queries import NAMED_REFUSED, people_named
from identity.accounts.reach import WRITE
from identity.approvals.again import choose_again
from identity.base import DIRECTORY, take_turns
from identity.groups.schemas import NewMembersSchema
from identity.roles.model import Role
from identity.roles.queries import READ
from servicekit import Caller, NotFound, load, operation

REFUSED = ("account-out-of-reach", "reach-widened", "last-administrator", "not-a-person")


class RoleMemberOperations:
    """Who has a role."""

    @operation(
        "POST /v1/roles/{role_id}/members",
        permission=WRITE,
        tag="accounts",
        accepts=NewMembersSchema,
        errors=(*REFUSED, "stale-version", *NAMED_REFUSED),
    )
    def add_role_members(self, session: Session, caller: Caller, role_id: UUID, data: dict[str, Any]) -> None:
        """Give a role to people, all or none (ID-18)."""
        take_turns(session, DIRECTORY)
        role = load(session, Role, role_id, caller, READ)
        for named in people_named(session, data["account_ids"], "account_ids"):
            account = load(session, Account, named.id, caller, WRITE, any_version=True)
            _change(session, caller, account, {*account.role_codes, role.code})
        choose_again(session)

    @operation(
        "DELETE /v1/roles/{role_id}/members/{account_id}",
        permission=WRITE,
        tag="accounts",
        errors=(*REFUSED, "role-member-not-found", "stale-version"),
    )
    def remove_role_member(self, session: Session, caller: Caller, role_id: UUID, account_id: UUID) -> None:
        """Take a role from somebody (ID-18)."""
        take_turns(session, DIRECTORY)
        role = load(session, Role, role_id, caller, READ)
        account = load(session, Account, account_id, caller, WRITE, any_version=True)
        if role.code not in account.role_codes:
            raise NotFound("role-member-not-found", "They do not have the role.")
        _change(session, caller, account, {*account.role_codes} - {role.code})
        choose_again(session)


def _change(session: Session, caller: Caller, account: Account, codes: set[str]) -> None:
    account.ensure_person()
    followed = change_account(session, caller, account, {"role_codes": sorted(codes)})
    tell_change(session, account, followed)
    session.flush()
