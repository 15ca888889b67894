"""The events that a service publishes, as AsyncAPI: asyncapi.json, generated from their declarations.

A message is the whole envelope as it comes; its ``data`` is described by the schema of the record's answers, so that
patterns and choices are those of openapi.json.
"""

import copy
import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

from servicekit.base.fields import made_once
from servicekit.contracts.compatibility import VERSION, without_null
from servicekit.contracts.examples import example_of
from servicekit.contracts.shapes import plain_name
from servicekit.messages.envelope import ATTRIBUTES, CLOUD_EVENT, dataschema_of, source_of
from servicekit.messages.events import Event
from servicekit.messages.record_events import RecordEvent
from servicekit.messages.topology import EVENT_CONTENT_TYPE, FEED, events_exchange

SCHEMAS = "#/components/schemas/"
ENVELOPE = "CloudEvent"

SERVERS = {
    "broker": {
        "host": "{host}:{port}",
        "protocol": "amqps",
        "protocolVersion": "0.9.1",
        "description": "RabbitMQ, with the account and the address that the platform's operators gave: on a machine "
        "of one's own `make feed-account NAME=erp` prints them, with the protocol `amqp`.",
        "variables": {
            "host": {"default": "127.0.0.1", "description": "The broker's name."},
            "port": {"default": "5671", "description": "5672 without TLS."},
        },
        "security": [{"$ref": "#/components/securitySchemes/account"}],
    }
}
ACCOUNT = {
    "type": "userPassword",
    "description": "An account that may read the stream `kehu.feed` and nothing else: it declares no queue.",
}
HOW_TO_READ = (
    "The stream of all events of all services, in which each service's events stand in the order of their `sequence`. "
    "It is read like a queue that is not declared (the account may not): set a prefetch (basic.qos), consume with "
    "acknowledgements (an acknowledgement only asks for more; a stream keeps its messages) and say with the consumer "
    "argument `x-stream-offset` where to begin: `first`, `next`, `last`, an offset, or a timestamp. Each delivery has "
    "its own offset in the header `x-stream-offset`: keep it together with what the event caused, and go on at the "
    "next one. An event may come twice, with the same `id`. A stream that was made anew begins at offset 0: keep the "
    "last event's `id` too and read that event again when you start (docs/integrating.md)."
)


def published_events(service_class: type) -> Iterator[type[Event]]:
    """Yield the event classes of the service's package that it publishes (those without a foreign ``source``)."""
    package = service_class.__module__.partition(".")[0]
    found: list[type[Event]] = []
    remaining = [Event]
    while remaining:
        for event_class in remaining.pop().__subclasses__():
            remaining.append(event_class)
            named = getattr(event_class, "type", None)
            if named and event_class.__module__.partition(".")[0] == package and not event_class.source:
                found.append(event_class)
    yield from sorted(found, key=lambda event_class: event_class.type)


def asyncapi(service_class: type, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document of the events a service publishes.

    Args:
        answers: the schemas of the service's OpenAPI document, by name.
    """
    service: str = service_class.name  # type: ignore[attr-defined]
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {ENVELOPE: CLOUD_EVENT}
    for event_class in published_events(service_class):
        name = event_class.__name__
        schemas[name] = _data_schema(event_class, answers, schemas)
        doc = (inspect.getdoc(event_class) or "").strip()
        messages[name] = {
            "name": event_class.type,
            "title": name,
            "summary": doc.split("\n")[0],
            "description": doc,
            "contentType": EVENT_CONTENT_TYPE,
            "payload": _payload(service, event_class),
            "examples": [{"payload": example_envelope(service, event_class)}],
        }
        reference = {name: {"$ref": f"#/components/messages/{name}"}}
        channels[name] = {
            "address": event_class.type,
            "messages": reference,
            "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": events_exchange(service).name}}},
        }
        operations[f"publish{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
    if messages:
        channels[FEED] = _feed(messages)
        operations["followFeed"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{FEED}"},
            "summary": "What a reader of the stream is given.",
            "bindings": {"amqp": {"ack": True}},
        }
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Kehu {service} events",
            "version": VERSION,
            "description": "CloudEvents 1.0 envelopes in JSON, as they come by the stream, the feed and webhooks.",
        },
        "defaultContentType": EVENT_CONTENT_TYPE,
        "servers": SERVERS,
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas, "securitySchemes": {"account": ACCOUNT}},
    }
    ordered: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True))
    return ordered


def _feed(messages: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "address": FEED,
        "title": "The stream of all events",
        "description": HOW_TO_READ,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "amqp": {
                "is": "queue",
                "queue": {"name": FEED, "durable": True, "exclusive": False, "autoDelete": False},
            }
        },
        "x-consumer-arguments": {"x-stream-offset": "first"},
    }


def _payload(service: str, event_class: type[Event]) -> dict[str, Any]:
    """Return the schema of an event's whole envelope."""
    of_type = {
        "type": {"const": event_class.type},
        "source": {"const": source_of(service)},
        "dataschema": {"const": dataschema_of(event_class.type)},
        "data": {"$ref": f"{SCHEMAS}{event_class.__name__}"},
    }
    return {"allOf": [{"$ref": f"{SCHEMAS}{ENVELOPE}"}, {"type": "object", "properties": of_type}]}


def _data_schema(
    event_class: type[Event], answers: Mapping[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of an event's ``data``; what it refers to goes into ``schemas``."""
    own = event_class.model_json_schema(mode="serialization", ref_template=f"{SCHEMAS}{{model}}")
    schemas |= {name: _untitled(schema) for name, schema in own.pop("$defs", {}).items()}
    properties = _untitled(own.get("properties", {}))
    description = (inspect.getdoc(event_class) or "").strip().split("\n")[0]
    schema: dict[str, Any] = {"type": "object", "description": description}
    if issubclass(event_class, RecordEvent):
        properties = _record_properties(event_class, answers, schemas) | properties
        if event_class.leaves_out:
            schema["x-left-out"] = dict(event_class.leaves_out)
    if event_class.brief:
        schema["x-brief"] = event_class.brief
    properties["version"] = {
        "type": "integer",
        "minimum": 1,
        "description": "The record's version after the change.",
    }
    return {**schema, "properties": properties, "required": sorted(properties)}


def _record_properties(
    event_class: type[RecordEvent], answers: Mapping[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    answer = answers[plain_name(event_class.shows)]["properties"]
    told = [name for name in made_once(event_class.shows).dump_fields if name not in event_class.leaves_out]
    names = [event_class.shows().dump_fields[name].data_key or name for name in told]
    properties = {
        event_class.id_name() if name == "id" else name: _as_sent(answer[name], answers, schemas)
        for name in names
    }
    return properties | {name: without_null(properties[name])[0] for name in event_class.surely_told()}


def _as_sent(described: Any, answers: Mapping[str, Any], schemas: dict[str, Any]) -> Any:
    """Return a copy of what an answer says of a field to programs; parts that it refers to go into ``schemas``."""
    if isinstance(described, list):
        return [_as_sent(each, answers, schemas) for each in described]
    if not isinstance(described, dict):
        return copy.copy(described)
    name = str(described.get("$ref", "")).removeprefix(SCHEMAS)
    if name and name not in schemas:
        schemas[name] = {}  # A part may hold itself.
        schemas[name] = _as_sent(answers[name], answers, schemas)
    said = {key: value for key, value in described.items() if key != "readOnly" and not key.startswith("x-")}
    return {key: _as_sent(value, answers, schemas) for key, value in said.items()}


def _untitled(described: Any) -> Any:
    """Return a description without the titles that Pydantic makes of names."""
    if isinstance(described, list):
        return [_untitled(each) for each in described]
    if not isinstance(described, dict):
        return described
    return {
        key: _untitled(value)
        for key, value in described.items()
        if not (key == "title" and isinstance(value, str))
    }


def example_envelope(service: str, event_class: type[Event]) -> dict[str, Any]:
    """Return an event as it comes, with the example of its record and what the class says of its own."""
    data = dict(event_class.example)
    if issubclass(event_class, RecordEvent):
        shown = example_of(event_class.shows, loading=False)
        told = {
            event_class.id_name() if name == "id" else name: value
            for name, value in shown.items()
            if name not in event_class.leaves_out
        }
        data = told | data
    data["version"] = 1
    noun_id = f"{event_class.type.partition('.')[0]}_id"
    ids = [event_class.about or noun_id, *(name for name in data if name.endswith("_id"))]
    subject = next(data[name] for name in ids if data.get(name))
    envelope = {name: described["examples"][0] for name, described in ATTRIBUTES.items()}
    return envelope | {
        "type": event_class.type,
        "source": source_of(service),
        "subject": subject,
        "dataschema": dataschema_of(event_class.type),
        "data": data,
    }
