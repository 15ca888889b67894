"""Flows as every service goes by them: each stands among the definitions too (decision 48)."""

from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.approvals.flow import ApprovalFlow
from identity.definitions.model import Definition
from identity.definitions.queries import tell
from servicekit.nouns.definitions import FLOW

HOUSE_CURRENCY = "CNY"
"""What an amount of a flow without a currency is in: it was written when there was one currency."""


class FlowDefinition(Definition):
    """A flow, as far as it says which records it is for."""

    __mapper_args__ = {"polymorphic_identity": FLOW}
    unlogged: ClassVar[str] = "the flow that it tells of has a history"


def tell_flow(session: Session, flow: ApprovalFlow) -> None:
    """Let every service know which records a flow is for."""
    body = body_of(flow)
    told = session.get(FlowDefinition, flow.id)
    if told is None:
        told = FlowDefinition(id=flow.id, key=str(flow.id), noun=flow.subject_type, body=body)
        session.add(told)
    elif (told.noun, told.body, told.active) == (flow.subject_type, body, flow.active):
        return
    told.noun, told.body, told.active = flow.subject_type, body, flow.active
    tell(session, told)


def tell_flows(session: Session) -> None:
    """Tell the flows that a release before this one made or changed."""
    for flow in session.scalars(select(ApprovalFlow).order_by(ApprovalFlow.id)):
        tell_flow(session, flow)


def body_of(flow: ApprovalFlow) -> dict[str, Any]:
    """Return what services need to know of a flow; the rest is identity's."""
    return {
        "step": flow.subject_step,
        "name": flow.name,
        "where": meant(flow),
        "priority": flow.priority,
        "currency": _currency(flow),
        "amount_from": flow.condition.get("amount_from"),
    }


def _currency(flow: ApprovalFlow) -> str | None:
    return flow.condition.get("currency") or (HOUSE_CURRENCY if _amount(flow) else None)


def _amount(flow: ApprovalFlow) -> Decimal:
    return Decimal(flow.condition.get("amount_from") or 0)


def meant(flow: ApprovalFlow) -> dict[str, Any]:
    """Return which records a flow is for, in the one grammar.

    Two currencies cannot be compared: a flow from an amount is also for every record in another currency, so that
    nobody slips under it by writing the same contract in dollars.
    """
    parts: list[Any] = [flow.where] if flow.where else []
    if nature := flow.condition.get("nature"):
        parts.append({"field": "nature", "operator": "eq", "value": nature})
    currency = _currency(flow)
    if amount := _amount(flow):
        enough = {"field": "amount", "operator": "gte", "value": f"{amount:f}"}
        parts.append({"any": [{"field": "currency", "operator": "ne", "value": currency}, enough]})
    elif currency:
        parts.append({"field": "currency", "operator": "eq", "value": currency})
    return {"all": parts} if parts else {}
