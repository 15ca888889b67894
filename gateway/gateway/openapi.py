"""The merged OpenAPI document: what the services publish, and the gateway's own routes."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from gateway import oauth
from gateway.answers import EVENTS, JSON, LINES, PROBLEM_ANSWER
from gateway.contracts import METHODS, Contract, ContractError
from gateway.openapi_headers import HEADERS, PARAMETERS, with_headers
from gateway.permissions import OWN_PERMISSIONS

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
    "clientCredentials": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/v1/auth/token", "scopes": {}}},
    },
}

PIECES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    LINES: lambda line: {"type": "string", "contentMediaType": LINES, "contentSchema": line},
    EVENTS: lambda data: {
        "type": "object",
        "description": "One event of many.",
        "properties": {
            "data": {"type": "string", "contentMediaType": JSON, "contentSchema": data},
            "event": {"type": "string"},
            "id": {"type": "string"},
            "retry": {"type": "integer"},
        },
    },
}
"""What is said of an answer in pieces, by what a piece holds. Of events each is an object to those who read them."""

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
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string", "description": "Stable; what is wrong, e.g. `too-long`."},
                    "params": {
                        "type": "object",
                        "description": "What the message is made of, e.g. `max`.",
                        "additionalProperties": True,
                    },
                    "message": {"type": "string", "description": "In the language of the answer."},
                },
            },
        },
    },
}


def own_routes_described() -> dict[str, Any]:
    """Return what the application says of all its own routes: how they refuse, and what they are called."""
    return {
        "responses": {"default": PROBLEM_ANSWER},
        "generate_unique_id_function": lambda route: route.name,
    }


def merged_document(app: FastAPI, contracts: list[Contract]) -> dict[str, Any]:
    """Return one OpenAPI document.

    Raises:
        ContractError: where two contracts define the same thing differently, or a route of the gateway's own says
            not all that a client has to know.
    """
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/", "description": "The gateway that serves this document."}],
        routes=app.routes,
    )
    document.setdefault("paths", {})
    _complete_answers(document)
    _check_own_routes(document)
    document["tags"] = []
    document["x-permissions"] = dict(OWN_PERMISSIONS)
    document["info"]["version"] = max(
        (each.document["info"]["version"] for each in contracts), default=app.version
    )
    for contract in contracts:
        _add_paths(document, contract)
        _add_components(document, contract)
        _add_permissions(document, contract)
        known = {tag["name"] for tag in document["tags"]}
        document["tags"] += [tag for tag in contract.document.get("tags", ()) if tag["name"] not in known]
    _check_names(document)
    components = document.setdefault("components", {})
    # The services say the same of a problem; only a gateway without any needs its own words.
    components.setdefault("schemas", {}).setdefault("Problem", PROBLEM)
    components["schemas"]["TokenRefusal"] = oauth.REFUSAL
    components.setdefault("parameters", {}).update(PARAMETERS)
    components["headers"] = HEADERS
    components["securitySchemes"] = SECURITY_SCHEMES
    document["security"] = [{name: []} for name in SECURITY_SCHEMES]
    return document


def operations_in(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the operations of a document with what they are called in a message."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def _add_paths(document: dict[str, Any], contract: Contract) -> None:
    schemas = contract.document.get("components", {}).get("schemas", {})
    for path, item in contract.document.get("paths", {}).items():
        merged = document["paths"].setdefault(path, {})
        for key, value in item.items():
            if key in merged and (key in METHODS or merged[key] != value):
                raise ContractError(f"{contract.source}: {key.upper()} {path} is declared elsewhere too")
            if key in METHODS:
                shown = {name: field for name, field in value.items() if name not in INTERNAL_FIELDS}
                value = with_headers(key, path, shown, schemas)
            merged[key] = value


def _add_components(document: dict[str, Any], contract: Contract) -> None:
    for section, components in contract.document.get("components", {}).items():
        if section == "securitySchemes":
            continue
        merged = document.setdefault("components", {}).setdefault(section, {})
        for name, definition in components.items():
            if merged.setdefault(name, definition) != definition:
                raise ContractError(f"{contract.source}: {section}/{name} differs from another service's")


def _add_permissions(document: dict[str, Any], contract: Contract) -> None:
    """Add what a service's permissions are called, by noun, and whose they are."""
    service = contract.source.parent.parent.name
    for noun, told in contract.document.get("x-permissions", {}).items():
        if noun in document["x-permissions"]:
            raise ContractError(f"{contract.source}: permissions of {noun} are declared elsewhere too")
        document["x-permissions"][noun] = {**told, "service": service}


def _complete_answers(document: dict[str, Any]) -> None:
    """Say what FastAPI cannot: examples with null in them, and that of answers in pieces each is what it calls all."""
    for _, operation in operations_in(document):
        for answer in operation["responses"].values():
            if shown := answer.get("content", {}).get(JSON, {}):
                shown |= {name: orjson.loads(text) for name, text in shown.items() if name == "example"}
            content = answer.get("content", {})
            for media_type in content.keys() & {LINES, EVENTS}:
                piece = {
                    name: value
                    for name, value in content[media_type]["schema"].items()
                    if name not in ("type", "title")
                }
                content[media_type]["schema"] = PIECES[media_type](piece)


def _check_own_routes(document: dict[str, Any]) -> None:
    """Refuse a route of the gateway's own of which a client does not learn how it answers and refuses."""
    for name, operation in operations_in(document):
        answers = operation["responses"]
        if answers.get("default") != PROBLEM_ANSWER:
            raise ContractError(f"{name} has no answer for what it refuses")
        for status, answer in answers.items():
            contents = [*answer.get("content", {}).values()]
            described = contents and all(each.get("schema", {}).keys() - {"title"} for each in contents)
            if status.startswith("2") and status != "204" and not described:
                raise ContractError(f"{name} does not describe its answer {status}")


def _check_names(document: dict[str, Any]) -> None:
    """Refuse two operations of one name: generated clients would have only one of them."""
    named: dict[str, str] = {}
    for name, operation in operations_in(document):
        operation_id = operation.get("operationId")
        if operation_id is None:
            raise ContractError(f"{name} has no operationId")
        if named.setdefault(operation_id, name) != name:
            raise ContractError(f"{name} and {named[operation_id]} are both called {operation_id}")
