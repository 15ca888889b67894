"""What comes in about customers, and what goes out."""

from marshmallow import ValidationError

from customer.contacts.schemas import ContactSchema
from customer.customers.model import COMPANY, KINDS, STATUSES
from customer.fields import Website
from customer.spelling import HANZI
from servicekit.fields import (
    E164,
    AccountId,
    Code,
    Email,
    Flag,
    Id,
    Integer,
    List,
    Nested,
    Phone,
    Schema,
    Text,
    Timestamp,
)
from servicekit.texts import name_key


class CustomerSchema(Schema):
    """A customer."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(dump_only=True, metadata={"example": "KH20261122-0001"})
    status = Code(STATUSES, dump_only=True)
    name = Text(200, required=True, metadata={"example": "上海云图科技有限公司"})
    kind = Code(KINDS, load_default=COMPANY)
    owner_id = AccountId()
    industry = Text(100, load_default=None, allow_none=True, metadata={"example": "软件"})
    region = Text(100, load_default=None, allow_none=True, metadata={"example": "华东"})
    source = Text(100, load_default=None, allow_none=True, metadata={"example": "展会"})
    grade = Text(50, load_default=None, allow_none=True, metadata={"example": "A"})
    phone = Phone(load_default=None, allow_none=True, metadata={"example": "021-6277 0334"})
    phone_e164 = E164(metadata={"example": "+862162770334"})
    website = Website(load_default=None, allow_none=True)
    email = Email(load_default=None, allow_none=True, metadata={"example": "info@example.com"})
    remark = Text(2000, load_default=None, allow_none=True, multiline=True)
    last_activity_at = Timestamp(dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewCustomerSchema(CustomerSchema):
    """A customer to be, with its primary contact; more contacts come after saving (CU-03)."""

    contact = Nested(ContactSchema, load_default=None, allow_none=True, load_only=True)


def _says_enough(term: str) -> None:
    letters = name_key(term).replace(" ", "")
    if len(HANZI.findall(letters)) < 2 and len(letters) < 3:
        raise ValidationError("Give two Chinese characters or three others at least.")


class LookupQuerySchema(Schema):
    """What is typed before a customer is created."""

    name = Text(
        100,
        required=True,
        validate=_says_enough,
        metadata={"example": "云图", "description": "A part of the name, in characters or pinyin."},
    )


class LookalikeSchema(Schema):
    """A customer whose name holds what was typed; all but the name only of those the caller may see."""

    always = ("name",)

    name = Text(dump_only=True, metadata={"example": "上海云图科技有限公司"})
    owner_name = Text(dump_only=True, allow_none=True, metadata={"example": "张伟"})
    id = Id(dump_only=True)
    number = Text(dump_only=True, metadata={"example": "KH20261122-0001"})
    status = Code(STATUSES, dump_only=True)


class LookupSchema(Schema):
    """The customers found; those of exactly the name come first."""

    items = List(Nested(LookalikeSchema), dump_only=True)
    more = Flag(dump_only=True, metadata={"example": False})
