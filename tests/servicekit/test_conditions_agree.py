"""Conditions: the SQL of a tree finds the records of which Python says that they are meant, and no others.

What is not known to hold does not, and so its opposite does: in both.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, Text, delete, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from servicekit import COLUMN_TYPES, Listing, Search, new_id
from servicekit.base import fields
from servicekit.base.phones import e164
from servicekit.nouns.conditions.asker import WORDS, Asker
from servicekit.nouns.conditions.periods import NAMED, beginning, span_of
from servicekit.nouns.conditions.terms import DAYS_AWAY, HOLDING, PERIODS
from servicekit.nouns.directory import DirectoryAccount, DirectoryDepartment
from servicekit.testing import RunningService
from servicekit.testing_callers import caller


class Base(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = {**COLUMN_TYPES, str: Text()}


class Thing(Base):
    """A record with a value of every kind, each of which may be missing."""

    __tablename__ = "thing_of_conditions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    tag: Mapped[str | None]
    grade: Mapped[str | None]
    phone: Mapped[str | None]
    phone_e164: Mapped[str | None]
    pages: Mapped[int | None]
    price: Mapped[Decimal | None]
    lent: Mapped[bool | None]
    due_on: Mapped[date | None]
    seen_at: Mapped[datetime | None]
    owner_id: Mapped[UUID | None]
    department_id: Mapped[UUID | None]


GRADES = {"a": ("甲", "A"), "b": ("乙", "B")}


class ThingSchema(fields.Schema):
    """A thing."""

    id = fields.Id()
    name = fields.Text()
    grade = fields.Code(GRADES)
    phone = fields.Phone()
    phone_e164 = fields.E164()
    pages = fields.Integer()
    price = fields.Number()
    lent = fields.Flag()
    due_on = fields.Date()
    seen_at = fields.Timestamp()
    owner_id = fields.AccountId()
    department_id = fields.Id()
    tag = fields.Currency()


FIELDS = (
    "name",
    "tag",
    "grade",
    "phone",
    "pages",
    "price",
    "lent",
    "due_on",
    "seen_at",
    "owner_id",
    "department_id",
)
THINGS = Listing(
    Thing,
    ThingSchema,
    "thing.read",
    filters={
        **{name: getattr(Thing, name) for name in FIELDS},
        "name": Search(Thing.name),
        "phone": Search(Thing.phone),
    },
    sorts={"due_on": Thing.due_on, "seen_at": Thing.seen_at},
    default="due_on",
)

PEOPLE, DEPARTMENTS = [new_id() for _ in range(4)], [new_id() for _ in range(3)]
ME = caller("thing.read:all", account_id=PEOPLE[0], department_id=DEPARTMENTS[0])
TEXTS = (
    "云图科技", "云 图科技", "云图", "图", "雲圖", "ＡＢＣ　公司", "abc公司", "Abc", "ABC", "a  b", "a b", "Straße",
    "STRASSE", "ﬁ", "fi", "İstanbul", "i̇stanbul", "ΟΔΥΣΣΕΥΣ", "οδυσσευς", "100%", "100％", "_", "\\", "'", "x\u200by",
    "xy", "é", "e\u0301", "カ", "ｶ", "", " ", "\u200b", "CNY", "cny", "A, B",
)  # fmt: skip
PHONES = (
    "138 0013 8000",
    "13800138000",
    "+86 138-0013-8000",
    "8000",
    "021-6888",
    "ext 12",
    "１３８００１３８０００",
    "+1 650-253-0000",
)
DAYS = (
    date(2026, 11, 27), date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2026, 3, 8), date(2026, 11, 1),
    date(2018, 11, 4), date(2026, 6, 29),
)  # fmt: skip
ZONES = tuple(
    map(ZoneInfo, ("Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Pacific/Kiritimati", "UTC"))
)
NUMBERS = (0, 1, -1, 10, 2**31 - 1)
AMOUNTS = ("0", "10.00", "10", "-0.01", "9999999999.9999", "10.0001")
OFFSETS = (0, 1, -1, 6, 7, -7, 29, 30, -30, 31, 90, -92, 365, -366)


@cache
def held(name: str, today: date, zone: ZoneInfo) -> st.SearchStrategy[Any]:
    """What a field of a record may hold; moments and days are around the edges of days of the house."""
    edges = [beginning(today + timedelta(days=n), zone) for n in (*OFFSETS, 2, -6)]
    aside = (timedelta(0), timedelta(microseconds=-1), timedelta(hours=5), timedelta(microseconds=1))
    pools: dict[str, Sequence[Any]] = {
        "tag": ("CNY", "cny", "USD"),
        "grade": tuple(GRADES),
        "phone": PHONES,
        "pages": NUMBERS,
        "price": tuple(map(Decimal, AMOUNTS)),
        "lent": (True, False),
        "due_on": [today + timedelta(days=n) for n in OFFSETS],
        "seen_at": [edge + by for edge in edges for by in aside],
        "owner_id": PEOPLE,
        "department_id": DEPARTMENTS,
    }
    if name == "name":
        letters = st.characters(codec="utf-8", exclude_characters="\x00")
        return st.sampled_from(TEXTS) | st.text(letters, max_size=4)
    return st.sampled_from(pools[name])


@cache
def records(today: date, zone: ZoneInfo) -> st.SearchStrategy[dict[str, Any]]:
    """Records in which any value may be missing."""
    rows = st.fixed_dictionaries({name: st.none() | held(name, today, zone) for name in FIELDS})
    return rows.map(lambda row: {"id": new_id(), **row, "phone_e164": e164(row["phone"])})


def asked(name: str, today: date, zone: ZoneInfo) -> st.SearchStrategy[Any]:
    """A value that a condition may compare with, as JSON has it."""
    if (reference := THINGS.terms[name].reference) in WORDS:
        known = PEOPLE if reference == "account" else DEPARTMENTS
        return st.sampled_from([*WORDS[reference], *map(str, known)])
    return held(name, today, zone).map(
        lambda value: value if isinstance(value, bool | int) else _written(value)
    )


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value}"


@cache
def condition(name: str, operator: str, today: date, zone: ZoneInfo) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions on a field by an operator."""
    periods = [*NAMED, today.isoformat(), "last_0_days", "last_7_days", "next_30_days", "next_1_days"]
    known: dict[str, st.SearchStrategy[Any]] = {
        **dict.fromkeys(("in", "not_in"), st.lists(asked(name, today, zone), max_size=3)),
        "empty": st.booleans(),
        **dict.fromkeys(DAYS_AWAY, st.integers(0, 40)),
        **dict.fromkeys(PERIODS, st.sampled_from(periods)),
        **dict.fromkeys(HOLDING, st.sampled_from((*TEXTS, *PHONES, "138", "图科", "b", "ss"))),
    }
    value = known.get(operator, asked(name, today, zone))
    return st.fixed_dictionaries({"field": st.just(name), "operator": st.just(operator), "value": value})


ASKED = [(name, operator) for name in FIELDS for operator in THINGS.terms[name].operators]


@cache
def trees(today: date, zone: ZoneInfo) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions, by themselves and in groups."""
    one = st.sampled_from(ASKED).flatmap(lambda pair: condition(*pair, today, zone))
    parts = st.lists(one, min_size=1, max_size=3)
    group = one | one.map(_not) | parts.map(_all) | parts.map(_any)
    groups = st.lists(group, min_size=1, max_size=3)
    return one | group.map(_not) | groups.map(_all) | groups.map(_any)


def _not(part: Any) -> dict[str, Any]:
    return {"not": part}


def _all(parts: Any) -> dict[str, Any]:
    return {"all": parts}


def _any(parts: Any) -> dict[str, Any]:
    return {"any": parts}


CASES = st.tuples(st.sampled_from(DAYS), st.sampled_from(ZONES)).flatmap(
    lambda at: st.tuples(
        st.just(at),
        st.lists(records(*at), min_size=2, max_size=6),
        st.lists(trees(*at), min_size=3, max_size=6),
    )
)


@pytest.fixture(scope="module")
def table(started: RunningService) -> Iterator[Session]:
    """A table of things, and a directory with a department below another one; nothing of it is kept."""
    with Session(started.database.engine) as session:
        Base.metadata.create_all(session.connection())
        for model in (DirectoryAccount, DirectoryDepartment):
            session.execute(delete(model))
        top, below, aside = DEPARTMENTS
        paths = {top: [top], below: [top, below], aside: [aside]}
        departments = [{"id": id_, "name": "部门", "path": path, "version": 1} for id_, path in paths.items()]
        session.execute(insert(DirectoryDepartment), departments)
        homes = (top, top, below, aside)
        people = [
            {"id": id_, "display_name": "人", "active": True, "version": 1, "department_id": home}
            for id_, home in zip(PEOPLE, homes, strict=True)
        ]
        session.execute(insert(DirectoryAccount), people)
        yield session
        session.rollback()


@settings(
    max_examples=100,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(case=CASES)
def test_what_the_table_finds_is_what_python_means(table: Session, case: Any) -> None:
    """(decision 41) Of entities, and of records as clients and events have them."""
    (today, zone), rows, wanted = case
    table.execute(delete(Thing))
    table.execute(insert(Thing), rows)
    asker = Asker(table, ME, today=today, zone=zone)
    things = [Thing(**row) for row in rows]
    shown = {thing.id: ThingSchema().dump(thing) for thing in things}
    for tree in wanted:
        found = set(table.scalars(select(Thing.id).where(*THINGS.meaning(asker, tree))))
        assert found == {thing.id for thing in things if THINGS.holds(asker, tree, thing)}, tree
        assert found == {id_ for id_, record in shown.items() if THINGS.holds(asker, tree, record)}, tree


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_every_moment_of_a_day_of_the_house_is_within_it(zone: ZoneInfo) -> None:
    for day in DAYS:
        begins, ends = (beginning(each, zone) for each in span_of(day.isoformat(), day))
        for moment in (begins, ends - timedelta(microseconds=1)):
            assert moment.astimezone(zone).date() == day
        assert (begins - timedelta(microseconds=1)).astimezone(zone).date() < day
        assert ends.astimezone(zone).date() > day
        assert begins.tzinfo == UTC


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-11-27", "2026-11-27"), ("yesterday", "2026-11-26", "2026-11-26"),
        ("tomorrow", "2026-11-28", "2026-11-28"), ("this_week", "2026-11-23", "2026-11-29"),
        ("last_week", "2026-11-16", "2026-11-22"), ("next_week", "2026-11-30", "2026-12-06"),
        ("this_month", "2026-11-01", "2026-11-30"), ("last_month", "2026-10-01", "2026-10-31"),
        ("next_month", "2026-12-01", "2026-12-31"), ("this_quarter", "2026-10-01", "2026-12-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"), ("next_quarter", "2027-01-01", "2027-03-31"),
        ("this_year", "2026-01-01", "2026-12-31"), ("last_year", "2025-01-01", "2025-12-31"),
        ("next_year", "2027-01-01", "2027-12-31"), ("last_30_days", "2026-10-28", "2026-11-27"),
        ("next_7_days", "2026-11-27", "2026-12-04"), ("last_0_days", "2026-11-27", "2026-11-27"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)  # fmt: skip
def test_a_period_is_these_days(period: str, first: str, last: str) -> None:
    begins, ends = span_of(period, date(2026, 11, 27))
    assert (str(begins), str(ends - timedelta(days=1))) == (first, last)
