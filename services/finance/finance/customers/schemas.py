"""What records of finance say of their customer."""

from servicekit.base.fields import Text


class CustomerName(Text):
    """What the customer of a record is called, beside its id."""

    def __init__(self) -> None:
        super().__init__(
            label=("客户名称", "Customer name"),
            dump_only=True,
            allow_none=True,
            metadata={"example": "上海云图科技有限公司"},
        )
