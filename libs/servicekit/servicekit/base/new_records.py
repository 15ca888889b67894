"""New records that wait for the last statement of their transaction, to be written by it.

An operation that only makes records asks nothing of the database about them: flushed by themselves, each table would be
a journey to the server. What cannot be written so is flushed as ever, by whatever first asks for it
(docs/decisions/0052).
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Column, Table, inspect
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipProperty, Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import MANYTOMANY, MANYTOONE, ONETOMANY

_HELD_BACK = "kehu_held_back"
KNOWN = "kehu_known"
"""Where an attribute that the database computes says how to tell it without asking: ``info`` of the property, called
with session and record; a ``LookupError`` means that it cannot."""
MOST = 8
"""Rows that are written with one statement: each number of them is a statement of its own, kept compiled."""


class NewRow(NamedTuple):
    """A row to be inserted: its table, and the values of its columns by key."""

    table: Table
    values: Mapping[str, Any]


def hold_back(session: Session) -> None:
    """Let the new records of a session wait, as far as they can."""
    session.info[_HELD_BACK] = True


def settle(session: Session) -> None:
    """Flush the session, unless all that it has to write are new records that can wait: they are as if flushed."""
    if not waiting(session):
        session.flush()
        return
    for record in session.new:
        _name_parents(record)
        _fill(record)


def waiting(session: Session) -> bool:
    """Tell whether all that a session has to write are new records that can wait for its last statement."""
    return bool(
        session.info.get(_HELD_BACK)
        and 0 < len(session.new) <= MOST
        and not session.dirty
        and not session.deleted
        and all(_can_wait(session, record) for record in session.new)
    )


def take_rows(session: Session) -> list[NewRow]:
    """Return the rows of the records that wait, which are the caller's to insert: the session knows them no more."""
    rows = [_row(record) for record in session.new]
    session.expunge_all()
    return rows


class _Plan(NamedTuple):
    """What is to be known of an entity to write it."""

    table: Table
    columns: tuple[tuple[str, Column[Any]], ...]
    """Those that are given values, by attribute."""
    computed: tuple[ColumnProperty[Any], ...]
    """Attributes that the database computes when somebody reads them."""
    relations: tuple[RelationshipProperty[Any], ...]


def _plan_of(record: Any) -> _Plan | None:
    return _plan(inspect(record).mapper)


@cache
def _plan(mapper: Mapper[Any]) -> _Plan | None:
    """Return how an entity is written; None if only SQLAlchemy knows."""
    table = mapper.local_table
    if not isinstance(table, Table) or len(mapper.tables) != 1 or mapper.polymorphic_on is not None:
        return None
    properties = [each for each in mapper.column_attrs if isinstance(each, ColumnProperty)]
    columns = tuple((each.key, each.columns[0]) for each in properties if isinstance(each.columns[0], Column))
    if any(column.computed is not None or column.identity is not None for _, column in columns):
        return None
    computed = [each for each in properties if not isinstance(each.columns[0], Column)]
    return _Plan(table, columns, tuple(computed), tuple(mapper.relationships))


def _can_wait(session: Session, record: Any) -> bool:
    plan, given = _plan_of(record), inspect(record).dict
    if plan is None or not all(_is_known(session, record, each) for each in plan.computed):
        return False
    if any(isinstance(given.get(name), ClauseElement) for name, _ in plan.columns):
        return False
    return all(_is_plain(relation, given) for relation in plan.relations)


def _is_known(session: Session, record: Any, computed: ColumnProperty[Any]) -> bool:
    """Tell whether a new record has what the database would compute for it, and give it that where it can be told."""
    if computed.key in inspect(record).dict:
        return True
    if (tell := computed.info.get(KNOWN)) is None:
        return False
    try:
        set_committed_value(record, computed.key, tell(session, record))
    except LookupError:
        return False
    return True


def _is_plain(relation: RelationshipProperty[Any], given: Mapping[str, Any]) -> bool:
    """Tell whether nothing has to be read or written for a relation of a new record."""
    if relation.direction is MANYTOMANY:
        return not given.get(relation.key)
    if relation.direction is MANYTOONE:
        mapper = relation.parent
        keys = [mapper.get_property_by_column(column).key for column in relation.local_columns]
        return all(given.get(key) is None for key in keys) and given.get(relation.key) is None
    return True


def _name_parents(record: Any) -> None:
    """Give the parts of a record its key, as a flush would."""
    state: Any = inspect(record)
    for relation in state.mapper.relationships:
        if relation.direction is not ONETOMANY or relation.viewonly:
            continue
        for part in state.attrs[relation.key].history.added or ():
            for local, remote in relation.local_remote_pairs:
                key = relation.mapper.get_property_by_column(remote).key
                setattr(part, key, getattr(record, state.mapper.get_property_by_column(local).key))


def _fill(record: Any) -> None:
    """Give a record the values of the columns that nobody has named."""
    plan, state = _plan_of(record), inspect(record)
    assert plan is not None, "it could not wait"
    for name, column in plan.columns:
        if name not in state.dict and column.default is not None:
            default: Any = column.default
            setattr(record, name, default.arg(None) if default.is_callable else default.arg)


def _row(record: Any) -> NewRow:
    plan, given = _plan_of(record), inspect(record).dict
    assert plan is not None, "it could not wait"
    # What the database has a default for is left to it; everything else that nobody named is null.
    columns = [
        (name, column) for name, column in plan.columns if name in given or column.server_default is None
    ]
    return NewRow(plan.table, {column.key: given.get(name) for name, column in columns})
