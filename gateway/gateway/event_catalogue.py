"""The catalogue of events: what the services publish, as a list and as one AsyncAPI document."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from gateway.contracts import ContractError

REFERENCE = "#/components/"
ENVELOPE = "CloudEvent"
FEED = "kehu.feed"
ANY = "*"
"""What a service says it listens to where any may be the publisher."""


class EventCatalogue:
    """What the services' ``asyncapi.json`` files say, taken together."""

    def __init__(self, api_dir: Path) -> None:
        self.documents: dict[str, dict[str, Any]] = {
            source.parent.parent.name: orjson.loads(source.read_bytes())
            for source in sorted(api_dir.glob("*/api/asyncapi.json"))
        }

    def event_types(self) -> list[dict[str, Any]]:
        """Return every event type with its service, summary, fields, an example and the name of its schema.

        What several services tell alike stands there once, with the first of them.
        """
        listed: dict[str, dict[str, Any]] = {}
        for service, document in self.documents.items():
            for message in document.get("components", {}).get("messages", {}).values():
                said = {
                    "type": message["name"],
                    "service": service,
                    "summary": message.get("summary", ""),
                    "fields": list(_fields(_data_of(document, message), document)),
                    "example": _example(message).get("data", {}),
                    "dataschema": _dataschema(message),
                }
                listed.setdefault(message["name"], said)
        return sorted(listed.values(), key=lambda event: event["type"])

    def schemas(self) -> dict[str, dict[str, Any]]:
        """Return the JSON Schema of each type's ``data``, complete in itself."""
        return {
            message["name"]: _standing_alone(document, message)
            for document in self.documents.values()
            for message in document.get("components", {}).get("messages", {}).values()
        }

    def envelope(self) -> dict[str, dict[str, Any]]:
        """Return what an envelope says besides ``data``."""
        for document in self.documents.values():
            schema = document.get("components", {}).get("schemas", {}).get(ENVELOPE, {})
            found: dict[str, dict[str, Any]] = schema.get("properties", {})
            if found:
                return {name: described for name, described in found.items() if name != "data"}
        return {}

    def merged_document(self) -> dict[str, Any]:
        """Return one AsyncAPI document; raise where two services publish the same type, and say other things by it."""
        self._check_shared_types()
        merged: dict[str, Any] = {
            "servers": {},
            "channels": {},
            "operations": {},
            "components": {"messages": {}, "schemas": {}, "securitySchemes": {}},
        }
        for service, document in self.documents.items():
            for section, definitions in _named_apart(service, document, self._first_publishers()).items():
                for name, definition in definitions.items():
                    into = merged["components"] if section in merged["components"] else merged
                    known = into[section].setdefault(name, definition)
                    if name == FEED:
                        known["messages"] |= definition["messages"]
                    elif known != definition:
                        raise ContractError(f"{service}/api/asyncapi.json: {name} is published elsewhere too")
        return {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Kehu events",
                "version": "2",
                "description": "CloudEvents 1.0 envelopes in JSON. All of them are in the stream kehu.feed, and at "
                "GET /v1/events.",
            },
            "defaultContentType": "application/cloudevents+json",
            **merged,
        }

    def _first_publishers(self) -> dict[str, str]:
        """Return the first service that publishes each type."""
        found: dict[str, str] = {}
        for service, document in self.documents.items():
            for message in document.get("components", {}).get("messages", {}).values():
                found.setdefault(message["name"], service)
        return found

    def _check_shared_types(self) -> None:
        told: dict[str, Any] = {}
        for service, document in self.documents.items():
            for message in document.get("components", {}).get("messages", {}).values():
                data = _standing_alone(document, message)
                if told.setdefault(message["name"], data) != data:
                    name = message["name"]
                    raise ContractError(f"{service}/api/asyncapi.json: {name} is published elsewhere too")


def _named_apart(service: str, document: dict[str, Any], first: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Return a document's definitions under names that no other service's have: types, and ``service.Schema``.

    A type that another service publishes too has this one's name behind it.

    The envelope, the stream and how to reach it are the same of all.
    """
    components = document.get("components", {})
    messages, schemas = components.get("messages", {}), components.get("schemas", {})
    types = {
        name: message["name"] if first[message["name"]] == service else f"{message['name']}.{service}"
        for name, message in messages.items()
    }
    own = {name: name if name == ENVELOPE else f"{service}.{name}" for name in schemas}
    names = {f"{REFERENCE}messages/{name}": f"{REFERENCE}messages/{type_}" for name, type_ in types.items()}
    names |= {f"{REFERENCE}schemas/{name}": f"{REFERENCE}schemas/{apart}" for name, apart in own.items()}
    names |= {f"#/channels/{name}": f"#/channels/{type_}" for name, type_ in types.items()}
    parts = _renamed(
        {name: document.get(name, {}) for name in ("channels", "operations")} | {"components": components},
        names,
    )
    return {
        "servers": document.get("servers", {}),
        "channels": {
            types.get(name, name): channel
            | {"messages": {types[key]: message for key, message in channel["messages"].items()}}
            for name, channel in parts["channels"].items()
        },
        "operations": {
            name if operation["channel"]["$ref"] == f"#/channels/{FEED}" else f"{service}.{name}": operation
            for name, operation in parts["operations"].items()
        },
        "messages": {
            types[name]: message for name, message in parts["components"].get("messages", {}).items()
        },
        "schemas": {own[name]: schema for name, schema in parts["components"].get("schemas", {}).items()},
        "securitySchemes": components.get("securitySchemes", {}),
    }


def _data_of(document: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a message's ``data``."""
    return _resolved(_of_type(message).get("data", {}), document)


def _dataschema(message: dict[str, Any]) -> str:
    name: str = _of_type(message).get("dataschema", {}).get("const", "")
    return name


def _of_type(message: dict[str, Any]) -> dict[str, Any]:
    """Return what a message's payload says of its own type: the rest is every envelope's."""
    parts = message["payload"].get("allOf", ())
    return next((part["properties"] for part in parts if "data" in part.get("properties", {})), {})


def _example(message: dict[str, Any]) -> dict[str, Any]:
    example: dict[str, Any] = next((one["payload"] for one in message.get("examples", ())), {})
    return example


def _standing_alone(document: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a message's ``data`` with the parts that it refers to among its ``$defs``."""
    parts: dict[str, Any] = {}

    def moved(described: Any) -> Any:
        if isinstance(described, list):
            return [moved(each) for each in described]
        if not isinstance(described, dict):
            return described
        name = str(described.get("$ref", "")).removeprefix(f"{REFERENCE}schemas/")
        if name:
            if name not in parts:
                parts[name] = {}  # A part may hold itself.
                parts[name] = moved(document["components"]["schemas"][name])
            return {"$ref": f"#/$defs/{name}"}
        return {key: moved(value) for key, value in described.items()}

    schema = moved(_data_of(document, message))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _dataschema(message),
        "title": message["name"],
        **schema,
        **({"$defs": parts} if parts else {}),
    }


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """Return a copy with the references renamed."""
    if isinstance(part, dict):
        renamed = {key: _renamed(value, names) for key, value in part.items()}
        if isinstance(renamed.get("$ref"), str):
            renamed["$ref"] = names.get(renamed["$ref"], renamed["$ref"])
        return renamed
    if isinstance(part, list):
        return [_renamed(value, names) for value in part]
    return copy.copy(part)


def _fields(schema: dict[str, Any], document: dict[str, Any], above: str = "") -> Iterator[dict[str, Any]]:
    """Yield the fields of a payload, those of lists and nested objects by a path: ``payment_terms[].due_on``."""
    required = schema.get("required", [])
    for name, declared in schema.get("properties", {}).items():
        kinds = [_resolved(kind, document) for kind in _alternatives(declared)]
        told = [kind for kind in kinds if kind.get("type") != "null"]
        path = above + name
        field: dict[str, Any] = {
            "name": path,
            "type": " or ".join(dict.fromkeys(_kind(kind) for kind in told)) or "any",
            "nullable": len(told) < len(kinds),
            "required": not above and name in required,
        }
        description = declared.get("description") or next(
            (k["description"] for k in told if "description" in k), ""
        )
        yield field | ({"description": description} if description else {})
        for kind in told:
            items = _resolved(kind.get("items", {}), document)
            inner, suffix = (items, "[].") if kind.get("type") == "array" else (kind, ".")
            if "properties" in inner:
                yield from _fields(inner, document, path + suffix)


def _alternatives(declared: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a field may be, one schema a type."""
    if isinstance(declared.get("type"), list):
        return [{**declared, "type": kind} for kind in declared["type"]]
    found: list[dict[str, Any]] = declared.get("anyOf", [declared])
    return found


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("format") or schema.get("type", "any")
    return (
        f"list of {_kind(schema['items'])}"
        if kind == "array" and schema.get("items", {}).get("type")
        else kind
    )


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    if not reference.startswith("#/"):
        return schema
    target = document
    for part in reference[2:].split("/"):
        target = target.get(part, {})
    return target
