"""Asking for consent to a step of a record (GW-56, CT-03)."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.fields import made_once
from servicekit.base.ids import new_id
from servicekit.messages.events import publish
from servicekit.nouns.approvals.awaited import Awaited
from servicekit.nouns.approvals.codes import NOUNS
from servicekit.nouns.approvals.column import Approvable
from servicekit.nouns.approvals.flows import flow_for

R = TypeVar("R", bound=Approvable)


def ask_approval(
    session: Session,
    caller: Caller,
    record: Any,
    step: str,
    *,
    does: Callable[[UUID | None], None] | None = None,
    **given: Any,
) -> UUID | None:
    """Ask for consent to a step of a record where a flow is bound to it, and return what is waited for.

    Args:
        step: one of those that the noun's ``approvals`` name.
        does: what the entity does now; it gets what is waited for, or None.
        given: what the step is asked with, as JSON; who carries it out gets it back.

    Returns:
        None, if no flow is for it: the step may be taken at once.
    """
    noun = NOUNS[type(record)]
    if step not in noun.approvals:
        raise TypeError(f"{noun.name} has no step {step} that needs consent.")
    flow = flow_for(session, noun, record, step)
    approval_id = new_id() if flow else None
    if does is not None:
        does(approval_id)
    if flow is None or approval_id is None:
        return None
    record.wait_for(approval_id, step)
    awaited = Awaited(
        id=approval_id, noun=noun.name, record_id=record.id, step=step, flow_id=flow.id,
        requester_id=caller.account_id, owner_id=getattr(record, "owner_id", None),
        title=record.approval_title, facts=_facts(noun, record) | given, given=given,
    )  # fmt: skip
    session.add(awaited)
    publish(session, record, noun.approval_asked.told_of(awaited))
    return approval_id


def _facts(noun: Any, record: Any) -> dict[str, Any]:
    """Return what those who are asked are told of a record, as its answers show it."""
    shown = made_once(noun.schema).dump(record)
    return {name: shown[name] for name in noun.facts}
