"""What the event feed and the catalogue of events answer."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from gateway.described import EXAMPLE_EVENT_ID, EXAMPLE_ID, EXAMPLE_TIME, Id, Moment, called, fields_speak


@fields_speak
class CloudEvent(TypedDict):
    """An event as CloudEvents 1.0."""

    specversion: Annotated[Literal["1.0"], called("规范版本", "Version of CloudEvents")]
    id: Annotated[Id, called("事件标识", "Event")]
    """The event's own id: what a second delivery is known by."""
    source: Annotated[str, called("来源", "Source")]
    """The service that published it, as ``/kehu/contract``."""
    type: Annotated[str, called("事件类型", "Event type")]
    """What happened."""
    subject: Annotated[Id, called("事件对象", "Subject")]
    """The id of the record it happened to."""
    time: Annotated[Moment, called("发生时间", "Time")]
    datacontenttype: Annotated[Literal["application/json"], called("内容格式", "Format of the data")]
    dataschema: Annotated[str, called("内容结构", "Schema of the data")]
    """The name of the schema of ``data``: ``GET /v1/event-types/{event_type}/schema``."""
    sequence: Annotated[Annotated[str, Field(pattern="^[0-9]{19}$")], called("序号", "Sequence")]
    """Counts the service's events in the order they were published, without a hole."""
    correlationid: Annotated[Id, called("所属流程", "Process")]
    """The process it belongs to."""
    causationid: NotRequired[Annotated[Id, called("起因事件", "Cause")]]
    """The event that led to it, if one did."""
    actorid: NotRequired[Annotated[Id, called("发起人", "Begun by")]]
    """The account that began the process, if one did."""
    traceparent: NotRequired[Annotated[str, called("追踪上下文", "Trace context")]]
    """W3C trace context, if there is one."""
    data: Annotated[dict[str, Any], called("事件内容", "Data")]
    """What ``asyncapi.json`` describes for the event's type."""


@fields_speak
class Lag(TypedDict):
    """How far a cursor is behind the end of what has been published, of the services that answered."""

    events: Annotated[int, called("落后事件数", "Events behind")]
    """How many events come after it, whether the caller may see them or not."""
    seconds: Annotated[float, called("落后秒数", "Seconds behind")]
    """How long ago the first of them happened; 0 where there is none."""


@fields_speak
class FeedPage(TypedDict):
    """The next events after a cursor."""

    items: Annotated[list[CloudEvent], called("事件列表", "Events")]
    next: Annotated[str, called("下一页", "Next page")]
    """The cursor to go on from."""
    unavailable: Annotated[list[str], called("无应答的服务", "Services that do not answer")]
    """Services that did not answer; they keep their place in the cursor."""
    lag: Annotated[Lag, called("落后", "Lag")]


class EventField(TypedDict):
    """A field of an event's ``data``; that of a list or an object within it by a path, as ``lines[].price``."""

    name: Annotated[str, called("字段名", "Name")]
    type: Annotated[str, called("字段类型", "Type")]
    nullable: Annotated[bool, called("可为空", "May be null")]
    required: Annotated[bool, called("必有", "Always there")]
    description: NotRequired[Annotated[str, called("说明", "Description")]]


@fields_speak
class EventType(TypedDict):
    """A type of event."""

    type: Annotated[str, called("事件类型", "Event type")]
    service: Annotated[str, called("发布服务", "Published by")]
    """The service that publishes it."""
    summary: Annotated[str, called("概要", "Summary")]
    fields: Annotated[list[EventField], called("字段列表", "Fields")]
    example: Annotated[dict[str, Any], called("示例", "Example")]
    """Of its ``data``."""
    dataschema: Annotated[str, called("内容结构", "Schema of the data")]
    """What the schema of its ``data`` is called."""


EventSchema = dict[str, Any]
"""A JSON Schema, complete in itself."""


class EventTypes(TypedDict):
    """Every type of event that a service publishes."""

    items: Annotated[list[EventType], called("事件类型列表", "Event types")]


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
