"""How a page of a list is read: from which indexes, by what the caller reaches.

What is reached by few owners is read from each owner's index, and what is granted besides by its keys, where that is
little; the pages are merged. Of more, the ordered index is read and filtered until the page is full.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, all_, func, literal, or_, select, true, union_all

from servicekit.base.belonging import is_within
from servicekit.nouns.besides import not_in_pool
from servicekit.nouns.reach import FEW_OWNERS as FEW_OWNERS
from servicekit.nouns.reach import Reach

if TYPE_CHECKING:
    from servicekit.nouns.asked import Asked
    from servicekit.nouns.listing import Listing

Conditions = list[ColumnElement[bool]]


def page_of(listing: "Listing", asked: "Asked", reach: Reach | None, conditions: Conditions) -> Any:
    """Return the query of a page, with one row more that says whether there is another.

    Args:
        reach: what the caller reaches; None: everything.
        conditions: what else is asked of a row.
    """
    if reach is None:
        return _ordered(listing, asked, conditions)
    if is_within(listing.model) or reach.everything or reach.has_many_grants(listing.model):
        return _ordered(listing, asked, [*conditions, reach.where(listing.model)])
    conditions = [*conditions, *reach.limits(listing.model)]
    owned = _of_owners(listing, asked, reach, [*conditions, *not_in_pool(listing.model)])
    besides = [_ordered(listing, asked, [*conditions, each]) for each in reach.besides(listing.model)]
    return _merged(listing, asked, [owned, *besides]) if besides else owned


def _ordered(listing: "Listing", asked: "Asked", conditions: Conditions) -> Any:
    """Return the first rows of the page that conditions let through, in its order."""
    rows = listing.rows().where(*conditions, *asked.after(listing.model))
    return rows.order_by(*asked.order(listing.model)).limit(asked.limit + 1)


def _merged(listing: "Listing", asked: "Asked", pages: list[Any]) -> Any:
    """Return the page of several that have no row in common."""
    sources = [select(*listing.shown(page.subquery())) for page in pages]
    merged = union_all(sources[0], *sources[1:]).subquery("merged")
    return select(*listing.shown(merged)).order_by(*asked.order(merged.c)).limit(asked.limit + 1)


def _of_owners(listing: "Listing", asked: "Asked", reach: Reach, conditions: Conditions) -> Any:
    owners = reach.owners or []
    watchers = [getattr(listing.model, name) for name in listing.model.seen_by]
    if len(owners) == len(watchers) == 1:
        return _ordered(listing, asked, [*conditions, watchers[0] == owners[0]])
    if len(owners) > FEW_OWNERS:
        return _ordered(listing, asked, [*conditions, reach.by_owner(listing.model)])
    places = range(len(watchers))
    newest = [_newest(listing, asked, owners, conditions, watchers[: place + 1]) for place in places]
    return newest[0] if len(newest) == 1 else _merged(listing, asked, newest)


def _newest(
    listing: "Listing", asked: "Asked", owners: list[UUID], conditions: Conditions, watchers: list[Any]
) -> Any:
    """Return each owner's first rows of the page by the last of some columns, from its index, but for those that the
    columns before it have shown already."""
    everybody: Any = literal(owners, ARRAY(Uuid()))
    unseen = [or_(other.is_(None), other != all_(everybody)) for other in watchers[:-1]]
    owner = func.unnest(everybody).table_valued("id", name="owner").render_derived()
    newest = _ordered(listing, asked, [*conditions, *unseen, watchers[-1] == owner.c.id]).lateral("newest")
    rows = select(*listing.shown(newest)).select_from(owner).join(newest, true())
    model_order = asked.order(newest.c)
    return rows.order_by(*model_order).limit(asked.limit + 1)
