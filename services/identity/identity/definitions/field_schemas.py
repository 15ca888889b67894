"""What comes in about fields at run time, and what goes out."""

from identity.definitions.schemas import LONGEST_REMARK, LabelSchema
from servicekit import Fault
from servicekit.base.fields import Code, Currency, Flag, Id, Integer, List, Nested, Schema, Text, Timestamp
from servicekit.base.validators import Matches
from servicekit.nouns.custom.settings import MOST_FIELDS, MOST_OPTIONS, TYPES

KEY = Matches(
    r"^[a-z][a-z0-9_]{0,29}$", Fault("not-a-key", "Small letters, digits and _, a letter first, 30 at most.")
)
CODE = Matches(r"^[^,\s\"][^,\"]*$", Fault("not-a-code", "Must hold no comma and no double quote."))
"""Codes stand in lists of values, ``filter[custom.colour][in]=red,green``."""
MOST_PLACES = MOST_FIELDS + 100


class OptionSchema(Schema):
    """What may be chosen of a field."""

    code = Text(50, label=("代码", "Code"), required=True, validate=CODE, metadata={"example": "red"})
    label = Nested(LabelSchema, label=("名称", "Name"), required=True)
    active = Flag(label=("启用", "In use"), load_default=True)


class FieldDetailsSchema(Schema):
    """What may be changed of a field; its key and its type stay, since records have values of it."""

    label = Nested(LabelSchema, label=("名称", "Name"), required=True)
    options = List(
        Nested(OptionSchema),
        label=("选项", "Options"),
        maximum=MOST_OPTIONS,
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )
    """Of those that are left out the ones that there were go out of use."""
    required = Flag(label=("必填", "Required"), load_default=False, metadata={"example": False})
    strict = Flag(
        label=("接口也必填", "Required of programs too"), load_default=True, metadata={"example": True}
    )
    """Without it forms ask for what is required, and programs may leave it out."""
    common = Flag(label=("常用", "Common"), load_default=False, metadata={"example": True})
    """What forms ask first."""
    indexed = Flag(label=("建立索引", "Indexed"), load_default=False, metadata={"example": False})
    enabled = Flag(label=("启用", "In use"), attribute="active", load_default=True)
    position = Integer(label=("次序", "Position"), minimum=1, maximum=MOST_PLACES, metadata={"example": 1})
    remark = Text(
        LONGEST_REMARK, label=("备注", "Remark"), load_default=None, allow_none=True, multiline=True,
        metadata={"example": None},
    )  # fmt: skip


class FieldSchema(FieldDetailsSchema):
    """A field at run time, or how one that the noun has anyway is asked for."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    noun = Text(50, label=("对象", "Noun"), required=True, metadata={"example": "customer"})
    key = Text(30, label=("键", "Key"), required=True, validate=KEY, metadata={"example": "colour"})
    type = Code(TYPES, label=("类型", "Type"), required=True, allow_none=True)
    currency = Currency(load_default=None, allow_none=True, metadata={"example": None})
    reference = Text(
        50, label=("关联对象", "Refers to"), load_default=None, allow_none=True, metadata={"example": None}
    )
    standard = Flag(label=("标准字段", "Standard"), dump_only=True, metadata={"example": False})
    never_relaxed = Flag(
        data_key="always", attribute="always", label=("总是必填", "Always required"), dump_only=True,
        metadata={"example": False},
    )  # fmt: skip
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewFieldSchema(FieldSchema):
    """A field that is added: of those that the noun has anyway alone the type is not told."""

    type = Code(TYPES, label=("类型", "Type"), required=True)


class FieldsSchema(Schema):
    """The fields of a noun, in their order."""

    items = List(Nested(FieldSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})


class FieldsQuerySchema(Schema):
    """Which fields are asked for."""

    noun = Text(
        50,
        data_key="filter[noun]",
        label=("对象", "Noun"),
        metadata={"example": "customer", "description": "Those of this noun."},
    )
    enabled = Code(
        {"true": ("启用", "In use"), "false": ("已停用", "Out of use")},
        data_key="filter[enabled]",
        label=("启用", "In use"),
        metadata={"example": "true", "description": "Only those in use, or only those out of use."},
    )
    standard = Code(
        {"true": ("标准字段", "Standard"), "false": ("自定义字段", "Custom")},
        data_key="filter[standard]",
        label=("标准字段", "Standard"),
        metadata={
            "example": "false",
            "description": "Only those that the noun has anyway, or only those added.",
        },
    )
