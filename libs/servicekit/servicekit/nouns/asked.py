"""What a client asks of a list: its query string, or a tree of conditions, read and checked against what it offers."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, true

from servicekit.base.errors import Fault, Invalid
from servicekit.base.fields import made_once
from servicekit.base.texts import comparable
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.grammar import (
    All,
    Any_,
    Compared,
    Holds,
    Leaf,
    Node,
    Same,
    Span,
    leaf,
    read,
)
from servicekit.nouns.conditions.short import value_of
from servicekit.nouns.conditions.sql import sql_of
from servicekit.nouns.conditions.values import NOT_TRUE_OR_FALSE, BadValue
from servicekit.nouns.custom.asking import CustomOrder
from servicekit.nouns.custom.settings import ORDERED, PREFIX
from servicekit.nouns.filtering import Among, Search, compare, search
from servicekit.nouns.ordering import Order, decode_cursor

if TYPE_CHECKING:
    from servicekit.nouns.listing import Listing

UNKNOWN_PARAMETER = Fault("unknown-parameter", "There is no such parameter.")
DEFAULT_LIMIT, MAX_LIMIT = 20, 200

_FILTER = re.compile(r"filter\[(?P<field>(custom\.)?[a-z][a-z0-9_]*)\](\[(?P<operator>[a-z_]+)\])?")


class Sought(dict[str, str]):
    """A query whose filters come as a tree of conditions.

    Args:
        where: the tree as a client has sent it.
    """

    def __init__(self, query: Mapping[str, str], where: Any) -> None:
        super().__init__(query)
        self.where = where


def named_fields(query: Mapping[str, str]) -> set[str]:
    """Return the fields that a query finds records by: in its filters, and in its tree of conditions."""
    found = {match["field"] for name in query if (match := _FILTER.fullmatch(name))}
    return found | {*_fields_in(query.where)} if isinstance(query, Sought) else found


def _fields_in(tree: Any) -> Iterator[str]:
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    if isinstance(tree, dict) and isinstance(tree.get("field"), str):
        yield tree["field"]
    for part in parts:
        yield from _fields_in(part)


def _looks_into_texts(node: Node) -> bool:
    """Tell whether a condition is found by what texts hold, and so finds few rows or many, as nobody knows before."""
    if isinstance(node, Any_):
        return all(map(_looks_into_texts, node.parts))
    if isinstance(node, All):
        return any(map(_looks_into_texts, node.parts))
    return isinstance(node, Holds) and bool(comparable(node.text))


class Asked:
    """A client's query, checked against what the list offers.

    Args:
        opened: the condition that the client sees all of a record; by what a glimpse does not show, others are not
            found. None: all of every record is seen.
    """

    def __init__(
        self,
        listing: "Listing",
        query: Mapping[str, str],
        asker: Asker,
        opened: ColumnElement[bool] | None = None,
    ) -> None:
        self.listing = listing
        self.asker = asker
        self.opened = opened
        self.conditions: list[ColumnElement[bool]] = []
        self.errors: list[dict[str, str]] = []
        self.sort = query.get("sort") or listing.default
        self.limit = DEFAULT_LIMIT
        self.count = False
        self.searches: list[ColumnElement[bool]] = []
        """The conditions that the texts asked for are there."""
        self.fields: list[str] = []
        self.position: tuple[Any, UUID] | None = None
        self.custom = listing.at_run_time(asker.session) if self._names_custom(query) else {}
        named = named_fields(query)
        own = {name: field.term for name, field in self.custom.items() if name in named}
        self.terms = {**listing.terms, **own} if own else listing.terms
        self.by = self._order()
        # An order tells what it goes by, and so does the place in it that a cursor names.
        self.conditions += self._opened_for(self.sort.removeprefix("-"))
        for name, value in query.items():
            self._read(name, value)
        if self.errors:
            raise Invalid(self._code(query), "The query has parameters that are not understood.", self.errors)
        if isinstance(query, Sought):
            self._take(read(query.where, self.terms, asker))

    def _names_custom(self, query: Mapping[str, str]) -> bool:
        """Tell whether a query has to do with fields at run time; of most nobody has to know."""
        return "custom." in self.sort or any(each.startswith(PREFIX) for each in named_fields(query))

    def _order(self) -> Order:
        orders, name = self.listing.sorts, self.sort.removeprefix("-")
        if name in orders:
            return orders[name]
        field = self.custom.get(name)
        if field is not None and field.setting.indexed and field.setting.type in ORDERED:
            return CustomOrder(field)
        if field is not None:
            text = "{field} has no index, so a list cannot be in its order; an administrator makes one."
            self._refuse("sort", Fault("not-indexed", text, field=name))
        else:
            text = "Must be one of: {allowed}, with - for descending."
            self._refuse("sort", Fault("not-a-sort", text, allowed=", ".join(orders)))
        self.sort = self.listing.default
        return orders[self.sort.removeprefix("-")]

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
        if field not in self.terms:
            known = Fault("unknown-filter", "Filters are: {filters}.", filters=", ".join(self.terms))
            self._refuse(parameter, known)
            return
        term, operator = self.terms[field], operator or "eq"
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
        (self.searches if _looks_into_texts(node) else self.conditions).append(sql_of(node, self._leaf))
        if isinstance(node, Compared | Span) and node.field not in self.custom:
            # What is compared has a value: then the index of the order says the same, and is found by it.
            column = self.listing.filters[node.field]
            orders = [by for by in self.listing.sorts.values() if by.may_lack and by.column is column]
            self.conditions += [compare(by.of(self.listing.model), node) for by in orders]

    def _opened_for(self, name: str) -> list[ColumnElement[bool]]:
        """Return what has to hold besides for a record to be found by a field."""
        glimpse = self.listing.glimpse
        return [] if self.opened is None or glimpse is None or name in glimpse.shows else [self.opened]

    def _leaf(self, node: Leaf) -> ColumnElement[bool]:
        if isinstance(what := self.listing.filters.get(node.field), Search) and isinstance(node, Holds):
            return self._search(what, node)
        return and_(self._compared(node), *self._opened_for(node.field))

    def _search(self, what: Search, node: Holds) -> ColumnElement[bool]:
        """Return the condition that one of the columns that a search looks into holds a text."""
        # Each column compares as the field does that shows it; a term with nothing to be seen is in every text.
        shown = [node.field] if not what.also else [column.key for column in what.columns]
        fields = made_once(self.listing.compared).fields
        return or_(
            *(
                and_(
                    true(),
                    *search(column, node.text, fields.get(name), what.anything),
                    *self._opened_for(name),
                )
                for column, name in zip(what.columns, shown, strict=True)
            )
        )

    def _compared(self, node: Leaf) -> ColumnElement[bool]:
        listing = self.listing
        if node.field in listing.asks:
            return self._answer(node)
        if node.field in self.custom:
            return self.custom[node.field].holds(listing.model, node)
        what = listing.filters[node.field]
        fields = made_once(listing.compared).fields
        if isinstance(what, Among):
            return what.holds(listing.model, node)
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
