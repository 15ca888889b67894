"""Two institutions may each have a top department of one name (ID-02)."""

from servicekit.migrations.helpers import index_anew, name_key

revision = "identity_0019"
down_revision = "identity_0018"

PLACE = "COALESCE(parent_id, institution_id, '00000000-0000-0000-0000-000000000000')"


def upgrade() -> None:
    """Make the index anew while the table is in use."""
    index_anew("uq_department_name", f"ON department ({PLACE}, {name_key('name')})", unique=True)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
