"""What comes in about institutions, and what goes out."""

from servicekit.base.fields import Id, Integer, Schema, Text, Timestamp


class InstitutionSchema(Schema):
    """An institution, a legal entity of the organisation."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(
        100, label=("机构名称", "Name"), required=True, metadata={"example": "客户通（上海）有限公司"}
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)
