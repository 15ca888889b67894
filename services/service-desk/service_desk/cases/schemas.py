"""What comes in about cases, and what goes out."""

from service_desk.cases.model import ACTIONS, CHANNELS, KINDS, PRIORITIES, SOURCES, STATUSES
from service_desk.customers.model import CustomerCopy
from servicekit.base.fields import (
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
from servicekit.nouns.foreign_names import ForeignName
from servicekit.nouns.reading_history import HistoryEntrySchema

SOLUTION = "已重置导出权限，客户确认可以导出。"


class CaseDetailsSchema(Schema):
    """What is known about a case and may be corrected."""

    customer_id = Id(label=("客户", "Customer"), required=True)
    contact_id = Id(label=("联系人", "Contact"), load_default=None, allow_none=True)
    subject = Text(
        200, label=("工单主题", "Subject"), required=True, metadata={"example": "无法导出客户列表"}
    )
    description = Text(
        5000,
        label=("问题描述", "Description"),
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": "点击导出后提示没有权限。"},
    )
    source = Code(SOURCES, label=("工单来源", "Source"), load_default="customer_request")
    channel = Code(CHANNELS, label=("受理渠道", "Channel"), required=True)
    kind = Code(KINDS, label=("工单类型", "Kind"), load_default="request")
    priority = Code(
        PRIORITIES, label=("优先级", "Priority"), load_default="normal", metadata={"example": "normal"}
    )
    phone = Phone(
        label=("联系电话", "Phone"), load_default=None, allow_none=True, metadata={"example": "021-5588 1234"}
    )
    phone_e164 = E164(
        label=("联系电话（国际格式）", "Phone (international)"), metadata={"example": "+862155881234"}
    )
    serial_number = Text(
        100,
        label=("产品序列号", "Serial number"),
        load_default=None,
        allow_none=True,
        metadata={"example": "SN-2026-000123"},
    )


class CaseSchema(CaseDetailsSchema):
    """A service case."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(label=("工单编号", "Number"), dump_only=True, metadata={"example": "FW20261122-0001"})
    status = Code(STATUSES, label=("工单状态", "Status"), dump_only=True)
    customer_name = ForeignName(CustomerCopy, "上海云图科技有限公司", label=("客户名称", "Customer name"))
    owner_id = Id(reference="account", dump_only=True)
    opened_by = Id(label=("受理人", "Opened by"), reference="account", dump_only=True)
    handler_id = AccountId(label=("处理人", "Handler"), allow_none=True)
    solution = Text(
        label=("解决方案", "Solution"), dump_only=True, allow_none=True, metadata={"example": SOLUTION}
    )
    rating = Integer(label=("满意度评分", "Rating"), dump_only=True, allow_none=True, metadata={"example": 5})
    rating_comment = Text(
        label=("客户评价", "Rating comment"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "处理很快"},
    )
    started_at = Timestamp(label=("开始处理时间", "Started"), dump_only=True, allow_none=True)
    resolved_at = Timestamp(label=("解决时间", "Resolved"), dump_only=True, allow_none=True)
    closed_at = Timestamp(label=("关闭时间", "Closed"), dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class AssignmentSchema(Schema):
    """Who is to handle a case."""

    handler_id = AccountId(label=("处理人", "Handler"), required=True)


class PauseSchema(Schema):
    """What a case waits for."""

    reason = Text(
        500, label=("等待原因", "Reason for waiting"), required=True, metadata={"example": "等待客户提供截图"}
    )


class SolutionSchema(Schema):
    """How a case was solved."""

    solution = Text(
        5000, label=("解决方案", "Solution"), required=True, multiline=True, metadata={"example": SOLUTION}
    )


class ClosingSchema(Schema):
    """How a case ended; the solution may have been given before, and the rating may come later."""

    solution = Text(
        5000,
        label=("解决方案", "Solution"),
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": SOLUTION},
    )
    rating = Integer(
        label=("满意度评分", "Rating"),
        minimum=1,
        maximum=5,
        load_default=None,
        allow_none=True,
        metadata={"example": 5},
    )
    rating_comment = Text(
        1000,
        label=("客户评价", "Rating comment"),
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": "处理很快"},
    )


class RatingSchema(Schema):
    """How the customer rates what was done, from 1 to 5."""

    rating = Integer(
        label=("满意度评分", "Rating"), minimum=1, maximum=5, required=True, metadata={"example": 5}
    )
    rating_comment = Text(
        1000,
        label=("客户评价", "Rating comment"),
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": "处理很快"},
    )


class ReopeningSchema(Schema):
    """Why a case is taken up again."""

    reason = Text(
        500,
        label=("重新打开原因", "Reason for reopening"),
        required=True,
        metadata={"example": "问题再次出现"},
    )


class CaseChangeSchema(HistoryEntrySchema):
    """One step of a case, or another change of it: who did what and when, and what it changed."""

    action = Code(ACTIONS, label=("步骤", "Action"), dump_only=True)
    from_status = Code(STATUSES, label=("原状态", "From status"), dump_only=True, allow_none=True)
    to_status = Code(STATUSES, label=("新状态", "To status"), dump_only=True)
    handler_id = Id(label=("处理人", "Handler"), reference="account", dump_only=True, allow_none=True)
    remark = Text(label=("说明", "Remark"), dump_only=True, allow_none=True)
    actor_id = Id(label=("操作人", "Actor"), reference="account", dump_only=True)
    correlation_id = Id(label=("流程标识", "Process"), reference="", dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
