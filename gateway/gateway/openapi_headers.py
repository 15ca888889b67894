"""The headers that the gateway understands and sends, as the document tells of them at the services' operations."""

from typing import Any

PARAMETERS: dict[str, Any] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Repeat a request with the same key, and it takes effect once (1 to 200 characters). A key is "
        "known for 24 hours, to the caller and the operation that it was sent by and to.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The record's ETag as last seen; 412 when it has changed since.",
        "schema": {"type": "string"},
        "example": '"3"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The record's ETag as last seen; 304 when it has not changed since.",
        "schema": {"type": "string"},
        "example": '"3"',
    },
}
HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "The record's version, for If-Match.",
        "schema": {"type": "string"},
        "example": '"3"',
    },
    "RateLimit": {
        "description": "What is left of the quota (`r`), and in how many seconds it is whole again (`t`).",
        "schema": {"type": "string"},
        "example": '"caller";r=5999;t=60',
    },
    "RateLimit-Policy": {
        "description": "The quota: how many requests (`q`) in how many seconds (`w`).",
        "schema": {"type": "string"},
        "example": '"caller";q=6000;w=60',
    },
    "Retry-After": {
        "description": "With 429 and 503: after how many seconds to ask again.",
        "schema": {"type": "string"},
        "example": "2",
    },
    "Idempotency-Replayed": {
        "description": "`true` where the answer is that of an earlier request with the same Idempotency-Key.",
        "schema": {"type": "string"},
        "example": "true",
    },
}
LOCATION = {
    "description": "Where the created record is read.",
    "schema": {"type": "string", "format": "uri-reference"},
}
QUOTA = ("RateLimit", "RateLimit-Policy")


def with_headers(
    method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """Return an operation with the headers that it takes, and those of its answers.

    Args:
        schemas: what its answers refer to.
    """
    answers = dict(operation["responses"])
    taken = [*(["IdempotencyKey"] if method == "post" else [])]
    if method != "get" and "{" in path:
        taken.append("IfMatch")
    for status, answer in answers.items():
        sent = [*QUOTA]
        if status == "default":
            sent.append("Retry-After")
        elif _is_record(answer, schemas):
            sent.append("ETag")
        if method == "post" and status != "default":
            sent.append("Idempotency-Replayed")
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in sent}
        answers[status] = {**answer, "headers": headers | ({"Location": LOCATION} if status == "201" else {})}
    if method == "get" and "ETag" in answers.get("200", {}).get("headers", {}):
        taken.append("IfNoneMatch")
        answers["304"] = {"description": "It has not changed.", "headers": answers["200"]["headers"]}
    references = [{"$ref": f"#/components/parameters/{name}"} for name in taken]
    return {**operation, "responses": answers, "parameters": [*operation.get("parameters", ()), *references]}


def _is_record(answer: dict[str, Any], schemas: dict[str, Any]) -> bool:
    """Tell whether what is answered is a record with a version."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return {"id", "version"} <= {*schemas.get(name, schema).get("properties", ())}
