"""What comes in about customers, and what goes out."""

from marshmallow import ValidationError

from customer.contacts.schemas import ContactSchema
from customer.customers.model import (
    BASIC,
    COMPANY,
    KINDS,
    MODEL,
    PILOT,
    POTENTIAL,
    STATUS_STEPS,
    STATUSES,
    SUCCESS,
)
from servicekit import CustomValues, Fault, Term
from servicekit.base.fields import (
    E164,
    AccountId,
    Code,
    Email,
    Flag,
    Id,
    Integer,
    List,
    Nested,
    Phone,
    Schema,
    Text,
    Timestamp,
)
from servicekit.base.texts import HANZI, name_key
from servicekit.base.web_fields import Website
from servicekit.nouns.besides import PRIVATE, SHARINGS
from servicekit.nouns.pool_schemas import (
    claim_state_shown,
    claim_state_taken,
    claimed_at_shown,
    pool_shown,
    pool_taken,
)


class CustomerSchema(Schema):
    """A customer."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(label=("客户编号", "Number"), dump_only=True, metadata={"example": "KH20261122-0001"})
    status = Code(STATUSES, label=("客户状态", "Status"), dump_only=True)
    frozen_from = Code(
        STATUSES,
        label=("冻结前状态", "Frozen from"),
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    approval_id = Id(label=("审批", "Approval"), dump_only=True, allow_none=True, metadata={"example": None})
    approval_step = Code(
        STATUS_STEPS, label=("审批中的操作", "Waits for"), dump_only=True, allow_none=True,
        metadata={"example": None},
    )  # fmt: skip
    name = Text(200, label=("客户名称", "Name"), required=True, metadata={"example": "上海云图科技有限公司"})
    kind = Code(KINDS, label=("客户类型", "Kind"), load_default=COMPANY)
    owner_id = AccountId()
    industry = Term(
        "industry",
        label=("所属行业", "Industry"),
        load_default=None,
        allow_none=True,
        metadata={"example": "软件"},
    )
    region = Term(
        "region",
        label=("所在区域", "Region"),
        load_default=None,
        allow_none=True,
        metadata={"example": "华东"},
    )
    source = Term(
        "source",
        label=("客户来源", "Source"),
        load_default=None,
        allow_none=True,
        metadata={"example": "展会"},
    )
    grade = Term(
        "grade",
        50,
        label=("客户等级", "Grade"),
        load_default=None,
        allow_none=True,
        metadata={"example": "A"},
    )
    phone = Phone(
        label=("电话", "Phone"), load_default=None, allow_none=True, metadata={"example": "021-6277 0334"}
    )
    phone_e164 = E164(
        label=("电话（国际格式）", "Phone (international)"), metadata={"example": "+862162770334"}
    )
    website = Website(label=("网址", "Website"), load_default=None, allow_none=True)
    email = Email(
        label=("邮箱", "Email"), load_default=None, allow_none=True, metadata={"example": "info@example.com"}
    )
    remark = Text(2000, label=("备注", "Remark"), load_default=None, allow_none=True, multiline=True)
    sharing = Code(
        SHARINGS,
        label=("公私属性", "Sharing"),
        load_default=PRIVATE,
        metadata={"description": "Public: the whole department of its owner sees it too (CU-06)."},
    )
    pool_id = pool_shown()
    claim_state = claim_state_shown()
    claimed_at = claimed_at_shown()
    custom = CustomValues("customer")
    last_activity_at = Timestamp(label=("最近跟进时间", "Last activity"), dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class UpgradeSchema(Schema):
    """Which status comes next; it must be named where there are two."""

    to = Code(
        {status: STATUSES[status] for status in (BASIC, POTENTIAL, SUCCESS, PILOT, MODEL)},
        label=("升级为", "To"), load_default=None, allow_none=True, metadata={"example": POTENTIAL},
    )  # fmt: skip


class DowngradeSchema(Schema):
    """Which lower status; the next one unless another is named."""

    to = Code(
        {status: STATUSES[status] for status in (BASIC, POTENTIAL, SUCCESS)},
        label=("降级为", "To"), load_default=None, allow_none=True, metadata={"example": BASIC},
    )  # fmt: skip


class NewCustomerSchema(CustomerSchema):
    """A customer to be, with its primary contact; more contacts come after saving (CU-03)."""

    pool_id = pool_taken()
    claim_state = claim_state_taken()
    contact = Nested(
        ContactSchema,
        label=("首要联系人", "Primary contact"),
        load_default=None,
        allow_none=True,
        load_only=True,
    )


def _says_enough(term: str) -> None:
    letters = name_key(term).replace(" ", "")
    if len(HANZI.findall(letters)) < 2 and len(letters) < 3:
        raise ValidationError(
            Fault("says-too-little", "Give two Chinese characters or three others at least.")
        )


class LookupQuerySchema(Schema):
    """What is typed before a customer is created."""

    name = Text(
        100,
        label=("名称关键字", "Part of the name"),
        required=True,
        validate=_says_enough,
        metadata={"example": "云图", "description": "A part of the name, in characters or pinyin."},
    )


class LookalikeSchema(Schema):
    """A customer whose name holds what was typed; all but the name only of those the caller may see."""

    always = ("name",)

    name = Text(label=("客户名称", "Name"), dump_only=True, metadata={"example": "上海云图科技有限公司"})
    owner_name = Text(
        label=("负责人", "Owner"), dump_only=True, allow_none=True, metadata={"example": "张伟"}
    )
    id = Id(dump_only=True)
    number = Text(label=("客户编号", "Number"), dump_only=True, metadata={"example": "KH20261122-0001"})
    status = Code(STATUSES, label=("客户状态", "Status"), dump_only=True)


class LookupSchema(Schema):
    """The customers found; those of exactly the name come first."""

    items = List(Nested(LookalikeSchema), label=("相似客户", "Look-alikes"), dump_only=True)
    more = Flag(label=("还有更多", "More"), dump_only=True, metadata={"example": False})
