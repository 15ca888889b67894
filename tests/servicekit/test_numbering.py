"""Numbers: by the rule that holds, never twice, and without waiting for anybody (GW-57)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from servicekit import Numbers, new_id
from servicekit.nouns.definitions import NUMBERING, DefinitionRow
from servicekit.nouns.numbering import drop_blocks
from servicekit.nouns.patterns import DAY, EVER, MONTH, YEAR, NotAPattern, Pattern
from servicekit.nouns.remembered import forget_all
from servicekit.testing import RunningService

FRIDAY = date(2026, 11, 27)
TOMORROW = date(2026, 11, 28)
ORDERS = Numbers("order", "SO{date:%Y%m%d}-{n:04}")


@pytest.fixture(autouse=True)
def counted_from_the_beginning(service: RunningService) -> Iterator[None]:
    service.clean()
    yield
    drop_blocks()


def rule(service: RunningService, series: str, pattern: str, counts: str = DAY) -> None:
    """Let an administrator have changed the rule of a series."""
    with service.database.sessions.begin() as session:
        session.query(DefinitionRow).filter_by(kind=NUMBERING, key=series).delete()
        values: dict[str, Any] = {"body": {"pattern": pattern, "counts": counts}, "active": True}
        session.add(DefinitionRow(id=new_id(), kind=NUMBERING, key=series, position=1, version=1, **values))
    forget_all()


def given(
    service: RunningService, numbers: Numbers, many: int, on: date = FRIDAY, **fields: str
) -> list[str]:
    with service.database.sessions.begin() as session:
        return [numbers.next(session, on, fields) for _ in range(many)]


def test_a_number_is_given_without_waiting_for_a_slow_transaction_and_not_again_when_that_fails(
    service: RunningService,
) -> None:
    """docs/decisions/0010: a gap is no harm, a double would be, and so would be a queue of everybody's changes."""
    with service.database.sessions() as slow:
        assert ORDERS.next(slow, FRIDAY) == "SO20261127-0001"
        with service.database.sessions.begin() as quick:
            assert ORDERS.next(quick, FRIDAY) == "SO20261127-0002"
        slow.rollback()
        assert ORDERS.next(slow, FRIDAY) == "SO20261127-0003"


def test_series_are_counted_apart_and_each_day_anew(service: RunningService) -> None:
    contracts = Numbers("contract", "HT{date:%Y%m%d}-{n:04}")
    assert given(service, ORDERS, 2) == ["SO20261127-0001", "SO20261127-0002"]
    assert given(service, contracts, 1) == ["HT20261127-0001"]
    assert given(service, ORDERS, 1, TOMORROW) == ["SO20261128-0001"]


def test_the_next_number_follows_the_rule_that_an_administrator_has_changed(service: RunningService) -> None:
    assert given(service, ORDERS, 1) == ["SO20261127-0001"]
    rule(service, "order", "XS-{date:%y%m}-{n:06}", MONTH)
    assert given(service, ORDERS, 2) == ["XS-2611-000001", "XS-2611-000002"]
    assert given(service, ORDERS, 1, TOMORROW) == ["XS-2611-000003"]
    assert given(service, ORDERS, 1, date(2026, 12, 1)) == ["XS-2612-000001"]


def test_a_rule_that_is_taken_back_goes_on_where_it_was(service: RunningService) -> None:
    assert given(service, ORDERS, 1) == ["SO20261127-0001"]
    rule(service, "order", "NO-{n:04}", EVER)
    assert given(service, ORDERS, 2) == ["NO-0001", "NO-0002"]
    rule(service, "order", "SO{date:%Y}{date:%m%d}-{n:02}")
    assert given(service, ORDERS, 1) == ["SO20261127-02"]
    rule(service, "order", "NO-{n:04}", EVER)
    assert set(given(service, ORDERS, 1)).isdisjoint({"NO-0001", "NO-0002"})


def test_what_of_the_record_stands_in_the_number_is_counted_apart(service: RunningService) -> None:
    products = Numbers("product", "{category}-{n:03}", EVER)
    assert given(service, products, 2, category="A") == ["A-001", "A-002"]
    assert given(service, products, 1, category="B") == ["B-001"]
    assert given(service, products, 1) == ["-001"]


def test_many_at_once_get_each_their_own(service: RunningService) -> None:
    """Threads are no greenlets: they get in each other's way at every point, so each has a process's blocks."""

    def some(_: int) -> list[str]:
        found = []
        for _ in range(5):
            drop_blocks()
            found += given(service, ORDERS, 8)
        return found

    with ThreadPoolExecutor(2) as pool:
        numbers = [number for numbers in pool.map(some, range(2)) for number in numbers]
    assert len(set(numbers)) == len(numbers) == 80


def test_whoever_needs_many_takes_them_in_blocks(service: RunningService) -> None:
    given(service, ORDERS, 100)
    with service.database.sessions.begin() as session:
        asked: list[Any] = []
        follow(session, asked)
        for _ in range(20):
            ORDERS.next(session, FRIDAY)
    assert len(asked) <= 1


def follow(session: Session, asked: list[Any]) -> None:
    """Write down each time that a number is taken from the database."""
    from sqlalchemy import event

    from servicekit.base.database import AUTOCOMMIT

    event.listen(session.info[AUTOCOMMIT], "before_cursor_execute", lambda *what: asked.append(what[2]))


@pytest.mark.parametrize(
    ("pattern", "counts", "code"),
    [
        ("SO", DAY, "no-number"),
        ("{n}{n}", EVER, "no-number"),
        ("SO-{n:04}", DAY, "no-period"),
        ("SO{date:%Y%d}-{n:04}", DAY, "no-period"),
        ("SO{date:%m}-{n:04}", MONTH, "no-period"),
        ("SO{n:04}", YEAR, "no-period"),
        ("SO{date:%Y%H}-{n:04}", YEAR, "not-a-token"),
        ("SO{n.__class__}", EVER, "not-a-token"),
        ("SO{n:04", EVER, "not-a-token"),
        ("SO}{n:04}", EVER, "not-a-token"),
        ("SO{}{n}", EVER, "not-a-token"),
        ("SO{n:99}", EVER, "not-so-many-digits"),
    ],
)
def test_a_pattern_that_would_repeat_itself_or_says_nothing_is_refused(
    pattern: str, counts: str, code: str
) -> None:
    with pytest.raises(NotAPattern) as refused:
        Pattern.read(pattern, counts)
    assert refused.value.args[0].code == code
