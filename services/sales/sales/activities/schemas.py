"""What comes in about activities, and what goes out."""

from sales.activities.model import KINDS
from servicekit import utcnow
from servicekit.base.fields import Code, Id, Integer, PastTimestamp, PlannedTimestamp, Schema, Text, Timestamp


class SalesActivitySchema(Schema):
    """A record of what was done with a lead or an opportunity."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    lead_id = Id(label=("线索", "Lead"), dump_only=True, allow_none=True)
    opportunity_id = Id(
        label=("商机", "Opportunity"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    author_id = Id(label=("记录人", "Author"), reference="account", dump_only=True)
    kind = Code(KINDS, label=("跟进方式", "Kind"), required=True)
    subject = Text(
        200, label=("主题", "Subject"), load_default=None, allow_none=True, metadata={"example": "首次通话"}
    )
    content = Text(
        10_000,
        label=("跟进内容", "Content"),
        required=True,
        multiline=True,
        metadata={"example": "介绍了产品，约好下周演示。"},
    )
    occurred_at = PastTimestamp(label=("跟进时间", "Occurred"), load_default=utcnow)
    next_contact_at = PlannedTimestamp(
        label=("下次联系时间", "Next contact"),
        load_default=None,
        allow_none=True,
        metadata={"example": "2026-11-29T02:00:00+00:00"},
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
