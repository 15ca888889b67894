"""The approval flow: which subjects it is for, and who has to agree in which order."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from identity.base import Base
from servicekit import Record

SUBJECT_TYPES = {"contract": ("合同", "Contract")}
SUBJECT_PATHS = {"contract": "/v1/contracts"}
"""Where the subjects are, whose fields the trees of conditions are on."""
PERSON, ROLE, SUPERIOR = "person", "role", "superior"
STEP_KINDS = {PERSON: ("指定人员", "Person"), ROLE: ("角色", "Role"), SUPERIOR: ("直属上级", "Superior")}


class ApprovalFlow(Record, Base):
    """A flow that subjects of one type are bound to by a condition (GW-56)."""

    __tablename__ = "approval_flow"

    name: Mapped[str]
    subject_type: Mapped[str]
    condition: Mapped[dict[str, Any]]
    """``{"nature": "income", "currency": "CNY", "amount_from": "10000.00"}``; what is missing matches all."""
    where: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """A tree of conditions on the subject that has to hold too (decision 41)."""
    priority: Mapped[int] = mapped_column(default=0)
    """Of several flows that match, the one with the highest is taken."""
    steps: Mapped[list[Any]]
    """``[{"kind": "person", "account_id": …}, {"kind": "role", "role": …}, {"kind": "superior"}]``, in order."""
    allow_own: Mapped[bool] = mapped_column(default=False)
    """Whether whoever requests may agree too, where they are one of those asked."""
    active: Mapped[bool] = mapped_column(default=True)

    def fill_in(self, **values: Any) -> None:
        """Set columns by name; approvals on their way keep the steps they began with."""
        for name, value in values.items():
            setattr(self, name, value)
