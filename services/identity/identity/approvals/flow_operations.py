"""What can be asked about approval flows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.queries import NAMED_REFUSED, account_named
from identity.approvals.flow import SUBJECT_PATHS, ApprovalFlow
from identity.approvals.flow_schemas import ApprovalFlowSchema
from identity.approvals.queries import FLOWS, READ_FLOWS, WRITE_FLOWS
from identity.events import ApprovalFlowChanged
from identity.roles.queries import known_codes
from servicekit import Caller, Fault, Invalid, load, operation, publish
from servicekit.contracts.told_terms import record_terms
from servicekit.nouns.conditions import grammar
from servicekit.nouns.conditions.asker import Asker


class ApprovalFlowOperations:
    """Flows, kept by administrators."""

    @operation("GET /v1/approval-flows", lists=FLOWS)
    def list_approval_flows(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the approval flows (GW-56)."""
        return FLOWS.page(session, caller, query)

    @operation("GET /v1/approval-flows/{flow_id}", permission=READ_FLOWS, returns=ApprovalFlowSchema)
    def get_approval_flow(self, session: Session, caller: Caller, flow_id: UUID) -> ApprovalFlow:
        """Return one approval flow (GW-56)."""
        return load(session, ApprovalFlow, flow_id, caller, READ_FLOWS)

    @operation(
        "POST /v1/approval-flows",
        permission=WRITE_FLOWS,
        accepts=ApprovalFlowSchema,
        returns=ApprovalFlowSchema,
        creates=True,
        errors=NAMED_REFUSED,
    )
    def create_approval_flow(self, session: Session, caller: Caller, data: dict[str, Any]) -> ApprovalFlow:
        """Bind subjects of a type to a flow of steps (GW-56, CT-03)."""
        _check_steps(session, data["steps"])
        _check_where(data["where"], data["subject_type"])
        flow = ApprovalFlow(**data)
        session.add(flow)
        publish(session, flow, ApprovalFlowChanged.of(flow))
        return flow

    @operation(
        "PATCH /v1/approval-flows/{flow_id}",
        permission=WRITE_FLOWS,
        accepts=ApprovalFlowSchema,
        returns=ApprovalFlowSchema,
        errors=("stale-version", *NAMED_REFUSED),
    )
    def update_approval_flow(
        self, session: Session, caller: Caller, flow_id: UUID, data: dict[str, Any]
    ) -> ApprovalFlow:
        """Change a flow, or switch it off; approvals on their way keep their steps (GW-56)."""
        flow = load(session, ApprovalFlow, flow_id, caller, WRITE_FLOWS)
        _check_steps(session, data.get("steps", []), flow.steps)
        flow.fill_in(**data)
        _check_where(flow.where, flow.subject_type)
        publish(session, flow, ApprovalFlowChanged.of(flow))
        return flow


def _check_where(where: Any, subject_type: str) -> None:
    """Refuse conditions on what the subjects do not have."""
    grammar.read(where, record_terms(SUBJECT_PATHS[subject_type]), Asker())


def _check_steps(session: Session, steps: list[dict[str, str]], kept: Sequence[dict[str, str]] = ()) -> None:
    """Refuse steps that name people or roles who do not exist, or people who have left, unless it asks them already.

    Raises:
        Invalid: ``unknown-account``, ``account-left``; ``invalid-input`` for a role.
    """
    known = known_codes(session, [step["role"] for step in steps if "role" in step])
    for place, step in enumerate(steps):
        if "account_id" in step and step not in kept:
            account_named(session, UUID(step["account_id"]), f"steps.{place}.account_id")
        if "role" in step and step["role"] not in known:
            raise Invalid.field(f"steps.{place}.role", Fault("unknown-role", "There is no such role."))
