"""Partners (SA-37): companies that opportunities are won together with."""

from sqlalchemy.orm import Mapped, mapped_column

from sales.base import Base
from sales.libraries import ensure_unnamed
from servicekit import Noun, Record
from servicekit.base.fields import E164, Code, Email, Flag, Id, Integer, Phone, Schema, Text, Timestamp
from servicekit.base.phones import dialled
from servicekit.base.web_fields import Website

KINDS = {
    "reseller": ("经销商", "Reseller"),
    "agent": ("代理商", "Agent"),
    "integrator": ("集成商", "System integrator"),
    "technology": ("技术伙伴", "Technology partner"),
    "other": ("其他", "Other"),
}


class Partner(Record, Base):
    """A company that sells or delivers with us; it has no owner, everybody in sales sees the same library."""

    __tablename__ = "partner"

    name: Mapped[str]
    """Unique by its key (``kehu_key``)."""
    kind: Mapped[str] = mapped_column(default="reseller")
    contact_name: Mapped[str | None]
    phone: Mapped[str | None]
    phone_e164: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    remark: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)

    _dialled = dialled("phone")

    def ensure_deletable(self) -> None:
        """Refuse to go while an opportunity names it."""
        ensure_unnamed(self)


class PartnerSchema(Schema):
    """A partner."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(200, label=("名称", "Name"), required=True, metadata={"example": "华东渠道有限公司"})
    kind = Code(KINDS, label=("合作类型", "Kind"), load_default="reseller")
    contact_name = Text(100, label=("联系人", "Contact"), load_default=None, metadata={"example": "陈晨"})
    phone = Phone(label=("电话", "Phone"), load_default=None)
    phone_e164 = E164(label=("电话（国际格式）", "Phone (international)"))
    email = Email(label=("邮箱", "Email"), load_default=None)
    website = Website(label=("网站", "Website"), load_default=None)
    remark = Text(2000, label=("备注", "Remark"), load_default=None, multiline=True)
    active = Flag(label=("启用", "Active"), load_default=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


PARTNERS = Noun(
    Partner, PartnerSchema, "/v1/partners", label=("合作伙伴", "Partners"), row="SA-37",
    filters="name~ phone~ kind active", sorts="created_at name", errors=("partner-name-taken",),
    delete_errors=("partner-in-use",),
)  # fmt: skip


@PARTNERS.operations("list get create change delete restate")
class PartnerOperations:
    """The library of partners."""
