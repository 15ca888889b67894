"""Names of other services' records beside their ids: shown to those alone who may see these records.

    customer_name = ForeignName(CustomerCopy, "上海云图科技有限公司", label=("客户名称", "Customer name"))

The name comes from this service's copy, which is judged like the record at home: by its owner, whom it is granted to,
its pool and department, and the limits of roles. A page asks once for all its rows.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.fields import Schema, Text, made_once
from servicekit.base.labels import Label
from servicekit.base.scopes import ALL
from servicekit.nouns.access import holds
from servicekit.nouns.besides import not_in_pool
from servicekit.nouns.copied import Copied
from servicekit.nouns.limits import is_limited
from servicekit.nouns.reach import Reach


class ForeignName(Text):
    """What another service's record is called, for those who may see it.

    Args:
        copy: this service's copy of such records, which ``<noun>_id`` names.
        example: a name.
    """

    def __init__(self, copy: type[Copied], example: str, *, label: Label) -> None:
        super().__init__(label=label, dump_only=True, allow_none=True, metadata={"example": example})
        self.copy, self.of, self.reading = copy, f"{copy.of.noun}_id", f"{copy.of.noun}.read"


@cache
def _names_in(schema: type[Schema]) -> tuple[tuple[str, ForeignName], ...]:
    fields = made_once(schema).fields.items()
    return tuple((name, field) for name, field in fields if isinstance(field, ForeignName))


def close_names(
    session: Session,
    caller: Caller | None,
    schema: type[Schema] | None,
    shown: Iterable[tuple[Any, dict[str, Any]]],
) -> None:
    """Take the names of records that a caller may not see out of what is shown.

    Args:
        shown: each record, and what is shown of it by the schema.
    """
    if schema is None or caller is None or not (names := _names_in(schema)):
        return
    pairs = [*shown]
    for name, field in names:
        ids = {_id(record, field) for record, told in pairs if told.get(name) is not None}
        hidden = ids - _seen(session, caller, field, ids) if ids else set()
        for record, told in pairs:
            if name in told and _id(record, field) in hidden:
                told[name] = None


def _id(record: Any, field: ForeignName) -> UUID | None:
    return record.get(field.of) if isinstance(record, Mapping) else getattr(record, field.of)


def _seen(session: Session, caller: Caller, field: ForeignName, ids: set[UUID | None]) -> set[UUID | None]:
    """Return whose names a caller may see: of their own at once, before it is asked what else they reach."""
    if not holds(caller, field.reading):
        return set()
    copy: Any = field.copy
    if is_limited(caller, field.reading, copy):
        return _among(session, copy, ids, Reach(session, caller, field.reading).where(copy))
    if caller.scope(field.reading) == ALL:
        return ids
    seen = _among(session, copy, ids, copy.owner_id == caller.account_id, *not_in_pool(copy))
    if rest := ids - seen:
        seen |= _among(session, copy, rest, Reach(session, caller, field.reading).where(copy))
    return seen


def _among(
    session: Session, copy: Any, ids: set[UUID | None], *conditions: ColumnElement[bool]
) -> set[UUID | None]:
    among = copy.id == any_(literal([*ids], ARRAY(Uuid())))
    return {*session.connection().scalars(select(copy.id).where(among, *conditions))}
