"""Lists: filtered by access in SQL, paged by key, fast on a million rows.

A list is declared once as data; the operation that offers it only calls ``page``:

    CONTRACTS = Listing(
        Contract, ContractSchema, "contract.read",
        filters={"status": Contract.status, "name": Search(Contract.name)},
        sorts={"created_at": Contract.created_at, "amount": Contract.amount},
    )
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from servicekit.base.context import Caller
from servicekit.base.errors import Fault, Invalid
from servicekit.base.fields import Schema, made_once
from servicekit.nouns.access import not_found
from servicekit.nouns.filtering import COMPARISONS, NOT_TRUE_OR_FALSE, Among, condition, search
from servicekit.nouns.ordering import Sort, decode_cursor, encode_cursor
from servicekit.nouns.paging import page_of
from servicekit.nouns.reach import Reach, ensure_reach
from servicekit.nouns.views import Reader

UNKNOWN_PARAMETER = Fault("unknown-parameter", "There is no such parameter.")
DEFAULT_LIMIT, MAX_LIMIT = 20, 200
USUAL = ("id", "created_at", "updated_at")
"""What every list can be filtered by, as far as its records have it."""
FEW_FOUND = 5000
"""Up to this many rows that a text search finds are sorted; of more, the ordered index is read until the page is full.
The planner cannot tell the two apart: it knows how often a pair of letters occurs only where that is often."""

_FILTER = re.compile(r"filter\[(?P<field>[a-z_]+)\](\[(?P<operator>[a-z]+)\])?")


@dataclass(frozen=True)
class Search:
    """A text column that is searched by ``contains`` through its bigram index; Chinese and English alike.

    ``anything``: it holds whatever a record is found by, digits of phone numbers among it.
    ``also``: what a record is found by too, each with an index of its own; then there is no other comparison.
    """

    column: Any
    anything: bool = False
    also: tuple[Any, ...] = ()

    @property
    def columns(self) -> tuple[Any, ...]:
        """All that it looks into."""
        return (self.column, *self.also)


class Listing:
    """A list of records: what can be filtered and sorted by, and who sees which rows.

    Args:
        model: the entity; with ``owner_id`` its rows are filtered by access, without it everybody who holds the
            permission sees all.
        schema: how an item is shown.
        permission: what a caller needs to see the list.
        filters: column, ``Search`` or ``Among`` by public name, besides the usual ones (``USUAL``); comparisons follow
            from the column's type.
        sorts: column or ``Sort`` by public name, besides ``updated_at``; only days and moments may be null.
        default: the order when the client names none, ``-`` for descending.
        parts: the relationships that a single record is shown with, and the items of the list are not.
        asks: yes-or-no questions about a row that depend on who asks or on other rows, each a function that returns
            the condition; its docstring is the question, as the contract has it.
        whole: whether items are entities, for a schema that shows more of them than their columns; each item then
            costs several times as much.
    """

    paged = True
    """Whether it takes an order, a place to go on from and fields; one that only sums up takes filters alone."""

    def __init__(
        self,
        model: Any,
        schema: type[Schema],
        permission: str,
        *,
        filters: Mapping[str, Any],
        sorts: Mapping[str, Any],
        default: str = "-created_at",
        parts: Sequence[Any] = (),
        asks: Mapping[str, Callable[[Session, Caller], ColumnElement[bool]]] | None = None,
        whole: bool = False,
    ) -> None:
        self.model = model
        self.schema = schema
        self.compared = schema
        """The schema whose fields decide how a filter compares."""
        self.permission = permission
        usual = {name: getattr(model, name) for name in USUAL if hasattr(model, name)}
        self.filters = {**usual, **filters}
        # What has changed since, in the order of its changes: by that a copy elsewhere is kept up to date.
        changed = {name: usual[name] for name in ("updated_at",) if name in usual}
        self.sorts = {
            name: what if isinstance(what, Sort) else Sort(what)
            for name, what in {**sorts, **changed}.items()
        }
        self.default = default
        self.parts = tuple(parts)
        self.asks = dict(asks or {})
        self.whole = whole

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.model, self.parts)

    def record(self, session: Session, caller: Caller, record_id: UUID) -> Any:
        """Return one record with its parts, if the caller may see it.

        Raises:
            NotFound: ``<noun>-not-found``.
        """
        found = self._reader.one(session, record_id)
        if found is None:
            raise not_found(self.permission)
        ensure_reach(session, found, caller, self.permission, self.permission)
        return found

    def page(
        self, session: Session, caller: Caller, query: Mapping[str, str], *where: ColumnElement[bool]
    ) -> dict[str, Any]:
        """Return one page of what the caller may see.

        Args:
            query: the query string: ``filter[...]``, ``sort``, ``limit``, ``cursor``, ``count``, ``fields``.
            where: further conditions, e.g. the customer whose contacts are listed.

        Returns:
            ``{"items": [...], "next": cursor or None}``, with ``total`` if the query asks for the count.

        Raises:
            Invalid: ``invalid-query`` with an entry a parameter; ``invalid-cursor``.
            Forbidden: ``permission-required``.
        """
        asked = Asked(self, query)
        reach = self._reach(session, caller)
        # What is not known to hold does not: a comparison with nobody is neither true nor false.
        answers = [
            func.coalesce(self.asks[name](session, caller), False).is_(wanted)
            for name, wanted in asked.answers.items()
        ]
        conditions = [*where, *asked.conditions, *answers]
        rows = self._rows(session, asked, reach, conditions)
        page = rows[: asked.limit]
        schema = self.schema(only=asked.fields) if asked.fields else made_once(self.schema)
        result: dict[str, Any] = {"items": schema.dump(page, many=True), "next": None}
        if len(rows) > asked.limit:
            result["next"] = encode_cursor(asked.sort, asked.by.value(page[-1]), page[-1].id)
        if asked.count:
            counted = select(func.count()).select_from(self.model)
            wanted = [*conditions, *asked.searches, *self._reached(reach)]
            result["total"] = session.scalar(counted.where(*wanted))
        return result

    def conditions(self, query: Mapping[str, str]) -> list[ColumnElement[bool]]:
        """Return what a query's filters ask of a row, for sums over the rows of the list.

        Raises:
            Invalid: ``invalid-query`` with an entry a parameter.
        """
        asked = Asked(self, query)
        return [*asked.conditions, *asked.searches]

    def _reach(self, session: Session, caller: Caller) -> Reach | None:
        """Return what a caller reaches of the list; None: whoever may see it sees all of it."""
        if not hasattr(self.model, "owner_id"):
            return None
        reach = Reach(session, caller, self.permission)
        return None if reach.everything else reach

    def _reached(self, reach: Reach | None) -> list[ColumnElement[bool]]:
        return [] if reach is None else [reach.where(self.model)]

    def _rows(
        self,
        session: Session,
        asked: "Asked",
        reach: Reach | None,
        conditions: list[ColumnElement[bool]],
    ) -> Sequence[Any]:
        # A connection gives rows as they are; a session would look for entities among them.
        execute = session.execute if self.whole else session.connection().execute
        if not asked.searches:
            return self._items(execute(page_of(self, asked, reach, conditions)))
        wanted = [*conditions, *asked.searches]
        seen = [*wanted, *self._reached(reach), *asked.after(self.model)]
        few = self.rows().where(*seen).limit(FEW_FOUND + 1).subquery()
        found = (
            select(*self.shown(few), func.count().over()).order_by(*asked.order(few.c)).limit(asked.limit + 1)
        )
        rows = execute(found).all()
        if rows and rows[0][-1] > FEW_FOUND:
            return self._items(execute(page_of(self, asked, reach, wanted)))
        return self._items(rows)

    def rows(self) -> Any:
        """Return a query of all rows."""
        return select(self.model) if self.whole else self._reader.rows

    def shown(self, rows: Any) -> list[Any]:
        """Return what is selected from a derived table of rows."""
        return [aliased(self.model, rows)] if self.whole else [*rows.c]

    def _items(self, rows: Iterable[Any]) -> list[Any]:
        return [row[0] if self.whole else self._reader.view(row) for row in rows]


class Asked:
    """A client's query, checked against what the list offers."""

    def __init__(self, listing: Listing, query: Mapping[str, str]) -> None:
        self.listing = listing
        self.conditions: list[ColumnElement[bool]] = []
        self.answers: dict[str, bool] = {}
        """What the answers to the list's questions have to be."""
        self.errors: list[dict[str, str]] = []
        self.sort = query.get("sort") or listing.default
        self.limit = DEFAULT_LIMIT
        self.count = False
        self.searches: list[ColumnElement[bool]] = []
        """The conditions that the texts asked for are there."""
        self.fields: list[str] = []
        self.position: tuple[Any, UUID] | None = None
        if self.sort.lstrip("-") not in listing.sorts or self.sort.startswith("--"):
            text = "Must be one of: {allowed}, with - for descending."
            self._refuse("sort", Fault("not-a-sort", text, allowed=", ".join(listing.sorts)))
            self.sort = listing.default
        self.by = listing.sorts[self.sort.lstrip("-")]
        for name, value in query.items():
            self._read(name, value)
        if self.errors:
            raise Invalid("invalid-query", "The query has parameters that are not understood.", self.errors)

    def _refuse(self, parameter: str, message: str) -> None:
        self.errors.append({"field": parameter, "message": message})

    def _read(self, name: str, value: str) -> None:
        if name == "sort":
            return
        if name == "limit":
            if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MAX_LIMIT:
                text = "Must be a whole number from {min} to {max}."
                self._refuse("limit", Fault("not-within", text, min=1, max=MAX_LIMIT))
            else:
                self.limit = int(value)
        elif name == "count":
            if value not in {"true", "false"}:
                self._refuse("count", NOT_TRUE_OR_FALSE)
            self.count = value == "true"
        elif name == "fields":
            known = made_once(self.listing.schema).fields
            self.fields = [field for field in dict.fromkeys(value.split(",")) if field]
            if unknown := [field for field in self.fields if field not in known]:
                text = "There is no field {fields}."
                self._refuse("fields", Fault("unknown-fields", text, fields=", ".join(unknown)))
        elif name == "cursor":
            # The first page has no cursor, and a client that goes on from nowhere means the first page.
            self.position = decode_cursor(value, self.sort, self.by) if value else None
        elif match := _FILTER.fullmatch(name):
            self._filter(name, match["field"], match["operator"], value)
        else:
            self._refuse(name, UNKNOWN_PARAMETER)

    def _filter(self, parameter: str, field: str, operator: str | None, value: str) -> None:
        if field in self.listing.asks and operator is None:
            if value not in {"true", "false"}:
                self._refuse(parameter, NOT_TRUE_OR_FALSE)
            self.answers[field] = value == "true"
            return
        what = self.listing.filters.get(field)
        if what is None:
            names = ", ".join([*self.listing.filters, *self.listing.asks])
            self._refuse(parameter, Fault("unknown-filter", "Filters are: {filters}.", filters=names))
            return
        column = what.column if isinstance(what, Search) else what
        # Where the client may ask by a field that is not shown, its column's type decides how values are compared.
        shown_as = made_once(self.listing.compared).fields.get(field)
        try:
            if isinstance(what, Search) and what.also:
                self._search_all(what, operator, value)
            elif isinstance(what, Among):
                self.conditions.append(what.holds(self.listing.model, operator or "eq", value))
            elif operator == "contains":
                anything = isinstance(what, Search) and what.anything
                self.searches += search(column, value, shown_as, anything)
            else:
                self.conditions.append(condition(column, operator or "eq", value, shown_as))
                if operator in COMPARISONS:
                    # What is compared has a value: then the index of the order says the same, and is found by it.
                    orders = [by for by in self.listing.sorts.values() if by.may_lack and by.column is column]
                    self.conditions += [
                        condition(by.of(self.listing.model), operator, value) for by in orders
                    ]
        except ValueError as error:
            self._refuse(parameter, error.args[0])

    def _search_all(self, what: Search, operator: str | None, term: str) -> None:
        if operator != "contains":
            raise ValueError("There is no such comparison for this field.")
        fields = made_once(self.listing.compared).fields
        found = [search(column, term, fields.get(column.key)) for column in what.columns]
        # A term with nothing to be seen is in every text.
        if all(found):
            self.searches.append(or_(*(and_(*conditions) for conditions in found)))

    def order(self, model: Any) -> list[Any]:
        """Return the order of the rows: the sort column, then the id, so that no two rows are equal."""
        columns = (self.by.of(model), model.id)
        return [column.desc() if self.sort.startswith("-") else column.asc() for column in columns]

    def after(self, model: Any) -> list[ColumnElement[bool]]:
        """Return the condition that a row comes after the cursor."""
        if self.position is None:
            return []
        return [self.by.beyond(model, self.position, descending=self.sort.startswith("-"))]
