"""The declarative base of this service's entities."""

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Session

import servicekit

DIRECTORY, KEYS, PREPARING, WEBHOOK_FEED = 7_226_003, 7_226_004, 7_226_005, 7_226_008
"""What is changed by one transaction at a time; the numbers are advisory locks of this service's database."""


class Base(DeclarativeBase):
    """What all entities of the identity service derive from."""

    metadata = servicekit.metadata()
    type_annotation_map = servicekit.COLUMN_TYPES


def take_turns(session: Session, over: int) -> None:
    """Let no one else change the directory, the keys, the first records or the webhooks' place until we are done.

    Rules that look at many records at once (no rings, one administrator at least) hold only for one change at a time.
    """
    session.execute(select(func.pg_advisory_xact_lock(over)))
