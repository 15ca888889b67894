"""Fields at run time: the SQL of a tree finds the records of which Python says that they are meant, indexed or not.

And a list in the order of one shows every record once, whatever it holds.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, Text, delete, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from servicekit import COLUMN_TYPES, Custom, CustomValues, Listing, new_id
from servicekit.base import fields
from servicekit.nouns.asked import Asked
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.custom import indexes, values
from servicekit.nouns.custom.asking import CustomField
from servicekit.nouns.custom.settings import INDEXED, ORDERED, TYPES, FieldSetting, fields_of
from servicekit.nouns.definitions import FIELD, DefinitionRow
from servicekit.nouns.paging import page_of
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.servicekit.test_conditions_agree import (
    DAYS,
    NUMBERS,
    PEOPLE,
    TEXTS,
    ZONES,
    condition,
    held,
)


class Base(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = {**COLUMN_TYPES, str: Text()}


class Gadget(Custom, Base):
    """A record with fields that are set at run time only."""

    __tablename__ = "gadget"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]


class GadgetSchema(fields.Schema):
    """A gadget."""

    id = fields.Id()
    created_at = fields.Timestamp()
    custom = CustomValues("gadget")


GADGETS = Listing(
    Gadget,
    GadgetSchema,
    "gadget.read",
    filters={},
    sorts={"created_at": Gadget.created_at},
    default="created_at",
)
CODES = ("red", "green", "blue")
OPTIONS = [{"code": code, "label": {"zh": code, "en": code}} for code in CODES]
BODIES: dict[str, dict[str, Any]] = {
    f"a_{type_}": {
        "type": type_,
        "options": OPTIONS if "choice" in type_ else None,
        "reference": "department",
    }
    for type_ in TYPES
}
SETTINGS = {key: FieldSetting(key, body) for key, body in BODIES.items()}
LIKE = {
    "text": "name", "long_text": "name", "number": "price", "money": "price", "date": "due_on", "time": "seen_at",
    "choice": "grade", "choices": "grade", "flag": "lent", "person": "owner_id", "reference": "department_id",
}  # fmt: skip
"""The field of the conditions' own test that holds such values."""
AMOUNTS = ("0", "10.00", "-0.01", "99999999999999.9999", "2", "12.5")


def kept(type_: str, today: Any, zone: Any) -> st.SearchStrategy[Any]:
    """What a field holds, as it is kept."""
    setting = SETTINGS[f"a_{type_}"]
    pools: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from([each for each in TEXTS if each.strip(" \u200b")]),
        "number": st.sampled_from([*AMOUNTS, *map(str, NUMBERS)]),
        "money": st.sampled_from(("0.00", "10.00", "-0.01", "2.50")),
        "choice": st.sampled_from(CODES),
        "choices": st.lists(st.sampled_from(CODES), min_size=1, max_size=3),
        "person": st.sampled_from([str(each) for each in PEOPLE]),
    }
    pools |= {"long_text": pools["text"], "reference": pools["person"]}
    if type_ in pools:
        return pools[type_].map(lambda value: values.read(setting, value))
    return (
        held(LIKE[type_], today, zone)
        .filter(lambda value: value is not None)
        .map(lambda value: value if isinstance(value, bool) else value.isoformat())
    )


def tree_on(type_: str, today: Any, zone: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A condition on a field of a type, by any operator that it takes."""
    operators = GADGETS_TERMS[f"custom.a_{type_}"].operators

    def with_operator(operator: str) -> st.SearchStrategy[dict[str, Any]]:
        if "choice" in type_ and operator != "empty":
            one = st.sampled_from(CODES)
            value = st.lists(one, max_size=3) if operator in ("in", "not_in") else one
            return value.map(lambda said: {"operator": operator, "value": said})
        return condition(LIKE[type_], operator, today, zone)

    named = st.sampled_from(operators).flatmap(with_operator)
    return named.map(lambda tree: {**tree, "field": f"custom.a_{type_}"})


GADGETS_TERMS = {f"custom.{key}": CustomField(setting).term for key, setting in SETTINGS.items()}


def case_at(at: Any) -> st.SearchStrategy[Any]:
    one = st.sampled_from([*TYPES]).flatmap(lambda type_: tree_on(type_, *at))
    trees = (
        one
        | one.map(lambda part: {"not": part})
        | st.lists(one, min_size=1, max_size=3).map(lambda parts: {"any": parts})
    )
    rows = st.fixed_dictionaries({}, optional={f"a_{type_}": kept(type_, *at) for type_ in TYPES})
    return st.tuples(
        st.just(at), st.lists(rows, min_size=2, max_size=6), st.lists(trees, min_size=3, max_size=6)
    )


CASES = st.tuples(st.sampled_from(DAYS), st.sampled_from(ZONES)).flatmap(case_at)


@pytest.fixture(scope="module")
def table(started: RunningService) -> Iterator[Session]:
    """A table of gadgets with a field of every type, and an index for each that can have one; nothing is kept."""
    with Session(started.database.engine) as session:
        Base.metadata.create_all(session.connection())
        standing = {"active": True, "version": 1}
        session.execute(delete(DefinitionRow).where(DefinitionRow.noun == "gadget"))
        for position, (key, body) in enumerate(BODIES.items(), 1):
            said = {**body, "label": {"zh": key, "en": key}, "indexed": body["type"] in INDEXED}
            session.add(
                DefinitionRow(
                    id=new_id(), noun="gadget", kind=FIELD, key=key, body=said, position=position, **standing
                )
            )
        session.flush()
        for name, on in indexes.wanted(Gadget, fields_of(session, "gadget").values()).items():
            session.connection().exec_driver_sql(f"CREATE INDEX {name} {on}".replace("%", "%%"), ())
        yield session
        session.rollback()


def stored(session: Session, rows: list[dict[str, Any]]) -> list[Gadget]:
    session.execute(delete(Gadget))
    now = datetime.now(UTC)
    told = [{"id": new_id(), "created_at": now, "custom": row} for row in rows]
    session.execute(insert(Gadget), told)
    return [Gadget(**each) for each in told]


CHECKS = settings(
    max_examples=120,
    deadline=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@CHECKS
@given(case=CASES)
def test_what_the_table_finds_is_what_python_means(table: Session, case: Any) -> None:
    """(GW-58, decision 45) By the index and by reading every row."""
    (today, zone), rows, wanted = case
    gadgets = stored(table, rows)
    who = caller("gadget.read:all", account_id=PEOPLE[0])
    asker = Asker(table, who, today=today, zone=zone)
    for tree in wanted:
        meant = {gadget.id for gadget in gadgets if GADGETS.holds(asker, tree, gadget)}
        for way in ("on", "off"):
            table.execute(text(f"SET LOCAL enable_seqscan = {way}"))
            assert set(table.scalars(select(Gadget.id).where(*GADGETS.meaning(asker, tree)))) == meant, tree


@CHECKS
@given(case=CASES, descending=st.booleans(), type_=st.sampled_from(ORDERED))
def test_a_list_in_the_order_of_a_field_shows_every_record_once(
    table: Session, case: Any, descending: bool, type_: str
) -> None:
    """(GW-58) Page by page; what has no value stands at the far end."""
    gadgets = stored(table, case[1])
    who, walked, cursor = caller("gadget.read:all"), [], ""
    sort = f"{'-' if descending else ''}custom.a_{type_}"
    while cursor is not None:
        page = GADGETS.page(table, who, {"sort": sort, "limit": "2", "cursor": cursor})
        walked += page["items"]
        cursor = page["next"]
    assert sorted(item["id"] for item in walked) == sorted(str(gadget.id) for gadget in gadgets)
    lacking = [f"a_{type_}" not in item["custom"] for item in walked]
    assert lacking == sorted(lacking, reverse=descending)
    if type_ == "number":
        numbers = [float(item["custom"]["a_number"]) for item in walked if "a_number" in item["custom"]]
        assert numbers == sorted(numbers, reverse=descending)


def plan_of(session: Session, query: dict[str, str]) -> str:
    """Return how the database reads a page of the list."""
    asked = Asked(GADGETS, query, Asker(session, caller("gadget.read:all")))
    page = page_of(GADGETS, asked, None, [*asked.conditions, *asked.searches])
    written = page.compile(session.connection().engine, compile_kwargs={"literal_binds": True})
    lines = session.connection().exec_driver_sql(
        f"EXPLAIN {written}".replace("%%", "%").replace("%", "%%"), ()
    )
    return "\n".join(row[0] for row in lines)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"filter[custom.a_choice]": "red", "sort": "created_at"}, "cf_gadget_newest_a_choice"),
        ({"filter[custom.a_text]": "text 77", "sort": "created_at"}, "cf_gadget_(newest|order)_a_text"),
        ({"filter[custom.a_number][gte]": "19990"}, "cf_gadget_(newest|order)_a_number"),
        ({"filter[custom.a_date][within]": "2026-11-27"}, "cf_gadget_(newest|order)_a_date"),
        ({"sort": "custom.a_number"}, "cf_gadget_order_a_number"),
        ({"sort": "-custom.a_text"}, "cf_gadget_order_a_text"),
    ],
)
def test_a_page_is_read_by_the_index_of_the_field(table: Session, query: dict[str, str], index: str) -> None:
    """(GW-58) Of many rows, among which few have a value, and on its further pages too."""
    table.execute(delete(Gadget))
    table.execute(text("SET LOCAL enable_seqscan = on"))
    table.execute(text("SET LOCAL statement_timeout = 0"))
    table.execute(
        text(
            "INSERT INTO gadget (id, created_at, custom) SELECT gen_random_uuid(), now() - n * interval '1 second', "
            "jsonb_build_object('a_number', n::text, 'a_text', 'text ' || n % 5000, 'a_choice', "
            "CASE WHEN n % 400 = 0 THEN 'red' ELSE 'green' END, 'a_date', ('2020-01-01'::date + n)::text) "
            "FROM generate_series(1, 20000) n"
        )
    )
    table.execute(text("ANALYZE gadget"))
    first = GADGETS.page(table, caller("gadget.read:all"), {**query, "limit": "2"})
    assert first["items"]
    for cursor in {"", first["next"] or ""}:
        assert re.search(index, plan_of(table, {**query, "cursor": cursor}))
