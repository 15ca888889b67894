"""Partners of an opportunity (SA-37): who helps to win it, for which share and commission."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from sales.libraries import check_entry, told_of
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES
from sales.partners import Partner
from servicekit import Below, Fault, Invalid, Noun, Record, Within
from servicekit.base.fields import (
    E164,
    Code,
    Currency,
    Id,
    Integer,
    Money,
    Number,
    Phone,
    Schema,
    Text,
    Timestamp,
)
from servicekit.base.money import check_amount
from servicekit.base.phones import dialled

ROLES = {
    "referral": ("引荐", "Referral"),
    "reseller": ("转售", "Resale"),
    "delivery": ("实施交付", "Delivery"),
    "technology": ("技术支持", "Technology"),
    "contractor": ("总包", "General contractor"),
    "other": ("其他", "Other"),
}


class OpportunityPartner(Record, Within, Base):
    """A partner in an opportunity, once."""

    __tablename__ = "opportunity_partner"
    __table_args__ = (UniqueConstraint("opportunity_id", "partner_id", name="uq_opportunity_partner"),)
    belongs_to: ClassVar[Mapping[str, str]] = {"opportunity": "opportunity_id"}

    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"))
    role: Mapped[str]
    share: Mapped[Decimal | None]
    """Percent of the amount; those of all partners are 100 at most."""
    commission: Mapped[Decimal | None]
    currency: Mapped[str]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_phone_e164: Mapped[str | None]
    remark: Mapped[str | None]

    opportunity_name: Mapped[str] = told_of(Opportunity.name, opportunity_id, "opportunity_id")
    partner_name: Mapped[str] = told_of(Partner.name, partner_id, "partner_id")

    _dialled = dialled("contact_phone")

    def fill_in(self, **values: Any) -> None:
        """Set what is named; the commission has the digits of its currency."""
        super().fill_in(**values)
        if self.commission is not None and values.keys() & {"commission", "currency"}:
            check_amount("commission", self.commission, self.currency)


class OpportunityPartnerSchema(Schema):
    """A partner of an opportunity."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    opportunity_id = Id(label=("商机", "Opportunity"), dump_only=True)
    opportunity_name = Text(
        label=("商机名称", "Opportunity name"), dump_only=True, metadata={"example": "上海云图科技 CRM 采购"}
    )
    partner_id = Id(label=("合作伙伴", "Partner"), required=True)
    partner_name = Text(
        label=("合作伙伴名称", "Partner name"), dump_only=True, metadata={"example": "华东渠道有限公司"}
    )
    role = Code(ROLES, label=("合作角色", "Role"), load_default="reseller")
    share = Number(
        label=("分成比例（%）", "Share (%)"),
        minimum=0,
        maximum=100,
        load_default=None,
        metadata={"example": "30"},
    )
    commission = Money(label=("佣金", "Commission"), minimum=0, load_default=None)
    currency = Currency()
    contact_name = Text(100, label=("联系人", "Contact"), load_default=None, metadata={"example": "陈晨"})
    contact_phone = Phone(label=("联系电话", "Phone"), load_default=None)
    contact_phone_e164 = E164(label=("联系电话（国际格式）", "Phone (international)"))
    remark = Text(2000, label=("备注", "Remark"), load_default=None, multiline=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


def check(session: Session, above: Opportunity, part: OpportunityPartner, values: dict[str, Any]) -> None:
    """Look at what is said of a partner; its commission is in the opportunity's currency unless it says another."""
    check_entry(session, Partner, part, above.id, values)
    if part.currency is None:
        values.setdefault("currency", above.currency)
    if (share := values.get("share")) is not None:
        _check_share(session, above, part, share)


def _check_share(session: Session, above: Opportunity, part: OpportunityPartner, share: Decimal) -> None:
    """Refuse what the other partners have left nothing for; nobody else changes them meanwhile."""
    others = select(func.coalesce(func.sum(OpportunityPartner.share), 0)).where(
        OpportunityPartner.opportunity_id == above.id, OpportunityPartner.id != part.id
    )
    left = 100 - Decimal(session.scalar(others) or 0)
    if share > left:
        fault = Fault(
            "shares-above-whole", "The other partners leave {left} percent.", left=f"{left.normalize():f}"
        )
        raise Invalid.field("share", fault)


OPPORTUNITY_PARTNERS = Noun(
    OpportunityPartner, OpportunityPartnerSchema, "/v1/opportunity-partners",
    label=("商机合作伙伴", "Partners of opportunities"), row="SA-37",
    below=Below(OPPORTUNITIES, "partners", checks=check),
    filters="opportunity_id partner_id role", sorts="created_at",
    errors=("opportunity-partner-taken",),
    leaves_out={
        "opportunity_name": "the opportunity's own events tell it",
        "partner_name": "the partner's own events tell it",
    },
    example={"currency": "CNY"},
)  # fmt: skip


@OPPORTUNITY_PARTNERS.operations("list get create change delete restate")
class OpportunityPartnerOperations:
    """Partners of opportunities."""
