"""What can be asked about customers."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from customer.addresses.queries import ADDRESSES, addresses_of
from customer.aliases import record_kept
from customer.contacts.book import add_contact
from customer.contacts.queries import contacts_of
from customer.customers.caps import CAP_REACHED, Counted, check_gain, judge_owner
from customer.customers.model import Customer
from customer.customers.queries import CUSTOMERS, lock_name, lookalikes
from customer.customers.schemas import CustomerSchema, LookupQuerySchema, LookupSchema, NewCustomerSchema
from customer.events import (
    ContactUpdated,
    CustomerCreated,
    CustomerInvalidated,
    CustomerUpdated,
)
from servicekit import (
    OWNER_REFUSED,
    Caller,
    Numbers,
    Parameter,
    check_new_owner,
    operation,
    publish,
)
from servicekit.nouns.pool_rules import NEW_IN_POOL, check_new

NUMBERS = Numbers("customer", "KH{date:%Y%m%d}-{n:04}")
POOL_REQUIRED = Parameter("customer.pool_required", False)
"""Whether every new customer is of a pool."""
MOST_LOOKUPS_AN_HOUR = Parameter("customer.lookups_an_hour", 120)
"""Enough for who types in customers all day, and too few to read out a large book of them."""


def hand_over(session: Session, customer: Customer) -> None:
    """Give a customer's contacts and addresses to its owner."""
    for contact in contacts_of(session, customer.id):
        if contact.owner_id != customer.owner_id:
            contact.owner_id = customer.owner_id
            publish(session, contact, ContactUpdated.of(contact))
    for address in addresses_of(session, customer.id):
        if address.owner_id != customer.owner_id:
            address.owner_id = customer.owner_id
            publish(session, address, ADDRESSES.updated.of(address))


CUSTOMERS.hands_over(CustomerUpdated, hand_over)
CUSTOMERS.judges_owners(judge_owner, CAP_REACHED)


@CUSTOMERS.operations("list shares team access pools copied")
class CustomerOperations:
    """Customers, from the search before creation to their end as invalid ones."""

    @operation(
        "GET /v1/customers/lookup",
        permission=CUSTOMERS.writing,
        query=LookupQuerySchema,
        returns=LookupSchema,
        most_an_hour=MOST_LOOKUPS_AN_HOUR,
        errors=("rate-limited",),
    )
    def look_up_customers(self, session: Session, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
        """Tell which customers have a name like that, before another one is created (CU-01).

        Found by characters or pinyin, two Chinese characters or three others at least. Of a customer the caller may not
        see only the name is shown. Each search is journalled, and an account has so many an hour: nobody reads out
        everybody's customers this way.
        """
        return lookalikes(session, caller, query["name"])

    @operation(
        "GET /v1/customers/{customer_id}",
        permission="customer.read",
        returns=CustomerSchema,
        logs_looks=True,
    )
    def get_customer(self, session: Session, caller: Caller, customer_id: UUID) -> Any:
        """Return one customer, also by an id that was merged into it (CU-12, SA-19); its history tells who looked.

        Looks stand in the history a moment after the answer; several within a minute are one (CU-23).
        """
        return record_kept(session, CUSTOMERS, caller, customer_id)

    @operation(
        "POST /v1/customers",
        permission=CUSTOMERS.writing,
        accepts=NewCustomerSchema,
        returns=CustomerSchema,
        creates=True,
        errors=(*OWNER_REFUSED, *NEW_IN_POOL, CAP_REACHED),
    )
    def create_customer(self, session: Session, caller: Caller, data: dict[str, Any]) -> Customer:
        """Create a customer, with its primary contact if one is given (CU-01, CU-03, CU-05, CU-07).

        In a pool, where it names one and is unclaimed: then whoever belongs to the pool claims it (CU-87, CU-120).
        """
        values = {"owner_id": caller.account_id, **data}
        contact = values.pop("contact")
        check_new_owner(session, caller, CUSTOMERS.writing, values["owner_id"])
        pool = (values["pool_id"], values["claim_state"])
        check_new(CUSTOMERS, session, caller, *pool, required=POOL_REQUIRED.of(session))
        customer = open_customer(session, **values)
        own = customer.owner_id == caller.account_id
        check_gain(session, caller, customer, Counted(None), own=own)
        if contact is not None:
            add_contact(session, customer, **contact)
        return customer

    @operation(
        "PATCH /v1/customers/{customer_id}",
        permission=CUSTOMERS.writing,
        accepts=CustomerSchema,
        returns=CustomerSchema,
        does=Customer.fill_in,
        errors=("customer-invalid", "approval-pending", "stale-version", CAP_REACHED, *OWNER_REFUSED),
    )
    def update_customer(
        self, session: Session, caller: Caller, customer_id: UUID, data: dict[str, Any]
    ) -> Customer:
        """Change what the card holds (CU-02, CU-15); a new owner gets the contacts and addresses too (CU-12).

        Nobody is given more private customers than they may have, but by who maintains customers (CU-21).
        """
        customer = CUSTOMERS.load(session, caller, customer_id)
        if "owner_id" in data:
            check_new_owner(session, caller, CUSTOMERS.writing, data["owner_id"], customer)
        before = Counted.of(customer)
        customer.fill_in(**data)
        check_gain(session, caller, customer, before)
        publish(session, customer, CustomerUpdated.of(customer))
        if "owner_id" in data:
            hand_over(session, customer)
        return customer

    @CUSTOMERS.action(
        "invalidate",
        does=Customer.invalidate,
        tells=CustomerInvalidated,
        errors=("customer-invalid", "approval-pending"),
    )
    def invalidate_customer(self, customer: Customer) -> None:
        """Take a customer out of use instead of deleting it: it can still be viewed (CU-08)."""
        customer.invalidate()


def open_customer(session: Session, **values: Any) -> Customer:
    """Make a customer with the next number (CU-07)."""
    lock_name(session, values["name"])
    customer = Customer(number=NUMBERS.next(session))
    customer.fill_in(**values)
    session.add(customer)
    publish(session, customer, CustomerCreated.of(customer))
    return customer
