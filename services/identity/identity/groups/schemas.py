"""What comes in about user groups, and what goes out."""

from servicekit.base.fields import Id, Integer, List, Schema, Text, Timestamp

MOST_AT_ONCE = 200


class GroupSchema(Schema):
    """A user group."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(100, label=("用户组名称", "Name"), required=True, metadata={"example": "华东大客户小组"})
    description = Text(
        1000,
        label=("说明", "Description"),
        load_default=None,
        allow_none=True,
        metadata={"example": "Who looks after key accounts in the east."},
    )
    members = Integer(label=("成员数", "Members"), dump_only=True, metadata={"example": 5})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewMembersSchema(Schema):
    """People who are taken in together."""

    account_ids = List(
        Id(reference="account"),
        label=("人员", "People"),
        required=True,
        minimum=1,
        maximum=MOST_AT_ONCE,
        metadata={"example": ["01936f3a-7c00-7000-8000-000000000002"]},
    )
