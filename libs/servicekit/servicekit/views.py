"""Views: records as they are read. Reads do not go through entities: an entity costs eight times what its row does."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session


class View:
    """A record as it is read: its columns, its parts, and what its entity's properties make of them."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


class Reader:
    """Reads records of a model as views.

    Args:
        model: the entity.
        parts: its one-to-many relationships that the views have, e.g. ``(Contract.lines,)``; a statement each.
    """

    def __init__(self, model: Any, parts: Sequence[Any] = ()) -> None:
        mapper = inspect(model)
        self.columns = [attribute.columns[0].label(attribute.key) for attribute in mapper.column_attrs]
        self._names = [attribute.key for attribute in mapper.column_attrs]
        self._view = _view_class(model)
        rows = select(*self.columns)
        if mapper.polymorphic_identity is not None and mapper.polymorphic_on is not None:
            rows = rows.where(mapper.polymorphic_on == mapper.polymorphic_identity)
        self.rows: Select[Any] = rows
        """All rows of the model, to be narrowed down."""
        self._by_id = rows.where(mapper.primary_key[0] == bindparam("id"))
        self._parts = {part.key: _part(part.property) for part in parts}

    def view(self, row: Sequence[Any]) -> Any:
        """Return the view of a row that holds ``columns`` first."""
        return self._view(dict(zip(self._names, row, strict=False)))

    def one(self, session: Session, record_id: UUID) -> Any | None:
        """Return the view of one record with its parts, or None if there is no such record."""
        asked = {"id": record_id}
        row = session.execute(self._by_id, asked).first()
        if row is None:
            return None
        found = self.view(row)
        for name, (reader, statement) in self._parts.items():
            setattr(found, name, [reader.view(part) for part in session.execute(statement, asked)])
        return found


def _part(relation: Any) -> tuple[Reader, Select[Any]]:
    """Return the reader of a relationship's records, and the statement for those of one record, in their order."""
    reader = Reader(relation.mapper.class_)
    ((_, foreign),) = relation.local_remote_pairs
    return reader, reader.rows.where(foreign == bindparam("id")).order_by(*relation.order_by)


@cache
def _view_class(model: Any) -> type[View]:
    properties = {
        name: member
        for owner in reversed(model.__mro__)
        for name, member in vars(owner).items()
        if isinstance(member, property)
    }
    return type(f"{model.__name__}View", (View,), properties)
