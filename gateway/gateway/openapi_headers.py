"""The headers that the gateway understands and sends, as the document tells of them at the services' operations."""

from typing import Any

TEXT = {"type": "string"}
SENT = {
    "ETag": ("The record's version, for If-Match.", '"3"'),
    "RateLimit": (
        "What is left of the quota (`r`), and in how many seconds it is whole again (`t`).",
        '"caller";r=5999;t=60',
    ),
    "RateLimit-Policy": (
        "The quota: how many requests (`q`) in how many seconds (`w`).",
        '"caller";q=6000;w=60',
    ),
    "Retry-After": ("With 429 and 503: after how many seconds to ask again.", "2"),
    "Idempotency-Replayed": (
        "`true` where the answer is that of an earlier request with the same Idempotency-Key.",
        "true",
    ),
}
TAKEN = {
    "If-Match": "The record's ETag as last seen; 412 when it has changed since.",
    "If-None-Match": "The record's ETag as last seen; 304 when it has not changed since; its `can` may have.",
}
HEADERS: dict[str, Any] = {
    name: {"description": description, "schema": TEXT, "example": example}
    for name, (description, example) in SENT.items()
}
PARAMETERS: dict[str, Any] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Repeat a request with the same key, and it takes effect once (1 to 200 characters). A caller's "
        "key is kept for 24 hours, and is for one request only.",
        "schema": {**TEXT, "minLength": 1, "maxLength": 200},
    },
    **{
        name.replace("-", ""): {
            "name": name,
            "in": "header",
            "description": description,
            "schema": TEXT,
            "example": '"3"',
        }
        for name, description in TAKEN.items()
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
    once = method == "post" and "x-conditions" not in operation
    taken = ["IdempotencyKey"] if once else []
    if method != "get" and "{" in path:
        taken.append("IfMatch")
    for status, answer in answers.items():
        sent = [*QUOTA]
        if status == "default":
            sent.append("Retry-After")
        elif _is_record(answer, schemas):
            sent.append("ETag")
        if once and status != "default":
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
