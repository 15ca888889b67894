"""The user group."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Table, Uuid, func, select
from sqlalchemy.orm import Mapped, column_property

from identity.base import Base
from servicekit import Record

MEMBER = Table(
    "user_group_member",
    Base.metadata,
    Column("group_id", Uuid, ForeignKey("user_group.id", ondelete="CASCADE"), primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""Who is in which group."""


class UserGroup(Record, Base):
    """People whom records are shared with and work is given to together (ID-26)."""

    __tablename__ = "user_group"

    name: Mapped[str]
    """Unique by its key (``kehu_key``)."""
    description: Mapped[str | None]

    if TYPE_CHECKING:
        members: Mapped[int]


UserGroup.members = column_property(
    select(func.count()).where(MEMBER.c.group_id == UserGroup.id).scalar_subquery(), deferred=True
)
"""How many are in it, counted where it is shown."""
