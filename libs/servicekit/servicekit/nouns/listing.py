"""Lists: filtered by access in SQL, paged by key, fast on a million rows.

A list is declared once as data; the operation that offers it only calls ``page``:

    CONTRACTS = Listing(
        Contract, ContractSchema, "contract.read",
        filters={"status": Contract.status, "name": Search(Contract.name)},
        sorts={"created_at": Contract.created_at, "amount": Contract.amount},
    )
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from servicekit.base.belonging import is_within
from servicekit.base.context import Caller
from servicekit.base.fields import Schema, made_once
from servicekit.nouns.access import not_found
from servicekit.nouns.asked import Asked, Sought
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.grammar import read
from servicekit.nouns.conditions.matching import holds
from servicekit.nouns.conditions.terms import QUESTION, SEARCH, Term
from servicekit.nouns.custom.asking import CustomField
from servicekit.nouns.custom.column import Custom
from servicekit.nouns.custom.settings import fields_of
from servicekit.nouns.filtering import term_of
from servicekit.nouns.foreign_names import close_names
from servicekit.nouns.glimpsing import Glimpse
from servicekit.nouns.grants import GLIMPSE, VIEW
from servicekit.nouns.limits import MEANT
from servicekit.nouns.ordering import Sort, encode_cursor
from servicekit.nouns.paging import page_of
from servicekit.nouns.reach import Reach, ensure_reach
from servicekit.nouns.views import Reader

USUAL = ("id", "created_at", "updated_at")
"""What every list can be filtered by, as far as its records have it."""
FEW_FOUND = 5000
"""Up to this many rows that a text search finds are sorted; of more, the ordered index is read until the page is full.
The planner cannot tell the two apart: it knows how often a pair of letters occurs only where that is often."""


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
    glimpse: Glimpse | None = None
    """What it shows of records of pools that hide the rest; None: it shows no such records."""

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
        self._offer_for_limits()

    def _offer_for_limits(self) -> None:
        """Let limits of the noun's permissions be on the fields of this list, if it is the noun's own."""
        noun, table = self.permission.partition(".")[0], getattr(self.model, "__tablename__", "")
        if self.paged and getattr(self, "name", table) == noun:
            MEANT.setdefault((self.model, noun), self)

    @cached_property
    def terms(self) -> dict[str, Term]:
        """What a condition may ask of its records."""
        fields = made_once(self.compared).fields
        found = {name: term_of(name, what, fields.get(name)) for name, what in self.filters.items()}
        return {**found, **{name: Term.of(QUESTION) for name in self.asks}}

    def at_run_time(self, session: Session | None) -> dict[str, CustomField]:
        """Return the custom fields that are in use now, by name, of a noun that has such."""
        if session is None or not issubclass(self.model, Custom):
            return {}
        settings = fields_of(session, str(self.model.__tablename__))
        return {
            name: CustomField(each) for name, each in settings.items() if each.active and not each.standard
        }

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.model, self.parts)

    @property
    def level(self) -> int:
        """How far its records have to be reached to stand in it."""
        return VIEW if self.glimpse is None else GLIMPSE

    def record(self, session: Session, caller: Caller, record_id: UUID, level: int = VIEW) -> Any:
        """Return one record with its parts, if the caller may see it.

        Args:
            level: how far it has to be seen; the answer shows no more than that.

        Raises:
            NotFound: ``<noun>-not-found``.
        """
        found = session.get(self.model, record_id) if self.whole else self._reader.one(session, record_id)
        if found is None:
            raise not_found(self.permission)
        ensure_reach(session, found, caller, self.permission, self.permission, level)
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
        reach = self._reach(session, caller)
        opened = self.glimpse.opened(session, caller) if self.glimpse is not None else None
        asked = Asked(self, query, Asker(session, caller), opened)
        conditions = [*where, *asked.conditions]
        rows = self._rows(session, asked, reach, conditions)
        page = rows[: asked.limit]
        schema = self.schema(only=asked.fields) if asked.fields else made_once(self.schema)
        result: dict[str, Any] = {"items": schema.dump(page, many=True), "next": None}
        close_names(session, caller, self.schema, zip(page, result["items"], strict=True))
        if self.glimpse is not None and opened is not None:
            self.glimpse.blank_page(session, caller, page, result["items"])
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
        own = {name: field.term for name, field in self.at_run_time(asker.session).items()}
        terms = {
            name: term for name, term in {**self.terms, **own}.items() if term.kind not in (SEARCH, QUESTION)
        }
        return holds(read(where, terms, asker), terms, record)

    def _reach(self, session: Session, caller: Caller) -> Reach | None:
        """Return what a caller reaches of the list; None: whoever may see it sees all of it."""
        if not hasattr(self.model, "owner_id") and not is_within(self.model):
            return None
        reach = Reach(session, caller, self.permission, self.level)
        return None if reach.has_all(self.model) else reach

    def _reached(self, reach: Reach | None) -> list[ColumnElement[bool]]:
        return [] if reach is None else [reach.where(self.model)]

    def _rows(
        self,
        session: Session,
        asked: Asked,
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
