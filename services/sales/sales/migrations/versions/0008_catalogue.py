"""Categories of products, competitors and partners (SA-49, SA-38, SA-37)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import (
    UUID,
    list_index,
    name_key,
    phone_index,
    record_columns,
    search_index,
)

revision = "sales_0008"
down_revision = "sales_0007"


def upgrade() -> None:
    """Make the tables, and let products belong to categories."""
    _create_categories()
    _create("competitor", "website", "products", "strengths", "weaknesses", also=("threat",))
    _create("partner", "contact_name", "phone", "phone_e164", "email", "website", also=("kind",))
    phone_index("partner", "phone")
    op.execute("ALTER TABLE product ADD COLUMN category_id uuid REFERENCES product_category (id)")


def _create_categories() -> None:
    op.create_table(
        "product_category",
        *record_columns(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column(
            "parent_id", UUID, sa.ForeignKey("product_category.id", name="fk_product_category_parent_id")
        ),
        sa.Column("path", postgresql.ARRAY(UUID), nullable=False),
        sa.Column("remark", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.execute(f"CREATE UNIQUE INDEX uq_product_category_code ON product_category ({name_key('code')})")
    op.execute(
        "CREATE UNIQUE INDEX uq_product_category_name ON product_category "
        f"(parent_id, {name_key('name')}) NULLS NOT DISTINCT"
    )
    op.create_index("ix_product_category_path", "product_category", ["path"], postgresql_using="gin")
    # Their usual names would be those of indexes of products by category.
    for columns in ("created_at", "updated_at", "code", "name", "parent_id, created_at"):
        name = columns.replace(", ", "_")
        op.execute(f"CREATE INDEX ix_product_categories_{name}_id ON product_category ({columns}, id)")
    search_index("product_category", "name")
    search_index("product_category", "code")


def _create(table: str, *texts: str, also: tuple[str, ...]) -> None:
    """Make the table of a library: texts that may be missing, and codes that may not."""
    op.create_table(
        table,
        *record_columns(),
        sa.Column("name", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in also),
        *(sa.Column(name, sa.Text) for name in texts),
        sa.Column("remark", sa.Text),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.execute(f"CREATE UNIQUE INDEX uq_{table}_name ON {table} ({name_key('name')})")
    _index(table, ("created_at",), ("name",), *((name, "created_at") for name in also))


def _index(table: str, *lists: tuple[str, ...]) -> None:
    for columns in lists:
        list_index(table, *columns)
    for columns in (("updated_at",), *((of, "updated_at") for of, *rest in lists if rest)):
        list_index(table, *columns)
    search_index(table, "name")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
