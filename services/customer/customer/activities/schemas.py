"""What comes in about activities, and what goes out."""

from customer.activities.model import KINDS
from servicekit import utcnow
from servicekit.base.fields import Code, Id, Integer, PastTimestamp, PlannedTimestamp, Schema, Text, Timestamp


class ActivitySchema(Schema):
    """A record of what was done."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    customer_id = Id(label=("客户", "Customer"), dump_only=True)
    author_id = Id(label=("记录人", "Author"), reference="account", dump_only=True)
    kind = Code(KINDS, label=("跟进方式", "Kind"), required=True)
    subject = Text(
        200, label=("主题", "Subject"), load_default=None, allow_none=True, metadata={"example": "产品演示"}
    )
    content = Text(
        10_000,
        label=("跟进内容", "Content"),
        required=True,
        multiline=True,
        metadata={"example": "演示了报价流程，客户要求下周报价。"},
    )
    occurred_at = PastTimestamp(label=("跟进时间", "Occurred"), load_default=utcnow)
    contact_id = Id(
        label=("联系人", "Contact"), load_default=None, allow_none=True, metadata={"example": None}
    )
    opportunity_id = Id(label=("商机", "Opportunity"), load_default=None, allow_none=True)
    lead_id = Id(label=("线索", "Lead"), load_default=None, allow_none=True, metadata={"example": None})
    next_contact_at = PlannedTimestamp(
        label=("下次联系时间", "Next contact"),
        load_default=None,
        allow_none=True,
        metadata={"example": "2026-11-29T02:00:00+00:00"},
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
