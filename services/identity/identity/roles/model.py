"""The role."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Table, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from identity.base import Base
from identity.roles.permissions import resolved
from servicekit import Conflict, Record, guarded

ADMINISTRATOR = "administrator"

ACCOUNT_ROLE = Table(
    "account_role",
    Base.metadata,
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", Uuid, ForeignKey("role.id"), primary_key=True, index=True),
)
"""Who has which role (ID-18)."""


def _ready_made(role: Any) -> Conflict | None:
    text = "A role that came with the system cannot be deleted."
    return Conflict("role-ready-made", text) if role.ready else None


class Role(Record, Base):
    """A named set of permissions (ID-17)."""

    __tablename__ = "role"

    code: Mapped[str] = mapped_column(unique=True)
    """What it is called by in requests and flows; never changes."""
    name: Mapped[str]
    permissions: Mapped[dict[str, Any]]
    """Scope by permission: ``{"contract.sign": "own"}``."""
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    """The institution for whose people alone it holds (ID-17)."""
    departments: Mapped[list[Any]] = mapped_column(default=list)
    """What the scope ``departments`` stands for: ``{"department_id": …, "below": true}``."""
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For which kinds of records a permission is held, where not for all: a tree of conditions each (CU-20)."""
    ready: Mapped[bool] = mapped_column(default=False)
    """Whether it came with the system."""
    handed_out: Mapped[list[Any]] = mapped_column(default=list)
    """The permissions that releases have given to a ready role; what the organisation took away is not given again."""

    @property
    def grants(self) -> dict[str, str]:
        """What it allows, as services read it."""
        return resolved(self.permissions, self.departments)

    def fill_in(self, **values: Any) -> None:
        """Change what the role is called and allows, and for whom; None leaves name and permissions as they are.

        Raises:
            Conflict: ``administrator-role-fixed``; nobody could mend it once it is broken.
        """
        permissions = values.get("permissions")
        narrowed = permissions is not None and permissions != self.permissions
        if self.code == ADMINISTRATOR and (narrowed or values.get("institution_id")):
            raise Conflict("administrator-role-fixed", "The administrator role allows everything, always.")
        self.permissions = self.permissions if permissions is None else permissions
        self.name = values.get("name") or self.name
        self.departments = values.get("departments", self.departments)
        self.institution_id = values.get("institution_id", self.institution_id)
        # With a permission goes its limit.
        limits = values.get("limits", self.limits)
        self.limits = {name: where for name, where in limits.items() if name in self.permissions}

    @property
    def parts(self) -> dict[str, list[tuple[str, Any]]]:
        """What it allows, each permission with its limit."""
        return {name: [(scope, self.limits.get(name))] for name, scope in self.grants.items()}

    def hand_out(self, permissions: dict[str, str]) -> bool:
        """Take what a release gives that none before it gave; tell whether that changes what the role allows."""
        new = {name: scope for name, scope in permissions.items() if name not in self.handed_out}
        if not new:
            return False
        self.handed_out = sorted({*self.handed_out, *new})
        before, self.permissions = self.permissions, {**new, **self.permissions}
        return self.permissions != before

    @guarded(_ready_made)
    def ensure_deletable(self) -> None:
        """Only roles that the organisation made may be deleted (ID-17)."""
