"""Reading a record's history: below every record's address, for whoever may look at the record.

    GET /v1/books/{book_id}/history?filter[field]=price → {"at", "actor_id", "operation", "changes", "address", …}

Made for each operation that shows one record, so that no noun is without it. The single look itself judges who may
read, and which fields: what its answer does not show stands in no change.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from marshmallow.fields import Field
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.database import Record
from servicekit.base.errors import Fault, Invalid, NotFound
from servicekit.base.fields import Code, Id, Integer, Schema, Text, Timestamp, made_once
from servicekit.base.labels import Labelled
from servicekit.nouns.access import ForAll, covers, holds
from servicekit.nouns.conditions.grammar import Leaf, Same
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.filtering import Among
from servicekit.nouns.glimpsing import glimpsed
from servicekit.nouns.history import ACTED, CHANGED, CREATED, DELETED, VIEWED, Change, tell_of
from servicekit.nouns.listing import Listing
from servicekit.nouns.making import taking
from servicekit.nouns.operations import operation
from servicekit.nouns.told import LEFT_OUT, Plan

KINDS = {
    CREATED: ("新建", "Created"),
    CHANGED: ("修改", "Changed"),
    DELETED: ("删除", "Deleted"),
    ACTED: ("操作", "Acted upon"),
    VIEWED: ("查看", "Viewed"),
}


PARTS = ["boolean", "null", "number", "object", "string"]
ANY = ["array", "boolean", "null", "number", "object", "string"]
"""The types that a field of a record may have in JSON."""


class Changes(Labelled, Field[Any]):
    """Old and new by field, each as the record's own answer writes it."""

    described: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": {
            "type": "array",
            "items": {"type": ANY, "items": {"type": PARTS}},
            "minItems": 2,
            "maxItems": 2,
        },
    }


class HistoryEntrySchema(Schema):
    """What happened to a record: who changed what, when, and from where."""

    id = Id(dump_only=True)
    at = Timestamp(label=("时间", "Time"), dump_only=True)
    kind = Code(KINDS, label=("类别", "Kind"), dump_only=True)
    operation = Text(label=("操作", "Operation"), dump_only=True, metadata={"example": "update_customer"})
    actor_id = Id(label=("操作人", "Actor"), reference="account", dump_only=True, allow_none=True)
    address = Text(
        label=("客户端地址", "Client address"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "203.0.113.7"},
    )
    changes = Changes(
        label=("修改内容", "Changes"),
        dump_only=True,
        metadata={
            "example": {"grade": ["B", "A"]},
            "description": "Old and new by field, as the record shows them; of lines those that went and came.",
        },
    )
    record_version = Integer(
        label=("记录版本", "Version of the record"), attribute="version", dump_only=True, allow_none=True
    )
    correlation_id = Id(label=("流程标识", "Process"), reference="", dump_only=True)


@dataclass(frozen=True)
class ChangedFields(Among):
    """The fields that a change tells of."""

    def holds(self, model: Any, leaf: Leaf) -> ColumnElement[bool]:
        """Return the condition that a change tells of one of the fields asked for."""
        assert isinstance(leaf, Same)
        touched: ColumnElement[bool] = model.changes.has_any(array(leaf.values)) if leaf.values else false()
        return touched


HISTORY = Listing(
    Change,
    HistoryEntrySchema,
    "",
    filters={
        "field": ChangedFields(Change.operation, select(Change.id)),
        "kind": Change.kind,
        "operation": Change.operation,
        "actor_id": Change.actor_id,
        "at": Change.at,
        "created_at": Change.at,
        "correlation_id": Change.correlation_id,
    },
    sorts={"at": Change.at},
    default="-at",
    says=(
        "filter[field]", "filter[kind]", "filter[operation]", "filter[actor_id]", "filter[at][gte]", "filter[at][lt]",
        "filter[id][in]", "filter[created_at][gte]", "sort", "limit", "cursor", "fields",
    ),
)  # fmt: skip
"""Every record has one, so that the contract names its parameters in few words: it takes what every list takes."""


def give_histories(service_class: type) -> None:
    """Write down what happens to every record that a service shows by itself, and let it be read below its address.

    An address that the service answers itself stays its own.
    """
    operations = operations_of(service_class)
    taken = {each.path for each in operations.values() if each.method == "GET"}
    for name, look, model in _looks(service_class, operations):
        noun = name.removeprefix("get_")
        assert look.returns is not None
        tell_of(Plan(model, noun, look.returns))
        reading = f"list_{noun}_history"
        if f"{look.path}/history" not in taken and not hasattr(service_class, reading):
            setattr(service_class, reading, _history_of(noun, name, look))


def _looks(
    service_class: type, operations: Mapping[str, Operation]
) -> Iterator[tuple[str, Operation, type[Any]]]:
    """Yield the operations that show one record, each with its model, as their lists know it or they say themselves."""
    lists = {each.path: each.lists for each in operations.values() if each.lists and each.lists.paged}
    for name, look in operations.items():
        if look.method != "GET" or not look.path.endswith("}") or look.returns is None:
            continue
        beside = lists.get(look.path.rpartition("/")[0])
        of_schema = (each for each in lists.values() if each.schema is look.returns)
        listing = beside or next(of_schema, None)
        returned = inspect.unwrap(getattr(service_class, name)).__annotations__.get("return")
        model = listing.model if listing is not None else returned
        if isinstance(model, type) and issubclass(model, Record):
            yield name, look, model


def _history_of(noun: str, name: str, look: Operation) -> Callable[..., Any]:
    def list_history(
        service: Any, session: Session, caller: Caller, query: dict[str, str], **ids: Any
    ) -> dict[str, Any]:
        method = inspect.unwrap(getattr(type(service), name))
        return history(session, caller, look, ids, query, lambda: method(service, session, caller, **ids))

    taking(
        list_history,
        f"list_{noun}_history",
        f"List what happened to one {noun.replace('_', ' ')}, the latest first (CU-23, GW-61).\n\n"
        "Who, when, from where, and of each changed field the old and the new value; also of a deleted one, for "
        "whoever could see it then. It takes what every list takes.",
        __name__,
        *look.path_parameters,
        "query",
    )
    made: Callable[..., Any] = operation(
        f"GET {look.path}/history", permission=look.permission, lists=HISTORY, tag=look.tag
    )(list_history)
    return made


def history(
    session: Session,
    caller: Caller,
    look: Operation,
    ids: Mapping[str, Any],
    query: Mapping[str, str],
    show: Callable[[], Any],
) -> dict[str, Any]:
    """Return a page of a record's history.

    Args:
        look: the operation that shows the record.
        ids: the ids of the path; the last is the record's.
        show: looks at the record as the caller, or refuses.

    Raises:
        NotFound: as the look does, unless the record was deleted and the caller could see it then.
    """
    asked_for = ids[look.path_parameters[-1]]
    meant: set[UUID] = {asked_for} if isinstance(asked_for, UUID) else set()
    try:
        record = show()
        glimpse = glimpsed(session, caller, record)
        names = {*look.dump(record)} - (glimpse.hidden if glimpse else frozenset())
        # Of what was merged into it too, if that was asked for.
        meant.add(record["id"] if isinstance(record, Mapping) else record.id)
    except NotFound:
        if not any(_could_see_the_deleted(session, caller, look, each) for each in meant):
            raise
        assert look.returns is not None
        names = {*made_once(look.returns).dump_fields}
    refuse_hidden(query, names - LEFT_OUT)
    where = [Change.record_id.in_(sorted(meant))]
    if not _shows_all(look, names):
        where.append(Change.changes.has_any(array(sorted(names))))
    return without_hidden(HISTORY.page(session, caller, query, *where), names)


def without_hidden(page: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return a page of changes with those fields only that the caller is shown of the record."""
    for item in page["items"]:
        if "changes" in item:
            item["changes"] = {
                name: pair for name, pair in item["changes"].items() if name.partition(".")[0] in names
            }
    return page


def _shows_all(look: Operation, names: Collection[str]) -> bool:
    """Whether a caller sees the whole record: who sees a part of it is told of changes to that part, and no others."""
    assert look.returns is not None
    fields = made_once(look.returns).dump_fields.items()
    return all((field.data_key or name) in names for name, field in fields)


def refuse_hidden(query: Mapping[str, str], names: Collection[str]) -> None:
    """Refuse to find changes by a field that the caller is not shown, and in ways that say not which one."""
    asked = {query[name] for name in ("filter[field]",) if name in query}
    asked |= {name.strip(' "') for name in query.get("filter[field][in]", "").split(",")} - {""}
    ways = {name for name in query if name.startswith("filter[field]")} - {
        "filter[field]",
        "filter[field][in]",
    }
    if unknown := sorted(name for name in asked | ways if name.partition(".")[0] not in names):
        fault = Fault("unknown-fields", "There is no field {fields}.", fields=", ".join(unknown))
        raise Invalid.field("filter[field]", fault, "invalid-query")


def _could_see_the_deleted(session: Session, caller: Caller, look: Operation, record_id: UUID) -> bool:
    deleted = select(Change.watcher_ids).where(Change.record_id == record_id, Change.kind == DELETED)
    found = session.connection().execute(deleted.limit(1)).first()
    if found is None or look.permission is None:
        return False
    if isinstance(look.permission, ForAll):
        return holds(caller, look.permission)
    if look.permission in caller.limits:
        return False  # Nobody knows any more of what kind it was.
    watchers: list[UUID | None] = [*found[0]] if found[0] else [None]
    return any(covers(session, caller, look.permission, each) for each in watchers)
