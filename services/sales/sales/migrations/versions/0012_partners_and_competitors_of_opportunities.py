"""Many partners and many competitors of an opportunity (SA-37, SA-38)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import MONEY, UUID, list_index, record_columns

revision = "sales_0012"
down_revision = "sales_0011"


def upgrade() -> None:
    """Make the two tables; nothing that was there changes."""
    _create(
        "competitor",
        "threat",
        "outcome",
        texts=("products", "strengths", "weaknesses", "strategy"),
        money="price",
    )
    op.execute(
        "CREATE INDEX ix_opportunity_competitor_outcome_id ON opportunity_competitor (outcome, created_at, id)"
    )
    contact = ("contact_name", "contact_phone", "contact_phone_e164")
    _create("partner", "role", texts=contact, money="commission")
    op.add_column("opportunity_partner", sa.Column("share", MONEY))


def _create(library: str, *codes: str, texts: tuple[str, ...], money: str) -> None:
    """Make the table of what opportunities take from a library, each entry once."""
    table, entry = f"opportunity_{library}", f"{library}_id"
    op.create_table(
        table,
        *record_columns(),
        sa.Column(
            "opportunity_id",
            UUID,
            sa.ForeignKey("opportunity.id", name=f"fk_{table}_opportunity_id"),
            nullable=False,
        ),
        sa.Column(entry, UUID, sa.ForeignKey(f"{library}.id", name=f"fk_{table}_{entry}"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*codes, "currency")),
        *(sa.Column(name, sa.Text) for name in (*texts, "remark")),
        sa.Column(money, MONEY),
        sa.UniqueConstraint("opportunity_id", entry, name=f"uq_{table}"),
    )
    for columns in (
        ("created_at",),
        ("updated_at",),
        ("opportunity_id", "created_at"),
        (entry, "created_at"),
    ):
        list_index(table, *columns)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
