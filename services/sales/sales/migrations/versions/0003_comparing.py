"""Texts are found and told apart by their key, phone numbers by their digits; E.164 stands beside what was typed."""

from alembic import op

from servicekit.migrations.helpers import add_e164, dial_anew, index_anew, name_key, search_anew, tell_apart

revision = "sales_0003"
down_revision = "sales_0002"


def upgrade() -> None:
    """Make the indexes anew while the tables are in use; what was stored before is found by them like the rest."""
    add_e164("lead", "mobile", "phone")
    for column in ("mobile", "phone"):
        dial_anew("lead", column)
    for table, column in (
        ("lead", "company_name"),
        ("lead", "contact_name"),
        ("lead", "remark"),
        ("opportunity", "name"),
        ("product", "name"),
        ("product", "code"),
    ):
        search_anew(table, column)
    index_anew("ix_lead_email", f"ON lead ({name_key('email')})")
    index_anew("ix_product_category_created_at_id", f"ON product ({name_key('category')}, created_at, id)")
    tell_apart("product", "code")
    index_anew("uq_product_code", f"ON product ({name_key('code')})", unique=True)
    key = name_key("name")
    op.execute(f"UPDATE customer_copy SET normalised_name = {key} WHERE normalised_name <> {key}")  # noqa: S608


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
