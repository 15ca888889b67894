"""Whom a contract is with, and which opportunity it comes from: judged by this service's copies (CT-21)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contract.contracts.model import Contract
from contract.customers import CustomerCopy
from contract.opportunities import OpportunityCopy
from servicekit import Caller, Conflict, Fault, Invalid, check_known, check_named, standing

PARTIES_REFUSED = (
    "account-left", "customer-invalid", "opportunity-of-another-customer", "unknown-account", "unknown-customer",
    "unknown-opportunity",
)  # fmt: skip
"""With what a contract is refused for what it names."""

PARTIES_NOT_THERE = ("customer-invalid", "unknown-customer", "unknown-opportunity")
"""With what a step towards the signature is refused for what the contract names."""


def judge_parties(
    session: Session, caller: Caller, data: dict[str, Any], contract: Contract | None = None
) -> None:
    """Put in the customer and the opportunity that stand today for those a request names.

    A new contract that names no customer takes over its opportunity's, also one that the caller could not name: sales
    has let them sell to it. What a draft named before is not judged again.

    Args:
        data: what the request says; changed in place.
        contract: the draft that is to be changed; None for a new one.

    Raises:
        Invalid: ``unknown-customer``, ``unknown-opportunity``, ``opportunity-of-another-customer``, or no customer.
        Conflict: ``customer-invalid``.
    """
    before = (contract.customer_id, contract.opportunity_id) if contract else (None, None)
    customer_id, opportunity_id = data.get("customer_id", before[0]), data.get("opportunity_id", before[1])
    if contract is not None and (customer_id, opportunity_id) == before:
        return
    if opportunity_id not in (None, before[1]):
        check_named(
            session,
            caller,
            OpportunityCopy,
            opportunity_id,
            field="opportunity_id",
            reading="opportunity.read",
        )
    sold_to = _customer_of(session, opportunity_id)
    if sold_to is not None:
        data["customer_id"] = _taken_over(session, sold_to, customer_id, before[0])
    elif customer_id is None:
        raise Invalid.field("customer_id", _why_no_customer(session, opportunity_id))
    elif customer_id != before[0]:
        data["customer_id"] = check_named(
            session, caller, CustomerCopy, customer_id, field="customer_id", reading="customer.read"
        )


def ensure_parties(session: Session, contract: Contract) -> None:
    """Make sure, where a contract is handed in and signed, that there is whom it is with and what it comes from.

    A draft may name what was news on its way; and its customer may have been taken out of use since (CU-08).

    Raises:
        Invalid: ``unknown-customer``, ``unknown-opportunity``.
        Conflict: ``customer-invalid``.
    """
    check_known(session, CustomerCopy, contract.customer_id, field="customer_id", noun="customer")
    if contract.opportunity_id is not None:
        check_known(
            session, OpportunityCopy, contract.opportunity_id, field="opportunity_id", noun="opportunity"
        )


def _taken_over(session: Session, sold_to: CustomerCopy, named: UUID | None, before: UUID | None) -> UUID:
    if named is not None and standing(session, CustomerCopy, named).id != sold_to.id:
        message = "The opportunity is with another customer."
        raise Invalid.field("opportunity_id", message, "opportunity-of-another-customer")
    if not sold_to.active and sold_to.id != before:
        message = "The customer is invalid; nothing new can be made about it."
        raise Conflict("customer-invalid", message, [{"field": "customer_id", "message": message}])
    return sold_to.id


def _why_no_customer(session: Session, opportunity_id: UUID | None) -> Fault:
    opportunity = session.get(OpportunityCopy, opportunity_id) if opportunity_id is not None else None
    if opportunity is not None and opportunity.version == 0:
        text = "The news of this opportunity is on its way: try again in a moment, or name its customer."
        return Fault("news-on-its-way", text)
    return Fault("customer-or-opportunity", "Name a customer, or an opportunity whose customer is known.")


def _customer_of(session: Session, opportunity_id: UUID | None) -> CustomerCopy | None:
    """Return the customer of an opportunity, as far as it is known here."""
    opportunity = session.get(OpportunityCopy, opportunity_id) if opportunity_id is not None else None
    if opportunity is None or opportunity.customer_id is None:
        return None
    return standing(session, CustomerCopy, opportunity.customer_id)
