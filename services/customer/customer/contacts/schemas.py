"""What comes in about contacts, and what goes out."""

from datetime import date

from customer.contacts.model import INTENTIONS
from servicekit.fields import (
    E164,
    Code,
    Email,
    Flag,
    Id,
    Integer,
    PastDate,
    Phone,
    Schema,
    Text,
    Timestamp,
)


class ContactSchema(Schema):
    """A person at a customer."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    customer_id = Id(dump_only=True)
    owner_id = Id(dump_only=True)
    name = Text(100, required=True, metadata={"example": "王芳"})
    salutation = Text(50, load_default=None, allow_none=True, metadata={"example": "女士"})
    title = Text(100, load_default=None, allow_none=True, metadata={"example": "采购经理"})
    mobile = Phone(load_default=None, allow_none=True)
    mobile_e164 = E164()
    office_phone = Phone(load_default=None, allow_none=True, metadata={"example": "021-6277 0334 转 801"})
    office_phone_e164 = E164(metadata={"example": "+862162770334"})
    home_phone = Phone(load_default=None, allow_none=True, metadata={"example": None})
    home_phone_e164 = E164(metadata={"example": None})
    email = Email(load_default=None, allow_none=True, metadata={"example": "wang.fang@example.com"})
    birthday = PastDate(
        earliest=date(1880, 1, 1), load_default=None, allow_none=True, metadata={"example": "1985-03-14"}
    )
    intention = Code(INTENTIONS, load_default=None, allow_none=True)
    remark = Text(2000, load_default=None, allow_none=True, multiline=True)
    introduced_by = Id(dump_only=True, allow_none=True)
    is_primary = Flag(load_default=False, metadata={"example": False})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
