"""Who decides for somebody while they are away (GW-56)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, and_, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.accounts.model import IN_SERVICE, Account
from identity.base import Base
from servicekit import Record


class Delegation(Record, Base):
    """From one moment to another somebody answers what another one is asked; both may."""

    __tablename__ = "approval_delegation"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    """Who is away."""
    delegate_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    """Who decides for them."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str | None]


def holds_now() -> ColumnElement[bool]:
    """Return the condition that a delegation holds at this moment."""
    return and_(Delegation.starts_at <= func.now(), Delegation.ends_at > func.now())


def absent_for(session: Session, account_id: UUID) -> Sequence[Account]:
    """Return those whom somebody decides for now: who works here still and is not locked, oldest account first."""
    away = select(Delegation.account_id).where(Delegation.delegate_id == account_id, holds_now())
    able = (Account.status == IN_SERVICE, Account.locked.is_(False), Account.id != account_id)
    return session.scalars(select(Account).where(Account.id.in_(away), *able).order_by(Account.id)).all()
