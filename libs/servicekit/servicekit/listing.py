"""Lists: filtered by access in SQL, paged by key, fast on a million rows.

A list is declared once as data; the operation that offers it only calls ``page``:

    CONTRACTS = Listing(
        Contract, ContractSchema, "contract.read",
        filters={"status": Contract.status, "name": Search(Contract.name)},
        sorts={"created_at": Contract.created_at, "amount": Contract.amount},
    )
"""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from servicekit.access import visible_owners
from servicekit.context import Caller
from servicekit.errors import Invalid
from servicekit.fields import Schema

DEFAULT_LIMIT, MAX_LIMIT = 20, 200
FEW_OWNERS = 24
"""Up to this many owners each owner's newest rows are read from the owner's index and merged; for more, the ordered
index is read and filtered. Measured on a million rows of 2,000 owners (docs/performance.md)."""
FEW_FOUND = 5000
"""Up to this many rows that a text search finds are sorted; of more, the ordered index is read until the page is full.
The planner cannot tell the two apart: it knows how often a pair of letters occurs only where that is often."""

_FILTER = re.compile(r"filter\[(?P<field>[a-z_]+)\](\[(?P<operator>[a-z]+)\])?")
_COMPARISONS = {"gt": "__gt__", "gte": "__ge__", "lt": "__lt__", "lte": "__le__"}


@dataclass(frozen=True)
class Search:
    """A text column that is searched by ``contains`` through its bigram index; Chinese and English alike."""

    column: Any


def search_terms(column: Any, term: str) -> ColumnElement[bool]:
    """Return the condition that a text column contains a term, whatever the case.

    The bigram array is what the index knows; looking into the text then makes sure. A single character has no bigram
    and is looked for without the index.
    """
    lowered = func.lower(column)
    # The database lowers both: it and Python do not agree about every letter (İ, Σ).
    wanted = func.lower(term)
    found = func.strpos(lowered, wanted) != 0
    if len(term) < 2:
        return found
    return and_(func.kehu_bigrams(lowered).op("@>")(func.kehu_bigrams(wanted)), found)


class Listing:
    """A list of records: what can be filtered and sorted by, and who sees which rows.

    Args:
        model: the entity; with ``owner_id`` its rows are filtered by access, without it everybody who holds the
            permission sees all.
        schema: how an item is shown.
        permission: what a caller needs to see the list.
        filters: column or ``Search`` by public name; equality and comparisons follow from the column's type.
        sorts: column by public name; columns must not be null.
        default: the order when the client names none, ``-`` for descending.
        options: loader options, so that items are loaded without a query each.
    """

    def __init__(
        self,
        model: Any,
        schema: type[Schema],
        permission: str,
        *,
        filters: Mapping[str, Any],
        sorts: Mapping[str, Any],
        default: str = "-created_at",
        options: Sequence[Any] = (),
    ) -> None:
        self.model = model
        self.schema = schema
        self.permission = permission
        self.filters = dict(filters)
        self.sorts = dict(sorts)
        self.default = default
        self.options = tuple(options)

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
        asked = _Asked(self, query)
        owners = visible_owners(session, caller, self.permission) if hasattr(self.model, "owner_id") else None
        conditions = [*where, *asked.conditions]
        rows = self._rows(session, asked, owners, conditions)
        page = rows[: asked.limit]
        schema = self.schema(many=True, only=asked.fields) if asked.fields else self.schema(many=True)
        result: dict[str, Any] = {"items": schema.dump(page), "next": None}
        if len(rows) > asked.limit:
            result["next"] = _encode_cursor(asked.sort, getattr(page[-1], asked.column.key), page[-1].id)
        if asked.count:
            counted = select(func.count()).select_from(self.model)
            wanted = [*conditions, *asked.searched(self.model), *self._owned_by(owners)]
            result["total"] = session.scalar(counted.where(*wanted))
        return result

    def _owned_by(self, owners: list[UUID] | None) -> list[ColumnElement[bool]]:
        return [] if owners is None else [self.model.owner_id == any_(literal(owners, ARRAY(Uuid())))]

    def _rows(
        self,
        session: Session,
        asked: "_Asked",
        owners: list[UUID] | None,
        conditions: list[ColumnElement[bool]],
    ) -> Sequence[Any]:
        if not asked.searches:
            return session.scalars(self._statement(asked, owners, conditions)).unique().all()
        wanted = [*conditions, *asked.searched(self.model)]
        seen = [*wanted, *self._owned_by(owners), *asked.after(self.model)]
        few = aliased(self.model, select(self.model).where(*seen).limit(FEW_FOUND + 1).subquery())
        found = (
            select(few, func.count().over())
            .order_by(*asked.order(few))
            .limit(asked.limit + 1)
            .options(*self.options)
        )
        rows = session.execute(found).unique().all()
        if rows and rows[0][1] > FEW_FOUND:
            return session.scalars(self._statement(asked, owners, wanted)).unique().all()
        return [row for row, _ in rows]

    def _statement(
        self, asked: "_Asked", owners: list[UUID] | None, conditions: list[ColumnElement[bool]]
    ) -> Select[Any]:
        model, limit = self.model, asked.limit + 1
        if owners is None or len(owners) == 1 or len(owners) > FEW_OWNERS:
            few = (
                [model.owner_id == owners[0]]
                if owners is not None and len(owners) == 1
                else self._owned_by(owners)
            )
            return (
                select(model)
                .where(*conditions, *few, *asked.after(model))
                .order_by(*asked.order(model))
                .limit(limit)
                .options(*self.options)
            )
        owner = func.unnest(literal(owners, ARRAY(Uuid()))).table_valued("id", name="owner").render_derived()
        newest = (
            select(model)
            .where(*conditions, model.owner_id == owner.c.id, *asked.after(model))
            .order_by(*asked.order(model))
            .limit(limit)
            .lateral("newest")
        )
        merged = aliased(model, newest)
        return (
            select(merged)
            .select_from(owner)
            .join(newest, true())
            .order_by(*asked.order(merged))
            .limit(limit)
            .options(*self.options)
        )

    def parameters(self) -> list[dict[str, Any]]:
        """Return the OpenAPI query parameters of the list."""
        names = [
            f"filter[{name}]" + "[contains]" * isinstance(what, Search) for name, what in self.filters.items()
        ]
        sorts = [sign + name for name in self.sorts for sign in ("", "-")]
        described = [(name, {"type": "string"}) for name in names] + [
            ("sort", {"type": "string", "enum": sorts, "default": self.default}),
            ("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
            ("cursor", {"type": "string"}),
            ("count", {"type": "boolean", "default": False}),
            ("fields", {"type": "string"}),
        ]
        return [
            {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in described
        ]


class _Asked:
    """A client's query, checked against what the list offers."""

    def __init__(self, listing: Listing, query: Mapping[str, str]) -> None:
        self.listing = listing
        self.conditions: list[ColumnElement[bool]] = []
        self.errors: list[dict[str, str]] = []
        self.sort = query.get("sort") or listing.default
        self.limit = DEFAULT_LIMIT
        self.count = False
        self.searches: list[tuple[Any, str]] = []
        """The columns in which a text is searched, and the text."""
        self.fields: list[str] = []
        self.position: tuple[Any, UUID] | None = None
        if self.sort.lstrip("-") not in listing.sorts or self.sort.startswith("--"):
            self._refuse("sort", f"Must be one of: {', '.join(listing.sorts)}, with - for descending.")
            self.sort = listing.default
        self.column = listing.sorts[self.sort.lstrip("-")]
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
                self._refuse("limit", f"Must be a whole number from 1 to {MAX_LIMIT}.")
            else:
                self.limit = int(value)
        elif name == "count":
            if value not in {"true", "false"}:
                self._refuse("count", "Must be true or false.")
            self.count = value == "true"
        elif name == "fields":
            known = self.listing.schema().fields
            self.fields = [field for field in dict.fromkeys(value.split(",")) if field]
            if unknown := [field for field in self.fields if field not in known]:
                self._refuse("fields", f"There is no field {', '.join(unknown)}.")
        elif name == "cursor":
            self.position = _decode_cursor(value, self.sort, self.column)
        elif match := _FILTER.fullmatch(name):
            self._filter(name, match["field"], match["operator"], value)
        else:
            self._refuse(name, "There is no such parameter.")

    def _filter(self, parameter: str, field: str, operator: str | None, value: str) -> None:
        what = self.listing.filters.get(field)
        if what is None:
            self._refuse(parameter, f"Filters are: {', '.join(self.listing.filters)}.")
            return
        column = what.column if isinstance(what, Search) else what
        try:
            if operator == "contains":
                self.searches += _search(column, value)
            else:
                self.conditions.append(_condition(column, operator or "eq", value))
        except ValueError as error:
            self._refuse(parameter, str(error))

    def searched(self, model: Any) -> list[ColumnElement[bool]]:
        """Return the conditions that the texts asked for are there."""
        return [search_terms(getattr(model, column.key), term) for column, term in self.searches]

    def order(self, model: Any) -> list[Any]:
        """Return the order of the rows: the sort column, then the id, so that no two rows are equal."""
        columns = (getattr(model, self.column.key), model.id)
        return [column.desc() if self.sort.startswith("-") else column.asc() for column in columns]

    def after(self, model: Any) -> list[ColumnElement[bool]]:
        """Return the condition that a row comes after the cursor."""
        if self.position is None:
            return []
        here = tuple_(getattr(model, self.column.key), model.id)
        there = tuple_(
            *(
                literal(value, column.type)
                for value, column in zip(self.position, (self.column, model.id), strict=True)
            )
        )
        return [here < there if self.sort.startswith("-") else here > there]


def _search(column: Any, term: str) -> list[tuple[Any, str]]:
    _check_usable(term)
    if column.type.python_type is not str:
        raise ValueError("Only texts can be searched with contains.")
    return [(column, term)] if term else []


def _check_usable(value: str) -> None:
    if "\x00" in value or len(value) > 2000:
        raise ValueError("The value is not usable.")


def _condition(column: Any, operator: str, value: str) -> ColumnElement[bool]:
    _check_usable(value)
    kind = column.type.python_type
    if operator == "empty":
        if value not in {"true", "false"}:
            raise ValueError("Must be true or false.")
        empty: ColumnElement[bool] = column.is_(None)
        return empty if value == "true" else ~empty
    if operator in {"eq", "ne"}:
        wanted = read_value(kind, value)
        return column == wanted if operator == "eq" else or_(column != wanted, column.is_(None))
    if operator == "in":
        values = [read_value(kind, part) for part in value.split(",") if part]
        return column.in_(values) if values else false()
    if operator in _COMPARISONS and kind in (int, Decimal, date, datetime):
        compared: ColumnElement[bool] = getattr(column, _COMPARISONS[operator])(read_value(kind, value))
        return compared
    raise ValueError("There is no such comparison for this field.")


def read_value(kind: type, value: str) -> Any:
    """Read a value of the query string as a column's type.

    Raises:
        ValueError: with a sentence for the client.
    """
    try:
        if kind is bool:
            return {"true": True, "false": False}[value]
        if kind is int:
            if not re.fullmatch(r"-?[0-9]{1,18}", value):
                raise ValueError
            return int(value)
        if kind is Decimal:
            if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,4})?", value):
                raise ValueError
            return Decimal(value)
        if kind is UUID:
            return UUID(value)
        if kind is datetime:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError
            return moment
        if kind is date:
            return date.fromisoformat(value)
    except (ValueError, KeyError, InvalidOperation) as error:
        names = {bool: "true or false", int: "a whole number", Decimal: "a decimal", UUID: "an id"}
        names |= {date: "a date like 2026-11-22", datetime: "a time like 2026-11-22T08:00:00Z"}
        raise ValueError(f"Must be {names[kind]}.") from error
    return value


def _encode_cursor(sort: str, value: Any, record_id: UUID) -> str:
    text = str(value) if isinstance(value, Decimal) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, text, str(record_id)])).decode().rstrip("=")


def _decode_cursor(cursor: str, sort: str, column: Any) -> tuple[Any, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, record_id = orjson.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if made_for != sort:
            raise ValueError("made for another order")
        if "\x00" in str(value):
            raise ValueError("no text of ours")
        return read_value(column.type.python_type, str(value)), UUID(record_id)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid("invalid-cursor", "The cursor is not one of this list in this order.") from error
