"""Lists: filtered by access in SQL, paged by key, fast on a million rows.

A list is declared once as data; the operation that offers it only calls ``page``:

    CONTRACTS = Listing(
        Contract, ContractSchema, "contract.read",
        filters={"status": Contract.status, "name": Search(Contract.name)},
        sorts={"created_at": Contract.created_at, "amount": Contract.amount},
    )
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from servicekit.base.context import Caller
from servicekit.base.errors import Fault, Invalid
from servicekit.base.fields import Schema, made_once
from servicekit.base.texts import comparable
from servicekit.nouns.access import not_found
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.grammar import (
    NOT_TRUE_OR_FALSE,
    All,
    Any_,
    BadValue,
    Compared,
    Holds,
    Leaf,
    Node,
    Not,
    Same,
    Span,
    leaf,
    read,
)
from servicekit.nouns.conditions.matching import holds
from servicekit.nouns.conditions.short import value_of
from servicekit.nouns.conditions.terms import QUESTION, SEARCH, Term
from servicekit.nouns.filtering import Among, Search, compare, search, term_of
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

_FILTER = re.compile(r"filter\[(?P<field>[a-z_]+)\](\[(?P<operator>[a-z_]+)\])?")


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
        says: the parameters that the contract names, where naming all that a list takes would fill it; none: all.
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
        says: Collection[str] = (),
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
        self.says = frozenset(says)

    @cached_property
    def terms(self) -> dict[str, Term]:
        """What a condition may ask of its records."""
        fields = made_once(self.compared).fields
        found = {name: term_of(name, what, fields.get(name)) for name, what in self.filters.items()}
        return {**found, **{name: Term.of(QUESTION) for name in self.asks}}

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
            query: the query string: ``filter[...]``, ``sort``, ``limit``, ``cursor``, ``count``, ``fields``; or
                ``Sought``, which has a tree of conditions besides.
            where: further conditions, e.g. the customer whose contacts are listed.

        Returns:
            ``{"items": [...], "next": cursor or None}``, with ``total`` if the query asks for the count.

        Raises:
            Invalid: ``invalid-query`` with an entry a parameter; ``invalid-input`` with an entry a place in a tree;
                ``invalid-cursor``.
            Forbidden: ``permission-required``.
        """
        asked = Asked(self, query, Asker(session, caller))
        reach = self._reach(session, caller)
        conditions = [*where, *asked.conditions]
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

    def conditions(
        self, session: Session, caller: Caller, query: Mapping[str, str]
    ) -> list[ColumnElement[bool]]:
        """Return what a query's filters ask of a row, for sums over the rows of the list.

        Raises:
            Invalid: ``invalid-query`` with an entry a parameter.
        """
        asked = Asked(self, query, Asker(session, caller))
        return [*asked.conditions, *asked.searches]

    def meaning(self, asker: Asker, where: Any) -> list[ColumnElement[bool]]:
        """Return what a tree of conditions asks of a row, for whoever sweeps over rows.

        Raises:
            Invalid: ``invalid-input`` with an entry a place in the tree.
        """
        asked = Asked(self, Sought({}, where), asker)
        return [*asked.conditions, *asked.searches]

    def holds(self, asker: Asker, where: Any, record: Any) -> bool:
        """Tell whether a tree of conditions means a record: an entity, or what a client is shown of it.

        Raises:
            Invalid: ``invalid-input``; also for what can only be asked of the table.
        """
        terms = {name: term for name, term in self.terms.items() if term.kind not in (SEARCH, QUESTION)}
        return holds(read(where, terms, asker), terms, record)

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


class Sought(dict[str, str]):
    """A query whose filters come as a tree of conditions.

    Args:
        where: the tree as a client has sent it.
    """

    def __init__(self, query: Mapping[str, str], where: Any) -> None:
        super().__init__(query)
        self.where = where


def _looks_into_texts(node: Node) -> bool:
    """Tell whether a condition is found by what texts hold, and so finds few rows or many, as nobody knows before."""
    if isinstance(node, Any_):
        return all(map(_looks_into_texts, node.parts))
    if isinstance(node, All):
        return any(map(_looks_into_texts, node.parts))
    return isinstance(node, Holds) and bool(comparable(node.text))


class Asked:
    """A client's query, checked against what the list offers."""

    def __init__(self, listing: Listing, query: Mapping[str, str], asker: Asker) -> None:
        self.listing = listing
        self.asker = asker
        self.conditions: list[ColumnElement[bool]] = []
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
            raise Invalid(self._code(query), "The query has parameters that are not understood.", self.errors)
        if isinstance(query, Sought):
            self._take(read(query.where, listing.terms, asker))

    def _code(self, query: Mapping[str, str]) -> str:
        return "invalid-input" if isinstance(query, Sought) else "invalid-query"

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
        terms = self.listing.terms
        if field not in terms:
            known = Fault("unknown-filter", "Filters are: {filters}.", filters=", ".join(terms))
            self._refuse(parameter, known)
            return
        term, operator = terms[field], operator or "eq"
        try:
            self._take(leaf(field, term, operator, value_of(term, operator, value), self.asker))
        except BadValue as error:
            self._refuse(parameter, error.fault)

    def _take(self, node: Node) -> None:
        """Ask for a condition, besides all others."""
        if isinstance(node, All):
            for part in node.parts:
                self._take(part)
            return
        (self.searches if _looks_into_texts(node) else self.conditions).append(self._sql(node))
        if isinstance(node, Compared | Span):
            # What is compared has a value: then the index of the order says the same, and is found by it.
            column = self.listing.filters[node.field]
            orders = [by for by in self.listing.sorts.values() if by.may_lack and by.column is column]
            self.conditions += [compare(by.of(self.listing.model), node) for by in orders]

    def _sql(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, All):
            return and_(true(), *(self._sql(part) for part in node.parts))
        if isinstance(node, Any_):
            return or_(false(), *(self._sql(part) for part in node.parts))
        if isinstance(node, Not):
            # What is not known to hold does not, so its opposite does.
            return self._sql(node.part).is_not(true())
        return self._leaf(node)

    def _leaf(self, node: Leaf) -> ColumnElement[bool]:
        listing = self.listing
        if node.field in listing.asks:
            return self._answer(node)
        what = listing.filters[node.field]
        fields = made_once(listing.compared).fields
        if isinstance(what, Among):
            return what.holds(listing.model, node)
        if isinstance(what, Search) and isinstance(node, Holds):
            # Each column compares as the field does that shows it; a term with nothing to be seen is in every text.
            shown = [node.field] if not what.also else [column.key for column in what.columns]
            pairs = zip(what.columns, shown, strict=True)
            found = [search(column, node.text, fields.get(name), what.anything) for column, name in pairs]
            return or_(*(and_(true(), *conditions) for conditions in found))
        column = what.column if isinstance(what, Search) else what
        # Where the client may ask by a field that is not shown, its column's type decides how values are compared.
        return compare(column, node, fields.get(node.field))

    def _answer(self, node: Leaf) -> ColumnElement[bool]:
        assert isinstance(node, Same) and self.asker.session and self.asker.caller
        # What is not known to hold does not: a comparison with nobody is neither true nor false.
        answer = self.listing.asks[node.field](self.asker.session, self.asker.caller)
        return func.coalesce(answer, false()).is_(node.values[0])

    def order(self, model: Any) -> list[Any]:
        """Return the order of the rows: the sort column, then the id, so that no two rows are equal."""
        columns = (self.by.of(model), model.id)
        return [column.desc() if self.sort.startswith("-") else column.asc() for column in columns]

    def after(self, model: Any) -> list[ColumnElement[bool]]:
        """Return the condition that a row comes after the cursor."""
        if self.position is None:
            return []
        return [self.by.beyond(model, self.position, descending=self.sort.startswith("-"))]
