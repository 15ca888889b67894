"""What comes in about departments, and what goes out."""

from servicekit.base.fields import Id, Integer, List, Schema, Text, Timestamp


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
