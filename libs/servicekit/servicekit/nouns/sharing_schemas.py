"""What comes in and goes out about who else may see a record: shares, teams, and why somebody sees it."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from servicekit.base.database import utcnow
from servicekit.base.date_fields import Timestamp
from servicekit.base.errors import Fault
from servicekit.base.fields import AccountId, Code, Id, Integer, List, Nested, Schema, Text
from servicekit.nouns.grants import ALL_PEOPLE, KINDS, SECURITY_FROM, SECURITY_TO

LEVELS = {"view": ("查看", "View"), "edit": ("编辑", "Edit")}
MEMBER, CUSTODIAN = "member", "custodian"
TEAM_ROLES = {MEMBER: ("成员", "Member"), CUSTODIAN: ("协管人", "Custodian")}
RULES = {
    "owner": ("负责人", "Owner"),
    "superior": ("负责人的上级", "Superior of the owner"),
    "scope": ("权限范围", "Scope of a permission"),
    "share": ("共享", "Share"),
    "team": ("团队", "Team"),
    "pool": ("公海池", "Pool"),
    "public": ("公共，本部门可见", "Public in the department"),
}
WHY_NOT = {
    "account-left": ("账号已停用", "The account is no longer active"),
    "permission": ("没有权限", "Permission not held"),
    "scope": ("超出权限范围", "Out of the scope of the permission"),
    "not-granted": ("没有共享给此人", "Not shared with them"),
    "level": ("共享级别不够", "Shared for less"),
    "security-level": ("安全级别不在范围内", "Security level outside the range"),
    "ended": ("共享已到期", "The share has ended"),
    "pool": ("在公海池中，不是该池成员", "In a pool of which they are no member"),
    "limit": ("超出可看的类型", "Of a kind that the permission is not held for"),
}
REASONED = {"glimpse": ("概要", "Glimpse"), **LEVELS}
REACHED = {"none": ("不可见", "None"), **REASONED}
MOST_LEVEL = 1000


class PrincipalSchema(Schema):
    """Whom a right is given to."""

    kind = Code(KINDS, label=("对象类型", "Kind"), required=True, metadata={"example": "department"})
    id = Id(label=("对象", "Who"), load_default=None, allow_none=True)
    name = Text(label=("名称", "Name"), dump_only=True, allow_none=True, metadata={"example": "华东销售部"})

    @validates_schema
    def names_somebody(self, data: dict[str, Any], **_more: Any) -> None:
        """Ask for an id of everything but everyone."""
        if data["kind"] != ALL_PEOPLE and data.get("id") is None:
            raise ValidationError(Fault("principal-without-id", "Only everyone has no id."), "id")


class ShareSchema(Schema):
    """A share of a record (CU-16)."""

    of_record = False

    id = Id(dump_only=True)
    to = Nested(PrincipalSchema, label=("共享对象", "Shared with"), required=True)
    level = Code(LEVELS, label=("权限", "Level"), load_default="view")
    security_from = Integer(
        label=("安全级别从", "Security level from"), minimum=0, maximum=MOST_LEVEL, load_default=SECURITY_FROM
    )
    security_to = Integer(
        label=("安全级别到", "Security level to"), minimum=0, maximum=MOST_LEVEL, load_default=SECURITY_TO
    )
    until = Timestamp(
        label=("有效期至", "Until"), load_default=None, allow_none=True, metadata={"example": None}
    )
    granted_by = Id(label=("共享人", "Shared by"), reference="account", dump_only=True, allow_none=True)
    granted_at = Timestamp(label=("共享时间", "Shared at"), dump_only=True)

    @validates_schema
    def lasts(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse what nobody would ever see the record by."""
        if data["until"] is not None and data["until"] <= utcnow():
            raise ValidationError(Fault("in-the-past", "Lies in the past."), "until")

    @validates_schema
    def is_a_range(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a range that nobody is in."""
        if data["security_from"] > data["security_to"]:
            raise ValidationError(Fault("below-lowest", "Must not be below security_from."), "security_to")


class SharesSchema(Schema):
    """All shares of a record."""

    items = List(Nested(ShareSchema), label=("共享", "Shares"), dump_only=True)


class MemberSchema(Schema):
    """Somebody who belongs to the team of a record (CU-22, CU-43)."""

    of_record = False

    id = Id(attribute="principal_id", dump_only=True)
    account_id = AccountId(attribute="principal_id", label=("成员", "Member"), required=True)
    role = Code(TEAM_ROLES, label=("角色", "Role"), load_default=MEMBER)
    level = Code(LEVELS, label=("权限", "Level"), load_default=None, allow_none=True)
    granted_by = Id(label=("添加人", "Added by"), reference="account", dump_only=True, allow_none=True)
    granted_at = Timestamp(label=("添加时间", "Added at"), dump_only=True)


class TeamSchema(Schema):
    """All who belong to the team of a record."""

    items = List(Nested(MemberSchema), label=("团队", "Team"), dump_only=True)


class ReasonSchema(Schema):
    """Why somebody may see a record."""

    rule = Code(RULES, label=("规则", "Rule"), dump_only=True)
    through = Nested(PrincipalSchema, label=("通过", "Through"), dump_only=True)
    level = Code(REASONED, label=("权限", "Level"), dump_only=True)
    scope = Text(
        label=("权限范围", "Scope"), dump_only=True, allow_none=True, metadata={"example": "department"}
    )
    until = Timestamp(
        label=("有效期至", "Until"), dump_only=True, allow_none=True, metadata={"example": None}
    )


class WhyNotSchema(Schema):
    """Why somebody may not see a record, or not change it."""

    rule = Code(WHY_NOT, label=("规则", "Rule"), dump_only=True, metadata={"example": "security-level"})
    level = Code(LEVELS, label=("缺少的权限", "Level that is missing"), dump_only=True)
    permission = Text(
        label=("需要的权限", "Permission"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "customer.read"},
    )
    scope = Text(label=("权限范围", "Scope"), dump_only=True, allow_none=True, metadata={"example": None})
    through = Nested(PrincipalSchema, label=("通过", "Through"), dump_only=True, allow_none=True)
    security_from = Integer(label=("安全级别从", "Security level from"), dump_only=True, allow_none=True)
    security_to = Integer(label=("安全级别到", "Security level to"), dump_only=True, allow_none=True)
    until = Timestamp(
        label=("有效期至", "Until"), dump_only=True, allow_none=True, metadata={"example": None}
    )


class AccessSchema(Schema):
    """How far somebody may go with a record, why, why no further, and who else may see it."""

    account_id = Id(label=("人员", "Person"), reference="account", dump_only=True)
    level = Code(REACHED, label=("权限", "Level"), dump_only=True, metadata={"example": "view"})
    because = List(Nested(ReasonSchema), label=("原因", "Because"), dump_only=True)
    why_not = List(Nested(WhyNotSchema), label=("为什么不能", "Why not"), dump_only=True)
    others = List(Nested(ReasonSchema), label=("还有谁", "Others"), dump_only=True)
