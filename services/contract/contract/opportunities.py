"""The opportunities as the contract service knows them: whose they are, and for which customer."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from contract.base import Base
from servicekit import Copied, Follows, From


class OpportunityCopy(Copied, Base):
    """An opportunity that a contract may come from."""

    __tablename__ = "opportunity_copy"
    of = From("sales", "opportunity", told="created updated won lost reopened", merges=False, shared=True)

    customer_id: Mapped[UUID | None]


class OpportunityHandlers(Follows, copy=OpportunityCopy):
    """Keeps the copy of opportunities (CT-21)."""
