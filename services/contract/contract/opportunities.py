"""The opportunities as the contract service knows them: whose they are, and for which customer."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from contract.base import Base
from servicekit import Copied, Follows


class OpportunityCopy(Copied, Base):
    """An opportunity that a contract may come from."""

    __tablename__ = "opportunity_copy"

    customer_id: Mapped[UUID | None]


class OpportunityHandlers(
    Follows,
    copy=OpportunityCopy,
    source="sales",
    noun="opportunity",
    shared=True,
    told=("created", "updated", "won", "lost", "reopened"),
    merges=False,
):
    """Keeps the copy of opportunities (CT-21)."""
