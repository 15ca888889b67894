"""Texts are found and told apart by their key."""

from servicekit.migrations.helpers import index_anew, name_key, search_anew, tell_apart

revision = "finance_0003"
down_revision = "finance_0002"


def upgrade() -> None:
    """Make the indexes anew while the tables are in use; what was stored before is found by them like the rest."""
    search_anew("bank_account", "name")
    search_anew("obligation", "summary")
    index_anew("ix_obligation_contract_number_id", f"ON obligation ({name_key('contract_number')}, id)")
    index_anew("ix_voucher_number_key", f"ON voucher ({name_key('number')})")
    for column in ("name", "number"):
        tell_apart("bank_account", column)
        index_anew(f"uq_bank_account_{column}", f"ON bank_account ({name_key(column)})", unique=True)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
