"""The messages of the AsyncAPI document, as what a body that came is judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT = "urn:kehu:asyncapi"


class Messages:
    """Finds the message of an event, and says where a body is not what its payload describes.

    Args:
        document: the merged AsyncAPI document.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        messages = document["components"]["messages"].items()
        self.keys: dict[str, list[str]] = {}
        for key, message in messages:
            self.keys.setdefault(message["name"], []).append(key)
        resource = DRAFT202012.create_resource(document)
        self.registry = Registry().with_resource(DOCUMENT, resource)
        self.validator = cache(self._validator)

    def _validator(self, key: str) -> jsonschema.Draft202012Validator:
        return jsonschema.Draft202012Validator(
            {"$ref": f"{DOCUMENT}#/components/messages/{key}/payload"},
            registry=self.registry,
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )

    def problems(self, body: Mapping[str, Any]) -> Iterator[str]:
        """Yield what is wrong with a body: a message that is not there, a member that is not as described."""
        event_type = body["type"]
        if event_type not in self.keys:
            yield f"{event_type}: not in the document"
            return
        # What several services tell has a message for each of them.
        found = [[*self.validator(key).iter_errors(body)] for key in self.keys[event_type]]
        for error in min(found, key=len):
            yield f"{event_type}: {error.json_path}: {error.message[:200]}"
