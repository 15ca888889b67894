"""Activities as nouns: of leads and of opportunities, of one or of all that one may see."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from sales.activities.model import Activity
from sales.activities.schemas import SalesActivitySchema
from sales.leads.queries import LEADS
from sales.opportunities.queries import OPPORTUNITIES
from servicekit import Below, Caller, Noun
from servicekit.base.labels import Label
from servicekit.nouns.filtering import Among


def _has_gone_on(model: Any, about: Any) -> Callable[[Session, Caller], ColumnElement[bool]]:
    def followed_up(_session: Session, _caller: Caller) -> ColumnElement[bool]:
        """Whether something was done after it, so that its next contact is no longer due.

        My follow-ups that are due: as of ``GET /v1/activities``.
        """
        return exists().where(model.id == about, model.last_activity_at > Activity.occurred_at)

    return followed_up


def _of(above: Noun[Any], about: Any, label: Label, row: str, *become: str) -> Noun[Activity]:
    """Return what was done with the records of a noun; it is found by them, and by what they belong to or became."""
    model = above.model
    records = select(Activity.id).join(model, model.id == about)
    return Noun(
        Activity,
        SalesActivitySchema,
        f"/v1/{above.name}-activities",
        name=f"{above.name}_activity",
        label=label,
        row=row,
        # Texts are searched within one record only: among everybody's activities no index would find them.
        below=Below(above, "activities", part="activity", filters="subject~ content~"),
        filters=f"kind author_id occurred_at next_contact_at {about.key}",
        also_filters={name: Among(getattr(model, name), records) for name in become},
        sorts="occurred_at next_contact_at",
        default="-occurred_at",
        asks={"followed_up": _has_gone_on(model, about)},
        deeds={"read": None},
        tells="",
    )


LEAD_ACTIVITIES = _of(
    LEADS, Activity.lead_id, ("线索跟进", "Lead activities"), "CU-56", "customer_id", "opportunity_id"
)
OPPORTUNITY_ACTIVITIES = _of(
    OPPORTUNITIES, Activity.opportunity_id, ("商机跟进", "Opportunity activities"), "SA-29", "customer_id"
)
