"""What of this service must agree with others (docs/operating.md)."""

from typing import Any, ClassVar

from sqlalchemy import Select, select

from service_desk.customers.model import CustomerCopy
from servicekit import audited


class ServiceDeskBus:
    """The copy of customers."""

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {"customer": (CustomerCopy,)}

    @audited("customer-names", owner="customer", copy=CustomerCopy)
    def audit_customer_names(self) -> Select[Any]:
        """Return the customers' names as this service knows them."""
        return select(CustomerCopy.id, CustomerCopy.name).where(
            CustomerCopy.version > 0, CustomerCopy.merged_into_id.is_(None)
        )
