"""What comes in about products, and what goes out."""

from decimal import Decimal

from servicekit.base.fields import Currency, Flag, Id, Integer, Money, Schema, Text, Timestamp


class ProductSchema(Schema):
    """A product."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    code = Text(60, label=("产品编码", "Code"), metadata={"example": "GTX-PRO"})
    name = Text(200, label=("产品名称", "Name"), required=True, metadata={"example": "GTX Pro 专业版"})
    category = Text(
        100, label=("类别说明", "Category in words"), load_default=None, metadata={"example": "GTX"}
    )
    category_id = Id(
        label=("类别", "Category"),
        reference="product_category",
        load_default=None,
        metadata={"example": None},
    )
    unit = Text(20, label=("计量单位", "Unit"), load_default=None, metadata={"example": "套"})
    price = Money(
        label=("标准售价", "List price"), minimum=0, load_default=Decimal(0), metadata={"example": "4821.00"}
    )
    currency = Currency(load_default="CNY")
    active = Flag(label=("启用", "Active"), load_default=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
