"""What comes in about activities, and what goes out."""

from sales.activities.model import KINDS
from servicekit import utcnow
from servicekit.fields import Code, Id, Integer, PastTimestamp, Schema, Text, Timestamp


class SalesActivitySchema(Schema):
    """A record of what was done with a lead or an opportunity."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    lead_id = Id(dump_only=True, allow_none=True)
    opportunity_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    author_id = Id(dump_only=True)
    kind = Code(KINDS, required=True)
    subject = Text(200, load_default=None, allow_none=True, metadata={"example": "首次通话"})
    content = Text(10_000, required=True, multiline=True, metadata={"example": "介绍了产品，约好下周演示。"})
    occurred_at = PastTimestamp(load_default=utcnow)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
