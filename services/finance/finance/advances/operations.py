"""What can be asked about advances."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance.advances.model import Advance
from finance.advances.queries import ADVANCES
from finance.advances.schemas import AdvanceSchema, AdvanceUseSchema
from finance.events.advances import AdvanceApplied, AdvanceReleased
from finance.events.obligations import REOPENED, SETTLED
from finance.locking import load_locked, lock_to_settle
from finance.obligations.model import OBLIGATIONS, Obligation
from servicekit import Caller, Fault, Invalid, load, operation, publish


@ADVANCES.operations("list get")
class AdvanceOperations:
    """Advances: what was paid before it was owed."""

    @operation(
        "POST /v1/advances/{advance_id}/apply",
        permission=ADVANCES.writing,
        accepts=AdvanceUseSchema,
        returns=AdvanceSchema,
        does=Advance.apply,
        errors=("amount-exceeds-advance", "amount-exceeds-outstanding", "advance-of-another-customer"),
    )
    def apply_advance(
        self, session: Session, caller: Caller, advance_id: UUID, data: dict[str, Any]
    ) -> Advance:
        """Settle a receivable or payable with an advance (FI-03, FI-12)."""
        advance, obligation = _to_move(session, caller, advance_id, data)
        advance.apply(obligation, data["amount"], caller.account_id)
        publish(session, obligation, SETTLED[obligation.direction].of(obligation))
        publish(
            session,
            advance,
            AdvanceApplied.of(advance, obligation_id=obligation.id, applied_amount=data["amount"]),
        )
        return advance

    @operation(
        "POST /v1/advances/{advance_id}/release",
        permission=ADVANCES.writing,
        accepts=AdvanceUseSchema,
        returns=AdvanceSchema,
        does=Advance.release,
        errors=("amount-exceeds-applied",),
    )
    def release_advance(
        self, session: Session, caller: Caller, advance_id: UUID, data: dict[str, Any]
    ) -> Advance:
        """Take back what an advance was applied to (FI-12)."""
        advance, obligation = _to_move(session, caller, advance_id, data)
        advance.release(obligation, data["amount"], caller.account_id)
        publish(session, obligation, REOPENED[obligation.direction].of(obligation))
        publish(
            session,
            advance,
            AdvanceReleased.of(advance, obligation_id=obligation.id, released_amount=data["amount"]),
        )
        return advance


def _to_move(
    session: Session, caller: Caller, advance_id: UUID, data: dict[str, Any]
) -> tuple[Advance, Obligation]:
    """Lock the obligation first, then the advance, as all do, so that nobody waits for each other for ever."""
    advance = load(session, Advance, advance_id, caller, ADVANCES.writing)
    field = f"{advance.direction}_id"
    for name in ("receivable_id", "payable_id"):
        if name == field and data[name] is None:
            raise Invalid.field(name, Fault("required", "Missing data for required field."))
        if name != field and data[name] is not None:
            raise Invalid.field(
                name,
                Fault("other-direction", "This advance settles a {direction}.", direction=advance.direction),
            )
    obligation = lock_to_settle(
        session, OBLIGATIONS[advance.direction], data[field], caller, ADVANCES.writing, field=field
    )
    return load_locked(session, Advance, advance_id, caller, ADVANCES.writing), obligation
