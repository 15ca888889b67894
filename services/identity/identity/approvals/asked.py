"""Who is asked in a step of an approval, why, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from identity.approvals.states import APPROVED, FLOW, PENDING
from identity.base import Base
from servicekit import Eager, new_id, utcnow


class Answered:
    """What somebody decided, of a step or of what they were asked in it."""

    state: Mapped[str] = mapped_column(default=PENDING)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    comment: Mapped[str] = mapped_column(default="")


class Asked(Answered, Eager, Base):
    """A person, or anybody with a role or in a user group, who is asked in a step."""

    __tablename__ = "approval_asked"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    step: Mapped[int]
    account_id: Mapped[UUID | None]
    account_name: Mapped[str | None]
    role: Mapped[str | None]
    group_id: Mapped[UUID | None]
    because: Mapped[str] = mapped_column(default=FLOW)
    required: Mapped[bool] = mapped_column(default=False)
    """Whether the step does not end without this answer; of those that are not required one is enough."""
    instead_of_id: Mapped[UUID | None]
    """Who was asked first, if an answer of theirs would do as well."""
    by_id: Mapped[UUID | None]
    by_name: Mapped[str | None]
    """Who added them, or handed it on to them."""
    note: Mapped[str | None]
    """Why, in words."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    on_behalf_of_id: Mapped[UUID | None]
    on_behalf_of_name: Mapped[str | None]
    """Who was away, if somebody answered for them."""

    @property
    def first_id(self) -> UUID:
        """Who stands for all whose answers do as well as this one."""
        return self.instead_of_id or self.id

    def is_for(self, account_id: UUID, roles: Collection[str], groups: Collection[UUID]) -> bool:
        """Tell whether it is somebody's to answer, who has these roles and is in these groups."""
        return self.account_id == account_id or self.role in roles or self.group_id in groups

    def answer(
        self, outcome: str, account_id: UUID, name: str, comment: str, on_behalf_of: tuple[UUID, str] | None
    ) -> None:
        """Write down what somebody answered."""
        self.state, self.decided_at, self.comment = outcome, utcnow(), comment
        self.decided_by_id, self.decided_by_name = account_id, name
        if on_behalf_of is not None:
            self.on_behalf_of_id, self.on_behalf_of_name = on_behalf_of


def is_agreed(seats: Sequence[Asked]) -> bool:
    """Tell whether whoever must agree in a step has: all who are required, and one of the others if there are any."""
    circles: dict[UUID, list[Asked]] = {}
    for each in seats:
        circles.setdefault(each.first_id, []).append(each)
    agreed = {first: any(each.state == APPROVED for each in circle) for first, circle in circles.items()}
    required = {first for first, circle in circles.items() if any(each.required for each in circle)}
    others = circles.keys() - required
    return all(agreed[first] for first in required) and (not others or any(agreed[first] for first in others))
