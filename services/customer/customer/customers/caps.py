"""How many private customers somebody may have (CU-21, 8.16).

What is counted is what one looks after: private, in use, and not lying in a pool. Lowering the cap takes nothing away.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from customer.customers.model import INVALID, Customer
from servicekit import Caller, Conflict, Parameter
from servicekit.nouns.access import holds
from servicekit.nouns.besides import IN_POOL, PRIVATE

MOST_PRIVATE = Parameter("customer.private_customers_a_person", 0)
"""How many private customers a person has at most; 0: as many as they like."""
MAINTAIN = "customer.maintain"
"""Whoever holds it gives somebody more than that (客户维护)."""
CAP_REACHED = "owner-cap-reached"


class Counted(NamedTuple):
    """Whose private customers a customer is counted among; nobody's, where it is none."""

    owner_id: UUID | None

    @classmethod
    def of(cls, customer: Customer) -> "Counted":
        """Return where a customer is counted as it is now."""
        counts = customer.sharing == PRIVATE and customer.status != INVALID
        return cls(customer.owner_id if counts and customer.claim_state not in IN_POOL else None)


def check_gain(
    session: Session, caller: Caller, customer: Customer, before: Counted, *, own: bool = False
) -> None:
    """Refuse to leave a customer, changed or new, where it is one too many.

    Args:
        before: where it was counted until now.
        own: whether it is the caller's own in any case, so that it counts for who maintains customers too.

    Raises:
        Conflict: ``owner-cap-reached``.
    """
    now = Counted.of(customer)
    if now != before and now.owner_id is not None and (own or not holds(caller, MAINTAIN)):
        check_cap(session, now.owner_id, customer.id)


def judge_owner(session: Session, caller: Caller, customer: Customer, owner_id: UUID) -> None:
    """Refuse to give a customer of a pool to somebody who has enough (CU-21, CU-36).

    Raises:
        Conflict: ``owner-cap-reached``.
    """
    if customer.sharing == PRIVATE and not holds(caller, MAINTAIN):
        check_cap(session, owner_id, customer.id)


def check_cap(session: Session, owner_id: UUID, besides: UUID) -> None:
    """Refuse one private customer more of somebody who has as many as they may, besides this one.

    Those who give to one person wait for each other, so that of two who give the last one only one does.

    Raises:
        Conflict: ``owner-cap-reached``.
    """
    most = MOST_PRIVATE.of(session)
    if most <= 0:
        return
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"customer cap {owner_id}", 0))))
    theirs = (
        select(Customer.id)
        .where(
            Customer.owner_id == owner_id,
            Customer.id != besides,
            Customer.sharing == PRIVATE,
            # One out of use that is to be valid again counts from when that is asked for.
            or_(Customer.status != INVALID, Customer.approval_step.is_not(None)),
            Customer.claim_state.not_in(IN_POOL),
        )
        .limit(most)
    )
    if (session.scalar(select(func.count()).select_from(theirs.subquery())) or 0) >= most:
        raise Conflict(CAP_REACHED, f"Nobody has more than {most} private customers.")
