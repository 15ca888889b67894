"""The published contract of a service, generated from its declarations: openapi.json and asyncapi.json."""

import inspect
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.field_converter import FieldConverterMixin
from marshmallow import Schema as MarshmallowSchema
from marshmallow import fields as marshmallow_fields

from servicekit import fields
from servicekit.access import ALL, ForAll
from servicekit.asyncapi import asyncapi
from servicekit.compatibility import breaks
from servicekit.filtering import DESCRIBED
from servicekit.operations import Operation, operations_of

EXAMPLE_ID = "01936f3a-7c00-7000-8000-000000000001"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string", "format": "uuid"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
    "required": ["type", "title", "status", "code"],
}


def _describe_exactly(
    self: FieldConverterMixin, field: marshmallow_fields.Field[Any], **_: Any
) -> dict[str, Any]:
    """Say of our own fields what they really take; apispec would call a decimal string a number."""
    described = _description_of(field)
    return {**described, "type": ["string", "null"]} if described and field.allow_none else described


def _describe_bounds(
    self: FieldConverterMixin, field: marshmallow_fields.Field[Any], **_: Any
) -> dict[str, Any]:
    """Say how many items a list takes, and what a field of a service's own says of itself."""
    described = dict(getattr(field, "described", {}))
    if isinstance(field, fields.List) and field.maximum is not None:
        described |= {"maxItems": field.maximum} | ({"minItems": field.minimum} if field.minimum else {})
    return described


def _description_of(field: marshmallow_fields.Field[Any]) -> dict[str, Any]:
    if isinstance(field, fields.Money):
        digits = 24 if field.sums else 15  # A thousand million of the greatest amounts.
        return {"type": "string", "pattern": rf"^-?[0-9]{{1,{digits}}}(\.[0-9]{{1,4}})?$"}
    if isinstance(field, fields.Number):
        return {"type": "string", "pattern": r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"}
    if isinstance(field, fields.Email):
        return {"type": "string", "format": "email", "maxLength": field.maximum}
    if isinstance(field, fields.Text):
        return {"type": "string", "maxLength": field.maximum} | ({} if field.blank else {"minLength": 1})
    if isinstance(field, fields.Currency):
        return {"type": "string", "pattern": "^[A-Z]{3}$"}
    return {}


def example_of(schema: type[MarshmallowSchema] | MarshmallowSchema, *, loading: bool) -> dict[str, Any]:
    """Return an example object: each field's own ``metadata["example"]``, or one that suits its type.

    Args:
        loading: for a request (fields that are only shown are left out) or for an answer.
    """
    instance = schema() if isinstance(schema, type) else schema
    return {
        field.data_key or name: _example_of_field(field, loading)
        for name, field in instance.fields.items()
        if not (field.dump_only if loading else field.load_only)
    }


def _example_of_field(field: Any, loading: bool) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, marshmallow_fields.Nested):
        one = example_of(field.schema, loading=loading)
        return [one] if field.many else one
    if isinstance(field, marshmallow_fields.List):
        return [_example_of_field(field.inner, loading)]
    if isinstance(field, fields.Code):
        return field.choices[0]
    if isinstance(field, fields.Integer):
        return max(1, field.minimum or 1)
    if isinstance(field, (fields.Money, fields.Number)):
        lowest = max(Decimal(field.minimum or 0), Decimal(0 if field.above is None else field.above) + 1)
        if isinstance(field, fields.Money):
            return f"{max(lowest, Decimal(12000)):.2f}"
        return f"{max(lowest, Decimal(1)):f}"
    if isinstance(field, fields.Text) and not isinstance(field, fields.Email):
        return "示例 example"[: field.maximum].strip()
    known: list[tuple[type, Any]] = [
        (fields.Currency, "CNY"),
        (fields.Email, "zhang.wei@example.com"),
        (fields.Id, EXAMPLE_ID),
        (fields.Flag, True),
        (marshmallow_fields.AwareDateTime, "2026-11-22T08:00:00+00:00"),
        (marshmallow_fields.Date, "2026-11-22"),
        (marshmallow_fields.Dict, {}),
    ]
    return next((example for kind, example in known if isinstance(field, kind)), "示例 example")


def openapi(service_class: type) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a service's operations that have an HTTP binding."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    service: str = service_class.name  # type: ignore[attr-defined]
    doc = (inspect.getdoc(service_class) or "").split("\n\n")[0].replace("\n", " ")
    spec = APISpec(
        title=f"Kehu {service}",
        version="1",
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": doc},
    )
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(_describe_exactly)
    plugin.converter.add_attribute_function(_describe_bounds)
    spec.components.schema("Problem", PROBLEM)
    bound = {name: operation for name, operation in operations_of(service_class).items() if operation.path}
    for name, operation in sorted(bound.items(), key=lambda item: (item[1].path, item[1].method)):
        spec.path(operation.path, operations={operation.method.lower(): _operation(service, name, operation)})
    document: dict[str, Any] = json.loads(json.dumps(spec.to_dict(), sort_keys=True, default=str))
    return document


def _schema_name(schema: Any) -> str:
    """Name a component after its schema class: ``ContractSchema`` becomes ``Contract``; partial ones ``…Change``."""
    instance = schema() if isinstance(schema, type) else schema
    name = type(instance).__name__.removesuffix("Schema")
    return f"{name}Change" if instance.partial else name


def _operation(service: str, name: str, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"{operation.description}\n\n{DESCRIBED}"
        if operation.lists
        else operation.description,
        "x-rpc": {"service": service, "method": name},
        "parameters": [
            {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
            for parameter in operation.path_parameters
        ],
        "responses": {
            **_responses(operation),
            "default": {
                "description": "An error; codes: " + ", ".join(operation.errors or ("the general ones",)),
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if operation.permission:
        described["x-permission"] = str(operation.permission)
        if isinstance(operation.permission, ForAll):
            described["x-scope"] = ALL
    if operation.takes_query:
        described["x-query"] = True
        described["parameters"] += operation.lists.parameters() if operation.lists else _query(operation)
    if operation.accepts is not None:
        described["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": operation.accepts(partial=True) if operation.partial else operation.accepts,
                    "example": example_of(operation.accepts, loading=True),
                }
            },
        }
    return described


def _query(operation: Operation) -> list[dict[str, Any]]:
    assert operation.query is not None
    return [
        {"name": name, "in": "query", "required": field.required, "schema": {"type": "string"}}
        for name, field in operation.query().fields.items()
    ]


def _responses(operation: Operation) -> dict[str, Any]:
    if operation.lists is not None:
        item = operation.lists.schema
        page = {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": item},
                "next": {"type": ["string", "null"], "description": "Cursor of the next page."},
                "total": {"type": "integer", "description": "Only with count=true."},
            },
            "required": ["items", "next"],
        }
        example: Any = {"items": [example_of(item, loading=False)], "next": None}
        content: dict[str, Any] = {"schema": page, "example": example}
        return {"200": {"description": "A page.", "content": {"application/json": content}}}
    if operation.returns is None:
        return {"200": {"description": "Done.", "content": {"application/json": {"schema": {}}}}}
    content = {"schema": operation.returns, "example": example_of(operation.returns, loading=False)}
    status, what = ("201", "Created.") if operation.creates else ("200", "Done.")
    return {status: {"description": what, "content": {"application/json": content}}}


def api_folder(service_class: type) -> Path:
    """Return the folder of a service's published contract."""
    return Path(inspect.getfile(service_class)).parent.parent / "api"


def contract_files(service_class: type) -> dict[Path, str]:
    """Return path and text of the contract files as the code declares them now."""
    folder = api_folder(service_class)
    documents = {"openapi.json": openapi(service_class), "asyncapi.json": asyncapi(service_class)}
    return {
        folder / name: json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for name, document in documents.items()
    }


def check(service_class: type) -> list[str]:
    """Return what is wrong with the checked-in contract: files that are stale."""
    return [
        f"{path} is stale: run make contracts"
        for path, text in contract_files(service_class).items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write(service_class: type, *, narrow: bool = False) -> list[str]:
    """Write the contract files, unless that would take back something already published.

    Args:
        narrow: write all the same; for a contract that nobody has seen yet. What is taken back on purpose of one that
            is published stands, with its reason, in ``api/narrowed.txt``: a sentence a line, as it is printed here.

    Returns:
        What would be taken back; then nothing was written.
    """
    files = contract_files(service_class)
    on_purpose = api_folder(service_class) / "narrowed.txt"
    meant = set(on_purpose.read_text(encoding="utf-8").splitlines()) if on_purpose.exists() else set()
    found = [
        f"{path.name}: {problem}"
        for path, text in files.items()
        if path.exists()
        for problem in breaks(json.loads(path.read_text(encoding="utf-8")), json.loads(text))
    ]
    taken_back = [problem for problem in found if problem not in meant]
    if taken_back and not narrow:
        return taken_back
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return []
