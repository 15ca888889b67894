"""Measure the lists of sales on 1,000,000 opportunities, as many leads and 2,000,000 activities of 2,000 owners.

    DATABASE_URL=postgresql://… .venv/bin/python bench/sales_list.py [rows]

Fills a database of its own, ``kehu_bench_sales``, and drops it at the end.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "libs" / "servicekit"), str(ROOT / "services" / "sales")]

import psycopg2  # noqa: E402
from sqlalchemy import text  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from sales.activities import queries as activities  # noqa: E402
from sales.leads.queries import LEADS  # noqa: E402
from sales.opportunities.queries import OPPORTUNITIES  # noqa: E402
from servicekit import Caller, Listing, utcnow  # noqa: E402
from servicekit.base.database import Database  # noqa: E402
from servicekit.base.settings import Settings  # noqa: E402
from servicekit.operating import migrate  # noqa: E402

DATABASE = "kehu_bench_sales"
OWNERS, CUSTOMERS, ROUNDS = 2000, 50_000, 15

ACCOUNT = "('00000000-0000-7000-8000-' || lpad(to_hex({}), 12, '0'))::uuid"
CUSTOMER = "('00000000-0000-7000-9000-' || lpad(to_hex({}), 12, '0'))::uuid"
SCRAMBLED = "(n::bigint * 7919 % 1000003)"
"""A fixed shuffle: neighbours in time have unrelated owners and customers."""
CHANGED = f"now() - make_interval(secs => 60.0 * ({SCRAMBLED} % 1000000))"
"""When a row was changed last: a minute apart each."""
SOON = "extract(second FROM created_at)::int % 3 = 0 AND created_at > now() - interval '20 days'"
"""After which activities one wants to be in touch again."""

FILL = f"""
INSERT INTO directory_account (id, display_name, department_id, manager_id, active, version)
SELECT {ACCOUNT.format("n")}, 'agent ' || n, NULL,
       CASE WHEN n <= 10 THEN {ACCOUNT.format("900001")} WHEN n <= 210 THEN {ACCOUNT.format("900002")} END, true, 1
FROM generate_series(1, {OWNERS}) n;

INSERT INTO customer_copy (id, name, normalised_name, active, version, owner_id)
SELECT {CUSTOMER.format("n")}, '上海云图科技 ' || n, '上海云图科技 ' || n, true, 1,
       {ACCOUNT.format(f"1 + n % {OWNERS}")}
FROM generate_series(1, {CUSTOMERS}) n;

INSERT INTO opportunity (id, version, created_at, updated_at, owner_id, name, customer_id, amount, currency, stage,
                         started_on, importance, status, closed_on)
SELECT gen_random_uuid(), 1, now() - make_interval(secs => 60.0 * n), {CHANGED},
       {ACCOUNT.format(f"1 + {SCRAMBLED} % {OWNERS}")},
       (ARRAY['北京','上海','广州','深圳','杭州','成都','Acme','Globex'])[1 + n % 8]
           || (ARRAY['星河','云图','远航','金石','蓝海','智联','天工'])[1 + n % 7] || '科技有限公司 采购 ' || n,
       {CUSTOMER.format(f"1 + {SCRAMBLED} % {CUSTOMERS}")}, {SCRAMBLED} * 3.5, 'CNY',
       CASE WHEN n % 20 = 0 THEN 'lost' WHEN n % 2 = 0 THEN 'won'
            ELSE (ARRAY['prospecting','engaging','proposing','negotiating'])[1 + n % 4] END,
       current_date - n / 1440, 'medium',
       CASE WHEN n % 20 = 0 THEN 'lost' WHEN n % 2 = 0 THEN 'won' ELSE 'open' END,
       CASE WHEN n % 2 = 0 THEN current_date END
FROM generate_series(1, :rows) n;

INSERT INTO lead (id, version, created_at, updated_at, owner_id, company_name, contact_name, mobile, source, priority,
                  status, customer_id)
SELECT gen_random_uuid(), 1, now() - make_interval(secs => 60.0 * n), {CHANGED},
       {ACCOUNT.format(f"1 + {SCRAMBLED} % {OWNERS}")},
       (ARRAY['北京','上海','广州','深圳','杭州','成都','Acme','Globex'])[1 + n % 8]
           || (ARRAY['星河','云图','远航','金石','蓝海','智联','天工'])[1 + n % 7] || '科技有限公司 ' || n,
       '联系人' || n, '138' || lpad(n::text, 8, '0'), '展会', 'medium',
       (ARRAY['untouched','contacted','closed','converted'])[1 + n % 4],
       CASE WHEN n % 4 = 3 THEN {CUSTOMER.format(f"1 + {SCRAMBLED} % {CUSTOMERS}")} END
FROM generate_series(1, :rows) n;

INSERT INTO activity (id, version, created_at, updated_at, author_id, kind, content, occurred_at, next_contact_at,
                      lead_id)
SELECT gen_random_uuid(), 1, created_at, updated_at, owner_id, 'call', '介绍了产品', created_at,
       CASE WHEN {SOON} THEN created_at + interval '9 days' END, id
FROM lead;

INSERT INTO activity (id, version, created_at, updated_at, author_id, kind, content, occurred_at, next_contact_at,
                      opportunity_id)
SELECT gen_random_uuid(), 1, created_at, updated_at, owner_id, 'visit', '谈了价格', created_at,
       CASE WHEN {SOON} THEN created_at + interval '9 days' END, id
FROM opportunity
"""


LATELY = {"filter[updated_at][gte]": (utcnow() - timedelta(days=7)).isoformat(), "sort": "updated_at"}
"""What has changed in a week, the oldest change first: a hundredth of the rows."""


def account(number: int) -> UUID:
    """Return the id of an owner as the filling SQL makes it."""
    return UUID(f"00000000-0000-7000-8000-{number:012x}")


def who(number: int, scope: str = "own") -> Caller:
    """Return a caller who reads leads, opportunities and customers."""
    read = ("lead.read", "opportunity.read", "customer.read")
    return Caller(account_id=account(number), permissions=dict.fromkeys(read, scope))


def fill(database: Database, rows: int, filling: str = FILL) -> None:
    """Fill the tables with set-based SQL and gather statistics."""
    with database.autocommit_engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for statement in filling.split(";\n"):
            started = time.perf_counter()
            bound = text(statement.replace("::", "\\:\\:"))
            connection.execute(bound, {"rows": rows} if ":rows" in statement else {})
            print(f"  {statement.split()[2]}: {time.perf_counter() - started:.0f} s", flush=True)
        connection.execute(text("VACUUM ANALYZE"))


def measure(
    database: Database, listing: Listing, caller: Caller, query: dict[str, str]
) -> tuple[float, float, int]:
    """Return the median and the worst time of a list's page in milliseconds, and how many items it has."""
    return timed(database, lambda session: listing.page(session, caller, query))


def timed(database: Database, ask: Callable[[Session], dict[str, Any]]) -> tuple[float, float, int]:
    """Return the median and the worst time of a page in milliseconds, and how many items it has."""
    times: list[float] = []
    page: dict[str, Any] = {}
    for _ in range(ROUNDS):
        with database.autocommit_sessions() as session:
            started = time.perf_counter()
            page = ask(session)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), max(times), len(page["items"])


def cases(after: Callable[[Listing, Caller], str]) -> list[tuple[str, Listing, Caller, dict[str, str]]]:
    """Return what is measured: a name, the list, who asks, and the query."""
    own, ten, many, everything = who(7), who(900001), who(900002), who(900003, "all")
    customer = f"00000000-0000-7000-9000-{1234:012x}"
    found: list[tuple[str, Listing, Caller, dict[str, str]]] = [
        (f"{noun}, {name}", listing, caller, query)
        for noun, listing in (("opportunities", OPPORTUNITIES), ("leads", LEADS))
        for name, caller, query in (
            ("own", own, {}),
            ("head of 10", ten, {}),
            ("head of 200", many, {}),
            ("all", everything, {}),
            ("all, after a cursor", everything, {"cursor": after(listing, everything)}),
            ("own, after a cursor", own, {"cursor": after(listing, own)}),
            ("own, changed lately", own, LATELY),
            ("head of 200, changed lately", many, LATELY),
            ("all, changed lately", everything, LATELY),
        )
    ]
    for name, caller in (("own", own), ("head of 10", ten), ("head of 200", many), ("all", everything)):
        found.append(
            (f"opportunities, {name}, status=open", OPPORTUNITIES, caller, {"filter[status]": "open"})
        )
    for name, query in (
        ("status=lost", {"filter[status]": "lost"}),
        ("customer_id", {"filter[customer_id]": customer}),
        ("customer_id, count", {"filter[customer_id]": customer, "count": "true"}),
        ("by amount", {"sort": "-amount"}),
        ("by started_on", {"sort": "-started_on"}),
        ("name contains 云图 (1 in 7)", {"filter[name][contains]": "云图"}),
        ("name contains 777777 (1 row)", {"filter[name][contains]": "777777"}),
        ("name contains globex金石 (1 in 56)", {"filter[name][contains]": "globex金石"}),
        ("name contains nothing there", {"filter[name][contains]": "没有这样的"}),
    ):
        found.append((f"opportunities, all, {name}", OPPORTUNITIES, everything, query))
    found.append(
        ("opportunities, own, name contains 云图", OPPORTUNITIES, own, {"filter[name][contains]": "云图"})
    )
    found.append(
        (
            "opportunities, head of 10, name contains 云图",
            OPPORTUNITIES,
            ten,
            {"filter[name][contains]": "云图"},
        )
    )
    found.append(
        ("leads, all, mobile contains 38000777", LEADS, everything, {"filter[mobile][contains]": "38000777"})
    )
    return found


Asked = Callable[[Session], dict[str, Any]]


def activity_cases() -> list[tuple[str, Asked]]:
    """Return what is measured of everybody's activities: a name, and how a page is asked for."""
    customer = {"filter[customer_id]": f"00000000-0000-7000-9000-{1234:012x}"}
    lists = (("lead", activities.LEAD_ACTIVITIES), ("opportunity", activities.OPPORTUNITY_ACTIVITIES))
    found: list[tuple[str, Asked]] = []
    for noun, listing in lists:
        for name, caller in (
            ("own", who(7)), ("head of 10", who(900001)), ("head of 200", who(900002)), ("all", who(900003, "all")),
        ):  # fmt: skip
            due = {
                "filter[author_id]": str(account(7)),
                "filter[next_contact_at][lte]": utcnow().isoformat(),
                "filter[followed_up]": "false",
                "sort": "next_contact_at",
            }
            for what, query in (("newest", {}), ("of a customer", customer), ("my follow-ups", due)):
                found.append((f"{noun} activities, {name}, {what}", _asked(listing, caller, query)))
    return found


def _asked(listing: Listing, caller: Caller, query: dict[str, str]) -> Asked:
    return lambda session: listing.page(session, caller, query)


def main() -> int:
    """Fill, measure, print, drop."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    os.environ["DATABASE_NAME"] = DATABASE
    settings = Settings()
    drop(settings)
    try:
        migrate.migrate(settings, "sales")
        database = Database(settings.database_url_of("sales"), 2, "bench")
        print(f"filling {rows:,} opportunities and leads of {OWNERS:,} owners", flush=True)
        fill(database, rows)

        def after(listing: Listing, caller: Caller) -> str:
            with database.sessions() as session:
                return str(listing.page(session, caller, {"limit": "5"})["next"])

        print(f"\n{'first page of 20':<52}{'median ms':>10}{'worst ms':>10}{'items':>7}")
        for name, listing, caller, query in cases(after):
            median, worst, items = measure(database, listing, caller, query)
            print(f"{name:<52}{median:>10.1f}{worst:>10.1f}{items:>7}", flush=True)
        for name, ask in activity_cases():
            median, worst, items = timed(database, ask)
            print(f"{name:<52}{median:>10.1f}{worst:>10.1f}{items:>7}", flush=True)
        database.dispose()
    finally:
        drop(settings)
    return 0


def drop(settings: Settings) -> None:
    """Drop the database of the benchmark."""
    parts = urlsplit(settings.database_url_of("sales").replace("+psycopg2", ""))
    server = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    server.autocommit = True
    server.cursor().execute(f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)')
    server.close()


if __name__ == "__main__":
    sys.exit(main())
