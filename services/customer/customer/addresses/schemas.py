"""What comes in about addresses, and what goes out."""

from customer.addresses.model import KINDS
from servicekit.fields import AccountId, Code, Id, Integer, Schema, Text, Timestamp


class AddressSchema(Schema):
    """A place of a customer."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    customer_id = Id(dump_only=True)
    owner_id = Id(dump_only=True)
    kind = Code(KINDS, load_default=KINDS[0])
    country = Text(60, load_default=None, allow_none=True, metadata={"example": "中国"})
    province = Text(60, load_default=None, allow_none=True, metadata={"example": "上海市"})
    city = Text(60, load_default=None, allow_none=True, metadata={"example": "上海市"})
    district = Text(60, load_default=None, allow_none=True, metadata={"example": "浦东新区"})
    street = Text(200, required=True, metadata={"example": "张江路 88 号 3 楼"})
    postal_code = Text(20, load_default=None, allow_none=True, metadata={"example": "201203"})
    colleague_id = AccountId(load_default=None, allow_none=True)
    remark = Text(500, load_default=None, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
