"""The address: one of the places of a customer."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from customer.base import Base
from servicekit import Owned, Record

OFFICE = "office"
KINDS = {
    OFFICE: ("办公地址", "Office"),
    "registered": ("注册地址", "Registered"),
    "delivery": ("收货地址", "Delivery"),
    "billing": ("开票地址", "Billing"),
    "other": ("其他", "Other"),
}


class Address(Record, Owned, Base):
    """A place of a customer, by its kind (CU-24).

    The owner is the customer's, copied so that access rules find it on the row.
    """

    __tablename__ = "address"
    granted_as: ClassVar[tuple[str, str] | None] = ("customer", "customer_id")

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[str] = mapped_column(default=OFFICE)
    country: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    street: Mapped[str]
    postal_code: Mapped[str | None]
    colleague_id: Mapped[UUID | None]
    """Our own employee who looks after this place; it is no contact of the customer."""
    remark: Mapped[str | None]
