"""Views: records as they are read. Reads do not go through entities, which cost several times what their rows do."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Numeric, Select, Text, bindparam, cast, func, inspect, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

FROM_JSON: dict[type, Callable[[Any], Any]] = {
    Decimal: Decimal,
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}
"""How a column's value is read from JSON, where that is not the value itself."""


class View:
    """A record as it is read: its columns, its parts, and what its entity's properties make of them."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


class Reader:
    """Reads records of a model as views, each with its parts in one statement.

    Args:
        model: the entity.
        parts: its one-to-many relationships that a single view has, e.g. ``(Contract.lines,)``.
    """

    def __init__(self, model: Any, parts: Sequence[Any] = ()) -> None:
        mapper = inspect(model)
        self._view = view_class(model)
        self._names = [attribute.key for attribute in mapper.column_attrs]
        rows = select(*(attribute.columns[0].label(attribute.key) for attribute in mapper.column_attrs))
        if mapper.polymorphic_identity is not None and mapper.polymorphic_on is not None:
            rows = rows.where(mapper.polymorphic_on == mapper.polymorphic_identity)
        self.rows: Select[*tuple[Any, ...]] = rows
        """All rows of the model, to be narrowed down."""
        self._parts = [_Part(part.property) for part in parts]
        self._by_id = rows.add_columns(*(part.column for part in self._parts)).where(
            mapper.primary_key[0] == bindparam("id")
        )

    def view(self, row: Sequence[Any]) -> Any:
        """Return the view of a row that holds the columns of ``rows`` first."""
        return self._view(dict(zip(self._names, row, strict=False)))

    def one(self, session: Session, record_id: UUID) -> Any | None:
        """Return the view of one record with its parts, or None if there is no such record."""
        row = session.connection().execute(self._by_id, {"id": record_id}).first()
        if row is None:
            return None
        found = self.view(row)
        for part, items in zip(self._parts, row[len(self._names) :], strict=True):
            setattr(found, part.name, part.views(items))
        return found


class _Part:
    """The records of a relationship, gathered into one column of the record that they are parts of."""

    def __init__(self, relation: Any) -> None:
        mapper = relation.mapper
        columns = {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
        self.name = relation.key
        self._view = view_class(mapper.class_)
        self._reads = [(name, FROM_JSON.get(column.type.python_type)) for name, column in columns.items()]
        # A number of JSON may pass through a float; a text is what was stored.
        values = [
            cast(column, Text) if isinstance(column.type, Numeric) else column for column in columns.values()
        ]
        order = [mapper.local_table.c[column.key] for column in relation.order_by]
        ((local, remote),) = relation.local_remote_pairs
        gathered = func.json_agg(aggregate_order_by(func.json_build_array(*values), *order))
        of_record = select(func.coalesce(gathered, literal_column("'[]'::json"), type_=JSON())).where(
            remote == local
        )
        self.column = of_record.correlate(local.table).scalar_subquery().label(self.name)

    def views(self, items: list[list[Any]]) -> list[Any]:
        """Return the views of what the column holds."""
        return [
            self._view(
                {
                    name: read(value) if read is not None and value is not None else value
                    for (name, read), value in zip(self._reads, item, strict=True)
                }
            )
            for item in items
        ]


@cache
def view_class(model: Any) -> type[View]:
    """Return the class of a model's views: they have the properties of its entity."""
    properties = {
        name: member
        for owner in reversed(model.__mro__)
        for name, member in vars(owner).items()
        if isinstance(member, property)
    }
    # Of a noun without owners it is empty: a view is asked like its entity (``servicekit.base.database.watching``).
    judged_by = {
        "seen_by": getattr(model, "seen_by", ()),
        "granted_as": getattr(model, "granted_as", None),
        "entity": model,
    }
    return type(f"{model.__name__}View", (View,), {**properties, **judged_by})
