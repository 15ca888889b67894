"""The department; it knows its place in the tree."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from identity.base import Base
from servicekit import Fault, Invalid, Record


class Department(Record, Base):
    """A part of the organisation, below another one or at the top (ID-02)."""

    __tablename__ = "department"

    name: Mapped[str]
    """Unique by its key (``kehu_key``) among those under one parent."""
    code: Mapped[str | None]
    """What people and imports call it by (ID-03); unique by its key."""
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("department.id"))
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    """The institution that it belongs to with all departments above it; none until the first ``prepare`` after the
    release that brought institutions."""
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    """The ids from the top of the tree to the department itself."""

    if TYPE_CHECKING:
        members: Mapped[int]

    def place_under(self, parent: "Department | None") -> None:
        """Put the department below another, or at the top.

        Raises:
            Invalid: if the other one is the department itself or stands below it.
        """
        if parent is not None and self.id in parent.path:
            raise Invalid.field("parent_id", Fault("below-itself", "A department cannot stand below itself."))
        self.parent_id = parent.id if parent else None
        self.path = [*(parent.path if parent else []), self.id]
        if parent is not None:
            self.institution_id = parent.institution_id

    def follow(self, moved: "Department") -> None:
        """Take over the new path, and the institution, of a department above."""
        self.institution_id = moved.institution_id
        self.path = [*moved.path, *self.path[self.path.index(moved.id) + 1 :]]
