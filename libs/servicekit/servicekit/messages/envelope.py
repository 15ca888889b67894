"""The envelope that events travel in: CloudEvents 1.0 in JSON (docs/architecture.md, section 4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

ATTRIBUTES: dict[str, dict[str, Any]] = {
    "specversion": {"const": "1.0", "description": "CloudEvents' version.", "examples": ["1.0"]},
    "id": {
        "type": "string",
        "format": "uuid",
        "description": "The event's own id: what a second delivery is known by.",
        "examples": ["01936f3a-7c00-7000-8000-0000000000aa"],
    },
    "source": {
        "type": "string",
        "format": "uri-reference",
        "description": "The service that published it.",
        "examples": ["/kehu/contract"],
    },
    "type": {
        "type": "string",
        "description": "What happened; also the routing key.",
        "examples": ["contract.signed"],
    },
    "subject": {
        "type": "string",
        "format": "uuid",
        "description": "The id of the record it happened to.",
        "examples": ["01936f3a-7c00-7000-8000-000000000001"],
    },
    "time": {
        "type": "string",
        "format": "date-time",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$",
        "description": "When it happened, in UTC, always of the same length: as texts they sort as times.",
        "examples": ["2026-11-22T08:00:00.000000Z"],
    },
    "datacontenttype": {
        "const": "application/json",
        "description": "Of `data`.",
        "examples": ["application/json"],
    },
    "dataschema": {
        "type": "string",
        "format": "uri",
        "description": "The name of the schema of `data`: GET /v1/event-types/{type}/schema. It stays the same as the "
        "schema grows.",
        "examples": ["urn:kehu:event:contract.signed"],
    },
    "sequence": {
        "type": "string",
        "pattern": "^[0-9]{19}$",
        "description": "Counts the service's events in the order they were published, without a hole.",
        "examples": ["0000000000000000412"],
    },
    "correlationid": {
        "type": "string",
        "format": "uuid",
        "description": "The process it belongs to: /v1/processes/{id}.",
        "examples": ["01936f3a-7c00-7000-8000-0000000000bb"],
    },
    "causationid": {
        "type": "string",
        "format": "uuid",
        "description": "The event that led to it, if one did.",
        "examples": ["01936f3a-7c00-7000-8000-0000000000cc"],
    },
    "actorid": {
        "type": "string",
        "format": "uuid",
        "description": "The account that began the process, if one did.",
        "examples": ["01936f3a-7c00-7000-8000-000000000003"],
    },
    "traceparent": {
        "type": "string",
        "description": "W3C trace context, if there is one.",
        "examples": ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    },
}
"""What an envelope says besides ``data``, as JSON Schema."""

SOMETIMES = ("causationid", "actorid", "traceparent")

CLOUD_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "The envelope of every event: CloudEvents 1.0 in JSON.",
    "properties": {**ATTRIBUTES, "data": {"type": "object", "description": "What the event tells."}},
    "required": [*(name for name in ATTRIBUTES if name not in SOMETIMES), "data"],
}


def source_of(service: str) -> str:
    """Return how a service's events name it as their source."""
    return f"/kehu/{service}"


def publisher_of(message: Mapping[str, Any]) -> str:
    """Return the service that an envelope names as its source; empty if it names none."""
    source = message.get("source")
    return source.removeprefix(source_of("")) if isinstance(source, str) else ""


def dataschema_of(event_type: str) -> str:
    """Return the name of the schema of an event's ``data``: an absolute URI, as CloudEvents asks for."""
    return f"urn:kehu:event:{event_type}"


def cloud_event(
    service: str,
    event_type: str,
    subject: Any,
    data: Any,
    *,
    event_id: Any,
    time: datetime,
    correlation_id: Any,
) -> dict[str, Any]:
    """Return an event with what every event says of itself.

    Args:
        service: who publishes it.
        subject: the id of the record that it tells of.
        time: when it happened, in UTC.
        correlation_id: the process that it belongs to.
    """
    return {
        "specversion": "1.0",
        "id": str(event_id),
        "source": source_of(service),
        "type": event_type,
        "subject": str(subject),
        "time": time.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datacontenttype": "application/json",
        "dataschema": dataschema_of(event_type),
        "correlationid": str(correlation_id),
        "data": data,
    }


def envelope(service: str, row: Any) -> dict[str, Any]:
    """Return an outbox row as it is published."""
    message = cloud_event(
        service,
        row.type,
        row.subject,
        row.data,
        event_id=row.id,
        time=row.occurred_at,
        correlation_id=row.correlation_id,
    )
    message["sequence"] = f"{row.sequence:019d}"
    for name, value in (
        ("causationid", row.causation_id),
        ("actorid", row.actor_id),
        ("traceparent", row.traceparent),
    ):
        if value is not None:
            message[name] = str(value)
    return message
