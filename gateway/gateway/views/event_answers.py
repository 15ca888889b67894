"""What the event feed and the catalogue of events answer."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from gateway.described import EXAMPLE_EVENT_ID, EXAMPLE_ID, EXAMPLE_TIME, Id, Moment, fields_speak


@fields_speak
class CloudEvent(TypedDict):
    """An event as CloudEvents 1.0."""

    specversion: Literal["1.0"]
    id: Id
    """The event's own id: what a second delivery is known by."""
    source: str
    """The service that published it, as ``/kehu/contract``."""
    type: str
    """What happened."""
    subject: Id
    """The id of the record it happened to."""
    time: Moment
    datacontenttype: Literal["application/json"]
    dataschema: str
    """The name of the schema of ``data``: ``GET /v1/event-types/{event_type}/schema``."""
    sequence: Annotated[str, Field(pattern="^[0-9]{19}$")]
    """Counts the service's events in the order they were published, without a hole."""
    correlationid: Id
    """The process it belongs to."""
    causationid: NotRequired[Id]
    """The event that led to it, if one did."""
    actorid: NotRequired[Id]
    """The account that began the process, if one did."""
    traceparent: NotRequired[str]
    """W3C trace context, if there is one."""
    data: dict[str, Any]
    """What ``asyncapi.json`` describes for the event's type."""


@fields_speak
class Lag(TypedDict):
    """How far a cursor is behind the end of what has been published, of the services that answered."""

    events: int
    """How many events come after it, whether the caller may see them or not."""
    seconds: float
    """How long ago the first of them happened; 0 where there is none."""


@fields_speak
class FeedPage(TypedDict):
    """The next events after a cursor."""

    items: list[CloudEvent]
    next: str
    """The cursor to go on from."""
    unavailable: list[str]
    """Services that did not answer; they keep their place in the cursor."""
    lag: Lag


class EventField(TypedDict):
    """A field of an event's ``data``; that of a list or an object within it by a path, as ``lines[].price``."""

    name: str
    type: str
    nullable: bool
    required: bool
    description: NotRequired[str]


@fields_speak
class EventType(TypedDict):
    """A type of event."""

    type: str
    service: str
    """The service that publishes it."""
    summary: str
    fields: list[EventField]
    example: dict[str, Any]
    """Of its ``data``."""
    dataschema: str
    """What the schema of its ``data`` is called."""


EventSchema = dict[str, Any]
"""A JSON Schema, complete in itself."""


class EventTypes(TypedDict):
    """Every type of event that a service publishes."""

    items: list[EventType]


DATA = {"contract_id": EXAMPLE_ID, "version": 4}
FEED_PAGE: dict[str, Any] = {
    "items": [
        {
            "specversion": "1.0",
            "id": EXAMPLE_EVENT_ID,
            "source": "/kehu/contract",
            "type": "contract.signed",
            "subject": EXAMPLE_ID,
            "time": EXAMPLE_TIME,
            "datacontenttype": "application/json",
            "dataschema": "urn:kehu:event:contract.signed",
            "sequence": "0000000000000000412",
            "correlationid": "01936f3a-7c00-7000-8000-0000000000bb",
            "data": DATA,
        }
    ],
    "next": "eyJjb250cmFjdCI6NDEyfQ",
    "unavailable": [],
    "lag": {"events": 3, "seconds": 12.5},
}
EVENT_TYPES = {
    "items": [
        {
            "type": "contract.signed",
            "service": "contract",
            "summary": "A contract was signed.",
            "fields": [{"name": "contract_id", "type": "uuid", "nullable": False, "required": True}],
            "example": DATA,
            "dataschema": "urn:kehu:event:contract.signed",
        }
    ]
}
EVENT_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:kehu:event:contract.signed",
    "title": "contract.signed",
    "type": "object",
    "properties": {"contract_id": {"type": "string", "format": "uuid"}, "version": {"type": "integer"}},
    "required": ["contract_id", "version"],
}
