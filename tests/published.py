"""The merged OpenAPI document, as what answers are held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from jsonschema import Draft202012Validator, FormatChecker

METHODS = ("get", "post", "put", "patch", "delete")


class Published:
    """What a gateway says that it answers.

    Args:
        document: the merged document.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._paths = {
            re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))): path for path in document["paths"]
        }

    def operations(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every operation by a name for people, as ``GET /v1/customers``."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield f"{method.upper()} {path}", item[method]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """Return what is declared for a method and the path of a request; a literal path wins over a parameter."""
        found = [declared for pattern, declared in self._paths.items() if pattern.fullmatch(path)]
        declared = min(found, key=lambda each: each.count("{"))
        operation: dict[str, Any] = self.document["paths"][declared][method.lower()]
        return operation

    def check(self, answer: Any) -> None:
        """Fail where an answer, of httpx or of a test client, is not as it is published."""
        request = answer.request
        operation = self.operation(request.method, request.url.path)
        answers = operation["responses"]
        declared = answers.get(str(answer.status_code), answers["default"])
        named = f"{request.method} {request.url.path} {answer.status_code}"
        content = declared.get("content", {})
        if not content:
            assert answer.content == b"", f"{named} has a body that is not published"
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in content, f"{named} is {media_type}, which is not published"
        schema = content[media_type]["schema"]
        if media_type == "application/x-ndjson":
            for line in answer.content.splitlines():
                self.validate(orjson.loads(line), schema["contentSchema"], named)
        else:
            self.validate(orjson.loads(answer.content), schema, named)

    def validate(self, content: Any, schema: Mapping[str, Any], named: str) -> None:
        """Fail where a content does not match a schema of the document."""
        whole = {**schema, "components": self.document["components"]}
        errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(content))
        found = "\n".join(f"{each.json_path}: {each.message[:300]}" for each in errors)
        assert not errors, f"{named} is not as published:\n{found}"
