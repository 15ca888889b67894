"""Contracts only grow: finds what a new version of a contract file takes back from those who rely on the old one.

A schema may serve requests and answers alike, so both sides are looked at: what a client may send must still be
taken, and what it reads must still be there and look the same.
"""

from collections.abc import Iterator
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_SAME = ("type", "format", "$ref", "pattern", "anyOf", "oneOf", "allOf", "readOnly", "writeOnly")
_UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems")


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return one sentence for everything that the old contract promised and the new one does not."""
    return [*_breaks_of_paths(old, new), *_breaks_of_components(old, new), *_breaks_of_messages(old, new)]


def _breaks_of_paths(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for path, item in old.get("paths", {}).items():
        for method in _METHODS:
            if method not in item:
                continue
            name = f"{method.upper()} {path}"
            after = new.get("paths", {}).get(path, {}).get(method)
            if after is None:
                yield f"{name} is gone"
            else:
                yield from _breaks_of_operation(name, item[method], after)


def _breaks_of_operation(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if before.get("x-permission") != after.get("x-permission"):
        yield f"{name} needs another permission"
    was = {p["name"]: p for p in before.get("parameters", [])}
    now = {p["name"]: p for p in after.get("parameters", [])}
    for parameter in was:
        if parameter not in now:
            yield f"{name} no longer takes {parameter}"
        else:
            yield from _breaks_of_field(
                f"{name} {parameter}", was[parameter].get("schema", {}), now[parameter].get("schema", {})
            )
    for parameter, described in now.items():
        if described.get("required") and not was.get(parameter, {}).get("required"):
            yield f"{name} now requires {parameter}"
    if ("requestBody" in after) != ("requestBody" in before):
        yield f"{name} now requires a body" if "requestBody" in after else f"{name} no longer takes a body"
    elif "requestBody" in after:
        yield from _breaks_of_content(f"{name} body", before["requestBody"], after["requestBody"])
    for status, response in before.get("responses", {}).items():
        if status not in after.get("responses", {}):
            yield f"{name} no longer answers {status}"
        else:
            yield from _breaks_of_content(f"{name} {status}", response, after["responses"][status])


def _breaks_of_content(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for media, described in before.get("content", {}).items():
        if media not in after.get("content", {}):
            yield f"{name} is no longer {media}"
        else:
            yield from _breaks_of_field(name, described["schema"], after["content"][media]["schema"])


def _breaks_of_components(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    schemas = new.get("components", {}).get("schemas", {})
    for name, before in old.get("components", {}).get("schemas", {}).items():
        if name not in schemas:
            yield f"schema {name} is gone"
        else:
            # In an AsyncAPI file the publisher only sends: what it promises in addition hurts nobody.
            yield from _breaks_of_schema(name, before, schemas[name], sent="asyncapi" in old)


def _breaks_of_messages(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    messages = new.get("components", {}).get("messages", {})
    for name, before in old.get("components", {}).get("messages", {}).items():
        if name not in messages:
            yield f"event {before['name']} is gone"
            continue
        if before["name"] != messages[name]["name"]:
            yield f"event {before['name']} is now called {messages[name]['name']}"
        yield from _breaks_of_schema(before["name"], before["payload"], messages[name]["payload"], sent=True)
    for name, channel in old.get("channels", {}).items():
        after = new.get("channels", {}).get(name, {})
        if any(channel.get(key) != after.get(key) for key in ("address", "bindings")):
            yield f"channel {name} is somewhere else"


def _breaks_of_schema(
    name: str, before: dict[str, Any], after: dict[str, Any], *, sent: bool
) -> Iterator[str]:
    now = after.get("properties", {})
    for field, was in before.get("properties", {}).items():
        if field not in now:
            yield f"{name}.{field} is gone"
        else:
            yield from _breaks_of_field(f"{name}.{field}", was, now[field])
    required, requires = set(before.get("required", [])), set(after.get("required", []))
    if sent:
        for field in sorted((required - requires) & now.keys()):
            yield f"{name}.{field} may now be missing"
    else:
        for field in sorted(requires - required):
            yield f"{name}.{field} is now required"


def _breaks_of_field(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for key in _SAME:
        if before.get(key) != after.get(key):
            yield f"{name} changed its {key}"
    for key in _UPPER:
        if key in after and after[key] < before.get(key, float("inf")):
            yield f"{name} has a lower {key}"
    for key in _LOWER:
        if key in after and after[key] > before.get(key, float("-inf")):
            yield f"{name} has a higher {key}"
    if "enum" in after:
        gone = [choice for choice in before.get("enum", []) if choice not in after["enum"]]
        if gone:
            yield f"{name} no longer knows {', '.join(map(str, gone))}"
        elif "enum" not in before:
            yield f"{name} is now one of a few choices"
    if "items" in before:
        yield from _breaks_of_field(f"{name} items", before["items"], after.get("items", {}))
    if "properties" in before:
        yield from _breaks_of_schema(name, before, after, sent=False)
