"""The position, and its appointments."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from identity.base import Base
from servicekit import Eager, Record, today

MAIN, CONCURRENT = "main", "concurrent"
KINDS = {MAIN: ("主职", "Main"), CONCURRENT: ("兼职", "Concurrent")}


class Appointment(Eager, Base):
    """Somebody holds a position: one as their main position, others besides (ID-06)."""

    __tablename__ = "appointment"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    position_id: Mapped[UUID] = mapped_column(ForeignKey("position.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(default=MAIN)
    started_on: Mapped[date] = mapped_column(default=today)

    position: Mapped["Position"] = relationship(lazy="joined", innerjoin=True)


class Position(Record, Base):
    """A place that people are appointed to; it belongs to exactly one department (ID-04)."""

    __tablename__ = "position"

    name: Mapped[str]
    """Unique by its key in its department."""
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"))
    superior_id: Mapped[UUID | None] = mapped_column(ForeignKey("position.id"))
    """The position whose holder is the superior of this one's."""
    management: Mapped[bool] = mapped_column(default=False)
    """Whether its holder is the head of the department."""

    appointments: Mapped[list[Appointment]] = relationship(
        order_by=(Appointment.started_on, Appointment.account_id), lazy="selectin", viewonly=True
    )

    @property
    def holder_ids(self) -> list[UUID]:
        """Who holds it, whoever has held it longest first."""
        return [appointment.account_id for appointment in self.appointments]
