"""What comes in about positions and appointments, and what goes out."""

from identity.positions.model import KINDS, MAIN
from servicekit.base.fields import Code, Date, Flag, Id, Integer, List, Schema, Text, Timestamp

MOST_POSITIONS = 20
MOST_AT_ONCE = 200


class AppointmentSchema(Schema):
    """A position that somebody holds."""

    position_id = Id(label=("职位", "Position"), required=True)
    kind = Code(KINDS, label=("主职或兼职", "Main or concurrent"), load_default=MAIN)
    started_on = Date(
        label=("任职时间", "Since"), load_default=None, allow_none=True, metadata={"example": "2026-11-22"}
    )


class PositionSchema(Schema):
    """A position."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(100, label=("职位名称", "Name"), required=True, metadata={"example": "华东区销售总监"})
    department_id = Id(label=("所属部门", "Department"), required=True)
    superior_id = Id(
        label=("上级职位", "Superior position"),
        reference="position",
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )
    management = Flag(
        label=("管理职位", "Management position"), load_default=False, metadata={"example": True}
    )
    holder_ids = List(Id(reference="account"), label=("任职人员", "Held by"), dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewHoldersSchema(Schema):
    """People who are appointed together."""

    account_ids = List(
        Id(reference="account"),
        label=("人员", "People"),
        required=True,
        minimum=1,
        maximum=MOST_AT_ONCE,
        metadata={"example": ["01936f3a-7c00-7000-8000-000000000002"]},
    )
    kind = Code(KINDS, label=("主职或兼职", "Main or concurrent"), load_default=MAIN)
    started_on = Date(
        label=("任职时间", "Since"), load_default=None, allow_none=True, metadata={"example": "2026-11-22"}
    )
