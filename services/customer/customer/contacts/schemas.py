"""What comes in about contacts, and what goes out."""

from datetime import date

from customer.contacts.model import INTENTIONS
from servicekit.base.fields import (
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
    customer_id = Id(label=("所属客户", "Customer"), dump_only=True)
    owner_id = Id(reference="account", dump_only=True)
    name = Text(100, label=("姓名", "Name"), required=True, metadata={"example": "王芳"})
    salutation = Text(
        50, label=("称谓", "Salutation"), load_default=None, allow_none=True, metadata={"example": "女士"}
    )
    title = Text(
        100, label=("职务", "Job title"), load_default=None, allow_none=True, metadata={"example": "采购经理"}
    )
    mobile = Phone(label=("手机", "Mobile"), load_default=None, allow_none=True)
    mobile_e164 = E164(label=("手机（国际格式）", "Mobile (international)"))
    office_phone = Phone(
        label=("办公电话", "Office phone"),
        load_default=None,
        allow_none=True,
        metadata={"example": "021-6277 0334 转 801"},
    )
    office_phone_e164 = E164(
        label=("办公电话（国际格式）", "Office phone (international)"), metadata={"example": "+862162770334"}
    )
    home_phone = Phone(
        label=("家庭电话", "Home phone"), load_default=None, allow_none=True, metadata={"example": None}
    )
    home_phone_e164 = E164(
        label=("家庭电话（国际格式）", "Home phone (international)"), metadata={"example": None}
    )
    email = Email(
        label=("邮箱", "Email"),
        load_default=None,
        allow_none=True,
        metadata={"example": "wang.fang@example.com"},
    )
    birthday = PastDate(
        label=("生日", "Birthday"),
        earliest=date(1880, 1, 1),
        load_default=None,
        allow_none=True,
        metadata={"example": "1985-03-14"},
    )
    intention = Code(INTENTIONS, label=("态度", "Attitude"), load_default=None, allow_none=True)
    remark = Text(2000, label=("备注", "Remark"), load_default=None, allow_none=True, multiline=True)
    introduced_by = Id(
        label=("介绍人", "Introduced by"), reference="contact", dump_only=True, allow_none=True
    )
    is_primary = Flag(
        label=("首要联系人", "Primary contact"), load_default=False, metadata={"example": False}
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
