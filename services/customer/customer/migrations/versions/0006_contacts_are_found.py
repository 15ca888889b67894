"""Contacts that were there before are found by their pinyin, their numbers and all else (W-2).

What the version before writes meanwhile is found by its name, and by the rest with its next change.
"""

import sqlalchemy as sa
from alembic import op

from customer.contacts.model import found_by

revision = "customer_0006"
down_revision = "customer_0005"

SOME = sa.text("SELECT * FROM contact WHERE id > :after AND search_text = '' ORDER BY id LIMIT 1000")
FILL = sa.text(
    "UPDATE contact SET pinyin = found.pinyin, search_text = found.search_text "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:pinyin AS text[]), CAST(:texts AS text[])) "
    "AS found (id, pinyin, search_text) WHERE contact.id = found.id AND contact.search_text = ''"
)


def upgrade() -> None:
    """Fill what is empty, a thousand at a time; nobody waits for more than these."""
    after = "00000000-0000-0000-0000-000000000000"
    with op.get_context().autocommit_block():
        while rows := op.get_bind().execute(SOME, {"after": after}).all():
            known = [found_by(row) for row in rows]
            values = {
                "ids": [str(row.id) for row in rows],
                "pinyin": [pinyin for pinyin, _ in known],
                "texts": [text for _, text in known],
            }
            op.get_bind().execute(FILL, values)
            after = str(rows[-1].id)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
