"""What says nothing about single records is held for all, or not at all (W-3).

In a narrower scope these permissions let nobody see anything: whoever began a process may look at it without one, and
sessions, signing keys and changes of access belong to nobody whom a scope could cover.
"""

import sqlalchemy as sa
from alembic import op

revision = "identity_0017"
down_revision = "identity_0016"

FOR_ALL = ("process.read", "session.read", "signing_key.read", "access.read")
FORGET = "UPDATE {table} SET {column} = {column} - :name WHERE {column} ->> :name IN ('own', 'department')"


def upgrade() -> None:
    """Take them out of the roles and service accounts that hold them narrower; nobody may do less by it."""
    for table, column in (("role", "permissions"), ("account", "granted")):
        forget = sa.text(FORGET.format(table=table, column=column))
        for name in FOR_ALL:
            op.get_bind().execute(forget, {"name": name})


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
