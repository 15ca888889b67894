"""The contact: a person at a customer."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from customer.base import Base
from customer.spelling import spellings
from servicekit import Fault, Invalid, Owned, Record
from servicekit.base.phones import comparable_number, dialled, digits
from servicekit.base.texts import name_key

INTENTIONS = {
    "supports": ("支持", "Supports"),
    "neutral": ("中立", "Neutral"),
    "opposes": ("反对", "Opposes"),
}


_KEYS = {"mobile": comparable_number, "office_phone": comparable_number}
"""By what identifying fields are compared; the others by ``name_key``."""


class Contact(Record, Owned, Base):
    """A person at a customer (CU-49). One of them is the primary contact (CU-03).

    The owner is the customer's, copied so that access rules find it on the row.
    """

    __tablename__ = "contact"
    granted_as: ClassVar[tuple[str, str] | None] = ("customer", "customer_id")

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[str]
    salutation: Mapped[str | None]
    title: Mapped[str | None]
    mobile: Mapped[str | None]
    mobile_e164: Mapped[str | None]
    office_phone: Mapped[str | None]
    office_phone_e164: Mapped[str | None]
    home_phone: Mapped[str | None]
    home_phone_e164: Mapped[str | None]
    email: Mapped[str | None]
    birthday: Mapped[date | None]
    intention: Mapped[str | None]
    remark: Mapped[str | None]
    is_primary: Mapped[bool] = mapped_column(default=False)
    introduced_by: Mapped[UUID | None]
    """Whose lead brought this person (SA-19); whoever it is may always look at them."""

    pinyin: Mapped[str]
    search_text: Mapped[str]
    """Everything the contact can be found by, in one text, as a customer's."""

    _dialled = dialled("mobile", "office_phone", "home_phone")

    def fill_in(self, **values: Any) -> None:
        """Set what the card holds, and what the contact is found by.

        Args:
            values: columns by name.

        Raises:
            Invalid: if the primary contact would be none any more; another one has to take its place instead.
        """
        if self.is_primary and values.get("is_primary") is False:
            raise Invalid.field(
                "is_primary", Fault("primary-needed", "Make another contact the primary one instead.")
            )
        for name, value in values.items():
            setattr(self, name, value)
        self.pinyin, self.search_text = found_by(self)

    def agrees_in(self, person: dict[str, str | None]) -> int:
        """Return in how many identifying fields a person agrees with this one; 0 where any of them disagrees (SA-19).

        Args:
            person: ``name``, and where known ``mobile``, ``office_phone`` and ``email``.
        """
        agreeing = 0
        for field, value in person.items():
            known = getattr(self, field)
            if not value or not known:
                continue
            if _KEYS.get(field, name_key)(value) != _KEYS.get(field, name_key)(known):
                return 0
            agreeing += 1
        return agreeing

    def gaps(self, values: dict[str, str | None]) -> dict[str, str]:
        """Return those of some values whose fields are empty here."""
        return {name: value for name, value in values.items() if value and not getattr(self, name)}


def found_by(contact: Any) -> tuple[str, str]:
    """Return how a contact's name is spelled, and everything that it can be found by."""
    numbers = [
        digits(getattr(contact, name + written) or "")
        for name in ("mobile", "office_phone", "home_phone")
        for written in ("", "_e164")
    ]
    pinyin = spellings(contact.name, person=True)
    return pinyin, " ".join(
        part for part in (name_key(contact.name), pinyin, *numbers, contact.email) if part
    )
