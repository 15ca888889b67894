"""What can be asked about fields at run time."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.definitions.field_schemas import (
    FieldDetailsSchema,
    FieldSchema,
    FieldsQuerySchema,
    FieldsSchema,
    NewFieldSchema,
)
from identity.definitions.fields import FieldDefinition, declare, ensure_few_indexed, place, placed
from identity.definitions.queries import WRITE, to_change
from servicekit import Caller, NotFound, operation


class FieldOperations:
    """Fields at run time, which everybody reads and few keep."""

    @operation("GET /v1/fields", query=FieldsQuerySchema, returns=FieldsSchema)
    def list_fields(self, session: Session, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
        """List the fields of nouns in their order: added ones, and how those there anyway are asked for (GW-58)."""
        field = FieldDefinition
        wanted = select(field).order_by(field.noun, field.position, field.key)
        if "noun" in query:
            wanted = wanted.where(field.noun == query["noun"])
        if "enabled" in query:
            wanted = wanted.where(field.active.is_(query["enabled"] == "true"))
        items = [*session.scalars(wanted)]
        if "standard" in query:
            items = [each for each in items if each.standard is (query["standard"] == "true")]
        return {"items": items, "next": None}

    @operation("GET /v1/fields/{field_id}", returns=FieldSchema)
    def get_field(self, session: Session, caller: Caller, field_id: UUID) -> FieldDefinition:
        """Return one field (GW-58)."""
        found = session.get(FieldDefinition, field_id)
        if found is None:
            raise NotFound("definition-not-found", "There is no such record.")
        return found

    @operation(
        "POST /v1/fields",
        permission=WRITE,
        accepts=NewFieldSchema,
        returns=FieldSchema,
        creates=True,
        errors=("definition-key-taken", "too-many-fields", "too-many-indexes"),
    )
    def create_field(self, session: Session, caller: Caller, data: dict[str, Any]) -> FieldDefinition:
        """Add a field to the records of a noun, while everything goes on (CU-63, GW-58).

        Its values stand under ``custom`` wherever the record is told; lists are filtered by ``filter[custom.key]``.
        """
        named = {"enabled": data.pop("active"), "position": data.pop("position", None)}
        return declare(session, data.pop("noun"), data.pop("key"), **named, **data)

    @operation(
        "PATCH /v1/fields/{field_id}",
        permission=WRITE,
        accepts=FieldDetailsSchema,
        returns=FieldSchema,
        errors=("stale-version", "field-always-there", "too-many-indexes"),
    )
    def update_field(
        self, session: Session, caller: Caller, field_id: UUID, data: dict[str, Any]
    ) -> FieldDefinition:
        """Rename a field, require it or no longer, move it, take it out of use or back (CU-02, CU-63, GW-58).

        Its key and its type stay. One out of use is asked for no more; the values that records have of it stay.
        """
        field = to_change(session, FieldDefinition, str(field_id))
        others = [each for each in placed(session, field.noun) if each is not field]
        if "active" in data:
            data["enabled"] = data.pop("active")
        position = data.pop("position", field.position)
        field.revise(**data)
        ensure_few_indexed(others, bool(field.indexed and field.active))
        place(session, [*others, field], field, position)
        return field
