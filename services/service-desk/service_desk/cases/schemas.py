"""What comes in about cases, and what goes out."""

from service_desk.cases.model import ACTIONS, CHANNELS, KINDS, PRIORITIES, SOURCES, STATUSES
from servicekit.fields import (
    E164,
    AccountId,
    Code,
    Id,
    Integer,
    Phone,
    Schema,
    Text,
    Timestamp,
)

SOLUTION = "已重置导出权限，客户确认可以导出。"


class CaseDetailsSchema(Schema):
    """What is known about a case and may be corrected."""

    customer_id = Id(required=True)
    contact_id = Id(load_default=None, allow_none=True)
    subject = Text(200, required=True, metadata={"example": "无法导出客户列表"})
    description = Text(
        5000,
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": "点击导出后提示没有权限。"},
    )
    source = Code(SOURCES, load_default="customer_request")
    channel = Code(CHANNELS, required=True)
    kind = Code(KINDS, load_default="request")
    priority = Code(PRIORITIES, load_default="normal", metadata={"example": "normal"})
    phone = Phone(load_default=None, allow_none=True, metadata={"example": "021-5588 1234"})
    phone_e164 = E164(metadata={"example": "+862155881234"})
    serial_number = Text(100, load_default=None, allow_none=True, metadata={"example": "SN-2026-000123"})


class CaseSchema(CaseDetailsSchema):
    """A service case."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(dump_only=True, metadata={"example": "FW20261122-0001"})
    status = Code(STATUSES, dump_only=True)
    customer_name = Text(dump_only=True, allow_none=True, metadata={"example": "上海云图科技有限公司"})
    owner_id = Id(dump_only=True)
    opened_by = Id(dump_only=True)
    handler_id = AccountId(allow_none=True)
    solution = Text(dump_only=True, allow_none=True, metadata={"example": SOLUTION})
    rating = Integer(dump_only=True, allow_none=True, metadata={"example": 5})
    rating_comment = Text(dump_only=True, allow_none=True, metadata={"example": "处理很快"})
    started_at = Timestamp(dump_only=True, allow_none=True)
    resolved_at = Timestamp(dump_only=True, allow_none=True)
    closed_at = Timestamp(dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class AssignmentSchema(Schema):
    """Who is to handle a case."""

    handler_id = AccountId(required=True)


class PauseSchema(Schema):
    """What a case waits for."""

    reason = Text(500, required=True, metadata={"example": "等待客户提供截图"})


class SolutionSchema(Schema):
    """How a case was solved."""

    solution = Text(5000, required=True, multiline=True, metadata={"example": SOLUTION})


class ClosingSchema(Schema):
    """How a case ended; the solution may have been given before, and the rating may come later."""

    solution = Text(5000, load_default=None, allow_none=True, multiline=True, metadata={"example": SOLUTION})
    rating = Integer(minimum=1, maximum=5, load_default=None, allow_none=True, metadata={"example": 5})
    rating_comment = Text(
        1000, load_default=None, allow_none=True, multiline=True, metadata={"example": "处理很快"}
    )


class RatingSchema(Schema):
    """How the customer rates what was done, from 1 to 5."""

    rating = Integer(minimum=1, maximum=5, required=True, metadata={"example": 5})
    rating_comment = Text(
        1000, load_default=None, allow_none=True, multiline=True, metadata={"example": "处理很快"}
    )


class ReopeningSchema(Schema):
    """Why a case is taken up again."""

    reason = Text(500, required=True, metadata={"example": "问题再次出现"})


class CaseChangeSchema(Schema):
    """One step of a case."""

    id = Id(dump_only=True)
    action = Code(ACTIONS, dump_only=True)
    from_status = Code(STATUSES, dump_only=True, allow_none=True)
    to_status = Code(STATUSES, dump_only=True)
    handler_id = Id(dump_only=True, allow_none=True)
    remark = Text(dump_only=True, allow_none=True)
    actor_id = Id(dump_only=True)
    created_at = Timestamp(dump_only=True)
