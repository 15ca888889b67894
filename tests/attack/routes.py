"""The routes of the merged OpenAPI document: their paths, parameters, and a body that each takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.published import Published

QUERIES = {
    "GET /v1/customers/lookup": "?name=攻击目标",
    "GET /v1/events/stream": "?wait=0",
    "GET /v1/processes": "?subject=01936f3a-7c00-7000-8000-0000000000aa",
    "GET /v1/search": "?q=攻击目标",
}
"""What a route has to be asked with."""
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Route:
    """One route."""

    method: str
    path: str
    declared: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How the tables call it."""
        return f"{self.method} {self.path}"

    @property
    def permission(self) -> str | None:
        """The permission that it asks for."""
        permission: str | None = self.declared.get("x-permission")
        return permission

    @property
    def query(self) -> str:
        """What it has to be asked with."""
        return QUERIES.get(self.name, "")

    @property
    def parameters(self) -> list[str]:
        """The names in its path."""
        return re.findall(r"\{(\w+)\}", self.path)

    def filled(self, values: Mapping[str, str]) -> str:
        """Return its path with values in it."""
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], self.path)


class Routes:
    """All of them.

    Args:
        document: the merged OpenAPI document.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.published = Published(document)
        self.all = [
            Route(method.upper(), path, item[method])
            for path, item in document["paths"].items()
            for method in METHODS
            if method in item
        ]

    def permissions(self) -> set[str]:
        """Return every permission that a route asks for."""
        return {route.permission for route in self.all if route.permission}

    def lists(self) -> list[Route]:
        """Return the routes that list with filters, sorts and cursors."""
        return [
            r for r in self.all if any(p.get("name") == "cursor" for p in r.declared.get("parameters", ()))
        ]

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a schema itself, where it is a reference."""
        while "$ref" in schema:
            found: Any = self.document
            for part in str(schema["$ref"])[2:].split("/"):
                found = found[part]
            schema = found
        return schema

    def body_of(self, route: Route) -> dict[str, Any] | None:
        """Return the example of what a route takes in JSON, or None if it takes nothing."""
        content = route.declared.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            return None
        if "example" in content:
            return dict(content["example"])
        return {}

    def fields_of(self, route: Route) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the fields of what a route takes in JSON with their schemas."""
        content = route.declared.get("requestBody", {}).get("content", {}).get("application/json", {})
        yield from self.resolved(content.get("schema", {})).get("properties", {}).items()
