"""Judges answers by the published contract; every test that asks a service does it (docs/decisions/0025)."""

import copy
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jsonschema_rs

from servicekit.contracts.openapi import JSON, SPARSE, openapi


class Published:
    """A published document, and whether answers are as it says.

    What later versions may add, an answer of this one does not hold: where the document leaves an object open, a field
    that it does not name is a fault here.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._validators: dict[tuple[str, str, str], Any] = {}

    @cached_property
    def operations(self) -> dict[str, dict[str, Any]]:
        """The operations by their id."""
        return {
            operation["operationId"]: operation
            for item in self.document["paths"].values()
            for operation in item.values()
        }

    def faults(self, operation_id: str, status: str, media: str, body: Any) -> list[str]:
        """Return what is wrong with an answer; nothing, for an operation that only RPC callers reach.

        Args:
            status: of the answer; empty for the one of success.
            media: the media type of its body.
        """
        operation = self.operations.get(operation_id)
        if operation is None:
            return []
        responses = operation["responses"]
        answered = status or next(each for each in responses if each.startswith("2"))
        content = responses.get(answered, responses["default"]).get("content")
        if content is None:
            return [] if body is None else [f"{operation_id} answers something, and {answered} holds nothing"]
        if media not in content:
            return [f"{operation_id} {answered} is {media}, which the contract does not know"]
        key = (operation_id, answered, media)
        if key not in self._validators:
            self._validators[key] = self._validator(content[media]["schema"])
        return [
            f"{operation_id} {'.'.join(map(str, error.instance_path))}: {error.message}"
            for error in self._validators[key].iter_errors(body)
        ]

    def _validator(self, schema: dict[str, Any]) -> Any:
        whole = {**schema, "components": {"schemas": self._closed}}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    @cached_property
    def _closed(self) -> dict[str, Any]:
        schemas: dict[str, Any] = copy.deepcopy(self.document["components"]["schemas"])
        for name, schema in schemas.items():
            if "properties" in schema and name != "Problem":
                schema.setdefault("additionalProperties", False)
        return schemas


_PUBLISHED: dict[type, Published] = {}


def published(service_class: type) -> Published:
    """Return the contract of a service as its code declares it now."""
    if service_class not in _PUBLISHED:
        _PUBLISHED[service_class] = Published(openapi(service_class))
    return _PUBLISHED[service_class]


def media_of(arguments: Mapping[str, Any]) -> str:
    """Return the media type of the answer to a request for a service."""
    query, data = arguments.get("query"), arguments.get("data")
    searched = isinstance(data, dict) and "where" in data and data.get("fields")
    return SPARSE if searched or (isinstance(query, dict) and query.get("fields")) else JSON
