"""The sales service: leads, opportunities and products."""

from sales.activities import ActivityHandlers
from sales.bus import SalesBus
from sales.customers import CustomerHandlers
from sales.leads.operations import LeadOperations
from sales.opportunities.operations import OpportunityOperations
from sales.products import ProductOperations
from servicekit import DirectoryCopy, Service


class SalesService(
    LeadOperations,
    OpportunityOperations,
    ProductOperations,
    CustomerHandlers,
    ActivityHandlers,
    SalesBus,
    DirectoryCopy,
    Service,
):
    """Owns leads and their conversion, opportunities with their stages, and the product catalogue.

    Operations: sales.leads.operations, sales.opportunities.operations, sales.products. Publishes: sales.events.
    Listens to identity (the directory) and customer (customers, merges, activities).
    """

    name = "sales"
