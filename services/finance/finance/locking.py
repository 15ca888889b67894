"""Rows that amounts are taken from are locked first: two receipts at once never book more than is open.

Locks are always taken in the order voucher, obligation, advance.
"""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from finance.obligations.model import Obligation
from servicekit import Caller, Forbidden, Invalid, load, reaches

R = TypeVar("R")
O = TypeVar("O", bound=Obligation)  # noqa: E741


def load_locked(session: Session, model: type[R], record_id: UUID, caller: Caller, permission: str) -> R:
    """Load a record like ``load``, as nobody else can change it until the transaction ends."""
    session.get(model, record_id, with_for_update=True)
    return load(session, model, record_id, caller, permission)


def lock_to_settle(
    session: Session, kind: type[O], obligation_id: UUID, caller: Caller, permission: str, *, field: str
) -> O:
    """Lock what a request wants to settle.

    Args:
        kind: receivable or payable.
        permission: what the caller needs on the obligation's owner, e.g. ``receipt.write``.
        field: where the request names the obligation.

    Raises:
        Invalid: ``unknown-reference``, if there is none or the caller may not know of it.
        Forbidden: ``permission-required``, if the caller may see it but not settle it.
    """
    obligation = session.get(kind, obligation_id, with_for_update=True)
    if obligation is not None and reaches(session, caller, permission, obligation.owner_id):
        return obligation
    if obligation is not None and reaches(
        session, caller, f"{obligation.direction}.read", obligation.owner_id
    ):
        text = f"This needs the permission {permission} for its owner."
        raise Forbidden("permission-required", text, params={"permission": permission})
    raise Invalid.field(field, "There is no such record.", code="unknown-reference")
