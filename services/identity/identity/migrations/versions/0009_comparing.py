"""Texts are found and told apart by their key, mobile numbers by their digits; E.164 stands beside what was typed."""

from alembic import op

from servicekit.migrations.helpers import add_e164, dial_anew, index_anew, name_key, search_anew, tell_apart

revision = "identity_0009"
down_revision = "identity_0008"

PARENT = "COALESCE(parent_id, '00000000-0000-0000-0000-000000000000')"


def upgrade() -> None:
    """Make the indexes anew while the tables are in use; what was stored before is found by them like the rest."""
    add_e164("account", "mobile")
    dial_anew("account", "mobile")
    for table, column in (
        ("account", "username"),
        ("account", "display_name"),
        ("department", "name"),
        ("role", "name"),
        ("sign_in_log", "username"),
        ("webhook", "description"),
        ("approval_flow", "name"),
        ("approval", "title"),
    ):
        search_anew(table, column)
    index_anew("ix_account_email", f"ON account ({name_key('email')})")
    tell_apart("account", "username")
    key = name_key("username")
    op.execute(f"UPDATE account SET username_key = {key} WHERE username_key <> {key}")  # noqa: S608
    tell_apart("department", "name", among="parent_id")
    index_anew("uq_department_name", f"ON department ({PARENT}, {name_key('name')})", unique=True)
    tell_apart("department", "code")
    index_anew("uq_department_code", f"ON department ({name_key('code')})", unique=True)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
