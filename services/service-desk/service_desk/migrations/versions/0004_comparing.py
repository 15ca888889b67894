"""Texts are found by their key, phone numbers by their digits; E.164 stands beside what was typed."""

from servicekit.migrations.helpers import add_e164, dial_anew, index_anew, name_key, search_anew

revision = "service_desk_0004"
down_revision = "service_desk_0003"


def upgrade() -> None:
    """Make the indexes anew while the table is in use; what was stored before is found by them like the rest."""
    add_e164("service_case", "phone")
    dial_anew("service_case", "phone")
    search_anew("service_case", "subject")
    index_anew("ix_service_case_serial_number_id", f"ON service_case ({name_key('serial_number')}, id)")
    index_anew("ix_service_case_number_key", f"ON service_case ({name_key('number')})")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
