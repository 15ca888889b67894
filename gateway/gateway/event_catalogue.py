"""The catalogue of events: what the services publish, as a list and as one AsyncAPI document."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from gateway.contracts import ContractError

REFERENCE = "#/components/"


class EventCatalogue:
    """What the services' ``asyncapi.json`` files say, taken together."""

    def __init__(self, api_dir: Path) -> None:
        self.documents: dict[str, dict[str, Any]] = {
            source.parent.parent.name: orjson.loads(source.read_bytes())
            for source in sorted(api_dir.glob("*/api/asyncapi.json"))
        }

    def event_types(self) -> list[dict[str, Any]]:
        """Return every event type with its service, summary, fields and an example of its ``data``."""
        listed = []
        for service, document in self.documents.items():
            for message in document.get("components", {}).get("messages", {}).values():
                listed.append(
                    {
                        "type": message["name"],
                        "service": service,
                        "summary": message.get("summary", ""),
                        "fields": list(_fields(message["payload"], document)),
                        "example": next((one["payload"] for one in message.get("examples", ())), {}),
                    }
                )
        return sorted(listed, key=lambda event: event["type"])

    def merged_document(self) -> dict[str, Any]:
        """Return one AsyncAPI document; raise where two services publish the same type."""
        merged: dict[str, Any] = {
            "channels": {},
            "operations": {},
            "components": {"messages": {}, "schemas": {}},
        }
        for service, document in self.documents.items():
            for section, definitions in _named_apart(service, document).items():
                for name, definition in definitions.items():
                    into = merged["components"] if section in merged["components"] else merged
                    if name in into[section]:
                        raise ContractError(f"{service}/api/asyncapi.json: {name} is published elsewhere too")
                    into[section][name] = definition
        return {
            "asyncapi": "3.0.0",
            "info": {
                "title": "Kehu events",
                "version": "1",
                "description": "CloudEvents 1.0 envelopes; each payload below is the envelope's `data`. "
                "All of them are in the stream kehu.feed, and at GET /v1/events.",
            },
            "defaultContentType": "application/cloudevents+json",
            **merged,
        }


def _named_apart(service: str, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a document's definitions under names that no other service's have: types, and ``service.Schema``."""
    components = document.get("components", {})
    types = {name: message["name"] for name, message in components.get("messages", {}).items()}
    names = {f"{REFERENCE}messages/{name}": f"{REFERENCE}messages/{type_}" for name, type_ in types.items()}
    for name in components.get("schemas", {}):
        names[f"{REFERENCE}schemas/{name}"] = f"{REFERENCE}schemas/{service}.{name}"
    names |= {f"#/channels/{name}": f"#/channels/{type_}" for name, type_ in types.items()}
    parts = _renamed(
        {name: document.get(name, {}) for name in ("channels", "operations")} | {"components": components},
        names,
    )
    return {
        "channels": {
            types[name]: channel
            | {"messages": dict(zip([types[name]], channel["messages"].values(), strict=True))}
            for name, channel in parts["channels"].items()
        },
        "operations": {f"{service}.{name}": operation for name, operation in parts["operations"].items()},
        "messages": {
            types[name]: message for name, message in parts["components"].get("messages", {}).items()
        },
        "schemas": {
            f"{service}.{name}": schema for name, schema in parts["components"].get("schemas", {}).items()
        },
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
        kinds = [_resolved(kind, document) for kind in declared.get("anyOf", [declared])]
        told = [kind for kind in kinds if kind.get("type") != "null"]
        path = above + name
        field: dict[str, Any] = {
            "name": path,
            "type": " or ".join(dict.fromkeys(_kind(kind) for kind in told)) or "any",
            "nullable": len(told) < len(kinds),
            "required": not above and (name in required or name == "version"),
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
