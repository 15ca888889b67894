"""Contracts only grow: finds what a new version of a contract file takes back from those who rely on the old one.

What a client sends must still be taken; what it is answered, and what events tell, must still be there and look the
same. So a schema is compared where it is used, in one direction or the other; its component's name does not matter.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

VERSION = "2"
"""The version of the contract files: it grows when what was published is corrected (docs/contract-versions.md)."""

_METHODS = ("get", "post", "put", "patch", "delete")
_LOOKS = ("type", "format", "pattern", "oneOf", "allOf")
_UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems")

Document = dict[str, Any]


def breaks(old: Document, new: Document) -> list[str]:
    """Return one sentence for everything that the old contract promised and the new one does not."""
    return list(dict.fromkeys([*_breaks_of_paths(old, new), *_breaks_of_messages(old, new)]))


def corrected(file: Path) -> set[str]:
    """Return what is taken back on purpose in this version of the contract.

    Args:
        file: ``api/narrowed.txt``: below ``# Version 2`` the reasons, and after each the sentences of ``breaks`` that
            it is the reason for. What stands below another version is history.
    """
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    heading = f"# Version {VERSION}"
    below = lines[lines.index(heading) + 1 :] if heading in lines else []
    end = next((place for place, line in enumerate(below) if line.startswith("# ")), len(below))
    return set(below[:end])


def _breaks_of_paths(old: Document, new: Document) -> Iterator[str]:
    taken, sent = _Comparison(old, new, sent=False), _Comparison(old, new, sent=True)
    for path, item in old.get("paths", {}).items():
        for method in _METHODS:
            if method not in item:
                continue
            name = f"{method.upper()} {path}"
            after = new.get("paths", {}).get(path, {}).get(method)
            if after is None:
                yield f"{name} is gone"
                continue
            if after.get("x-permission") not in (None, item[method].get("x-permission")):
                yield f"{name} needs another permission"
            yield from _breaks_of_parameters(name, item[method], after, taken)
            yield from _breaks_of_body(name, item[method], after, taken)
            yield from _breaks_of_answers(name, item[method]["responses"], after["responses"], sent)


def _breaks_of_parameters(
    name: str, before: Document, after: Document, taken: "_Comparison"
) -> Iterator[str]:
    was = {parameter["name"]: parameter for parameter in before.get("parameters", [])}
    now = {parameter["name"]: parameter for parameter in after.get("parameters", [])}
    for parameter in was:
        if parameter not in now:
            yield f"{name} no longer takes {parameter}"
        elif was[parameter].get("in") != "path":  # There, what is not of its form has always led nowhere.
            schemas = was[parameter].get("schema", {}), now[parameter].get("schema", {})
            yield from taken.breaks(f"{name} {parameter}", *schemas)
    for parameter, described in now.items():
        if described.get("required") and not was.get(parameter, {}).get("required"):
            yield f"{name} now requires {parameter}"


def _breaks_of_body(name: str, before: Document, after: Document, taken: "_Comparison") -> Iterator[str]:
    if ("requestBody" in after) != ("requestBody" in before):
        yield f"{name} now requires a body" if "requestBody" in after else f"{name} no longer takes a body"
    elif "requestBody" in after:
        yield from taken.breaks_of_content(f"{name} body", before["requestBody"], after["requestBody"])


def _breaks_of_answers(name: str, before: Document, after: Document, sent: "_Comparison") -> Iterator[str]:
    for status, response in before.items():
        if status not in after:
            yield f"{name} no longer answers {status}"
        else:
            yield from sent.breaks_of_content(f"{name} {status}", response, after[status])


def _breaks_of_messages(old: Document, new: Document) -> Iterator[str]:
    sent = _Comparison(old, new, sent=True)
    messages = new.get("components", {}).get("messages", {})
    for name, before in old.get("components", {}).get("messages", {}).items():
        if name not in messages:
            yield f"event {before['name']} is gone"
            continue
        if before["name"] != messages[name]["name"]:
            yield f"event {before['name']} is now called {messages[name]['name']}"
        yield from sent.breaks(before["name"], data_of(old, before), data_of(new, messages[name]))
    for name, channel in old.get("channels", {}).items():
        after = new.get("channels", {}).get(name, {})
        if any(channel.get(key) != after.get(key) for key in ("address", "bindings")):
            yield f"channel {name} is somewhere else"


def data_of(document: Document, message: Document) -> Document:
    """Return the schema of a message's ``data``; before version 2 the payload was described as if it were that."""
    payload: Document = message["payload"]
    for part in payload.get("allOf", ()):
        if "data" in part.get("properties", {}):
            return _resolved(document, part["properties"]["data"])
    return payload


class _Comparison:
    """Compares schemas of two documents, each pair of components once.

    Args:
        sent: whether clients read what the schemas describe; otherwise they write it.
    """

    def __init__(self, old: Document, new: Document, *, sent: bool) -> None:
        self.old, self.new, self.sent = old, new, sent
        self._seen: set[tuple[str, str]] = set()

    def breaks_of_content(self, name: str, before: Document, after: Document) -> Iterator[str]:
        """Yield what changed for the worse in a body or an answer."""
        for media, described in before.get("content", {}).items():
            if media not in after.get("content", {}):
                yield f"{name} is no longer {media}"
            else:
                yield from self.breaks(name, described["schema"], after["content"][media]["schema"])

    def breaks(self, name: str, before: Document, after: Document) -> Iterator[str]:
        """Yield what changed for the worse between two schemas."""
        before, was_null = without_null(before)
        after, is_null = without_null(after)
        if self.sent and is_null and before and not was_null:
            yield f"{name} may now be null"
        if not self.sent and was_null and not is_null:
            yield f"{name} may no longer be null"
        if "$ref" in before:
            if "$ref" in after:
                pair = (before["$ref"], after["$ref"])
                if pair in self._seen:
                    return
                self._seen.add(pair)
            component = before["$ref"].rpartition("/")[2]
            name = f"{'answer' if self.sent else 'request'} {component}"
        before, after = _resolved(self.old, before), _resolved(self.new, after)
        yield from self._breaks_of_looks(name, before, after)
        yield from self._breaks_of_choices(name, before.get("enum"), after.get("enum"))
        if not self.sent:
            yield from _breaks_of_bounds(name, before, after)
        yield from self._breaks_of_parts(name, before, after)

    def _breaks_of_looks(self, name: str, before: Document, after: Document) -> Iterator[str]:
        for key in _LOOKS:
            # Whoever reads may learn more than before, whoever writes need know less.
            if before.get(key) != after.get(key) and key in (before if self.sent else after):
                yield f"{name} changed its {key}"

    def _breaks_of_choices(
        self, name: str, before: list[Any] | None, after: list[Any] | None
    ) -> Iterator[str]:
        if self.sent and before is not None and after is None:
            yield f"{name} is no longer one of a few choices"
        if not self.sent and after is not None:
            gone = [choice for choice in before or () if choice not in after]
            if gone:
                yield f"{name} no longer knows {', '.join(map(str, gone))}"
            elif before is None:
                yield f"{name} is now one of a few choices"

    def _breaks_of_parts(self, name: str, before: Document, after: Document) -> Iterator[str]:
        if "items" in before and "items" in after:
            yield from self.breaks(f"{name} items", before["items"], after["items"])
        was_closed, is_closed = (each.get("additionalProperties") is False for each in (before, after))
        if is_closed and not was_closed and not self.sent:
            yield f"{name} now refuses fields it does not know"
        if isinstance(before.get("additionalProperties"), dict):
            values = after.get("additionalProperties")
            yield from self.breaks(f"{name} values", before["additionalProperties"], values or {})
        were, are = before.get("anyOf", []), after.get("anyOf", [])
        if len(were) != len(are):
            yield f"{name} changed its anyOf"
        else:
            for was, now in zip(were, are, strict=True):
                yield from self.breaks(name, was, now)
        now = after.get("properties", {})
        for field, was in before.get("properties", {}).items():
            if was.get("writeOnly" if self.sent else "readOnly"):
                continue
            if field not in now or (not self.sent and now[field].get("readOnly")):
                yield f"{name}.{field} is gone"
            else:
                yield from self.breaks(f"{name}.{field}", was, now[field])
        yield from self._breaks_of_required(name, before, after)

    def _breaks_of_required(self, name: str, before: Document, after: Document) -> Iterator[str]:
        required, requires = set(before.get("required", [])), set(after.get("required", []))
        if self.sent:
            for field in sorted((required - requires) & after.get("properties", {}).keys()):
                yield f"{name}.{field} may now be missing"
        else:
            for field in sorted(requires - required):
                yield f"{name}.{field} is now required"


def _breaks_of_bounds(name: str, before: Document, after: Document) -> Iterator[str]:
    for key in _UPPER:
        if key in after and after[key] < before.get(key, float("inf")):
            yield f"{name} has a lower {key}"
    for key in _LOWER:
        if key in after and after[key] > before.get(key, float("-inf")):
            yield f"{name} has a higher {key}"


def without_null(schema: Document) -> tuple[Document, bool]:
    """Return a schema of what it is when it is not null, and whether it may be null."""
    types, choices = schema.get("type"), schema.get("anyOf", [])
    if isinstance(types, list) and "null" in types:
        rest = [each for each in types if each != "null"]
        enum = {"enum": _without(None, schema["enum"])} if "enum" in schema else {}
        return {**schema, "type": rest[0] if len(rest) == 1 else rest, **enum}, True
    if {"type": "null"} in choices:
        rest = _without({"type": "null"}, choices)
        others = {key: value for key, value in schema.items() if key != "anyOf"}
        return {**others, **(rest[0] if len(rest) == 1 else {"anyOf": rest})}, True
    return schema, False


def _without(value: Any, values: Iterable[Any]) -> list[Any]:
    return [each for each in values if each != value]


def _resolved(document: Document, schema: Document) -> Document:
    """Return the component that a schema refers to, or the schema itself."""
    while "$ref" in schema:
        found: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        schema = found
    return schema
