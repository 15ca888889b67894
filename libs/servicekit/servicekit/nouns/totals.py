"""The sums of a list, over everything that the caller may see and that the filters let through."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.errors import Invalid
from servicekit.base.fields import Schema, made_once
from servicekit.nouns.asked import UNKNOWN_PARAMETER
from servicekit.nouns.listing import Listing


class Totals(Listing):
    """How many records of a list there are and what they sum up to, in groups.

    Amounts are of a currency: without it among the groups nothing is summed up that people could use.

    Args:
        of: the list, whose filters and access hold here too.
        schema: how a group is shown: the columns of ``by``, the sums, and ``count``.
        by: the columns that make a group, in their order.
        sums: what is summed up, by public name.
    """

    paged = False

    def __init__(
        self, of: Listing, schema: type[Schema], *, by: tuple[Any, ...], sums: Mapping[str, Any]
    ) -> None:
        super().__init__(of.model, schema, of.permission, filters=of.filters, sorts=of.sorts)
        # The same filter lets the same rows through.
        self.compared = of.schema
        self.by = by
        self.sums = [func.sum(what).label(name) for name, what in sums.items()]

    def page(
        self, session: Session, caller: Caller, query: Mapping[str, str], *where: ColumnElement[bool]
    ) -> dict[str, Any]:
        """Return one item a group.

        Raises:
            Invalid: ``invalid-query``; only filters are taken.
            Forbidden: ``permission-required``.
        """
        others = [name for name in query if not name.startswith("filter[")]
        if others:
            raise Invalid(
                "invalid-query",
                "Sums take filters only.",
                [{"field": name, "message": UNKNOWN_PARAMETER} for name in others],
            )
        groups = (
            select(*self.by, *self.sums, func.count().label("count"))
            .where(*where, *self.conditions(session, caller, query))
            .where(*self._reached(self._reach(session, caller)))
            .group_by(*self.by)
            .order_by(*self.by)
        )
        return {"items": made_once(self.schema).dump(session.execute(groups).all(), many=True), "next": None}
