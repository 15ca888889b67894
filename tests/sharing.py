"""Giving a record to others, as the tests of several services do it."""

from typing import Any

from servicekit import Caller
from servicekit.testing import RunningService


def share_record(
    service: RunningService, who: Caller, noun: str, record: dict[str, Any], kind: str, to: Any, **values: Any
) -> Any:
    """Share a record, for viewing if nothing else is said."""
    data = {"to": {"kind": kind, "id": to}, **values}
    return service.call(f"share_{noun}", who, **{f"{noun}_id": record["id"]}, data=data)
