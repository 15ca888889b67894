"""What comes in about addresses, and what goes out."""

from customer.addresses.model import KINDS, OFFICE
from servicekit.base.fields import AccountId, Code, Id, Integer, Schema, Text, Timestamp


class AddressSchema(Schema):
    """A place of a customer."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    customer_id = Id(label=("所属客户", "Customer"), dump_only=True)
    owner_id = Id(reference="account", dump_only=True)
    kind = Code(KINDS, label=("地址类型", "Kind"), load_default=OFFICE)
    country = Text(
        60, label=("国家", "Country"), load_default=None, allow_none=True, metadata={"example": "中国"}
    )
    province = Text(
        60, label=("省份", "Province"), load_default=None, allow_none=True, metadata={"example": "上海市"}
    )
    city = Text(
        60, label=("城市", "City"), load_default=None, allow_none=True, metadata={"example": "上海市"}
    )
    district = Text(
        60, label=("区县", "District"), load_default=None, allow_none=True, metadata={"example": "浦东新区"}
    )
    street = Text(200, label=("详细地址", "Street"), required=True, metadata={"example": "张江路 88 号 3 楼"})
    postal_code = Text(
        20,
        label=("邮政编码", "Postal code"),
        load_default=None,
        allow_none=True,
        metadata={"example": "201203"},
    )
    colleague_id = AccountId(label=("我方联络人", "Colleague"), load_default=None, allow_none=True)
    remark = Text(500, label=("备注", "Remark"), load_default=None, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
