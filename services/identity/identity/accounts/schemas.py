"""What comes in about accounts, and what goes out. Passwords only come in."""

from typing import Any, ClassVar

from marshmallow import ValidationError

from identity.accounts.model import IN_SERVICE, KINDS, STATUSES
from identity.positions.schemas import MOST_POSITIONS, AppointmentSchema
from identity.roles.schemas import Permissions, RoleNamed
from identity.signin.passwords import LONGEST_PASSWORD, SHORTEST
from servicekit import Fault
from servicekit.base.context import USUAL_LEVEL
from servicekit.base.fields import (
    E164,
    Code,
    Date,
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
from servicekit.base.texts import in_one_line
from servicekit.base.validators import too_long

MOST_ROLES = 50
HIGHEST_LEVEL = 100
"""The usual range of a share ends with it (ID-24)."""
CARD = ("id", "version", "kind", "display_name", "department_id", "institution_id", "position_id")
"""What stands on the card that everybody sees."""


class Password(Text):
    """A password as it was typed: nothing is taken away from it. The rules for good ones stand elsewhere."""

    def __init__(self, **more: Any):
        super().__init__(LONGEST_PASSWORD, load_only=True, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        super()._deserialize(value, attr, data, **more)
        if len(value) > self.maximum:
            raise ValidationError(too_long(self.maximum))
        if in_one_line(value.strip()) != value.strip():
            raise ValidationError(Fault("not-one-line", "Holds a tab or a line break."))
        return str(value)


class NewPassword(Password):
    """One that is set; how good it is, is judged together with the account's names."""

    described: ClassVar[dict[str, Any]] = {"minLength": SHORTEST}


class AccountSchema(Schema):
    """An account; who does not keep it sees its card only: id, version, kind, name and place (ID-16)."""

    always: ClassVar[tuple[str, ...] | None] = CARD

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    kind = Code(KINDS, label=("账号类型", "Kind"), dump_only=True)
    username = Text(64, label=("用户名", "Username"), required=True, metadata={"example": "wang.fang"})
    display_name = Text(100, label=("姓名", "Name"), required=True, metadata={"example": "王芳"})
    department_id = Id(
        label=("所属部门", "Department"), load_default=None, allow_none=True, metadata={"example": None}
    )
    institution_id = Id(
        label=("所属机构", "Institution"),
        reference="institution",
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    manager_id = Id(
        label=("直属上级", "Manager"),
        reference="account",
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )
    manager_follows = Flag(
        label=("上级随职位确定", "Manager follows positions"),
        dump_only=True,
        metadata={
            "description": "Whether it follows from positions and department, and was not set by hand."
        },
    )
    position_id = Id(
        label=("主职", "Main position"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    positions = List(
        Nested(AppointmentSchema),
        label=("任职", "Positions"),
        maximum=MOST_POSITIONS,
        attribute="appointments",
        load_default=list,
        metadata={"example": []},
    )
    email = Email(
        label=("邮箱", "Email"),
        load_default=None,
        allow_none=True,
        metadata={"example": "wang.fang@example.com"},
    )
    mobile = Phone(
        label=("手机", "Mobile"), load_default=None, allow_none=True, metadata={"example": "13800138000"}
    )
    mobile_e164 = E164(label=("手机（国际格式）", "Mobile (international)"))
    roles = List(
        RoleNamed(),
        label=("角色", "Roles"),
        maximum=MOST_ROLES,
        attribute="role_codes",
        load_default=list,
        metadata={"example": ["salesperson"]},
    )
    status = Code(STATUSES, label=("任职状态", "Status"), load_default=IN_SERVICE)
    locked = Flag(label=("已锁定", "Locked"), load_default=False, metadata={"example": False})
    expires_on = Date(
        label=("有效期至", "Expires on"), load_default=None, allow_none=True, metadata={"example": None}
    )
    security_level = Integer(
        label=("安全级别", "Security level"),
        load_default=USUAL_LEVEL,
        minimum=0,
        maximum=HIGHEST_LEVEL,
        metadata={"example": USUAL_LEVEL},
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewAccountSchema(AccountSchema):
    """An account to be opened, with its first password."""

    password = NewPassword(
        label=("初始密码", "First password"), required=True, metadata={"example": "a-long-first-password"}
    )


class SetPasswordSchema(Schema):
    """A new password for somebody else."""

    password = NewPassword(
        label=("新密码", "New password"), required=True, metadata={"example": "a-long-new-password"}
    )


class ChangePasswordSchema(Schema):
    """A new password for oneself."""

    current_password = Password(
        label=("当前密码", "Current password"), required=True, metadata={"example": "a-long-first-password"}
    )
    new_password = NewPassword(
        label=("新密码", "New password"), required=True, metadata={"example": "a-long-new-password"}
    )


LANGUAGES = {"zh-CN": ("中文", "Chinese"), "en": ("英文", "English")}


class PreferencesSchema(Schema):
    """How somebody likes the console, wherever they sign in; what they never said has its usual value."""

    language = Code(
        LANGUAGES,
        label=("界面语言", "Language"),
        allow_none=True,
        metadata={"description": "None: as the browser says."},
    )
    checklist_dismissed = Flag(label=("已关闭新手清单", "Checklist dismissed"))
    single_keys = Flag(label=("启用单键快捷键", "Single-key shortcuts"))


class MeSchema(AccountSchema):
    """The account that is signed in, and what it may do."""

    always = None

    permissions = Permissions(
        label=("权限", "Permissions"),
        dump_only=True,
        attribute="permissions_in_words",
        metadata={"example": {"contract.sign": "own"}},
    )
    preferences = Nested(
        PreferencesSchema(), attribute="liking", label=("个人偏好", "Preferences"), dump_only=True
    )
    time_zone = Text(label=("时区", "Time zone"), dump_only=True, metadata={"example": "Asia/Shanghai"})
