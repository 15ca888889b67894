"""Competitors of an opportunity (SA-38): who else wants to win it, with what, and how that ended."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from sales.competitors import THREATS, Competitor
from sales.libraries import check_entry, told_of
from sales.opportunities.model import LOST, STATUSES, Opportunity
from sales.opportunities.queries import OPPORTUNITIES
from servicekit import Below, Caller, Fault, Invalid, Noun, Record, Totals, Within, operation, publish
from servicekit.base.fields import Code, Currency, Id, Integer, Money, Schema, Text, Timestamp
from servicekit.base.money import check_amount

COMPETING, WON = "competing", "won"
OUTCOMES = {
    COMPETING: ("竞争中", "Competing"),
    "withdrawn": ("已退出", "Withdrawn"),
    "lost": ("对手落败", "Lost"),
    WON: ("对手胜出", "Won"),
}
"""How it ended for the competitor."""


class OpportunityCompetitor(Record, Within, Base):
    """A competitor that stands in an opportunity, once."""

    __tablename__ = "opportunity_competitor"
    __table_args__ = (UniqueConstraint("opportunity_id", "competitor_id", name="uq_opportunity_competitor"),)
    belongs_to: ClassVar[Mapping[str, str]] = {"opportunity": "opportunity_id"}

    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunity.id"))
    competitor_id: Mapped[UUID] = mapped_column(ForeignKey("competitor.id"))
    products: Mapped[str | None]
    strengths: Mapped[str | None]
    weaknesses: Mapped[str | None]
    price: Mapped[Decimal | None]
    currency: Mapped[str]
    threat: Mapped[str]
    strategy: Mapped[str | None]
    outcome: Mapped[str]
    remark: Mapped[str | None]

    opportunity_name: Mapped[str] = told_of(Opportunity.name, opportunity_id, "opportunity_id")
    opportunity_status: Mapped[str] = told_of(Opportunity.status, opportunity_id, "opportunity_id")
    competitor_name: Mapped[str] = told_of(Competitor.name, competitor_id, "competitor_id")

    def fill_in(self, **values: Any) -> None:
        """Set what is named; the price has the digits of its currency."""
        super().fill_in(**values)
        if self.price is not None and values.keys() & {"price", "currency"}:
            check_amount("price", self.price, self.currency)


class OpportunityCompetitorSchema(Schema):
    """A competitor of an opportunity."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    opportunity_id = Id(label=("商机", "Opportunity"), dump_only=True)
    opportunity_name = Text(
        label=("商机名称", "Opportunity name"), dump_only=True, metadata={"example": "上海云图科技 CRM 采购"}
    )
    opportunity_status = Code(STATUSES, label=("商机状态", "Status of the opportunity"), dump_only=True)
    competitor_id = Id(label=("竞争对手", "Competitor"), required=True)
    competitor_name = Text(
        label=("竞争对手名称", "Competitor name"), dump_only=True, metadata={"example": "蓝海软件有限公司"}
    )
    threat = Code(THREATS, label=("威胁程度", "Threat"), load_default="medium")
    products = Text(
        2000, label=("竞争产品", "What they offer"), load_default=None, multiline=True,
        metadata={"example": "蓝海 CRM 标准版，含两年服务"},
    )  # fmt: skip
    price = Money(label=("对手报价", "Price offered"), minimum=0, load_default=None)
    currency = Currency()
    strengths = Text(
        2000, label=("优势", "Strengths"), load_default=None, multiline=True, metadata={"example": "价格低"}
    )
    weaknesses = Text(
        2000, label=("劣势", "Weaknesses"), load_default=None, multiline=True, metadata={"example": "实施慢"}
    )
    strategy = Text(
        2000, label=("应对策略", "Our counter-strategy"), load_default=None, multiline=True,
        metadata={"example": "强调本地实施团队，安排客户参观"},
    )  # fmt: skip
    outcome = Code(OUTCOMES, label=("竞争结果", "Outcome"), load_default=COMPETING)
    remark = Text(2000, label=("备注", "Remark"), load_default=None, multiline=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class CompetitionSchema(Schema):
    """How often a competitor stood in opportunities that ended alike, and what these were worth in one currency."""

    competitor_id = Id(label=("竞争对手", "Competitor"), dump_only=True)
    status = Code(STATUSES, label=("商机状态", "Status of the opportunity"), dump_only=True)
    outcome = Code(OUTCOMES, label=("竞争结果", "Outcome"), dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(label=("商机金额", "Amount of the opportunities"), dump_only=True)
    count = Integer(label=("商机数", "Count"), dump_only=True)


def check(session: Session, above: Opportunity, part: OpportunityCompetitor, values: dict[str, Any]) -> None:
    """Look at what is said of a competitor; its price is in the opportunity's currency unless it says another."""
    check_entry(session, Competitor, part, above.id, values)
    if part.currency is None:
        values.setdefault("currency", above.currency)
    if values.get("outcome") == WON != part.outcome and above.status != LOST:
        raise Invalid.field("outcome", Fault("not-lost", "Nobody else has won it: it is not lost."))


OPPORTUNITY_COMPETITORS = Noun(
    OpportunityCompetitor, OpportunityCompetitorSchema, "/v1/opportunity-competitors",
    label=("商机竞争对手", "Competitors of opportunities"), row="SA-38",
    below=Below(OPPORTUNITIES, "competitors", checks=check),
    filters="opportunity_id competitor_id threat outcome opportunity_status", sorts="created_at",
    errors=("opportunity-competitor-taken",),
    leaves_out={
        **dict.fromkeys(("opportunity_name", "opportunity_status"), "the opportunity's own events tell it"),
        "competitor_name": "the competitor's own events tell it",
    },
    example={"currency": "CNY"},
)  # fmt: skip


def compete_again(session: Session, opportunity: Opportunity) -> None:
    """Let nobody have won an opportunity that goes on."""
    part = OpportunityCompetitor
    for each in session.scalars(
        select(part).where(part.opportunity_id == opportunity.id, part.outcome == WON)
    ):
        each.fill_in(outcome=COMPETING)
        publish(session, each, OPPORTUNITY_COMPETITORS.updated.of(each))


def _of_opportunity(column: Any, name: str) -> Any:
    above = select(column).where(Opportunity.id == OpportunityCompetitor.opportunity_id)
    return above.correlate(OpportunityCompetitor).scalar_subquery().label(name)


COMPETITION = Totals(
    OPPORTUNITY_COMPETITORS,
    CompetitionSchema,
    by=(
        OpportunityCompetitor.competitor_id,
        _of_opportunity(Opportunity.status, "status"),
        OpportunityCompetitor.outcome,
        _of_opportunity(Opportunity.currency, "currency"),
    ),
    sums={"amount": _of_opportunity(Opportunity.amount, "amount")},
)


@OPPORTUNITY_COMPETITORS.operations("list get create change delete restate")
class OpportunityCompetitorOperations:
    """Competitors of opportunities."""

    @operation("GET /v1/opportunity-competitors/totals", lists=COMPETITION)
    def total_opportunity_competitors(
        self, session: Session, caller: Caller, query: dict[str, str]
    ) -> dict[str, Any]:
        """Count the opportunities that competitors stand in, by how both ended, and sum them up (SA-38).

        Of the opportunities that the caller may see; ``filter[competitor_id]`` asks for one competitor.
        """
        return COMPETITION.page(session, caller, query)
