"""Contracts that are not signed yet and whose amount is not the sum of their lines get that sum (CT-11).

One that was handed in or approved was judged by another amount: it is a draft again, and says why. What has been
signed stays as it was signed.
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from servicekit import new_id

revision = "contract_0002"
down_revision = "contract_0001"

COMMENT = "The amount was not the sum of the lines; it is now. 金额与明细合计不符，已改为合计，请重新提交。"

SUMS = """
    SELECT contract.id, contract.amount, line.quantity, line.price, line.discount_percent
    FROM contract JOIN contract_line AS line ON line.contract_id = contract.id
    WHERE contract.status IN ('draft', 'pending_approval', 'approved')
"""
MEND = """
    WITH before AS (SELECT status FROM contract WHERE id = :id), mended AS (
        UPDATE contract SET amount = CAST(:amount AS numeric), status = 'draft', version = version + 1, updated_at = :now,
            rejection = CASE WHEN status = 'draft' THEN rejection ELSE :comment END
        WHERE id = :id AND status IN ('draft', 'pending_approval', 'approved') RETURNING *
    )
    INSERT INTO outbox (id, type, subject, data, occurred_at, correlation_id)
    SELECT CAST(:event_id AS uuid), CASE WHEN before.status = 'draft' THEN 'contract.updated' ELSE 'contract.rejected' END,
        mended.id,
        jsonb_build_object(
            'contract_id', mended.id, 'number', number, 'name', name, 'customer_id', customer_id,
            'opportunity_id', opportunity_id, 'owner_id', owner_id, 'nature', nature,
            'payment_mode', payment_mode, 'currency', currency, 'amount', to_char(amount, 'FM9999999999999999990.00'),
            'status', mended.status, 'version', version
        ) || CASE WHEN before.status = 'draft' THEN '{}' ELSE jsonb_build_object('comment', CAST(:comment AS text)) END,
        :now, CAST(:event_id AS uuid)
    FROM mended, before
"""


def upgrade() -> None:
    """Mend one contract after the other; there are few that are not signed."""
    connection = op.get_bind()
    sums: dict[UUID, Decimal] = {}
    amounts: dict[UUID, Decimal] = {}
    for row in connection.execute(sa.text(SUMS)):
        total = row.quantity * row.price * row.discount_percent / 100
        sums[row.id] = sums.get(row.id, Decimal(0)) + total.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        amounts[row.id] = row.amount
    for contract_id, total in sums.items():
        if total != amounts[contract_id]:
            connection.execute(sa.text(MEND), _values(contract_id, total))


def _values(contract_id: UUID, total: Decimal) -> dict[str, Any]:
    return {
        "id": str(contract_id),
        "amount": f"{total:.2f}",
        "comment": COMMENT,
        "now": datetime.now(UTC),
        "event_id": str(new_id()),
    }


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
