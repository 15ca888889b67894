"""How long the customer list and its searches take on a million customers of 2,000 owners.

python bench/customer_list.py [--rows 1000000] [--names ../shared/data/company-names/short-names.txt] [--keep]

Fills a database of its own (``kehu_bench_customer``) on DATABASE_URL, times what the operations call, prints a table
and drops the database.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "libs/servicekit"), str(ROOT / "services/customer")]
os.environ["DATABASE_NAME"] = DATABASE = "kehu_bench_customer"

import psycopg2  # noqa: E402
from sqlalchemy import Connection, text  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from customer.customers.queries import CUSTOMERS, lookalikes  # noqa: E402
from customer.spelling import spellings  # noqa: E402
from servicekit import Caller  # noqa: E402
from servicekit.base.database import Database  # noqa: E402
from servicekit.base.settings import Settings  # noqa: E402
from servicekit.base.texts import name_key  # noqa: E402
from servicekit.nouns.asked import Sought  # noqa: E402
from servicekit.nouns.ordering import encode_cursor  # noqa: E402
from servicekit.operating import migrate  # noqa: E402

OWNERS, TEAM, REGION = 2000, 10, 200
CITIES = [
    "北京",
    "上海",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "西安",
    "重庆",
    "苏州",
    "天津",
    "长沙",
    "青岛",
]
FORMS = ["科技", "贸易", "实业", "股份", "医疗器械", "文化传媒", "餐饮管理"]
RUNS = 9


def main() -> None:
    """Fill, measure, print, drop."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--names", type=Path, default=ROOT.parent / "shared/data/company-names/short-names.txt"
    )
    parser.add_argument("--keep", action="store_true", help="keep the database, and use it if it is there")
    asked = parser.parse_args()
    settings = Settings()
    try:
        migrate.migrate(settings, "customer")
        database = Database(settings.database_url_of("customer"), 2, "bench")
        with database.engine.connect() as connection:
            filled = connection.scalar(text("SELECT count(*) FROM customer"))
        if not filled:
            started = time.perf_counter()
            fill(database, asked.rows, asked.names)
            print(f"filled with {asked.rows:,} customers in {time.perf_counter() - started:.0f} s\n")
        measure(database)
        database.dispose()
    finally:
        if not asked.keep:
            drop(settings)


def drop(settings: Settings) -> None:
    """Drop the database."""
    server = psycopg2.connect(settings.database_url)
    server.autocommit = True
    server.cursor().execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    server.close()


def fill(database: Database, rows: int, names: Path) -> None:
    """Make the directory and the customers, set by set; the indexes are made anew afterwards."""
    words = {
        "city": spelled(CITIES),
        "form": spelled([f"{form}有限公司" for form in FORMS]),
        "short_name": spelled(names.read_text("utf-8").split("\n")[:-1]),
    }
    with database.engine.begin() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for table, columns in words.items():
            load_words(connection, table, columns)
        connection.execute(text(DIRECTORY), {"owners": OWNERS, "team": TEAM, "region": REGION})
        indexes = connection.execute(text(INDEXES)).all()
        for index, _ in indexes:
            connection.execute(text(f'DROP INDEX "{index}"'))
        connection.execute(text(CUSTOMER_ROWS), {"rows": rows, "owners": OWNERS})
        connection.execute(text("SET maintenance_work_mem = '1GB'"))
        for _, definition in indexes:
            connection.execute(text(definition))
    with database.autocommit_engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def spelled(words: list[str]) -> dict[str, list[str]]:
    """Return words as columns: as they are, their keys, their pinyin, their initials."""
    spellings_of = [spellings(word, person=False).partition(" ") for word in words]
    return {
        "w": words,
        "k": [name_key(word) for word in words],
        "p": [pinyin for pinyin, _, _ in spellings_of],
        "i": [initials or pinyin for pinyin, _, initials in spellings_of],
    }


def load_words(connection: Connection, table: str, columns: dict[str, list[str]]) -> None:
    """Put words with their pinyin and initials into a table that goes with the connection."""
    connection.execute(
        text(f"CREATE TEMP TABLE {table} (id serial, word text, key text, pinyin text, initials text)")
    )
    statement = text(
        f"INSERT INTO {table} (word, key, pinyin, initials) SELECT * FROM unnest(:w, :k, :p, :i)"
    )
    connection.execute(statement, columns)


INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = 'customer' AND indexname NOT LIKE 'pk%' AND indexdef NOT LIKE 'CREATE UNIQUE%'
"""
DIRECTORY = """
    WITH region AS (
        INSERT INTO directory_department (id, name, path, version)
        SELECT md5('region ' || n)::uuid, 'region ' || n, ARRAY[md5('region ' || n)::uuid], 1
        FROM generate_series(0, :owners / :region - 1) AS n
    ), team AS (
        INSERT INTO directory_department (id, name, path, version)
        SELECT md5('team ' || n)::uuid, 'team ' || n,
               ARRAY[md5('region ' || n * :team / :region)::uuid, md5('team ' || n)::uuid], 1
        FROM generate_series(0, :owners / :team - 1) AS n
    )
    INSERT INTO directory_account (id, display_name, department_id, active, version)
    SELECT md5('owner ' || n)::uuid, '员工 ' || n, md5('team ' || n / :team)::uuid, true, 1
    FROM generate_series(0, :owners - 1) AS n
"""
CUSTOMER_ROWS = """
    INSERT INTO customer (id, version, created_at, updated_at, owner_id, number, name, kind, status, industry, region,
                          source, grade, phone, last_activity_at, quiet_since, name_key, pinyin, search_text)
    SELECT md5('customer ' || n)::uuid, 1, made, made, md5('owner ' || owner)::uuid, 'KH' || n, name, 'company',
           (ARRAY['basic', 'basic', 'basic', 'potential', 'success', 'invalid'])[1 + n % 6],
           'industry ' || n % 30, city, 'source ' || n % 8, (ARRAY['A', 'B', 'C'])[1 + n % 3], phone,
           active, coalesce(active, made), key, pinyin, concat_ws(' ', key, pinyin, 'kh' || n, phone)
    FROM (
        SELECT n, city.word AS city,
               city.word || short.word || form.word AS name, city.key || short.key || form.key AS key,
               city.pinyin || short.pinyin || form.pinyin || ' '
               || city.initials || short.initials || form.initials AS pinyin,
               floor(random() * :owners)::int AS owner, '+86139' || lpad(n::text, 8, '0') AS phone,
               timestamptz '2021-11-22 08:00Z' + n * interval '150 seconds' AS made,
               CASE WHEN n % 4 > 0 THEN timestamptz '2026-11-22 08:00Z' - random() * interval '1000 days' END AS active
        FROM generate_series(1, :rows) AS n
        JOIN city ON city.id = 1 + n % (SELECT count(*) FROM city)
        JOIN form ON form.id = 1 + n / 14 % (SELECT count(*) FROM form)
        JOIN short_name AS short ON short.id = 1 + (n::bigint * 7919) % (SELECT count(*) FROM short_name)
    ) AS made_up
"""


def callers() -> dict[str, Callable[[int], Caller]]:
    """Return who asks: by the number of owners they see, a maker of such callers."""

    def seeing(scope: str, department: str | None, size: int) -> Callable[[int], Caller]:
        def make(turn: int) -> Caller:
            owner = turn * 37 % OWNERS
            return Caller(
                account_id=_md5(f"owner {owner}"),
                department_id=_md5(f"{department} {owner // size}") if department else None,
                permissions={"customer.read": scope, "customer.write": scope},
            )

        return make

    return {
        "own": seeing("own", None, 1),
        "10 owners": seeing("department", "team", TEAM),
        "200 owners": seeing("department", "region", REGION),
        "all": seeing("all", None, 1),
    }


def _md5(name: str) -> UUID:
    return UUID(md5(name.encode()).hexdigest())


LISTS: dict[str, dict[str, str]] = {
    "first page": {},
    "first page with count": {"count": "true"},
    "by last activity": {"sort": "-last_activity_at"},
    "by name": {"sort": "name"},
    "status and industry": {"filter[status]": "success", "filter[industry]": "industry 4"},
    "name, 2 characters, frequent (科技)": {"filter[name][contains]": "科技"},
    "name, 2 characters, seldom (吖咪)": {"filter[name][contains]": "吖咪"},
    "name, 2 characters, middling (云图)": {"filter[name][contains]": "云图"},
    "name, 4 characters (海云图科)": {"filter[name][contains]": "海云图科"},
    "name, 4 characters, frequent (有限公司)": {"filter[name][contains]": "有限公司"},
    "name, nothing found (鱻鱻龘龘)": {"filter[name][contains]": "鱻鱻龘龘"},
    "name, 1 character, frequent (海)": {"filter[name][contains]": "海"},
    "name, 1 character, never (鱻)": {"filter[name][contains]": "鱻"},
    "name seldom, with count": {"filter[name][contains]": "吖咪", "count": "true"},
    "name frequent, with count": {"filter[name][contains]": "科技", "count": "true"},
    "pinyin (yuntu)": {"filter[pinyin][contains]": "yuntu"},
    "pinyin, frequent (shanghai)": {"filter[pinyin][contains]": "shanghai"},
    "pinyin, nothing found (xqzzvw)": {"filter[pinyin][contains]": "xqzzvw"},
    "initials (shytkj)": {"filter[pinyin][contains]": "shytkj"},
    "search, a phone number": {"filter[search][contains]": "13900123456"},
    "search, characters (云图)": {"filter[search][contains]": "云图"},
    "created this month": {"filter[created_at][gte]": "2026-08-01T00:00:00Z"},
    "changed this month, in that order": {
        "filter[updated_at][gte]": "2026-08-01T00:00:00Z",
        "sort": "updated_at",
        "limit": "200",
    },
}


def _is(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


TREES: dict[str, Any] = {
    "status and industry, as a tree": {
        "all": [_is("status", "eq", "success"), _is("industry", "eq", "industry 4")]
    },
    "mine or my department's, quiet for 90 days": {
        "all": [
            _is("owner_id", "in", ["me", "my_department_and_below"]),
            {"not": _is("last_activity_at", "within_last", 90)},
        ]
    },
    "any of two searched texts (吖咪, xqzzvw)": {
        "any": [_is("name", "contains", "吖咪"), _is("pinyin", "contains", "xqzzvw")]
    },
    "a frequent text, and none of two grades": {
        "all": [_is("name", "contains", "科技"), {"not": {"any": [_is("grade", "in", ["A", "B"])]}}]
    },
    "any of a status and a number": {
        "any": [_is("status", "eq", "potential"), _is("number", "eq", "KH4711")]
    },
    "no region, which never is so": {"all": [_is("region", "empty", True)]},
}

LOOKUPS = ("云图", "科技", "吖咪", "yuntu", "有限公司", "上海云图", "海")


def measure(database: Database) -> None:
    """Time each list for each kind of caller and print milliseconds: the fastest, and the median."""
    makers = callers()
    print("| what | " + " | ".join(makers) + " |")
    print("|---|" + "---:|" * len(makers))
    for title, query in LISTS.items():
        cells = [timed(database, partial(CUSTOMERS.page, query=query), make) for make in makers.values()]
        print(f"| {title} | " + " | ".join(cells) + " |", flush=True)
    for title, tree in TREES.items():
        sought = partial(CUSTOMERS.page, query=Sought({}, tree))
        print(
            f"| {title} | " + " | ".join(timed(database, sought, make) for make in makers.values()) + " |",
            flush=True,
        )
    pages = [timed(database, after(database, make), make) for make in makers.values()]
    print("| page after a cursor, in the middle | " + " | ".join(pages) + " |\n")
    print("| look-before-create | ms |\n|---|---:|")
    for term in LOOKUPS:
        cell = timed(database, partial(lookalikes, term=term), makers["200 owners"])
        print(f"| {term} | {cell} |", flush=True)


def after(database: Database, make: Callable[[int], Caller]) -> Callable[[Session, Caller], Any]:
    """Return how to read the page after a cursor that stands in the middle of the list."""
    with database.sessions() as session:
        at, record_id = session.execute(
            text(
                "SELECT created_at, id FROM customer WHERE number = 'KH' || (SELECT count(*) / 2 FROM customer)"
            )
        ).one()
    cursor = encode_cursor("-created_at", at, record_id)
    return lambda session, caller: CUSTOMERS.page(session, caller, {"cursor": cursor})


def timed(database: Database, ask: Callable[[Session, Caller], Any], make: Callable[[int], Caller]) -> str:
    """Return the fastest and the median of some runs, each by another caller, in milliseconds.

    The fastest says what the work takes, the median what it took beside whatever else the machine was doing.
    """
    took: list[float] = []
    for turn in range(RUNS + 1):
        caller = make(turn)
        started = time.perf_counter()
        try:
            with database.sessions() as session:
                ask(session, caller)
        except Exception as error:
            return f"fails: {type(error).__name__}"
        took.append((time.perf_counter() - started) * 1000)
        if sum(took) > 20_000:
            break
    took = took[1:] or took
    return f"{min(took):.1f} ({statistics.median(took):.0f})"


if __name__ == "__main__":
    main()
