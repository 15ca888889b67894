"""Taking records back into their pools by rule: what nobody has done anything with, and what became nothing (CU-38).

A pool says after how many days. Days are counted from the latest of creation, being laid to the pool, claim and last
activity; or, until something has come of the record, from the claim whatever was done since (requirements 8.9). Another
pool's days begin when a record is moved into it. What is of no pool is never taken back.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from servicekit.base.database import utcnow
from servicekit.messages.events import publish
from servicekit.nouns.besides import CLAIMED, OWN, Pool, pools_of
from servicekit.nouns.pooling import lay

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

log = structlog.get_logger("recycling")

IDLE_DAYS, UNCONVERTED_DAYS = "recycle_idle_days", "recycle_unconverted_days"
"""What a pool says: the days after which nothing was done, and those after which nothing has come of it."""
MOST_AT_ONCE = 1000
"""So many are taken back in one transaction; the rest waits for the next turn."""


def recycle(session: Session, noun: "Noun[Any]", may: ColumnElement[bool], open_: ColumnElement[bool]) -> int:
    """Lay the records of a noun that are due into their pools, and return how many those were.

    Args:
        may: the condition that a record is one to be taken back at all.
        open_: the condition that nothing has come of it yet.
    """
    due = [rule for pool in pools_of(session, noun.name).values() for rule in _rules(noun.model, pool, open_)]
    if not due:
        return 0
    # Who is at work with one has done something: it is passed over, and looked at again at the next turn.
    model = noun.model
    wanted = select(model).where(model.claim_state.in_((OWN, CLAIMED)), may, or_(*due)).limit(MOST_AT_ONCE)
    found = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    for record in found:
        lay(session, noun, record, record.pool_id)
        publish(session, record, noun.updated.of(record))
        publish(session, record, noun.events["returned"].of(record))
    if found:
        log.info("taken back into pools", noun=noun.name, count=len(found))
    return len(found)


def _rules(model: Any, pool: Pool, open_: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Return the conditions that a record of a pool is due; none of one that takes nothing more."""
    since_claim = func.greatest(func.coalesce(model.claimed_at, model.created_at), model.pooled_at)
    last_done = func.greatest(model.created_at, model.pooled_at, model.claimed_at, model.last_activity_at)
    found = []
    if pool.active and (before := _days_ago(pool, IDLE_DAYS)):
        found.append((model.pool_id == pool.id) & (last_done < before))
    if pool.active and (before := _days_ago(pool, UNCONVERTED_DAYS)):
        found.append((model.pool_id == pool.id) & open_ & (since_claim < before))
    return found


def _days_ago(pool: Pool, rule: str) -> datetime | None:
    days = pool.body.get(rule)
    return utcnow() - timedelta(days=days) if isinstance(days, int) and days > 0 else None
