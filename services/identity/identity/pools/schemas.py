"""What comes in about pools, and what goes out."""

from identity.pools.model import NOUNS, POLICIES
from servicekit.base.fields import Code, Flag, Id, Integer, Schema, Text, Timestamp
from servicekit.nouns.besides import CLAIM

MOST_DAYS = 3650
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
    open_details = Flag(
        label=("领取前可查看详情", "Details open before claiming"),
        load_default=False,
        metadata={
            "example": False,
            "description": "Of leads: otherwise members see phone, mail and notes once they have claimed (SA-13).",
        },
    )
    recycle_idle_days = Integer(
        minimum=1,
        maximum=MOST_DAYS,
        label=("未跟进回收（天）", "Take back after days without activity"),
        load_default=None,
        allow_none=True,
        metadata={
            "example": 30,
            "description": "Counted from the latest of creation, claim, joining the pool and last activity (CU-38).",
        },
    )
    recycle_unconverted_days = Integer(
        minimum=1,
        maximum=MOST_DAYS,
        label=("未转化回收（天）", "Take back after days without result"),
        load_default=None,
        allow_none=True,
        metadata={
            "example": None,
            "description": "Counted from the claim, whatever was done since: no lead that became a customer, and no "
            "customer that is a successful one, is taken back so (CU-38).",
        },
    )
    active = Flag(label=("启用", "In use"), load_default=True, metadata={"example": True})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
