"""What comes in about dictionaries and their terms, and what goes out."""

from identity.definitions.model import MOST_TERMS
from servicekit import Fault
from servicekit.base.fields import Code, Flag, Id, Integer, List, Nested, Schema, Text, Timestamp
from servicekit.base.validators import Matches
from servicekit.nouns.terms import LONGEST_CODE

LONGEST_NAME, LONGEST_REMARK = 50, 500
"""CU-64."""

KEY = Matches(r"^[a-z][a-z0-9_]{0,49}$", Fault("not-a-key", "Small letters, digits and _, a letter first."))


class LabelSchema(Schema):
    """What something is called."""

    zh = Text(LONGEST_NAME, label=("中文名称", "Chinese"), required=True, metadata={"example": "展会"})
    en = Text(
        LONGEST_NAME,
        label=("英文名称", "English"),
        required=True,
        metadata={"example": "Exhibition"},
    )


class TermDetailsSchema(Schema):
    """What may be changed of a term; its code stays, since records have it."""

    label = Nested(LabelSchema, label=("名称", "Name"), required=True)
    remark = Text(
        LONGEST_REMARK,
        label=("备注", "Remark"),
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": None},
    )
    position = Integer(label=("次序", "Position"), minimum=1, maximum=MOST_TERMS, metadata={"example": 1})
    active = Flag(label=("启用", "In use"), load_default=True, metadata={"example": True})


class TermSchema(TermDetailsSchema):
    """A term of a dictionary."""

    id = Id(dump_only=True)
    code = Text(
        LONGEST_CODE,
        label=("代码", "Code"),
        load_default=None,
        metadata={"example": "exhibition"},
    )


class TermsSchema(Schema):
    """Terms of a dictionary, in their order."""

    items = List(Nested(TermSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})


class TermsQuerySchema(Schema):
    """Which terms are looked for."""

    name = Text(
        LONGEST_NAME,
        data_key="filter[name][contains]",
        label=("名称关键字", "Part of the name"),
        metadata={"example": "展", "description": "A part of the code or of a label."},
    )
    active = Code(
        {"true": ("启用", "In use"), "false": ("已失效", "Out of use")},
        data_key="filter[active]",
        label=("启用", "In use"),
        metadata={"example": "true", "description": "Only those in use, or only those out of use."},
    )


class UseTermsSchema(Schema):
    """Which terms to take out of use, or back."""

    term_ids = List(Id(reference=""), label=("字典项", "Terms"), minimum=1, maximum=MOST_TERMS, required=True)
    active = Flag(label=("启用", "In use"), required=True, metadata={"example": False})


class DictionaryDetailsSchema(Schema):
    """What may be changed of a dictionary itself."""

    label = Nested(LabelSchema, label=("名称", "Name"), required=True)
    remark = Text(
        LONGEST_REMARK,
        label=("备注", "Remark"),
        load_default=None,
        allow_none=True,
        multiline=True,
        metadata={"example": None},
    )
    open = Flag(label=("接受其他文本", "Takes other texts"), load_default=False, metadata={"example": False})


class DictionaryOutlineSchema(DictionaryDetailsSchema):
    """A dictionary without its terms."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    key = Text(50, label=("键", "Key"), required=True, validate=KEY, metadata={"example": "industry"})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class DictionarySchema(DictionaryOutlineSchema):
    """A dictionary with its terms, in their order, those out of use too."""

    terms = List(Nested(TermSchema), label=("字典项", "Terms"), dump_only=True)


class DictionariesSchema(Schema):
    """All dictionaries."""

    items = List(Nested(DictionaryOutlineSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})
