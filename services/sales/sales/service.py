"""The sales service: leads, opportunities, products, competitors and partners."""

from sales.activities.handlers import ActivityHandlers
from sales.activities.operations import ActivityOperations
from sales.bus import SalesBus
from sales.categories import CategoryOperations
from sales.competitors import CompetitorOperations
from sales.customers import CustomerHandlers
from sales.leads.operations import LeadOperations
from sales.leads.recycling import LeadRecycling
from sales.opportunities.competitors import OpportunityCompetitorOperations
from sales.opportunities.operations import OpportunityOperations
from sales.opportunities.partners import OpportunityPartnerOperations
from sales.partners import PartnerOperations
from sales.products import ProductOperations
from servicekit import PlatformCopy, Service


class SalesService(
    LeadOperations,
    LeadRecycling,
    OpportunityOperations,
    ActivityOperations,
    ProductOperations,
    CategoryOperations,
    CompetitorOperations,
    PartnerOperations,
    OpportunityCompetitorOperations,
    OpportunityPartnerOperations,
    CustomerHandlers,
    ActivityHandlers,
    SalesBus,
    PlatformCopy,
    Service,
):
    """Owns leads and their conversion, opportunities with their stages, what was done with both, products in their
    categories, competitors and partners, and which of them stand in an opportunity.

    Operations: the ``operations`` of leads, opportunities and activities, and sales.products. Publishes: sales.events.
    Listens to identity (the directory) and customer (customers, merges, activities).
    """

    name = "sales"
