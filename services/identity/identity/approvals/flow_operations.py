"""What can be asked about approval flows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.queries import NAMED_REFUSED, account_named
from identity.approvals.action_schemas import SubjectsSchema
from identity.approvals.flow import ApprovalFlow
from identity.approvals.flow_schemas import ApprovalFlowSchema, FlowVersionsSchema
from identity.approvals.keeping import keep, versions_of
from identity.approvals.queries import FLOWS, READ_FLOWS, WRITE_FLOWS
from identity.approvals.subjects import all_subjects, step_named, subject_of
from identity.groups.model import UserGroup
from identity.roles.queries import known_codes
from servicekit import Caller, Fault, Invalid, load, operation
from servicekit.nouns.conditions import grammar
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.conditions.published import record_terms


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
        _check_conditions(data["condition"], data["where"], data["subject_type"])
        data["subject_step"] = step_named(data["subject_type"], data.get("subject_step"))
        flow = ApprovalFlow(**data)
        session.add(flow)
        keep(session, flow, caller)
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
        flow.subject_step = step_named(flow.subject_type, flow.subject_step)
        if data.keys() & {
            "condition",
            "where",
            "subject_type",
        }:  # One that was wrong before may be switched off.
            _check_conditions(flow.condition, flow.where, flow.subject_type)
        keep(session, flow, caller)
        return flow

    @operation("GET /v1/approval-flows/{flow_id}/versions", permission=READ_FLOWS, returns=FlowVersionsSchema)
    def list_approval_flow_versions(self, session: Session, caller: Caller, flow_id: UUID) -> dict[str, Any]:
        """List what a flow was like from one change to the next; an approval names the version it began with."""
        flow = load(session, ApprovalFlow, flow_id, caller, READ_FLOWS)
        return {"items": versions_of(session, flow), "next": None}

    @operation("GET /v1/approval-subjects", returns=SubjectsSchema)
    def list_approval_subjects(self, session: Session, caller: Caller) -> dict[str, Any]:
        """List the nouns that flows can be for, and which of their steps (GW-56).

        For whoever is signed in: each approval names both.
        """
        return {"items": all_subjects(), "next": None}


def _check_conditions(condition: dict[str, Any], where: Any, subject_type: str) -> None:
    """Refuse conditions on what the subjects do not have: such a flow would be for every one of them.

    Raises:
        Invalid: ``invalid-input``, with the place.
    """
    terms = record_terms(subject_of(subject_type).path)
    for name in condition:
        if name.partition("_from")[0] not in terms:
            raise Invalid.field(
                f"condition.{name}", Fault("not-of-subject", "The subjects have nothing like it.")
            )
    grammar.read(where, terms, Asker())


def _check_steps(session: Session, steps: list[dict[str, Any]], kept: Sequence[dict[str, Any]] = ()) -> None:
    """Refuse steps that name people, roles or groups who do not exist, or people who have left, unless it asks them
    already.

    Raises:
        Invalid: ``unknown-account``, ``account-left``; ``invalid-input`` for a role or a group.
    """
    known = known_codes(session, [step["role"] for step in steps if "role" in step])
    asked = {each for step in kept for each in _people(step).values()}
    for place, step in enumerate(steps):
        for field, account_id in _people(step).items():
            if account_id not in asked:
                account_named(session, UUID(account_id), f"steps.{place}.{field}")
        if "role" in step and step["role"] not in known:
            raise Invalid.field(f"steps.{place}.role", Fault("unknown-role", "There is no such role."))
        if "group_id" in step and session.get(UserGroup, UUID(step["group_id"])) is None:
            raise Invalid.field(
                f"steps.{place}.group_id", Fault("unknown-group", "There is no such user group.")
            )


def _people(step: dict[str, Any]) -> dict[str, str]:
    """Return whom a step names, by the field."""
    several = {f"account_ids.{place}": each for place, each in enumerate(step.get("account_ids", ()))}
    return {**({"account_id": step["account_id"]} if "account_id" in step else {}), **several}
