"""What can be asked about addresses."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from customer.addresses.model import Address
from customer.addresses.queries import ADDRESSES
from customer.addresses.schemas import AddressSchema
from customer.aliases import record_kept
from customer.customers.model import Customer
from customer.customers.queries import CUSTOMERS, find_customer, is_in_use, lock_customer
from customer.events import AddressCreated, AddressDeleted, AddressUpdated
from servicekit import Caller, load, operation, publish, publish_deletion


class AddressOperations:
    """Addresses of a customer (CU-24)."""

    @operation("GET /v1/customers/{customer_id}/addresses", lists=ADDRESSES, tag="addresses")
    def list_addresses(
        self, session: Session, caller: Caller, customer_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List a customer's addresses, oldest first (CU-24)."""
        customer = record_kept(session, CUSTOMERS, caller, customer_id)
        return ADDRESSES.page(session, caller, query, Address.customer_id == customer.id)

    @operation(
        "POST /v1/customers/{customer_id}/addresses",
        permission="customer.write",
        accepts=AddressSchema,
        returns=AddressSchema,
        creates=True,
        does=Customer.ensure_valid,
        tag="addresses",
        errors=("customer-invalid",),
    )
    def create_address(
        self, session: Session, caller: Caller, customer_id: UUID, data: dict[str, Any]
    ) -> Address:
        """Add an address to a customer (CU-24)."""
        customer = find_customer(session, caller, customer_id, "customer.write")
        lock_customer(session, customer)
        customer.ensure_valid()
        address = Address(customer_id=customer.id, owner_id=customer.owner_id, **data)
        session.add(address)
        publish(session, address, AddressCreated.of(address))
        return address

    @operation(
        "GET /v1/addresses/{address_id}", permission="customer.read", returns=AddressSchema, tag="addresses"
    )
    def get_address(self, session: Session, caller: Caller, address_id: UUID) -> Address:
        """Return one address (CU-24)."""
        return load(session, Address, address_id, caller, "customer.read")

    @operation(
        "PATCH /v1/addresses/{address_id}",
        permission="customer.write",
        accepts=AddressSchema,
        returns=AddressSchema,
        only_if=is_in_use,
        tag="addresses",
        errors=("customer-invalid", "stale-version"),
    )
    def update_address(
        self, session: Session, caller: Caller, address_id: UUID, data: dict[str, Any]
    ) -> Address:
        """Change an address (CU-24)."""
        address = load(session, Address, address_id, caller, "customer.write")
        session.get_one(Customer, address.customer_id).ensure_valid()
        address.fill_in(**data)
        publish(session, address, AddressUpdated.of(address))
        return address

    @operation(
        "DELETE /v1/addresses/{address_id}",
        permission="customer.write",
        only_if=is_in_use,
        tag="addresses",
        errors=("customer-invalid", "stale-version"),
    )
    def delete_address(self, session: Session, caller: Caller, address_id: UUID) -> None:
        """Delete an address (CU-24)."""
        address = load(session, Address, address_id, caller, "customer.write")
        session.get_one(Customer, address.customer_id).ensure_valid()
        publish_deletion(session, address, AddressDeleted.of(address))
