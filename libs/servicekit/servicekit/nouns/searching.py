"""Searching: ``POST /v1/<nouns>/search`` is every list once more, with a tree of conditions instead of filters.

It asks the list's own method, so whatever that adds to the question is asked here too.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.fields import Flag, Integer, List, Schema, Text
from servicekit.nouns.asked import MAX_LIMIT, Sought
from servicekit.nouns.conditions.field import Where
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.operations import operation


class SearchSchema(Schema):
    """Which records are wanted, in which order, and how much of them."""

    where = Where(label=("条件", "Conditions"), load_default=None, allow_none=True)
    sort = Text(100, label=("排序", "Order"), allow_none=True, metadata={"example": None})
    limit = Integer(label=("每页数量", "Page size"), minimum=1, maximum=MAX_LIMIT, metadata={"example": 20})
    cursor = Text(4000, label=("游标", "Cursor"), blank=True, allow_none=True, metadata={"example": None})
    count = Flag(label=("统计总数", "Count"), metadata={"example": True})
    fields_ = List(
        Text(100), label=("返回字段", "Fields"), maximum=200, data_key="fields", metadata={"example": []}
    )


def _sought(data: dict[str, Any]) -> Sought:
    query: dict[str, str] = {name: str(data[name]) for name in ("sort", "limit") if data.get(name)}
    if data.get("cursor"):
        query["cursor"] = data["cursor"]
    if data.get("count"):
        query["count"] = "true"
    if data.get("fields_"):
        query["fields"] = ",".join(data["fields_"])
    return Sought(query, data["where"])


def add_searches(service_class: type) -> None:
    """Give a service a search for each of its lists that stands at a noun's path."""
    known = operations_of(service_class)
    for name, listed in known.items():
        if listed.lists is None or not listed.lists.paged or listed.path.count("/") != 2:
            continue
        search = f"search_{name.removeprefix('list_')}"
        if search not in known:
            setattr(service_class, search, _search(search, listed, getattr(service_class, name).__wrapped__))


def _search(name: str, listed: Operation, method: Callable[..., Any]) -> Callable[..., Any]:
    def search(service: Any, session: Session, caller: Caller, data: dict[str, Any]) -> Any:
        return method(service, session, caller, query=_sought(data))

    search.__name__ = search.__qualname__ = name
    search.__doc__ = f"{listed.summary.removesuffix('.')}: those that a tree of conditions means."
    return operation(
        f"POST {listed.path}/search",
        permission=listed.permission,
        accepts=SearchSchema,
        searches=listed.lists,
        tag=listed.tag,
    )(search)
