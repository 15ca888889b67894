"""What the sales service's migrations do to rows that are there already."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.old_databases import database_at, upgrade

RECORD = "gen_random_uuid(), 1, now() + :place * interval '1 s', now()"


@pytest.fixture
def database() -> Iterator[Connection]:
    """A database as the version before left it."""
    with database_at("sales", "sales_0002") as connection:
        yield connection


def ask(connection: Connection, statement: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(statement))]


def test_what_was_stored_before_is_found_and_told_apart(database: Connection) -> None:
    """(M-16, M-17) Leads get their E.164; of products that look the same the oldest keeps its code."""
    for place, mobile in enumerate(("138 0013 8000", "504 555 0142", None)):
        database.execute(
            text(
                "INSERT INTO lead (id, version, created_at, updated_at, owner_id, company_name, contact_name, "
                f"priority, status, mobile) VALUES ({RECORD}, gen_random_uuid(), 'Straße', '李 娜', 'low', "
                "'untouched', :mobile)"
            ),
            {"place": place, "mobile": mobile},
        )
    for place, code in enumerate(("GTX", "gtx", "ＧＴＸ", "other")):
        database.execute(
            text(
                "INSERT INTO product (id, version, created_at, updated_at, code, name, price, currency, active) "
                f"VALUES ({RECORD}, :code, '产品', 1, 'CNY', true)"
            ),
            {"place": place, "code": code},
        )
    database.execute(
        text(
            "INSERT INTO customer_copy (id, name, normalised_name, active, version) "
            "VALUES (gen_random_uuid(), '上海 云图', '上海 云图', true, 1)"
        )
    )
    database.commit()
    upgrade(database, "sales", "head")
    assert ask(database, "SELECT mobile, mobile_e164 FROM lead ORDER BY created_at") == [
        ("138 0013 8000", "+8613800138000"), ("504 555 0142", None), (None, None),
    ]  # fmt: skip
    assert ask(database, "SELECT code, version FROM product ORDER BY created_at") == [
        ("GTX", 1), ("gtx (2)", 2), ("ＧＴＸ (3)", 2), ("other", 1),
    ]  # fmt: skip
    assert ask(database, "SELECT normalised_name FROM customer_copy") == [("上海云图",)]
    made = dict(
        ask(database, "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('lead', 'product')")
    )
    for index, expression in {
        "ix_lead_company_name_search": "kehu_bigrams(kehu_key(company_name))",
        "ix_lead_mobile_search": "kehu_bigrams(kehu_phone(mobile, mobile_e164))",
        "uq_product_code": "kehu_key(code)",
    }.items():
        assert expression in made[index]
    assert made["uq_product_code"].startswith("CREATE UNIQUE INDEX")
    assert not [name for name in made if name.endswith("_new")]
