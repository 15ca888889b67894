"""What comes in about bank accounts, and what goes out."""

from decimal import Decimal

from servicekit.base.fields import Currency, Flag, Id, Integer, Money, Schema, Text, Timestamp


class BankAccountSchema(Schema):
    """An account of ours."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(100, label=("账户名称", "Name"), required=True, metadata={"example": "基本户"})
    bank = Text(
        200,
        label=("开户银行", "Bank"),
        load_default=None,
        allow_none=True,
        metadata={"example": "招商银行上海分行"},
    )
    number = Text(
        50,
        label=("银行账号", "Account number"),
        load_default=None,
        allow_none=True,
        metadata={"example": "121900000012345"},
    )
    currency = Currency(load_default="CNY")
    opening_balance = Money(
        label=("期初余额", "Opening balance"), load_default=Decimal(0), metadata={"example": "0.00"}
    )
    balance = Money(label=("当前余额", "Balance"), dump_only=True)
    active = Flag(label=("启用", "Active"), load_default=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
