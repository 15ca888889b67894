"""The merged OpenAPI document, as what answers are held against."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import orjson

METHODS = ("get", "post", "put", "patch", "delete")


class Published:
    """What a gateway says that it answers.

    Args:
        document: the merged document.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._validators: dict[bytes, Any] = {}
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
        request, media_type = answer.request, answer.headers.get("content-type", "")
        self.judge(request.method, request.url.path, answer.status_code, media_type, answer.content)

    def judge(self, method: str, path: str, status: int, media_type: str, body: bytes) -> None:
        """Fail where an answer is not as it is published."""
        answers = self.operation(method, path)["responses"]
        declared = answers.get(str(status), answers["default"])
        named = f"{method} {path} {status}"
        content = declared.get("content", {})
        if not content:
            assert body == b"", f"{named} has a body that is not published"
            return
        media_type = media_type.partition(";")[0]
        assert media_type in content, f"{named} is {media_type}, which is not published"
        schema = content[media_type]["schema"]
        if media_type == "application/x-ndjson":
            for line in body.splitlines():
                self.validate(orjson.loads(line), schema["contentSchema"], named)
        elif media_type == "text/event-stream":
            for block in body.decode().split("\n\n"):
                # An event with a name is something else, told of in words.
                data = [] if "event: " in block else re.findall(r"^data: (.*)$", block, re.MULTILINE)
                for text in data:
                    self.validate(orjson.loads(text), schema["properties"]["data"]["contentSchema"], named)
        else:
            self.validate(orjson.loads(body), schema, named)

    def knows(self, method: str, path: str) -> bool:
        """Tell whether a request is for an operation that is published."""
        found = [declared for pattern, declared in self._paths.items() if pattern.fullmatch(path)]
        return any(method.lower() in self.document["paths"][each] for each in found)

    def validate(self, content: Any, schema: Mapping[str, Any], named: str) -> None:
        """Fail where a content does not match a schema of the document."""
        key = orjson.dumps(schema)
        if key not in self._validators:
            whole = {**schema, "components": self.document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        errors = list(self._validators[key].iter_errors(content))
        found = "\n".join(f"{each.instance_path}: {each.message[:300]}" for each in errors)
        assert not errors, f"{named} is not as published:\n{found}"
