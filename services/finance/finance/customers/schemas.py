"""What goes out about the customer of a record."""

from finance.customers.model import CustomerCopy
from servicekit.nouns.foreign_names import ForeignName


class CustomerName(ForeignName):
    """What the customer of a record is called, beside its id, for those who may see the customer."""

    def __init__(self) -> None:
        super().__init__(CustomerCopy, "上海云图科技有限公司", label=("客户名称", "Customer name"))
