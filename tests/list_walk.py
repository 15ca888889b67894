"""Every list of a service, asked everything that people and programs have put into query strings (M-20)."""

import base64
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from servicekit import Invalid, Listing, Search, new_id
from servicekit.base.fields import Phone, made_once
from servicekit.nouns.declarations import operations_of
from servicekit.nouns.filtering import Among
from servicekit.testing import RunningService
from servicekit.testing_callers import caller

OPERATORS = ("", "[ne]", "[in]", "[gt]", "[lte]", "[empty]", "[contains]")
ANY = ("", "x", "a\x00", '"')
NUMBERS = ("9" * 18, "9" * 400, "-999999999999999.9999", "1e400", "NaN", "Infinity", "１２")
VALUES: dict[type, tuple[str, ...]] = {
    datetime: (
        "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-22T08:00:00Z", "2026-11-22",
        "2026-11-22T08:00:00+23:59", "0001-01-01T00:00:00+23:59", "2026-11-22T08:00:00+00:00:00.000001",
    ),
    date: ("0001-01-01", "9999-12-31", "2026-W47-7", "20261122"),
    Decimal: NUMBERS,
    int: NUMBERS,
    bool: ("true", "1"),
    UUID: ("00000000-0000-0000-0000-000000000000", "{01936f3a-7c00-7000-8000-000000000001}", "null"),
    str: (" ", '"a, b",c', "%\\_'", "😀" * 500, "a" * 2001, "+86 138-0013-8000", "@", "\u200b", "null"),
}  # fmt: skip
"""What each kind of column is asked for, besides ``ANY``."""
STORED: tuple[Any, ...] = (
    *ANY, *(value for values in VALUES.values() for value in values), None, True, 0, -(2**63), 2**64 - 1, 1.5, [], {},
    "9" * 20 + ".9999", "-0.0001",
)  # fmt: skip
"""What a cursor says that a row before it held."""


def lists_of(service: RunningService) -> dict[str, Listing]:
    """Return a service's lists by the operation that offers them."""
    found = operations_of(service.service_class).items()
    return {name: operation.lists for name, operation in found if operation.lists is not None}


def without_character_index(service: RunningService) -> list[str]:
    """Return what the quick finds of a service look into for single characters without an index: where one of several
    columns has none, all rows are read.
    """
    with service.database.engine.connect() as connection:
        indexes = set(connection.scalars(text("SELECT indexname FROM pg_indexes")))
    wanted = {
        f"ix_{column.class_.__tablename__}_{column.key}_characters"
        for listing in lists_of(service).values()
        if isinstance(what := listing.filters.get("search"), Search)
        for column in what.columns
        if not isinstance(made_once(listing.compared).fields.get(column.key), Phone)
    }
    assert wanted, "no list has a quick find"
    return sorted(wanted - indexes)


def queries(listing: Listing, met: set[Any]) -> Iterator[dict[str, str]]:
    """Yield every filter with every comparison, and a cursor of every order: with every value that there is for the
    first of a kind, and with one that is good and one that is not for the rest of it.

    Args:
        met: the kinds that were asked everything: how a value is read depends on the type of the column and of the
            field that shows it, whatever their names.
    """
    fields = made_once(listing.compared).fields
    for name, what in listing.filters.items():
        column = what.column if isinstance(what, (Among, Search)) else what
        kind = column.type.python_type
        like: Any = (type(what), kind, type(fields.get(name)), isinstance(what, Search) and bool(what.also))
        values = (VALUES[kind][0], "x") if like in met else (*ANY, *VALUES[kind])
        met.add(like)
        for operator in OPERATORS:
            for value in values:
                yield {f"filter[{name}]{operator}": value}
    for sort, by in listing.sorts.items():
        like = (by.column.type.python_type, by.may_lack, bool(by.ranks), by.otherwise is not None)
        stored = (None, "x") if like in met else STORED
        met.add(like)
        for sign in ("", "-"):
            for value in stored:
                row = orjson.dumps([sign + sort, value, str(new_id())])
                yield {"sort": sign + sort, "cursor": base64.urlsafe_b64encode(row).decode().rstrip("=")}


def walk(service: RunningService) -> Counter[str]:
    """Ask every list everything, and count what was answered and what refused; anything else is raised."""
    counted: Counter[str] = Counter()
    met: set[Any] = set()
    for operation, listing in lists_of(service).items():
        who = caller(f"{listing.permission}:all")
        for query in queries(listing, met):
            try:
                service.database.transact(lambda session: listing.page(session, who, query), reads=True)  # noqa: B023
                counted["answered"] += 1
            except Invalid:
                counted["refused"] += 1
            except Exception as error:
                raise AssertionError(f"{operation} with {query}: {error!r}") from error
    return counted
