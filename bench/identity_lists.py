"""Measure identity's lists on 1,000,000 rows each: accounts, sign-ins, approvals, webhook deliveries and attempts.

    DATABASE_URL=postgresql://… .venv/bin/python bench/identity_lists.py [rows]

Fills a database of its own and drops it at the end. Approvals are asked for by somebody who requested 500 of them,
decided 500, and shares a role for which 20,000 wait; deliveries are those of one of ten webhooks.
"""

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "services" / "identity")]

from bench import sales_list  # noqa: E402
from bench.sales_list import ACCOUNT, SCRAMBLED, account, fill, timed  # noqa: E402
from identity.accounts.queries import ACCOUNTS  # noqa: E402
from identity.approvals.queries import APPROVALS, concerning  # noqa: E402
from identity.signin.log import SIGN_INS  # noqa: E402
from identity.webhooks.delivery import Attempt, Delivery  # noqa: E402
from identity.webhooks.queries import ATTEMPTS, DELIVERIES  # noqa: E402
from servicekit import Caller  # noqa: E402
from servicekit.base.database import Database  # noqa: E402
from servicekit.base.settings import Settings  # noqa: E402
from servicekit.operating import migrate  # noqa: E402

NUMBERED = "('00000000-0000-7000-a000-' || lpad(to_hex({}), 12, '0'))::uuid"
ROLE = "00000000-0000-7000-b000-000000000001"
NAME = """(ARRAY['王','李','张','刘','陈','杨','赵','黄'])[1 + n % 8]
    || (ARRAY['芳','娜','敏','静','伟','强','磊'])[1 + n % 7] || n"""
TELLER = ACCOUNT.format(f"1 + {SCRAMBLED} % 2000")
FILL = f"""
INSERT INTO account (id, version, created_at, updated_at, username, username_key, display_name, status, locked,
                     password_hash)
SELECT {ACCOUNT.format("n")}, 1, now() - make_interval(secs => 60.0 * n), now(), 'user.' || n, 'user.' || n, {NAME},
       (ARRAY['in_service','left'])[1 + (n % 9 = 0)::int], false, ''
FROM generate_series(1, :rows) n;
INSERT INTO role (id, version, created_at, updated_at, code, name, permissions, ready)
VALUES ('{ROLE}', 1, now(), now(), 'approver', '审批人', '{{}}', false);
INSERT INTO account_role (account_id, role_id) VALUES ({ACCOUNT.format("7")}, '{ROLE}');
INSERT INTO sign_in_log (id, created_at, username, account_id, outcome, client_address, user_agent)
SELECT gen_random_uuid(), now() - make_interval(secs => 6.0 * n), 'user.' || (n % 2000), {TELLER},
       (ARRAY['signed_in','signed_in','refused'])[1 + n % 3], '10.0.' || (n % 256) || '.' || (n % 199), 'bench'
FROM generate_series(1, :rows) n;
INSERT INTO approval (id, version, created_at, updated_at, subject_type, subject_id, title, amount, currency,
                      requester_id, steps, state)
SELECT {NUMBERED.format("n")}, 1, now() - make_interval(secs => 60.0 * n), now(), 'contract', gen_random_uuid(),
       {NAME} || ' 年度合同', {SCRAMBLED} * 3.5, 'CNY', {TELLER}, '[]',
       (ARRAY['pending','approved'])[1 + (n % 50 <> 1)::int]
FROM generate_series(1, :rows) n;
INSERT INTO approval_task (id, approval_id, step, kind, account_id, role, created_at, state, decided_by_id,
                           as_administrator, comment)
SELECT gen_random_uuid(), {NUMBERED.format("n")}, 1, 'approve',
       CASE WHEN n % 2 = 0 THEN {TELLER} END, CASE WHEN n % 2 = 1 THEN 'approver' END, now(),
       (ARRAY['pending','approved'])[1 + (n % 50 <> 1)::int], CASE WHEN n % 50 <> 1 THEN {TELLER} END, false, ''
FROM generate_series(1, :rows) n;
INSERT INTO webhook (id, version, created_at, updated_at, url, description, event_types, conditions, active, secret)
SELECT {NUMBERED.format("n")}, 1, now(), now(), 'https://erp.example.com/', '', '["*"]', '[]', true, ''
FROM generate_series(1, 10) n;
INSERT INTO webhook_delivery (id, created_at, webhook_id, event_id, event_type, event_time, subject, body, state, tries,
                              next_attempt_at, give_up_at)
SELECT {ACCOUNT.format("n")}, now(), {NUMBERED.format("1 + n % 10")}, gen_random_uuid(),
       (ARRAY['contract.signed','receivable.raised','customer.updated'])[1 + n % 3],
       now() - make_interval(secs => 2.0 * n), {ACCOUNT.format(f"1 + {SCRAMBLED} % 50000")}, '{{"data": {{}}}}',
       CASE WHEN n % 500 = 0 THEN 'failed' ELSE 'delivered' END, 1, now(), now()
FROM generate_series(1, :rows) n;
INSERT INTO webhook_attempt (id, created_at, webhook_id, delivery_id, milliseconds, status, response)
SELECT gen_random_uuid(), now() - make_interval(secs => 2.0 * n), {NUMBERED.format("1 + n % 10")},
       {ACCOUNT.format("n")}, 12, CASE WHEN n % 500 = 0 THEN 500 ELSE 200 END, ''
FROM generate_series(1, :rows) n
"""
ME = Caller(account_id=account(7), permissions={"approval.read": "own"})
ADMINISTRATOR = Caller(
    account_id=account(1),
    permissions=dict.fromkeys(
        ("account.read", "sign_in.read", "approval.read", "approval.administer", "webhook.read"), "all"
    ),
)
FIRST_WEBHOOK = UUID("00000000-0000-7000-a000-000000000001")

Page = Callable[..., dict[str, Any]]
"""Called with a session and the query."""
Queries = dict[str, dict[str, str]]

LISTS: dict[str, tuple[Page, Queries]] = {
    "accounts": (
        lambda session, query: ACCOUNTS.page(session, ADMINISTRATOR, query),
        {
            "first page": {},
            "with count": {"count": "true"},
            "by name": {"sort": "display_name"},
            "left": {"filter[status]": "left"},
            "name contains 王芳 (1 in 56)": {"filter[display_name][contains]": "王芳"},
            "user name contains 777777 (1 row)": {"filter[username][contains]": "777777"},
        },
    ),
    "sign-ins": (
        lambda session, query: SIGN_INS.page(session, ADMINISTRATOR, query),
        {
            "first page": {},
            "refused": {"filter[outcome]": "refused"},
            "of an account": {"filter[account_id]": str(account(7))},
            "of an address": {"filter[client_address]": "10.0.7.7"},
            "user name contains 1777": {"filter[username][contains]": "1777"},
        },
    ),
    "approvals of mine": (
        lambda session, query: APPROVALS.page(session, ME, query, concerning(session, ME)),
        {
            "first page": {},
            "pending": {"filter[state]": "pending"},
            "requested by me": {"filter[requester_id]": str(account(7))},
            "title contains 王芳": {"filter[title][contains]": "王芳"},
        },
    ),
    "all approvals": (
        lambda session, query: APPROVALS.page(
            session, ADMINISTRATOR, query, concerning(session, ADMINISTRATOR)
        ),
        {
            "first page": {},
            "pending": {"filter[state]": "pending"},
            "title contains 王芳": {"filter[title][contains]": "王芳"},
        },
    ),
    "deliveries of a webhook": (
        lambda session, query: DELIVERIES.page(
            session, ADMINISTRATOR, query, Delivery.webhook_id == FIRST_WEBHOOK
        ),
        {
            "first page": {},
            "with count": {"count": "true"},
            "failed": {"filter[state]": "failed"},
            "of a type": {"filter[event_type]": "contract.signed"},
            "by the events' time": {"sort": "-event_time"},
            "about a record": {"filter[subject]": str(account(18980))},
        },
    ),
    "attempts of a webhook": (
        lambda session, query: ATTEMPTS.page(
            session, ADMINISTRATOR, query, Attempt.webhook_id == FIRST_WEBHOOK
        ),
        {
            "first page": {},
            "status 500": {"filter[status]": "500"},
            "of a delivery": {"filter[delivery_id]": str(account(1230))},
        },
    ),
}


def main() -> int:
    """Fill, measure, print and drop."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sales_list.DATABASE = os.environ["DATABASE_NAME"] = "kehu_bench_identity"
    settings = Settings()
    sales_list.drop(settings)
    try:
        migrate.migrate(settings, "identity")
        database = Database(settings.database_url_of("identity"), 2, "bench")
        fill(database, rows, FILL)
        for name, (page, queries) in LISTS.items():
            print(f"\n{name:<40}{'median (worst) ms':>20}{'items':>8}")
            for asked, query in queries.items():
                median, worst, items = timed(database, partial(page, query=query))
                print(f"{asked:<40}{median:>11.1f} ({worst:.0f}){items:>10}", flush=True)
        database.dispose()
    finally:
        sales_list.drop(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
