"""Contracts only grow: finds what a new version of a contract file takes back from those who rely on the old one."""

from collections.abc import Iterator
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")


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
                continue
            if item[method].get("x-permission") != after.get("x-permission"):
                yield f"{name} needs another permission"
            before = {p["name"] for p in item[method].get("parameters", [])}
            now = {p["name"]: p for p in after.get("parameters", [])}
            for gone in sorted(before - now.keys()):
                yield f"{name} no longer takes {gone}"
            for added in sorted(now.keys() - before):
                if now[added].get("required"):
                    yield f"{name} now requires {added}"
            if "requestBody" in after and "requestBody" not in item[method]:
                yield f"{name} now requires a body"
            for status in item[method].get("responses", {}):
                if status not in after.get("responses", {}):
                    yield f"{name} no longer answers {status}"


def _breaks_of_components(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    schemas = new.get("components", {}).get("schemas", {})
    for name, before in old.get("components", {}).get("schemas", {}).items():
        if name not in schemas:
            yield f"schema {name} is gone"
        else:
            yield from _breaks_of_schema(name, before, schemas[name])


def _breaks_of_messages(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    messages = new.get("components", {}).get("messages", {})
    for name, before in old.get("components", {}).get("messages", {}).items():
        if name not in messages:
            yield f"event {before['name']} is gone"
            continue
        if before["name"] != messages[name]["name"]:
            yield f"event {before['name']} is now called {messages[name]['name']}"
        yield from _breaks_of_schema(before["name"], before["payload"], messages[name]["payload"])


def _breaks_of_schema(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    now = after.get("properties", {})
    for field, was in before.get("properties", {}).items():
        if field not in now:
            yield f"{name}.{field} is gone"
            continue
        for key in ("type", "format", "$ref", "pattern"):
            if was.get(key) != now[field].get(key):
                yield f"{name}.{field} changed its {key}"
        if was.get("maxLength", 0) > now[field].get("maxLength", 10**9):
            yield f"{name}.{field} became shorter"
        gone = [choice for choice in was.get("enum", []) if choice not in now[field].get("enum", [choice])]
        if gone:
            yield f"{name}.{field} no longer knows {', '.join(map(str, gone))}"
    for field in sorted(set(after.get("required", [])) - set(before.get("required", []))):
        if field in before.get("properties", {}) or "example" not in after:
            yield f"{name}.{field} is now required"
