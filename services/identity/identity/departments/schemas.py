"""What comes in about departments, and what goes out."""

from servicekit.base.fields import Id, Integer, List, Nested, Schema, Text, Timestamp


class DepartmentSchema(Schema):
    """A department."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(100, label=("部门名称", "Name"), required=True, metadata={"example": "华东大区"})
    code = Text(
        50, label=("部门编码", "Code"), load_default=None, allow_none=True, metadata={"example": "EAST"}
    )
    parent_id = Id(
        label=("上级部门", "Parent"),
        reference="department",
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )
    institution_id = Id(
        label=("所属机构", "Institution"),
        reference="institution",
        load_default=None,
        allow_none=True,
        metadata={
            "example": None,
            "description": "Of a department at the top: none opens one of the same name. Others follow their parent.",
        },
    )
    members = Integer(label=("在职人数", "Members"), dump_only=True, metadata={"example": 12})
    path = List(Id(reference="department"), label=("部门路径", "Path"), dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


MOST_AT_ONCE = 100


class DepartmentRowSchema(Schema):
    """One of several departments that are added together."""

    name = Text(100, label=("部门名称", "Name"), required=True, metadata={"example": "外贸一部"})
    code = Text(
        50, label=("部门编码", "Code"), load_default=None, allow_none=True, metadata={"example": None}
    )


class NewDepartmentsSchema(Schema):
    """Several departments, below one."""

    parent_id = Id(label=("上级部门", "Parent"), reference="department", required=True)
    rows = List(
        Nested(DepartmentRowSchema),
        label=("部门", "Departments"),
        required=True,
        minimum=1,
        maximum=MOST_AT_ONCE,
        metadata={"example": [{"name": "外贸一部"}, {"name": "外贸二部"}]},
    )


class DepartmentsSchema(Schema):
    """Departments that were added together."""

    items = List(Nested(DepartmentSchema), label=("部门", "Departments"), dump_only=True)
