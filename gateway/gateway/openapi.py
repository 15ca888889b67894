"""The merged OpenAPI document: what the services publish, and the gateway's own routes."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from gateway.contracts import METHODS, Contract, ContractError

INTERNAL_FIELDS = ("x-rpc", "x-query")

SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "password": {
        "type": "oauth2",
        "flows": {
            "password": {
                "tokenUrl": "/v1/auth/token",
                "refreshUrl": "/v1/auth/token",
                "scopes": {},
            }
        },
    },
}

REQUEST_HEADERS = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Repeat a request with the same key, and it takes effect once (1 to 200 characters).",
        "schema": {"type": "string", "maxLength": 200},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The record's ETag as last seen; 412 when it has changed since.",
        "schema": {"type": "string"},
        "example": '"3"',
    },
}

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; decide by this."},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "correlation_id": {"type": "string", "format": "uuid"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def merged_document(app: FastAPI, contracts: list[Contract]) -> dict[str, Any]:
    """Return one OpenAPI document; raise where two contracts define the same thing differently."""
    document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    _drop_fastapi_errors(document)
    document.setdefault("paths", {})
    document["tags"] = []
    for contract in contracts:
        _add_paths(document, contract)
        _add_components(document, contract)
        known = {tag["name"] for tag in document["tags"]}
        document["tags"] += [tag for tag in contract.document.get("tags", ()) if tag["name"] not in known]
    components = document.setdefault("components", {})
    # The services say the same of a problem; only a gateway without any needs its own words.
    components.setdefault("schemas", {}).setdefault("Problem", PROBLEM)
    _describe_own_problems(document, app)
    components.setdefault("parameters", {}).update(REQUEST_HEADERS)
    components["securitySchemes"] = SECURITY_SCHEMES
    document["security"] = [{"bearer": []}, {"password": []}]
    return document


def _add_paths(document: dict[str, Any], contract: Contract) -> None:
    for path, item in contract.document.get("paths", {}).items():
        merged = document["paths"].setdefault(path, {})
        for key, value in item.items():
            if key in merged and (key in METHODS or merged[key] != value):
                raise ContractError(f"{contract.source}: {key.upper()} {path} is declared elsewhere too")
            if key in METHODS:
                value = _for_clients(key, path, value)
            merged[key] = value


def _for_clients(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """Return an operation without what concerns the gateway alone, with the headers the gateway understands."""
    shown = {name: field for name, field in operation.items() if name not in INTERNAL_FIELDS}
    headers = []
    if method == "post":
        headers.append("IdempotencyKey")
    if method != "get" and "{" in path:
        headers.append("IfMatch")
    references = [{"$ref": f"#/components/parameters/{name}"} for name in headers]
    shown["parameters"] = [*shown.get("parameters", ()), *references]
    return shown


def _add_components(document: dict[str, Any], contract: Contract) -> None:
    for section, components in contract.document.get("components", {}).items():
        if section == "securitySchemes":
            continue
        merged = document.setdefault("components", {}).setdefault(section, {})
        for name, definition in components.items():
            if merged.setdefault(name, definition) != definition:
                raise ContractError(f"{contract.source}: {section}/{name} differs from another service's")


def _drop_fastapi_errors(document: dict[str, Any]) -> None:
    """FastAPI describes its own kind of 422, which no answer of ours is."""
    for item in document.get("paths", {}).values():
        for operation in item.values():
            operation["responses"].pop("422", None)
    schemas = document.get("components", {}).get("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)


def _describe_own_problems(document: dict[str, Any], app: FastAPI) -> None:
    schema = {"$ref": "#/components/schemas/Problem"}
    answer = {"description": "Problem", "content": {"application/problem+json": {"schema": schema}}}
    for route in app.routes:
        item = document["paths"].get(getattr(route, "path", ""), {})
        for method in getattr(route, "methods", None) or ():
            if method.lower() in item:
                item[method.lower()]["responses"].setdefault("default", answer)
