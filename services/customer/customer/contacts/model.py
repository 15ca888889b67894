"""The contact: a person at a customer."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from customer.base import Base
from customer.spelling import name_key
from servicekit import Invalid, Owned, Record

INTENTIONS = ("supports", "neutral", "opposes")


class Contact(Record, Owned, Base):
    """A person at a customer (CU-49). One of them is the primary contact (CU-03).

    The owner is the customer's, copied so that access rules find it on the row.
    """

    __tablename__ = "contact"

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[str]
    salutation: Mapped[str | None]
    title: Mapped[str | None]
    mobile: Mapped[str | None]
    office_phone: Mapped[str | None]
    home_phone: Mapped[str | None]
    email: Mapped[str | None]
    birthday: Mapped[date | None]
    intention: Mapped[str | None]
    remark: Mapped[str | None]
    is_primary: Mapped[bool] = mapped_column(default=False)

    def fill_in(self, **values: Any) -> None:
        """Set what the card holds.

        Args:
            values: columns by name.

        Raises:
            Invalid: if the primary contact would be none any more; another one has to take its place instead.
        """
        if self.is_primary and values.get("is_primary") is False:
            raise Invalid.field("is_primary", "Make another contact the primary one instead.")
        for name, value in values.items():
            setattr(self, name, value)

    def is_same_person(self, name: str, mobile: str | None, email: str | None) -> bool:
        """Tell whether a person is this one: by mobile, by mail address, or by name where no number says otherwise."""
        if mobile and self.mobile:
            return mobile == self.mobile
        if email and email == self.email:
            return True
        return name_key(name) == name_key(self.name)
