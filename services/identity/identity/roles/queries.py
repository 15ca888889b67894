"""Roles found: lists, and by what they are called."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from identity.permits import GOVERN
from identity.roles.model import ACCOUNT_ROLE, Role
from identity.roles.schemas import RoleSchema
from servicekit import Fault, Invalid, Noun

ROLES = Noun(
    Role,
    RoleSchema,
    "/v1/roles",
    label=("角色", "Roles"),
    row="ID-17",
    deeds={"write": GOVERN},
    filters="code name~ ready institution_id",
    sorts="created_at code name",
    default="created_at",
    tells="",
)
READ, WRITE = ROLES.permission, ROLES.writing


def roles_called(session: Session, codes: Sequence[str]) -> list[Role]:
    """Return the roles with some codes, each once.

    Raises:
        Invalid: with an entry for each code that no role has.
    """
    found = {role.code: role for role in session.scalars(select(Role).where(Role.code.in_(codes)))}
    errors = [
        {"field": f"roles.{place}", "message": Fault("unknown-role", "There is no such role.")}
        for place, code in enumerate(codes)
        if code not in found
    ]
    if errors:
        raise Invalid("invalid-input", "Some roles are unknown.", errors)
    return list(found.values())


def known_codes(session: Session, codes: Sequence[str]) -> set[str]:
    """Return those codes that a role has."""
    return set(session.scalars(select(Role.code).where(Role.code.in_(codes))))


def is_held(session: Session, role: Role) -> bool:
    """Tell whether anybody has a role."""
    return bool(session.scalar(select(exists().where(ACCOUNT_ROLE.c.role_id == role.id))))
