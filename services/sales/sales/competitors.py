"""Competitors (SA-38): whom opportunities are won from and lost to."""

from sqlalchemy.orm import Mapped, mapped_column

from sales.base import Base
from sales.libraries import ensure_unnamed
from servicekit import Noun, Record
from servicekit.base.fields import Code, Flag, Id, Integer, Schema, Text, Timestamp
from servicekit.base.web_fields import Website

THREATS = {"high": ("高", "High"), "medium": ("中", "Medium"), "low": ("低", "Low")}


class Competitor(Record, Base):
    """A company that sells what we sell; it has no owner, everybody in sales sees the same library."""

    __tablename__ = "competitor"

    name: Mapped[str]
    """Unique by its key (``kehu_key``)."""
    website: Mapped[str | None]
    threat: Mapped[str] = mapped_column(default="medium")
    products: Mapped[str | None]
    strengths: Mapped[str | None]
    weaknesses: Mapped[str | None]
    remark: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)

    def ensure_deletable(self) -> None:
        """Refuse to go while an opportunity names it."""
        ensure_unnamed(self)


class CompetitorSchema(Schema):
    """A competitor."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(200, label=("名称", "Name"), required=True, metadata={"example": "蓝海软件有限公司"})
    website = Website(
        label=("网站", "Website"), load_default=None, metadata={"example": "https://www.lanhai.example"}
    )
    threat = Code(THREATS, label=("威胁程度", "Threat"), load_default="medium")
    products = Text(
        2000, label=("竞争产品", "Competing products"), load_default=None, multiline=True,
        metadata={"example": "蓝海 CRM 标准版"},
    )  # fmt: skip
    strengths = Text(
        2000, label=("优势", "Strengths"), load_default=None, multiline=True, metadata={"example": "价格低"}
    )
    weaknesses = Text(
        2000, label=("劣势", "Weaknesses"), load_default=None, multiline=True, metadata={"example": "实施慢"}
    )
    remark = Text(2000, label=("备注", "Remark"), load_default=None, multiline=True)
    active = Flag(label=("启用", "Active"), load_default=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


COMPETITORS = Noun(
    Competitor, CompetitorSchema, "/v1/competitors", label=("竞争对手", "Competitors"), row="SA-38",
    filters="name~ threat active", sorts="created_at name", errors=("competitor-name-taken",),
    delete_errors=("competitor-in-use",),
)  # fmt: skip


@COMPETITORS.operations("list get create change delete restate")
class CompetitorOperations:
    """The library of competitors."""
