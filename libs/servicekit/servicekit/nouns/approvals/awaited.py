"""What a service has asked consent for, and what came of it: told again from here, and compared with identity."""

from datetime import datetime
from functools import cache
from types import new_class
from typing import Any, ClassVar, Self, cast
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from servicekit.base.database import KitBase, utcnow
from servicekit.messages.events import Event


class Awaited(KitBase):
    """An approval that was asked for."""

    __tablename__ = "awaited_approval"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    noun: Mapped[str]
    record_id: Mapped[UUID]
    step: Mapped[str]
    flow_id: Mapped[UUID | None]
    requester_id: Mapped[UUID]
    owner_id: Mapped[UUID | None]
    title: Mapped[str]
    facts: Mapped[dict[str, Any]]
    given: Mapped[dict[str, Any]]
    """What the step was asked with, for whoever carries it out."""
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    outcome: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class ApprovalAsked(Event):
    """Consent is needed to a step of a record: identity asks those whom the flow names (GW-56)."""

    type: ClassVar[str] = "approval.asked"
    brief: ClassVar[str] = "what those who decide need to know of the record; the rest is at its address"
    about: ClassVar[str] = "subject_id"
    example: ClassVar[dict[str, Any]] = {
        "approval_id": "01936f3a-7c00-7000-8000-000000000004",
        "subject_type": "contract",
        "subject_id": "01936f3a-7c00-7000-8000-000000000001",
        "step": "submit",
        "title": "HT20261122-0001 上海云图科技 2027 年度合同",
        "requester_id": "01936f3a-7c00-7000-8000-000000000003",
        "owner_id": "01936f3a-7c00-7000-8000-000000000003",
        "flow_id": "01936f3a-7c00-7000-8000-000000000005",
        "facts": {"amount": "12000.00", "currency": "CNY"},
    }

    approval_id: UUID
    subject_type: str
    subject_id: UUID
    step: str
    title: str
    requester_id: UUID
    owner_id: UUID | None
    flow_id: UUID | None
    facts: dict[str, Any]

    @classmethod
    def told_of(cls, awaited: Awaited) -> Self:
        """Return the event that asks for what a record waits for."""
        return cls(
            approval_id=awaited.id, subject_type=awaited.noun, subject_id=awaited.record_id, step=awaited.step,
            title=awaited.title, requester_id=awaited.requester_id, owner_id=awaited.owner_id,
            flow_id=awaited.flow_id, facts=awaited.facts,
        )  # fmt: skip


@cache
def of_package(event: type[ApprovalAsked], module: str) -> type[ApprovalAsked]:
    """Return the event as one of the package that a module stands in: its contract file names what it publishes."""

    def fill(namespace: dict[str, Any]) -> None:
        namespace.update(
            __module__=module.partition(".")[0] + ".events", __doc__=event.__doc__, brief=event.brief
        )

    return cast(type[ApprovalAsked], new_class(event.__name__, (event,), exec_body=fill))
