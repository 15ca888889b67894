"""What comes in about who decides for whom, and what goes out."""

from servicekit.base.fields import Id, Integer, Schema, Text, Timestamp


class DelegationSchema(Schema):
    """From one moment to another somebody decides what another one is asked."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    account_id = Id(label=("委托人", "Who is away"), reference="account")
    """Left out it is the caller."""
    delegate_id = Id(label=("代理人", "Who decides for them"), reference="account", required=True)
    starts_at = Timestamp(label=("开始时间", "From"), required=True)
    ends_at = Timestamp(label=("结束时间", "Until"), required=True)
    reason = Text(
        200, label=("原因", "Reason"), load_default=None, allow_none=True, metadata={"example": "年假"}
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
