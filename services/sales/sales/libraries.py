"""Libraries that opportunities take entries from: competitors, partners. What is taken stays in its library."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import MappedSQLExpression, Session, column_property, object_session

from servicekit import Conflict, Fault, Invalid
from servicekit.base.new_records import KNOWN


def told_of(column: Any, record_id: Any, name: str) -> MappedSQLExpression[str]:
    """Return an attribute of what names another record: what a column of that one holds now.

    Args:
        record_id: the column with the other one's id, which is called ``name``.
    """
    model = column.class_

    def known(session: Session, record: Any) -> str:
        return str(getattr(session.get(model, getattr(record, name)), column.key))

    found = select(column).where(model.id == record_id).correlate_except(model)
    return column_property(found.scalar_subquery(), info={KNOWN: known})


def check_entry(
    session: Session, library: Any, part: Any, opportunity_id: Any, values: dict[str, Any]
) -> None:
    """Make sure that an entry that an opportunity newly names is in use, and named by it once.

    The entry stays until the transaction ends. What was named before may stay, whatever has become of it.

    Args:
        part: what names it, an entity with ``<noun>_id``; nobody else changes those of the opportunity meanwhile.

    Raises:
        Invalid: ``unknown-entry``, ``entry-out-of-use``, at the field.
        Conflict: ``opportunity-<noun>-taken``.
    """
    noun = library.__tablename__
    field = f"{noun}_id"
    entry_id = values.get(field)
    if entry_id is None or entry_id == getattr(part, field):
        return
    entry = session.get(library, entry_id, with_for_update={"read": True, "key_share": True})
    if entry is None:
        raise Invalid.field(field, Fault("unknown-entry", "The library has no such entry."))
    if not entry.active:
        raise Invalid.field(field, Fault("entry-out-of-use", "It is out of use."))
    model = type(part)
    same = (model.opportunity_id == opportunity_id, getattr(model, field) == entry_id, model.id != part.id)
    if session.scalar(select(exists().where(*same))):
        message = f"The opportunity names this {noun} already."
        raise Conflict(f"opportunity-{noun}-taken", message, [{"field": field, "message": message}])


def ensure_unnamed(entry: Any) -> None:
    """Refuse to delete an entry that opportunities name.

    Raises:
        Conflict: ``<noun>-in-use``.
    """
    session, noun = object_session(entry), entry.__tablename__
    naming = entry.metadata.tables[f"opportunity_{noun}"].c[f"{noun}_id"]
    if session is not None and session.scalar(select(exists().where(naming == entry.id))):
        raise Conflict(f"{noun}-in-use", f"Opportunities name this {noun}: take it out of use instead.")
