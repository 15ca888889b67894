"""What access costs in the list of a million customers of 2,000 owners, and whether all who judge it agree.

python bench/customer_access.py [--rows 1000000] [--shares 50000] [--teams 5000] [--pools 20] [--pairs 1000000]
    [--turns 200] [--keep]

Fills the database of ``customer_list.py``, times the first page before and after there are shares, teams and pools, and
then asks of random pairs of a caller and a record whether list, single look, feed and explanation say the same; it
fails if they ever do not. A 95th percentile is of so many turns, each for another caller.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from sqlalchemy import select, text  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402

from bench.customer_list import OWNERS, REGION, _md5, drop, fill  # noqa: E402
from bench.measure import percentile  # noqa: E402
from customer.customers.model import Customer  # noqa: E402
from customer.customers.queries import CUSTOMERS, READ  # noqa: E402
from servicekit import Caller, Reach  # noqa: E402
from servicekit.base.context import EVERYONE  # noqa: E402
from servicekit.base.database import Database  # noqa: E402
from servicekit.base.settings import Settings  # noqa: E402
from servicekit.nouns.explaining import level_of  # noqa: E402
from servicekit.nouns.feed import MOST_EVENTS, read_events  # noqa: E402
from servicekit.nouns.grants import AccessGrant  # noqa: E402
from servicekit.nouns.reach import refusal  # noqa: E402
from servicekit.operating import migrate  # noqa: E402

GROUPS, DIVISION, SECTION = 50, 500, 1000
"""User groups, people of a department that is shared to, customers that it gets."""
SAMPLE = 5000
"""Records that one caller is asked about: half of them any, half such as are granted to somebody."""
WRITING = "customer.write"
SPREAD = """CASE WHEN n % 10 < 6 THEN 'owner ' || n % :owners WHEN n % 10 < 8 THEN 'team ' || n / 10 % 200
    WHEN n % 10 < 9 THEN 'group ' || n / 10 % :groups ELSE 'role ' || n / 10 % 10 END"""
"""Of ten shares six are for people, two for teams, one for a group, one for a role."""

GRANTS = f"""
    INSERT INTO access_grant (record_id, principal_id, reason, id, noun, kind, level, security_from, security_to,
                              granted_at)
    SELECT md5('customer ' || 1 + n * 7919 % :rows)::uuid, md5({SPREAD})::uuid, 'share', gen_random_uuid(), 'customer',
           'account', 2 + n % 2, 10, 100, now()
    FROM generate_series(1, :shares) AS n
    UNION ALL
    SELECT md5('customer ' || 1 + n * 104729 % :rows)::uuid, md5('owner ' || (n * 31 + member * 577) % :owners)::uuid,
           'team', gen_random_uuid(), 'customer', 'account', 2 + member % 2, 10, 100, now()
    FROM generate_series(1, :teams) AS n, generate_series(1, 3) AS member
    ON CONFLICT DO NOTHING
"""
POOLS = """
    INSERT INTO definition (id, kind, noun, key, body, active, position, version)
    SELECT md5('pool ' || n)::uuid, 'pool', 'customer', 'pool-' || n,
           jsonb_build_object('name', '公海 ' || n, 'policy', 'claim', 'may_move', true,
                              'members_group_id', md5('group ' || n)::uuid, 'admins_group_id', md5('group 49')::uuid),
           true, n, 1
    FROM generate_series(0, :pools - 1) AS n
"""
POOLED = """
    UPDATE customer SET pool_id = md5('pool ' || n % :pools)::uuid, claim_state = 'unclaimed'
    FROM generate_series(1, :rows, 20) AS n WHERE customer.id = md5('customer ' || n)::uuid
"""
SHARED_WITH_DIVISION = """
    INSERT INTO access_grant (record_id, principal_id, reason, id, noun, kind, level, security_from, security_to,
                              granted_at)
    SELECT md5('customer ' || 1 + n * 613 % :rows)::uuid, md5('division 0')::uuid, 'share', gen_random_uuid(),
           'customer', 'department', 2, 10, 100, now()
    FROM generate_series(1, :section) AS n ON CONFLICT DO NOTHING
"""
EVENTS = """
    INSERT INTO outbox (id, type, subject, data, occurred_at, correlation_id, sequence, published_at)
    SELECT gen_random_uuid(), 'customer.updated', id, jsonb_build_object('owner_id', owner_id), now(),
           gen_random_uuid(), row_number() OVER (), now()
    FROM customer WHERE id = ANY(:ids)
"""


def main() -> None:
    """Fill, measure, compare, drop."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = ROOT.parent / "shared/data/company-names/short-names.txt"
    parser.add_argument("--names", type=Path, default=names)
    for name, count in {
        "rows": 1_000_000, "shares": 50_000, "teams": 5000, "pools": 20, "pairs": 1_000_000, "turns": 200,
    }.items():  # fmt: skip
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--keep", action="store_true", help="keep the database")
    asked = parser.parse_args()
    settings = Settings()
    try:
        migrate.migrate(settings, "customer")
        database = Database(settings.database_url_of("customer"), 2, "bench")
        fill(database, asked.rows, asked.names)
        table(database, asked)
        differing = compare(database, asked.rows, asked.pairs)
        database.dispose()
    finally:
        if not asked.keep:
            drop(settings)
    if differing:
        sys.exit(1)


def table(database: Database, asked: argparse.Namespace) -> None:
    """Time the first page for each kind of caller: alone, with everything that is granted, after one more share."""
    steps: dict[str, list[str]] = {
        "owners only": [],
        "with shares, teams and pools": [GRANTS, POOLS, POOLED],
        f"after a share of {SECTION:,} to a department of {DIVISION}": [SHARED_WITH_DIVISION],
    }
    makers = callers()
    print("| first page of 20, ms: p50 / p95 | " + " | ".join(makers) + " |\n|---|" + "---:|" * len(makers))
    numbers = {**vars(asked), "owners": OWNERS, "groups": GROUPS, "section": SECTION}
    for title, statements in steps.items():
        carry_out(database, statements, numbers)
        cells = [timed(database, make, asked.turns) for make in makers.values()]
        print(f"| {title} | " + " | ".join(cells) + " |", flush=True)


def carry_out(database: Database, statements: list[str], numbers: dict[str, int]) -> None:
    """Carry out statements, each with the numbers that it names, and let the database look at what there is."""
    with database.autocommit_engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for statement in statements:
            named = {name: value for name, value in numbers.items() if f":{name}" in statement}
            connection.execute(text(statement), named)
        if statements:
            connection.execute(text("VACUUM ANALYZE"))


def callers() -> dict[str, Callable[[int], Caller]]:
    """Return who asks: a salesperson, a head of 200, somebody of a group that sees a pool, the administrator."""
    return {
        "a salesperson": lambda turn: somebody(turn * 37, "own", 20 + turn % 20),
        "a head of 200": lambda turn: somebody(turn * 37, "department", 20 + turn % 20),
        "a member of a pool": lambda turn: somebody(turn * 37, "own", turn % 20),
        "the administrator": lambda turn: somebody(turn * 37, "all", 20 + turn % 20),
    }


def somebody(number: int, scope: str, group: int) -> Caller:
    """Return one of the owners with a scope, and with all that a right may be given to so that they have it."""
    owner = number % OWNERS
    places = [f"team {owner // 10}", f"region {owner // REGION}", f"division {owner // DIVISION}"]
    principals = [f"owner {owner}", *places, f"group {group}", f"role {owner % 10}"]
    return Caller(
        account_id=_md5(f"owner {owner}"),
        department_id=_md5(f"region {owner // REGION}"),
        permissions={READ: scope, WRITING: scope},
        principals=(*(_md5(each) for each in principals), EVERYONE),
    )


def timed(database: Database, make: Callable[[int], Caller], turns: int) -> str:
    """Return the median and the 95th percentile of first pages, each for another caller."""
    took = []
    for turn in range(-3, turns):
        caller = make(turn + 3)
        began = time.perf_counter()
        with database.sessions() as session:
            CUSTOMERS.page(session, caller, {"limit": "20"})
        if turn >= 0:
            took.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(took):.1f} / {percentile(took, 95):.1f}"


def compare(database: Database, rows: int, pairs: int) -> int:
    """Ask of random pairs whether somebody sees a record, in every way; print and return how many answers differ."""
    chosen = random.Random(11)
    numbers = chosen.sample(range(1, rows + 1), min(SAMPLE, rows) // 2)
    ids = [*{*(_md5(f"customer {n}") for n in numbers), *granted(database, len(numbers))}]
    tell(database, ids)
    differing = asked = seen = 0
    began = time.perf_counter()
    while asked < pairs:
        scope = chosen.choice(["own", "department", "department_only", "own", "all"])
        caller = somebody(chosen.randrange(OWNERS), scope, chosen.randrange(GROUPS))
        with database.sessions() as session:
            answers = answered(session, caller, ids)
        differing += sum(len(each ^ answers[0]) for each in answers[1:])
        asked, seen = asked + len(ids), seen + len(answers[0])
    took = time.perf_counter() - began
    print(f"\n{asked:,} pairs, of which {seen:,} are seen, in {took:.0f} s: {differing} differences "
          "between list, single look, feed and explanation")  # fmt: skip
    return differing


def granted(database: Database, most: int) -> list[UUID]:
    """Return records that are granted to somebody: among any of a million there would be hardly one."""
    with database.sessions() as session:
        asked = select(AccessGrant.record_id).distinct().order_by(AccessGrant.record_id).limit(most)
        return [*session.scalars(asked)]


def tell(database: Database, ids: list[UUID]) -> None:
    """Publish an event of each record."""
    with database.sessions.begin() as session:
        session.execute(text(EVENTS), {"ids": ids})
        session.execute(text("UPDATE outbox_counter SET last = :last"), {"last": len(ids)})


def answered(session: Session, caller: Caller, ids: list[UUID]) -> list[set[UUID]]:
    """Return which of some records a caller sees: by the list, by single looks, by the feed, by the explanation."""
    listed = {
        *session.scalars(
            select(Customer.id).where(Customer.id.in_(ids), Reach(session, caller, READ).where(Customer))
        )
    }
    records = session.scalars(select(Customer).where(Customer.id.in_(ids))).all()
    looked = {each.id for each in records if not refusal(session, each, caller, READ, READ)}
    explained = {each.id for each in records if level_of(session, caller, each, READ, WRITING) != "none"}
    return [listed, looked, {*told(session, caller)}, explained]


def told(session: Session, caller: Caller) -> Iterator[UUID]:
    """Yield the records whose events the feed tells somebody of."""
    position: int | str = "beginning"
    while True:
        page = read_events(
            session, "customer", caller, position, limit=MOST_EVENTS, entities={"customer": Customer}
        )
        yield from (UUID(each["subject"]) for each in page["items"])
        position = page["position"]
        if position == page["last"]:
            return


if __name__ == "__main__":
    main()
