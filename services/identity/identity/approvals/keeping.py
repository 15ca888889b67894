"""What follows from a change of a flow: its version is kept, and every service hears of it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.approvals.events import ApprovalFlowChanged
from identity.approvals.flow import KEPT, ApprovalFlow, FlowVersion
from identity.approvals.telling import tell_flow
from servicekit import Caller, publish


def keep(session: Session, flow: ApprovalFlow, caller: Caller) -> None:
    """Tell of a flow that was made or changed, and remember it as it is now."""
    publish(session, flow, ApprovalFlowChanged.of(flow))
    tell_flow(session, flow)
    session.add(
        FlowVersion(
            flow_id=flow.id, version=flow.version, body=_body(flow), changed_by_id=caller.account_id,
            changed_by_name=caller.display_name,
        )
    )  # fmt: skip


def versions_of(session: Session, flow: ApprovalFlow) -> list[dict[str, Any]]:
    """Return the versions of a flow, newest first; what an older release changed shows the newest alone."""
    query = select(FlowVersion).where(FlowVersion.flow_id == flow.id).order_by(FlowVersion.version.desc())
    kept = [
        {
            **each.body, "version": each.version, "changed_at": each.changed_at,
            "changed_by_id": each.changed_by_id, "changed_by_name": each.changed_by_name,
        }
        for each in session.scalars(query)
    ]  # fmt: skip
    if kept and kept[0]["version"] == flow.version:
        return kept
    now = {**_body(flow), "version": flow.version, "changed_at": flow.updated_at}
    return [{**now, "changed_by_id": None, "changed_by_name": None}, *kept]


def _body(flow: ApprovalFlow) -> dict[str, Any]:
    return {name: getattr(flow, name) for name in KEPT}
