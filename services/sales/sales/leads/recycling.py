"""Leads that come back into their pools by rule (SA-18)."""

from sqlalchemy.orm import Session

from sales.leads.model import CONTACTED, UNTOUCHED, Lead
from sales.leads.queries import LEADS
from servicekit import every
from servicekit.nouns.recycling import recycle


class LeadRecycling:
    """What is done with leads by time."""

    @every(600)
    def recycle_leads(self, session: Session) -> None:
        """Take back leads that nobody has followed up, or that became no customer in time (SA-18)."""
        under_way = Lead.status.in_((UNTOUCHED, CONTACTED))
        recycle(session, LEADS, under_way, under_way)
