"""Texts are found by their key, phone numbers by their digits; E.164 stands beside what was typed.

Until now numbers were kept in E.164, what was typed is gone; E.164 that is no valid number (``+865045550142``) stays
as what was typed, with nothing beside it.
"""

from alembic import op

from servicekit.migrations.helpers import add_e164, index_anew, name_key, search_anew

revision = "customer_0003"
down_revision = "customer_0002"


def upgrade() -> None:
    """Make the indexes anew while the tables are in use; what was stored before is found by them like the rest."""
    add_e164("customer", "phone")
    add_e164("contact", "mobile", "office_phone", "home_phone")
    for column in ("name", "pinyin", "search_text"):
        search_anew("customer", column)
    index_anew("ix_customer_number_key", f"ON customer ({name_key('number')})")
    for column in ("industry", "region"):
        index_anew(f"ix_customer_{column}_created_at_id", f"ON customer ({name_key(column)}, created_at, id)")
    # Only those whose key has changed: such as had a blank beside a Chinese character, or an invisible one.
    key = name_key("name")
    op.execute(f"UPDATE customer SET name_key = {key} WHERE name_key <> {key}")  # noqa: S608


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
