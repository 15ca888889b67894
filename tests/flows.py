"""Approval flows as identity tells a service of them."""

from typing import Any

from identity.approvals.flow import ApprovalFlow
from identity.approvals.telling import body_of
from servicekit import new_id
from servicekit.testing import RunningService


def bind(service: RunningService, noun: str, step: str, *, version: int = 1, **values: Any) -> str:
    """Let a service know of a flow that a step of a noun is bound to, and return its id."""
    usual = {"id": new_id(), "name": "流程", "condition": {}, "steps": []}
    flow = ApprovalFlow(**{**usual, "subject_type": noun, "subject_step": step, **values})
    told = {
        "definition_id": str(flow.id), "kind": "approval-flow", "noun": noun, "key": str(flow.id),
        "body": body_of(flow), "active": flow.active, "position": 0, "version": version,
    }  # fmt: skip
    service.deliver_and_wait("identity", "definition.changed", told)
    return str(flow.id)


def decide(service: RunningService, asked: Any, outcome: str = "approved", **more: Any) -> None:
    """Let identity have decided what a service has asked for."""
    decision = {name: asked[name] for name in ("approval_id", "subject_type", "subject_id")}
    service.deliver_and_wait("identity", "approval.decided", {**decision, "outcome": outcome, **more})
