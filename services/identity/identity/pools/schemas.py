"""What comes in about pools, and what goes out."""

from identity.pools.model import NOUNS, POLICIES
from servicekit.base.fields import Code, Flag, Id, Integer, List, Nested, Schema, Text, Timestamp
from servicekit.nouns.besides import CLAIM

MOST = 200
GROUP = {"example": "01936f3a-7c00-7000-8000-000000000011"}


class PoolSchema(Schema):
    """A pool."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    noun = Code(NOUNS, label=("记录类型", "Records"), load_default="customer")
    name = Text(100, label=("公海名称", "Name"), required=True, metadata={"example": "华东公海"})
    members_group_id = Id(
        reference="user_group", label=("成员（用户组）", "Members (group)"), required=True, metadata=GROUP
    )
    admins_group_id = Id(
        reference="user_group", label=("管理员（用户组）", "Keepers (group)"), required=True, metadata=GROUP
    )
    policy = Code(POLICIES, label=("领取方式", "Claim or assign"), load_default=CLAIM)
    may_move = Flag(
        label=("成员可更换分组", "Members may change group"), load_default=False, metadata={"example": False}
    )
    active = Flag(label=("启用", "In use"), load_default=True, metadata={"example": True})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class PoolsSchema(Schema):
    """The pools that the caller may see."""

    items = List(Nested(PoolSchema), label=("公海", "Pools"), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})


class PoolsQuerySchema(Schema):
    """Which pools are wanted."""

    limit = Integer(
        minimum=1,
        maximum=MOST,
        label=("每页数量", "Page size"),
        metadata={"example": 20, "description": "How many at most."},
    )

    noun = Code(
        NOUNS,
        label=("记录类型", "Records"),
        data_key="filter[noun]",
        metadata={"description": "Of which noun's records."},
    )
    active = Text(
        5,
        label=("启用", "In use"),
        data_key="filter[active]",
        metadata={"example": "true", "description": "Whether it takes records."},
    )
    name = Text(
        100,
        label=("名称包含", "Name contains"),
        data_key="filter[name][contains]",
        metadata={"example": "华东", "description": "A part of the name."},
    )
