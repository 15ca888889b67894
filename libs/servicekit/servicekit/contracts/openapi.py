"""The operations that a service offers over HTTP, as OpenAPI: openapi.json, generated from their declarations."""

import inspect
import json
from typing import TYPE_CHECKING, Any

from servicekit.base.labels import CAN
from servicekit.base.scopes import ALL
from servicekit.contracts.compatibility import VERSION
from servicekit.contracts.examples import example_of
from servicekit.contracts.list_parameters import parameters
from servicekit.contracts.permissions import described as permissions_described
from servicekit.contracts.shapes import Answers, Requests, with_parts
from servicekit.nouns.access import ForAll
from servicekit.nouns.approvals.declared import described as approvals_described
from servicekit.nouns.conditions.published import BY_KIND
from servicekit.nouns.custom.declared import described as custom_described
from servicekit.nouns.declarations import Operation, operations_of
from servicekit.nouns.facts import told_kinds
from servicekit.nouns.filtering import DESCRIBED
from servicekit.nouns.listing import Listing
from servicekit.nouns.noun import Noun

if TYPE_CHECKING:
    from servicekit.service import Service

JSON = "application/json"
SPARSE = "application/vnd.kehu.sparse+json"
"""What a page is of whose records ``fields`` names a part: it does not hold what a page always holds."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "detail": {"type": "string"},
        "instance": {
            "type": "string",
            "format": "uri",
            "description": "The request that was refused: its correlation id as a URN.",
        },
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
    "required": ["type", "title", "status", "code"],
}


def openapi(service_class: "type[Service]") -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a service's operations that have an HTTP binding.

    Raises:
        TypeError: if a schema says of a column that it is never null, and it can be.
    """
    bound = {name: operation for name, operation in operations_of(service_class).items() if operation.path}
    describing = _Describing(service_class, bound)
    paths: dict[str, Any] = {}
    for name, operation in sorted(bound.items(), key=lambda item: (item[1].path, item[1].method)):
        described = describing.operation(name, operation)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": f"Kehu {service_class.name}",
            "version": VERSION,
            "description": (inspect.getdoc(service_class) or "").split("\n\n")[0].replace("\n", " "),
        },
        "paths": paths,
        "components": {"schemas": describing.components},
        "x-approvals": approvals_described(service_class),
        "x-custom-fields": custom_described(service_class),
        "x-permissions": permissions_described(service_class.permits, [*bound.values()]),
    }
    ordered: dict[str, Any] = json.loads(json.dumps(document, sort_keys=True, default=str))
    return ordered


class _Describing:
    """Describes the operations of a service one after the other, and gathers the components they refer to."""

    def __init__(self, service_class: "type[Service]", operations: dict[str, Operation]) -> None:
        self.service = service_class.name
        self.offers = service_class.offers
        self.components: dict[str, Any] = {"Problem": PROBLEM}
        lists = [listing for each in operations.values() if (listing := each.page_of) is not None]
        answered = [each.returns for each in operations.values() if each.returns is not None]
        answered += [listing.schema for listing in lists]
        self.answers = Answers(self.components, lists)
        self.requests = Requests(self.components, [part for each in answered for part in with_parts(each)])

    def operation(self, name: str, operation: Operation) -> dict[str, Any]:
        """Return the description of an operation."""
        text = operation.description
        described: dict[str, Any] = {
            "operationId": name,
            "tags": [operation.tag],
            "summary": operation.summary,
            "description": f"{text}\n\n{DESCRIBED}" if operation.lists and not operation.lists.says else text,
            "x-rpc": {"service": self.service, "method": name},
            "parameters": [_path_parameter(parameter) for parameter in operation.path_parameters],
            "responses": {**self._answer(name, operation), "default": _refusal(operation)},
        }
        if operation.permission:
            described["x-permission"] = str(operation.permission)
            if isinstance(operation.permission, ForAll):
                described["x-scope"] = ALL
        if operation.searches is not None:
            described["x-conditions"] = _conditions(operation.searches)
        if operation.takes_query:
            described["x-query"] = True
            if operation.takes_subject:
                described["x-subject"] = True
            described["parameters"] += self._query(operation)
        if operation.accepts is not None:
            taken = operation.accepts(partial=operation.partial)
            schema = self.requests.reference(taken)
            example = example_of(operation.accepts, loading=True)
            described["requestBody"] = {
                # No body is taken for an empty one.
                "required": not taken.partial and any(field.required for field in taken.fields.values()),
                "content": {JSON: {"schema": schema, "example": example}},
            }
        return described

    def _query(self, operation: Operation) -> list[dict[str, Any]]:
        if operation.lists is not None:
            return parameters(operation.lists)
        assert operation.query is not None
        return [
            {
                "name": field.data_key or name,
                "in": "query",
                "required": field.required,
                "description": field.metadata["description"],
                "schema": self.requests.field2property(field),
            }
            for name, field in operation.query().fields.items()
        ]

    def _answer(self, name: str, operation: Operation) -> dict[str, Any]:
        if (listing := operation.page_of) is not None:
            item = listing.schema
            page = {"items": [example_of(item, loading=False)], "next": None}
            content: dict[str, Any] = {JSON: {"schema": self.answers.page(item), "example": page}}
            if listing.paged:
                content[SPARSE] = {"schema": self.answers.sparse_page(item)}
            return {"200": {"description": "A page.", "content": content}}
        if operation.returns is None:
            return {"204": {"description": "Done; there is nothing to say."}}
        example = example_of(operation.returns, loading=False)
        if offer := self.offers.get(name):
            schema = self.answers.single(operation.returns, list(offer.below))
            example[CAN] = [*offer.below][:2]
        else:
            schema = self.answers.reference(operation.returns)
        content = {JSON: {"schema": schema, "example": example}}
        status, what = ("201", "Created.") if operation.creates else ("200", "Done.")
        return {status: {"description": what, "content": content}}


def _conditions(listing: Listing) -> dict[str, Any]:
    kinds = told_kinds(listing) if isinstance(listing, Noun) else ()
    return {
        field: {**term.described(), "x-order": place, **({BY_KIND: True} if field in kinds else {})}
        for place, (field, term) in enumerate(listing.terms.items(), 1)
    }


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "uuid"} if name.endswith("_id") else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _refusal(operation: Operation) -> dict[str, Any]:
    return {
        "description": "An error; codes: " + ", ".join(operation.errors or ("the general ones",)),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
