"""The events that a service publishes, as AsyncAPI: asyncapi.json, generated from their declarations."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

from servicekit.compatibility import VERSION
from servicekit.events import Event
from servicekit.topology import events_exchange


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


def asyncapi(service_class: type) -> dict[str, Any]:
    """Return the AsyncAPI 3.0 document of the events a service publishes."""
    service: str = service_class.name  # type: ignore[attr-defined]
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for event_class in published_events(service_class):
        name = event_class.__name__
        schema = event_class.model_json_schema(
            mode="serialization", ref_template="#/components/schemas/{model}"
        )
        schemas |= schema.pop("$defs", {})
        schema["properties"]["version"] = {
            "type": "integer",
            "description": "The record's version after the change.",
        }
        doc = (inspect.getdoc(event_class) or "").strip()
        messages[name] = {
            "name": event_class.type,
            "title": name,
            "summary": doc.split("\n")[0],
            "contentType": "application/cloudevents+json",
            "payload": schema,
            "examples": [{"payload": {**event_class.example, "version": 1}}],
        }
        channels[name] = {
            "address": event_class.type,
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": events_exchange(service).name}}},
        }
        operations[f"publish{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Kehu {service} events",
            "version": VERSION,
            "description": "CloudEvents 1.0 envelopes; each payload below is the envelope's `data`.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }
    ordered: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True))
    return ordered
