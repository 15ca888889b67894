"""What the customer service's migrations do to rows that are there already."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from tests.old_databases import database_at, upgrade


@pytest.fixture
def database() -> Iterator[Connection]:
    """A database as the version before left it."""
    with database_at("customer", "customer_0004") as connection:
        yield connection


def test_contacts_of_before_are_found_by_all_that_is_known_of_them(database: Connection) -> None:
    """(W-2) More than fit into one batch, and one of which nothing but the name is known."""
    record = "gen_random_uuid(), 1, '2026-01-01', '2026-01-01', gen_random_uuid()"
    database.execute(
        text(
            "WITH c AS (INSERT INTO customer (id, version, created_at, updated_at, owner_id, number, name, kind, "
            f"status, quiet_since, name_key, pinyin, search_text) VALUES ({record}, 'KH1', '云图', 'company', "
            "'basic', now(), '云图', 'yuntu', '云图') RETURNING id) "
            "INSERT INTO contact (id, version, created_at, updated_at, owner_id, customer_id, name, mobile, "
            f"mobile_e164, email, is_primary) SELECT {record}, c.id, '曾国藩', "
            "CASE WHEN place > 1 THEN '138 0013 8000' END, CASE WHEN place > 1 THEN '+8613800138000' END, "
            "CASE WHEN place > 1 THEN 'zeng@example.com' END, false FROM c, generate_series(1, 1200) AS place"
        )
    )
    database.commit()
    upgrade(database, "customer", "head")
    found = database.execute(
        text(
            "SELECT DISTINCT pinyin, search_text, version, updated_at < '2026-01-02' FROM contact ORDER BY 2"
        )
    ).all()
    pinyin = "cengguofan cgf zengguofan zgf"
    assert [tuple(row) for row in found] == [
        (pinyin, f"曾国藩 {pinyin}", 1, True),
        (pinyin, f"曾国藩 {pinyin} 13800138000 8613800138000 zeng@example.com", 1, True),
    ]
