"""What is told when a record is granted to others, so that a reference to it is judged elsewhere as it is at home."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, PlainSerializer, WithJsonSchema

from servicekit.messages.record_events import RecordEvent

ACCESS_CHANGED = "access_changed"


Moment = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment in an event, written as answers write it."""


class Granted(BaseModel):
    """A right on a record: whose, how far, for which security levels, and until when."""

    principal_id: UUID
    kind: str
    reason: str
    level: Literal["glimpse", "view", "edit"]
    security_from: int
    security_to: int
    until: Moment | None


class AccessEvent(RecordEvent):
    """That others than before may see a record; it tells all grants that there are now."""

    example: ClassVar[dict[str, Any]] = {
        "grants": [
            {
                "principal_id": "01936f3a-7c00-7000-8000-000000000009", "kind": "department", "reason": "share",
                "level": "view", "security_from": 10, "security_to": 100, "until": None,
            }
        ]
    }  # fmt: skip

    grants: list[Granted]
