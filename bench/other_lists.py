"""Measure the lists of contracts, receivables and cases on 1,000,000 rows each, of 2,000 owners.

    DATABASE_URL=postgresql://… .venv/bin/python bench/other_lists.py [rows]

Fills a database of its own a service, and drops it at the end. Callers and shuffles are those of ``sales_list.py``.
"""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [
    str(ROOT),
    *(str(ROOT / "services" / name) for name in ("contract", "finance", "service-desk")),
]

from bench import sales_list  # noqa: E402
from bench.sales_list import (  # noqa: E402
    ACCOUNT,
    CHANGED,
    CUSTOMER,
    CUSTOMERS,
    LATELY,
    OWNERS,
    SCRAMBLED,
    account,
    fill,
    measure,
)
from contract.contracts.queries import CONTRACTS  # noqa: E402
from finance.obligations.queries import RECEIVABLES  # noqa: E402
from service_desk.cases.queries import CASES  # noqa: E402
from servicekit import Caller, Listing  # noqa: E402
from servicekit.base.database import Database  # noqa: E402
from servicekit.base.settings import Settings  # noqa: E402
from servicekit.operating import migrate  # noqa: E402

OWNER = ACCOUNT.format(f"1 + {SCRAMBLED} % {OWNERS}")
RECORD = "id, version, created_at, updated_at, owner_id, customer_id"
VALUES = f"""gen_random_uuid(), 1, now() - make_interval(secs => 60.0 * n), {CHANGED}, {OWNER},
    {CUSTOMER.format(f"1 + {SCRAMBLED} % {CUSTOMERS}")}"""
NAME = """(ARRAY['北京','上海','广州','深圳','杭州','成都','Acme','Globex'])[1 + n % 8]
    || (ARRAY['星河','云图','远航','金石','蓝海','智联','天工'])[1 + n % 7] || '科技 ' || n"""

CONTRACT = f"""
INSERT INTO contract ({RECORD}, number, name, kind, nature, payment_mode, currency, amount, signer_id, status)
SELECT {VALUES}, 'HT' || n, {NAME} || ' 年度合同', 'sales', 'income', 'one_off', 'CNY', {SCRAMBLED} * 3.5, {OWNER},
       (ARRAY['draft','pending_approval','approved','signed','signed','completed'])[1 + n % 6]
FROM generate_series(1, :rows) n
"""
OBLIGATION = f"""
INSERT INTO obligation ({RECORD}, direction, contract_id, contract_number, position, summary, incurred_on, due_on,
                        currency, amount, settled_amount, bad_debt_amount, status)
SELECT {VALUES}, CASE WHEN n % 10 = 0 THEN 'payable' ELSE 'receivable' END, gen_random_uuid(), 'HT' || n, 1,
       {NAME}, current_date - n / 1440, current_date - n / 1440 + 30, 'CNY', 100 + {SCRAMBLED}, 0, 0,
       (ARRAY['unsettled','partial','settled','settled'])[1 + n % 4]
FROM generate_series(1, :rows) n
"""
CASE = f"""
INSERT INTO service_case ({RECORD}, number, subject, source, channel, kind, priority, opened_by, status)
SELECT {VALUES}, 'FW' || n, {NAME} || ' 无法导出', 'customer', 'phone', 'question', 'medium', {OWNER},
       (ARRAY['open','in_progress','waiting','resolved','closed','closed'])[1 + n % 6]
FROM generate_series(1, :rows) n
"""
NAMES = f"""
INSERT INTO customer_copy (id, name, version)
SELECT {CUSTOMER.format("n")}, '上海云图科技 ' || n, 1 FROM generate_series(1, {CUSTOMERS}) n
"""
LISTS: dict[str, tuple[Listing, str, str, str, str]] = {
    "contract": (CONTRACTS, CONTRACT, "contract.read", "name", "approved"),
    "finance": (RECEIVABLES, f"{NAMES};\n{OBLIGATION}", "receivable.read", "summary", "unsettled"),
    "service-desk": (CASES, f"{NAMES};\n{CASE}", "case.read", "subject", "open"),
}
"""Of each service: the list, what fills its table, the permission, the text that is searched, and a status."""


def queries(text: str, status: str) -> dict[str, dict[str, str]]:
    """Return what is asked of a list."""
    return {
        "first page": {},
        "with count": {"count": "true"},
        f"status={status}": {"filter[status]": status},
        "of a customer": {"filter[customer_id]": f"00000000-0000-7000-9000-{1234:012x}"},
        "by amount": {"sort": "-amount"},
        "changed lately": LATELY,
        "contains 云图 (1 in 7)": {f"filter[{text}][contains]": "云图"},
        "contains 777777 (1 row)": {f"filter[{text}][contains]": "777777"},
        "contains nothing there": {f"filter[{text}][contains]": "没有这样的"},
    }


def main() -> int:
    """Fill, measure, print and drop, a service at a time."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for service, (listing, filling, permission, text, status) in LISTS.items():
        sales_list.DATABASE = os.environ["DATABASE_NAME"] = f"kehu_bench_{service.replace('-', '_')}"
        settings = Settings()
        sales_list.drop(settings)
        try:
            migrate.migrate(settings, service)
            database = Database(settings.database_url_of(service), 2, "bench")
            print(f"{service}: {rows:,} rows of {OWNERS:,} owners", flush=True)
            directory = sales_list.FILL.split(";\n")[0]
            fill(database, rows, f"{directory};\n{filling}")
            _measure(database, listing, permission, queries(text, status))
            database.dispose()
        finally:
            sales_list.drop(settings)
    return 0


def _measure(database: Database, listing: Listing, permission: str, asked: dict[str, Any]) -> None:
    callers = {"own": (7, "own"), "of 10": (900001, "own"), "of 200": (900002, "own"), "all": (900003, "all")}
    print(f"\n{'median (worst) ms':<28}" + "".join(f"{name:>16}" for name in callers))
    for name, query in asked.items():
        if query.get("sort") == "-amount" and "amount" not in listing.sorts:
            continue
        cells = []
        for number, scope in callers.values():
            caller = Caller(account_id=account(number), permissions={permission: scope})
            median, worst, _ = measure(database, listing, caller, query)
            cells.append(f"{median:.1f} ({worst:.0f})")
        print(f"{name:<28}" + "".join(f"{cell:>16}" for cell in cells), flush=True)
    print()


if __name__ == "__main__":
    sys.exit(main())
