"""Addresses as a noun. They belong to the card: who may see or change the customer may see or change them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from customer.addresses.model import Address
from customer.addresses.schemas import AddressSchema
from customer.customers.model import Customer
from customer.customers.queries import CUSTOMERS
from servicekit import Below, Noun

ADDRESSES = Noun(
    Address,
    AddressSchema,
    "/v1/addresses",
    label=("客户地址", "Addresses"),
    row="CU-24",
    below=Below(
        CUSTOMERS,
        "addresses",
        guard=Customer.ensure_valid,
        errors=("customer-invalid",),
        filters="city colleague_id",
    ),
    filters="kind customer_id owner_id",
    sorts="created_at",
    default="created_at",
    example={
        "address_id": "01936f3a-7c00-7000-8000-000000000005",
        "customer_id": "01936f3a-7c00-7000-8000-000000000001",
        "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    },
)


def addresses_of(session: Session, customer_id: UUID) -> Sequence[Address]:
    """Return all addresses of a customer."""
    return session.scalars(select(Address).where(Address.customer_id == customer_id)).all()
