"""What can be asked about roles."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.queries import holders
from identity.accounts.reach import Guard
from identity.approvals.again import choose_again
from identity.approvals.queries import is_in_flows
from identity.base import DIRECTORY, take_turns
from identity.departments.queries import given
from identity.events import AccessChanged
from identity.institutions.queries import institution_named
from identity.roles.limits import check_limits
from identity.roles.model import Role
from identity.roles.permissions import covers, may_do_no_more
from identity.roles.queries import ROLES, WRITE, is_held
from identity.roles.schemas import RoleSchema
from servicekit import Caller, Conflict, Fault, Forbidden, Invalid, load, operation, publish, publish_deletion


@ROLES.operations("list get")
class RoleOperations:
    """Roles and what they allow."""

    @operation(
        "POST /v1/roles",
        permission=WRITE,
        accepts=RoleSchema,
        returns=RoleSchema,
        creates=True,
        errors=("role-code-taken", "permission-out-of-reach"),
    )
    def create_role(self, session: Session, caller: Caller, data: dict[str, Any]) -> Role:
        """Make a role, with no more than one may do oneself (ID-17)."""
        take_turns(session, DIRECTORY)
        role = Role(code=data["code"], name=data["name"], permissions={})
        _fill_in(session, caller, role, data)
        session.add(role)
        publish(session, role, AccessChanged(account_id=None))
        return role

    @operation(
        "PATCH /v1/roles/{role_id}",
        permission=WRITE,
        accepts=RoleSchema,
        returns=RoleSchema,
        only_if=may_do_no_more,
        errors=("administrator-role-fixed", "permission-out-of-reach", "reach-widened", "stale-version"),
    )
    def update_role(self, session: Session, caller: Caller, role_id: UUID, data: dict[str, Any]) -> Role:
        """Change a role's name or what it allows; it holds for everybody who has it, at once (ID-18)."""
        take_turns(session, DIRECTORY)
        role = load(session, Role, role_id, caller, WRITE)
        if data.get("code", role.code) != role.code:
            raise Invalid.field("code", Fault("code-fixed", "The code of a role cannot be changed."))
        _ensure_within_reach(caller, role)
        guard = Guard(session, caller, holders(session, role))
        _fill_in(session, caller, role, data)
        guard.check()
        publish(session, role, AccessChanged(account_id=None))
        session.flush()
        choose_again(session)
        return role

    @operation(
        "DELETE /v1/roles/{role_id}",
        permission=WRITE,
        does=Role.ensure_deletable,
        errors=("role-ready-made", "role-in-use"),
    )
    def delete_role(self, session: Session, caller: Caller, role_id: UUID) -> None:
        """Delete a role that nobody has and no flow of approval in use asks (ID-17)."""
        take_turns(session, DIRECTORY)
        role = load(session, Role, role_id, caller, WRITE)
        role.ensure_deletable()
        if is_held(session, role):
            raise Conflict("role-in-use", "People still have this role.")
        if is_in_flows(session, role=role.code):
            raise Conflict("role-in-use", "A flow of approval in use asks this role.")
        publish_deletion(session, role, AccessChanged(account_id=None))


def _fill_in(session: Session, caller: Caller, role: Role, data: dict[str, Any]) -> None:
    """Take over what a caller gives for a role; the directory is locked by now.

    Raises:
        Invalid: if a department or the institution is unknown.
        Forbidden: ``permission-out-of-reach``.
    """
    values = {name: value for name, value in data.items() if name != "code"}
    if "departments" in values:
        values["departments"] = given(session, values["departments"])
    if values.get("institution_id") is not None:
        institution_named(session, values["institution_id"])
    if "limits" in values:
        check_limits(values["limits"], values.get("permissions") or role.permissions)
    role.fill_in(**values)
    _ensure_within_reach(caller, role)


def _ensure_within_reach(caller: Caller, role: Role) -> None:
    if not covers(caller, role.grants, role.parts):
        raise Forbidden("permission-out-of-reach", "You may not hand out more than you may do yourself.")
