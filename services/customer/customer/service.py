"""The customer service: customers with their contacts, addresses and activities."""

from customer.activities.operations import ActivityOperations
from customer.addresses.operations import AddressOperations
from customer.bus import CustomerBus
from customer.contacts.operations import ContactOperations
from customer.conversions import ConversionHandlers
from customer.customers.ladder import CustomerStatusOperations
from customer.customers.operations import CustomerOperations
from customer.customers.recycling import CustomerRecycling
from customer.sales_copies import LeadHandlers, OpportunityHandlers
from customer.words import words
from servicekit import ApprovalFollower, PlatformCopy, Service


class CustomerService(
    CustomerOperations,
    CustomerStatusOperations,
    CustomerRecycling,
    ContactOperations,
    AddressOperations,
    ActivityOperations,
    ConversionHandlers,
    OpportunityHandlers,
    LeadHandlers,
    CustomerBus,
    ApprovalFollower,
    PlatformCopy,
    Service,
):
    """Owns customers, their contacts and addresses, and what was done with them.

    Operations: the ``operations`` of customers, contacts, addresses and activities. Publishes: customer.events.
    Listens to sales: a converted lead becomes a customer; whose leads and opportunities there are. Listens to identity:
    the directory, what is configured, what approvals decide.
    """

    name = "customer"

    @classmethod
    def warm_up(cls) -> None:
        """Have the words told that names are spelled by."""
        words()
