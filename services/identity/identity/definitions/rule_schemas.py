"""What comes in about numbering rules and parameters, and what goes out."""

from marshmallow import fields as marshmallow_fields

from identity.definitions.model import TYPES
from identity.definitions.schemas import LabelSchema
from servicekit.base.fields import Code, Id, Integer, List, Nested, Schema, Text, Timestamp
from servicekit.base.labels import Labelled
from servicekit.nouns.patterns import LONGEST, PERIODS


class NumberingRuleSchema(Schema):
    """How the numbers of a series look."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    key = Text(label=("编号对象", "Series"), dump_only=True, metadata={"example": "customer"})
    label = Nested(LabelSchema, label=("名称", "Name"), dump_only=True)
    pattern = Text(
        LONGEST,
        label=("编号格式", "Pattern"),
        allow_none=True,
        metadata={"example": "KH{date:%Y%m%d}-{n:04}"},
    )
    """Null lets the preset hold again."""
    counts = Code(PERIODS, label=("重新计数", "Counts anew"), metadata={"example": "day"})
    preset = Text(
        label=("预设格式", "Preset"), dump_only=True, metadata={"example": "KH{date:%Y%m%d}-{n:04}"}
    )
    fields_shown = List(
        Text(metadata={"example": "category"}),
        attribute="fields",
        data_key="fields",
        label=("可用字段", "Fields"),
        dump_only=True,
    )
    example = Text(label=("示例", "Example"), dump_only=True, metadata={"example": "KH20261122-0001"})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NumberingRulesSchema(Schema):
    """All numbering rules."""

    items = List(Nested(NumberingRuleSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})


class Value(Labelled, marshmallow_fields.Raw):
    """A figure, a text, or yes or no, as the type beside it says."""

    described = {"type": ["integer", "string", "boolean"]}


class ExplanationSchema(Schema):
    """What a parameter does."""

    zh = Text(500, label=("中文说明", "Chinese"), metadata={"example": "每个账号每小时最多可以查重的次数。"})
    en = Text(
        500, label=("英文说明", "English"), metadata={"example": "How many look-ups an account has an hour."}
    )


class ParameterSchema(Schema):
    """A parameter, what it does and what it is set to."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    key = Text(label=("键", "Key"), dump_only=True, metadata={"example": "customer.lookups_an_hour"})
    label = Nested(LabelSchema, label=("名称", "Name"), dump_only=True)
    explanation = Nested(ExplanationSchema, label=("说明", "Explanation"), dump_only=True)
    type = Code(TYPES, label=("类型", "Type"), dump_only=True)
    value = Value(label=("值", "Value"), required=True, allow_none=True, metadata={"example": 120})
    """Null lets the default hold again."""
    default = Value(label=("默认值", "Default"), dump_only=True, metadata={"example": 120})
    minimum = Integer(label=("最小值", "Least"), dump_only=True, allow_none=True, metadata={"example": 1})
    maximum = Integer(label=("最大值", "Most"), dump_only=True, allow_none=True, metadata={"example": 1000})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ParametersSchema(Schema):
    """All parameters."""

    items = List(Nested(ParameterSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})


class CompanySchema(Schema):
    """What the house is called; empty where nobody has said."""

    name_zh = Text(
        label=("公司中文名称", "Name in Chinese"), dump_only=True, metadata={"example": "云图科技"}
    )
    name_en = Text(label=("公司英文名称", "Name in English"), dump_only=True, metadata={"example": "Yuntu"})
