"""What comes in about roles, and what goes out."""

import re
from typing import Any, ClassVar

import orjson
from marshmallow import ValidationError
from marshmallow import fields as marshmallow_fields

from identity.roles.permissions import EVERY, SCOPES
from servicekit import Fault
from servicekit.base.fields import Flag, Id, Integer, List, Nested, Schema, Text, Timestamp
from servicekit.base.labels import Labelled, choices_written
from servicekit.base.scopes import ALL
from servicekit.contracts.catalogue import permissions_for_all

_PERMISSION = re.compile(r"[a-z][a-z_]{0,49}\.[a-z][a-z_]{0,49}")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
MOST_PERMISSIONS = 500
MOST_LIMITS, LONGEST_LIMITS = 20, 4000
"""That one role has, and how long they are together as JSON: they stand in what is signed of a caller too."""
MOST_DEPARTMENTS = 20
"""That one role names: each stands in what is signed of a caller, beside each permission that goes by them."""


class RoleCode(Text):
    """What a role is called by: small letters, digits and underscores."""

    described: ClassVar[dict[str, Any]] = {"pattern": f"^{_CODE.pattern}$"}

    def __init__(self, **more: Any):
        super().__init__(50, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        code = super()._deserialize(value, attr, data, **more)
        if not _CODE.fullmatch(code):
            raise ValidationError(
                Fault("not-a-code", "Only small letters, digits and underscores, beginning with a letter.")
            )
        return code


class RoleNamed(RoleCode):
    """A role that something else names by its code."""

    described: ClassVar[dict[str, Any]] = {
        **RoleCode.described,
        "x-reference": "role",
        "x-reference-by": "code",
    }


class Permissions(Labelled, marshmallow_fields.Dict):
    """Scope by permission: ``{"contract.sign": "own"}``."""

    described: ClassVar[dict[str, Any]] = {
        "maxProperties": MOST_PERMISSIONS,
        "additionalProperties": {
            "type": "string",
            "enum": [*SCOPES],
            "x-enum-labels": choices_written(SCOPES),
        },
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, str]:
        if not isinstance(value, dict):
            raise ValidationError(Fault("not-permissions", "Not an object of scopes by permission."))
        if len(value) > MOST_PERMISSIONS:
            raise ValidationError(
                Fault("too-many-items", "More than {max} permissions.", max=MOST_PERMISSIONS)
            )
        wrong = {name: [fault] for name, scope in value.items() if (fault := _fault(name, scope))}
        if wrong:
            raise ValidationError(wrong)
        return dict(value)


def _fault(name: str, scope: Any) -> Fault | None:
    """Return what is wrong with a permission in a scope, or None."""
    if name != EVERY and not _PERMISSION.fullmatch(name):
        return Fault("not-a-permission", "Not a permission.")
    if scope not in tuple(SCOPES):  # What comes in may be no text, and is not hashed.
        return Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(SCOPES))
    if scope != ALL and name in permissions_for_all():
        text = "Says nothing about single records: it is held for all, or not at all."
        return Fault("only-for-all", text)
    return None


class Limits(Labelled, marshmallow_fields.Dict):
    """A tree of conditions by permission that is held for some kinds of records only."""

    described: ClassVar[dict[str, Any]] = {
        "maxProperties": MOST_LIMITS,
        "additionalProperties": {"type": "object", "additionalProperties": True},
        "description": "For which kinds of records a permission is held, where not for all: a condition (`Condition`) "
        "by permission, on the fields of its noun.",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not all(isinstance(where, dict) for where in value.values()):
            raise ValidationError(Fault("not-limits", "Not an object of conditions by permission."))
        if len(value) > MOST_LIMITS or len(orjson.dumps(value)) > LONGEST_LIMITS:
            raise ValidationError(Fault("limits-too-long", "The limits of a role are too long together."))
        return dict(value)


class GivenDepartmentSchema(Schema):
    """A department that the scope ``departments`` names."""

    department_id = Id(label=("部门", "Department"), required=True)
    below = Flag(label=("含下级部门", "With those below"), load_default=True, metadata={"example": True})


def given_departments() -> List:
    """Return the field of the departments that the scope ``departments`` stands for (ID-21)."""
    return List(
        Nested(GivenDepartmentSchema),
        label=("指定部门", "Given departments"),
        maximum=MOST_DEPARTMENTS,
        load_default=list,
        metadata={"example": [], "description": "What the scope `departments` stands for in `permissions`."},
    )


class RoleSchema(Schema):
    """A role."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    code = RoleCode(label=("角色编码", "Code"), required=True, metadata={"example": "key_account_manager"})
    name = Text(100, label=("角色名称", "Name"), required=True, metadata={"example": "大客户经理"})
    permissions = Permissions(
        label=("权限", "Permissions"), required=True, metadata={"example": {"customer.read": "department"}}
    )
    departments = given_departments()
    limits = Limits(
        label=("类型限制", "Limits to kinds"),
        load_default=dict,
        metadata={"example": {}},
    )
    institution_id = Id(
        label=("所属机构", "Institution"),
        reference="institution",
        load_default=None,
        allow_none=True,
        metadata={"example": None, "description": "For whose people alone it holds; none: for everybody."},
    )
    ready = Flag(label=("系统预置", "Ready-made"), dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
