"""Which flow a step of a record has to go through: flows are definitions, so that asking waits for nobody."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from servicekit.base.errors import Invalid
from servicekit.base.money import currency_of
from servicekit.nouns.conditions.asker import Asker
from servicekit.nouns.definitions import FLOW, DefinitionRow
from servicekit.nouns.remembered import remembered

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

_KNOWN = "flows"


@dataclass(frozen=True)
class Flow:
    """A flow as services know it."""

    id: UUID
    where: Any
    """The tree of conditions that a record has to meet; none: every record does."""
    priority: int
    currency: str | None
    amount_from: Decimal
    """What it is for by amount, of which two flows of one priority are told apart."""

    def is_for(self, session: Session, noun: "Noun[Any]", record: Any) -> bool:
        """Tell whether a record falls under the flow; what it cannot read is for every record."""
        try:
            return noun.holds(Asker(session), self.where, record)
        except Invalid:
            return True


def flow_for(session: Session, noun: "Noun[Any]", record: Any, step: str) -> Flow | None:
    """Return the flow that a step of a record is bound to: of those that match, the one with the highest priority.

    Of the same priority, one for the record's own currency comes before those that have it only because they cannot
    compare, and then the one for the highest amount.
    """
    matching = [flow for flow in flows_of(session, noun.name, step) if flow.is_for(session, noun, record)]
    currency = currency_of(record)
    return max(
        matching, key=lambda flow: (flow.priority, flow.currency == currency, flow.amount_from), default=None
    )


def flows_of(session: Session, noun: str, step: str) -> list[Flow]:
    """Return the flows in use for a step of a noun, the oldest first."""
    known: dict[str, list[tuple[UUID, dict[str, Any]]]] = remembered(session, _KNOWN)
    if noun not in known:
        row = DefinitionRow
        asked = (
            select(row.id, row.body).where(row.kind == FLOW, row.noun == noun, row.active).order_by(row.id)
        )
        known[noun] = [(flow_id, body) for flow_id, body in session.connection().execute(asked)]
    return [_flow(flow_id, body) for flow_id, body in known[noun] if body.get("step") == step]


def _flow(flow_id: UUID, body: dict[str, Any]) -> Flow:
    return Flow(
        flow_id,
        body.get("where"),
        body.get("priority") or 0,
        body.get("currency"),
        Decimal(body.get("amount_from") or 0),
    )
