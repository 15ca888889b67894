"""Customers that come back into their pools by rule (CU-38)."""

from sqlalchemy import and_
from sqlalchemy.orm import Session

from customer.customers.model import BASIC, FROZEN, INVALID, POTENTIAL, Customer
from customer.customers.queries import CUSTOMERS
from servicekit import every
from servicekit.nouns.recycling import recycle


class CustomerRecycling:
    """What is done with customers by time."""

    @every(600)
    def recycle_customers(self, session: Session) -> None:
        """Take back customers that nobody has followed up, or that were not won in time (CU-38).

        One that rests, being frozen, or waits for an approval stays where it is.
        """
        may = and_(Customer.status.not_in((INVALID, FROZEN)), Customer.approval_id.is_(None))
        recycle(session, CUSTOMERS, may, Customer.status.in_((BASIC, POTENTIAL)))
