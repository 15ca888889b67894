"""Approvals are the kit's: flows stand among the definitions, and what a contract waits for beside it.

The table ``approval_flow_copy`` stays for the release before this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "contract_0013"
down_revision = "contract_0012"


def upgrade() -> None:
    """Take over the flows as they are known here until identity tells them, and what waits for a decision.

    A flow from an amount is also for every contract in another currency, which cannot be compared.
    """
    op.add_column("contract", sa.Column("approval_step", sa.Text))
    op.execute(
        """
        INSERT INTO definition (id, kind, noun, key, body, active, position, version)
        SELECT id, 'approval-flow', 'contract', id::text, jsonb_build_object(
            'step', 'submit', 'priority', priority, 'amount_from', condition->'amount_from',
            'currency', currency, 'where', CASE WHEN COALESCE("where", nature, enough) IS NULL THEN '{}'::jsonb
            ELSE jsonb_build_object('all', jsonb_path_query_array(
                jsonb_build_array("where", nature, enough), '$[*] ? (@ != null)')) END
        ), active, 0, 0
        FROM (
            SELECT *, CASE WHEN amount IS NULL THEN
                CASE WHEN currency IS NULL THEN NULL ELSE
                jsonb_build_object('field', 'currency', 'operator', 'eq', 'value', currency) END
            ELSE jsonb_build_object('any', jsonb_build_array(
                jsonb_build_object('field', 'currency', 'operator', 'ne', 'value', currency),
                jsonb_build_object('field', 'amount', 'operator', 'gte', 'value', amount))) END AS enough
            FROM (
                SELECT id, active, priority, condition, "where",
                    CASE WHEN (condition->>'amount_from')::numeric > 0 THEN condition->>'amount_from' END AS amount,
                    COALESCE(condition->>'currency',
                        CASE WHEN (condition->>'amount_from')::numeric > 0 THEN 'CNY' END) AS currency,
                    CASE WHEN condition ? 'nature' THEN jsonb_build_object(
                        'field', 'nature', 'operator', 'eq', 'value', condition->>'nature') END AS nature
                FROM approval_flow_copy
            ) AS flow
        ) AS meant
        ON CONFLICT (id) DO NOTHING
        """
    )
    op.execute("UPDATE contract SET approval_step = 'submit' WHERE status = 'pending_approval'")
    op.execute(
        """
        INSERT INTO awaited_approval (id, noun, record_id, step, flow_id, requester_id, owner_id, title, facts, given,
            asked_at)
        SELECT contract.approval_id, 'contract', contract.id, 'submit', (told.data->>'flow_id')::uuid,
            COALESCE((told.data->>'requester_id')::uuid, contract.owner_id), contract.owner_id,
            contract.number || ' ' || contract.name,
            jsonb_build_object('number', contract.number, 'customer_id', contract.customer_id,
                'nature', contract.nature, 'amount', contract.amount::text, 'currency', contract.currency),
            '{}', contract.updated_at
        FROM contract LEFT JOIN LATERAL (
            SELECT data FROM outbox WHERE subject = contract.id AND type = 'contract.submitted'
                AND data->>'approval_id' = contract.approval_id::text LIMIT 1
        ) AS told ON true
        WHERE contract.status = 'pending_approval' AND contract.approval_id IS NOT NULL
        ON CONFLICT (id) DO NOTHING
        """
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
