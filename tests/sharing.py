"""Giving a record to others, as the tests of several services do it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from servicekit import Caller, utcnow
from servicekit.nouns.grants import AccessGrant
from servicekit.testing import RunningService


def share_record(
    service: RunningService, who: Caller, noun: str, record: dict[str, Any], kind: str, to: Any, **values: Any
) -> Any:
    """Share a record, for viewing if nothing else is said."""
    data = {"to": {"kind": kind, "id": to}, **values}
    return service.call(f"share_{noun}", who, **{f"{noun}_id": record["id"]}, data=data)


def end_shares(service: RunningService) -> None:
    """Let time pass until every share has ended."""
    ended = update(AccessGrant).values(until=utcnow() - timedelta(hours=1))
    with service.database.sessions.begin() as session:
        session.execute(ended)
