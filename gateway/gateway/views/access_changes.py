"""What is asked about a change of rights that has not been made, and what is answered."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from gateway.described import EXAMPLE_ID, Asked, AskedMoment, Id, called, fields_speak

MOST_FIELDS = 500
KINDS = {
    "role": ("角色", "Role"),
    "account": ("账号", "Account"),
    "position": ("职位", "Position"),
    "share": ("共享", "Share"),
}
LEVELS = {"view": ("查看", "View"), "edit": ("编辑", "Edit")}
RECEIVERS = {
    "account": ("个人", "Person"),
    "department": ("部门", "Department"),
    "institution": ("机构", "Institution"),
    "role": ("角色", "Role"),
    "group": ("用户组", "Group"),
    "everyone": ("所有人", "Everyone"),
}
SAVED = Field(max_length=100)
Texts = Annotated[dict[str, Annotated[str, Field(max_length=2000)]], Field(max_length=MOST_FIELDS)]
Limits = Annotated[dict[str, dict[str, Any]], SAVED]
Objects = Annotated[list[dict[str, Any]], SAVED]
Named = Annotated[str, Field(max_length=100)]


class PreviewedRole(Asked):
    """A role that would be saved: the fields that change, as `PATCH /v1/roles/{role_id}` takes them."""

    kind: Annotated[Literal["role"], called("变更类型", "Kind", {"role": KINDS["role"]})]
    role_id: Annotated[Named, called("角色", "Role")]
    permissions: Annotated[Texts, called("权限", "Permissions")] = {}
    departments: Annotated[Objects, called("指定部门", "Given departments")] = []
    limits: Annotated[Limits, called("类型限制", "Limits to kinds")] = {}
    institution_id: Annotated[Named | None, called("所属机构", "Institution")] = None


class PreviewedAccount(Asked):
    """An account that would be saved: the fields that change, as `PATCH /v1/accounts/{account_id}` takes them."""

    kind: Annotated[Literal["account"], called("变更类型", "Kind", {"account": KINDS["account"]})]
    account_id: Annotated[Named, called("账号", "Account")]
    department_id: Annotated[Named | None, called("部门", "Department")] = None
    manager_id: Annotated[Named | None, called("上级", "Superior")] = None
    roles: Annotated[Annotated[list[Named], SAVED], called("角色", "Roles")] = []
    appointments: Annotated[Objects, called("任职", "Appointments")] = []
    security_level: Annotated[int | None, called("安全级别", "Security level")] = None
    status: Annotated[Named | None, called("状态", "Status")] = None
    locked: Annotated[bool | None, called("锁定", "Locked")] = None


class PreviewedPosition(Asked):
    """A position that would be saved: the fields that change, as `PATCH /v1/positions/{position_id}` takes them."""

    kind: Annotated[Literal["position"], called("变更类型", "Kind", {"position": KINDS["position"]})]
    position_id: Annotated[Named, called("职位", "Position")]
    superior_id: Annotated[Named | None, called("上级职位", "Superior position")] = None
    management: Annotated[bool | None, called("管理职位", "Management position")] = None
    department_id: Annotated[Named | None, called("部门", "Department")] = None


class PreviewedReceiver(Asked):
    """Whom a record would be shared with."""

    kind: Annotated[
        Literal["account", "department", "institution", "role", "group", "everyone"],
        called("对象类型", "Kind", RECEIVERS),
    ]
    id: Annotated[Named | None, called("对象", "Who")] = None


class PreviewedShare(Asked):
    """A share that would be saved, as `POST /v1/<nouns>/{id}/shares` takes it."""

    kind: Annotated[Literal["share"], called("变更类型", "Kind", {"share": KINDS["share"]})]
    noun: Annotated[Named, called("记录类型", "Kind of record")]
    id: Annotated[Named, called("记录标识", "Record")]
    to: Annotated[PreviewedReceiver, called("共享对象", "Shared with")]
    level: Annotated[Literal["view", "edit"], called("权限", "Level", LEVELS)] = "view"
    security_from: Annotated[int | None, called("安全级别从", "Security level from")] = None
    security_to: Annotated[int | None, called("安全级别到", "Security level to")] = None
    until: Annotated[AskedMoment | None, called("有效期至", "Until")] = None


Change = Annotated[
    PreviewedRole | PreviewedAccount | PreviewedPosition | PreviewedShare, Field(discriminator="kind")
]


class AskedPreview(Asked):
    """A change of rights that has not been made."""

    change: Annotated[Change, called("变更", "Change")]


class PreviewSample(TypedDict):
    """A record that somebody would gain or lose, and whoever asks sees."""

    id: Annotated[Id, called("记录标识", "ID")]
    title: Annotated[str, called("名称", "Name")]


@fields_speak
class PreviewCount(TypedDict):
    """How many records somebody would gain or lose."""

    count: Annotated[int, called("条数", "Count")]
    more: Annotated[bool, called("还有更多", "There are more")]
    """Whether there are more than were counted."""
    samples: Annotated[list[PreviewSample], called("示例", "Samples")]
    """The newest of those that whoever asks may see."""


@fields_speak
class PreviewNoun(TypedDict):
    """What somebody would gain and lose of one noun."""

    noun: Annotated[str, called("记录类型", "Kind")]
    level: Annotated[Literal["view", "edit"], called("权限", "Level", LEVELS)]
    gains: Annotated[PreviewCount, called("新增可见", "Gains")]
    loses: Annotated[PreviewCount, called("不再可见", "Loses")]


class PreviewPerson(TypedDict):
    """What one person would gain and lose."""

    account_id: Annotated[Id, called("人员", "Person")]
    display_name: Annotated[str, called("姓名", "Name")]
    nouns: Annotated[list[PreviewNoun], called("变化", "Changes")]


@fields_speak
class PreviewAnswer(TypedDict):
    """Who would gain and lose what by a change that has not been made."""

    people: Annotated[list[PreviewPerson], called("受影响的人", "People")]
    """Those for whom something would change, those first whom the change is about."""
    looked_at: Annotated[int, called("已比较人数", "People compared")]
    left_out: Annotated[int, called("未比较人数", "People left out")]
    """How many more may be concerned, for whom nothing was counted."""
    unavailable: Annotated[list[str], called("未答复的服务", "Services without an answer")]
    """Of whose records nothing is known."""


EXAMPLE_CHANGE = {
    "change": {"kind": "role", "role_id": EXAMPLE_ID, "permissions": {"customer.read": "department"}}
}
_NONE: dict[str, Any] = {"count": 0, "more": False, "samples": []}
_GAINED = {"count": 1, "more": False, "samples": [{"id": EXAMPLE_ID, "title": "上海云图科技有限公司"}]}
EXAMPLE_ANSWER = {
    "people": [
        {
            "account_id": EXAMPLE_ID,
            "display_name": "王芳",
            "nouns": [{"noun": "customer", "level": "view", "gains": _GAINED, "loses": _NONE}],
        }
    ],
    "looked_at": 12,
    "left_out": 0,
    "unavailable": [],
}
