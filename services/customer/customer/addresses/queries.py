"""Lists of addresses. They belong to the card: who may see or change the customer may see or change them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from customer.addresses.model import Address
from customer.addresses.schemas import AddressSchema
from servicekit import Listing

ADDRESSES = Listing(
    Address,
    AddressSchema,
    "customer.read",
    filters={"kind": Address.kind, "city": Address.city, "colleague_id": Address.colleague_id},
    sorts={"created_at": Address.created_at},
    default="created_at",
)


def addresses_of(session: Session, customer_id: UUID) -> Sequence[Address]:
    """Return all addresses of a customer."""
    return session.scalars(select(Address).where(Address.customer_id == customer_id)).all()
