"""The published contract: valid, with examples that work, and it only grows."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from library.service import LibraryService

from servicekit import contracts
from servicekit.asyncapi import asyncapi
from servicekit.compatibility import breaks
from servicekit.operations import operations_of

OPENAPI = contracts.openapi(LibraryService)
ASYNCAPI = asyncapi(LibraryService)


def references(document: Any) -> list[str]:
    """Return every ``$ref`` of a document."""
    if isinstance(document, dict):
        own = [document["$ref"]] if isinstance(document.get("$ref"), str) else []
        return own + [found for value in document.values() for found in references(value)]
    if isinstance(document, list):
        return [found for value in document for found in references(value)]
    return []


@pytest.mark.parametrize("document", [OPENAPI, ASYNCAPI], ids=["openapi", "asyncapi"])
def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert references(document)
    for reference in references(document):
        place: Any = document
        for name in reference.removeprefix("#/").split("/"):
            assert name in place, reference
            place = place[name]


def test_every_schema_is_a_valid_json_schema() -> None:
    schemas = list(OPENAPI["components"]["schemas"].values())
    schemas += [message["payload"] for message in ASYNCAPI["components"]["messages"].values()]
    rules = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert len(schemas) > 5
    assert [error.message for schema in schemas for error in rules.iter_errors(schema)] == []


def faults(document: dict[str, Any], schema: dict[str, Any], example: Any) -> list[str]:
    """Return what a schema of a document finds wrong with an example."""
    validator = Draft202012Validator({**schema, "components": document["components"]})
    return [error.message for error in validator.iter_errors(example)]


def test_every_example_of_a_request_loads_and_suits_its_schema() -> None:
    seen = 0
    for name, operation in operations_of(LibraryService).items():
        if operation.path and operation.accepts is not None:
            body = OPENAPI["paths"][operation.path][operation.method.lower()]["requestBody"]["content"]
            content = body["application/json"]
            operation.accepts(partial=operation.partial).load(content["example"])
            assert faults(OPENAPI, content["schema"], content["example"]) == []
            seen += 1
            assert name == OPENAPI["paths"][operation.path][operation.method.lower()]["operationId"]
    assert seen >= 5


def test_every_example_of_an_answer_suits_its_schema() -> None:
    for item in OPENAPI["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                content = response.get("content", {}).get("application/json", {})
                if "example" in content:
                    assert faults(OPENAPI, content["schema"], content["example"]) == []


def test_every_example_of_an_event_suits_its_schema() -> None:
    assert len(ASYNCAPI["components"]["messages"]) == 3
    for message in ASYNCAPI["components"]["messages"].values():
        for example in message["examples"]:
            assert faults(ASYNCAPI, message["payload"], example["payload"]) == []


def test_operations_are_bound_as_the_gateway_expects() -> None:
    lend = OPENAPI["paths"]["/v1/books/{book_id}/lend"]["post"]
    assert lend["x-rpc"] == {"service": "library", "method": "lend_book"}
    assert lend["x-permission"] == "book.lend" and "requestBody" not in lend
    assert OPENAPI["paths"]["/v1/books"]["get"]["x-query"] is True
    assert "201" in OPENAPI["paths"]["/v1/books"]["post"]["responses"]
    assert not any("donate" in json.dumps(item) for item in OPENAPI["paths"].values())


Mutation = Callable[[dict[str, Any]], Any]
BOOK = OPENAPI["components"]["schemas"]["Book"]["properties"]


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


def field(document: dict[str, Any], path: str) -> dict[str, Any]:
    name, _, of = path.partition(".")
    return schema(document, name)["properties"][of]


def payload(document: dict[str, Any]) -> dict[str, Any]:
    return document["components"]["messages"]["BookAdded"]["payload"]


def parameter(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(p for p in document["paths"]["/v1/books"]["get"]["parameters"] if p["name"] == name)


def answer(document: dict[str, Any]) -> dict[str, Any]:
    return document["paths"]["/v1/books/{book_id}"]["get"]["responses"]["200"]["content"]["application/json"]


def body(document: dict[str, Any]) -> dict[str, Any]:
    return document["paths"]["/v1/books"]["post"]["requestBody"]["content"]["application/json"]


OTHER = {"$ref": "#/components/schemas/Loan"}
NARROWED: dict[str, Mutation] = {
    "a path goes": lambda d: d["paths"].pop("/v1/orders"),
    "a method goes": lambda d: d["paths"]["/v1/books"].pop("post"),
    "another permission": lambda d: d["paths"]["/v1/books"]["post"].update({"x-permission": "book.burn"}),
    "a permission where none was": lambda d: d["paths"]["/v1/finder"]["get"].update({"x-permission": "a.b"}),
    "a parameter goes": lambda d: d["paths"]["/v1/books"]["get"]["parameters"].pop(),
    "a parameter is required": lambda d: parameter(d, "limit").update({"required": True}),
    "a new one is required": lambda d: d["paths"]["/v1/books"]["get"]["parameters"].append(
        {"name": "x", "in": "query", "required": True, "schema": {"type": "string"}}
    ),
    "a sort goes": lambda d: parameter(d, "sort")["schema"]["enum"].remove("-title"),
    "a lower limit": lambda d: parameter(d, "limit")["schema"].update({"maximum": 50}),
    "a parameter of another type": lambda d: parameter(d, "cursor")["schema"].update({"type": "integer"}),
    "a body where none was": lambda d: d["paths"]["/v1/books/{book_id}/lend"]["post"].update(
        {"requestBody": {"content": {"application/json": {"schema": OTHER}}}}
    ),
    "a body goes": lambda d: d["paths"]["/v1/books"]["post"].pop("requestBody"),
    "another body": lambda d: body(d).update({"schema": OTHER}),
    "a status goes": lambda d: d["paths"]["/v1/books"]["post"]["responses"].pop("201"),
    "another answer": lambda d: answer(d).update({"schema": OTHER}),
    "items of a page change": lambda d: d["paths"]["/v1/books"]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]["properties"]["items"].update({"items": OTHER}),
    "a schema goes": lambda d: d["components"]["schemas"].pop("Loan"),
    "a field goes": lambda d: schema(d, "Book")["properties"].pop("title"),
    "a field of another type": lambda d: field(d, "Book.pages").update({"type": "string"}),
    "a field that may be null no longer may": lambda d: field(d, "Book.remark").update({"type": "string"}),
    "another format": lambda d: field(d, "Book.published_on").update({"format": "date-time"}),
    "another pattern": lambda d: field(d, "Book.price").update({"pattern": "^1$"}),
    "a pattern where none was": lambda d: field(d, "Book.title").update({"pattern": "^1$"}),
    "a shorter text": lambda d: field(d, "Book.title").update({"maxLength": 10}),
    "a limit where none was": lambda d: (
        field(d, "Order.supplier").pop("maxLength") and field(d, "Book.id").update({"maxLength": 1})
    ),
    "a longer minimum": lambda d: field(d, "Book.title").update({"minLength": 5}),
    "a higher minimum": lambda d: field(d, "Copy.shelf").update({"minimum": 1500}),
    "a lower maximum": lambda d: field(d, "Copy.shelf").update({"maximum": 1500}),
    "a choice goes": lambda d: field(d, "Copy.language")["enum"].remove("en"),
    "choices where none were": lambda d: field(d, "Book.title").update({"enum": ["a"]}),
    "an old field is required": lambda d: schema(d, "Book")["required"].append("pages"),
    "a new field is required": lambda d: (
        schema(d, "Book")["required"].append("x")
        or schema(d, "Book")["properties"].update({"x": {"type": "string"}})
    ),
    "items of a list change": lambda d: field(d, "Order.copies").update({"items": OTHER}),
    "a field can no longer be set": lambda d: field(d, "Book.title").update({"readOnly": True}),
}
EVENT_NARROWED: dict[str, Mutation] = {
    "an event goes": lambda d: d["components"]["messages"].pop("BookAdded"),
    "another name": lambda d: d["components"]["messages"]["BookAdded"].update({"name": "book.born"}),
    "a field goes": lambda d: payload(d)["properties"].pop("title"),
    "a field may be missing": lambda d: payload(d)["required"].remove("title"),
    "a field of another type": lambda d: payload(d)["properties"]["title"].update({"type": "integer"}),
    "one of its types changes": lambda d: payload(d)["properties"]["published_on"]["anyOf"][0].update(
        {"format": "date-time"}
    ),
    "items of a list change": lambda d: payload(d)["properties"]["keepers"].update(
        {"items": {"type": "string"}}
    ),
    "a part's field goes": lambda d: schema(d, "Keeper")["properties"].pop("since"),
    "another address": lambda d: d["channels"]["BookAdded"].update({"address": "book.born"}),
    "another exchange": lambda d: d["channels"]["BookAdded"]["bindings"]["amqp"]["exchange"].update(
        {"name": "x"}
    ),
}
GROWN: dict[str, Mutation] = {
    "nothing": lambda d: None,
    "a path": lambda d: d["paths"].update({"/v1/x": {"get": {"responses": {}}}}),
    "a parameter": lambda d: d["paths"]["/v1/books"]["get"]["parameters"].append(
        {"name": "x", "required": False}
    ),
    "a sort": lambda d: parameter(d, "sort")["schema"]["enum"].append("isbn"),
    "a field": lambda d: schema(d, "Book")["properties"].update({"x": {"type": "string"}}),
    "a schema": lambda d: d["components"]["schemas"].update({"X": {"type": "object"}}),
    "a choice": lambda d: field(d, "Copy.language")["enum"].append("fr"),
    "a longer text": lambda d: field(d, "Book.title").update({"maxLength": 500}),
    "a wider range": lambda d: field(d, "Copy.shelf").update({"minimum": 1, "maximum": 9999}),
    "a field is no longer required": lambda d: schema(d, "Book")["required"].remove("title"),
    "another description": lambda d: d["paths"]["/v1/books"]["post"].update(
        {"summary": "x", "description": "y"}
    ),
}


def changed(document: dict[str, Any], mutation: Mutation) -> dict[str, Any]:
    new = copy.deepcopy(document)
    mutation(new)
    return new


@pytest.mark.parametrize("mutation", NARROWED.values(), ids=NARROWED.keys())
def test_a_narrowing_of_the_operations_is_found(mutation: Mutation) -> None:
    assert breaks(OPENAPI, changed(OPENAPI, mutation))


@pytest.mark.parametrize("mutation", EVENT_NARROWED.values(), ids=EVENT_NARROWED.keys())
def test_a_narrowing_of_the_events_is_found(mutation: Mutation) -> None:
    assert breaks(ASYNCAPI, changed(ASYNCAPI, mutation))


@pytest.mark.parametrize("mutation", GROWN.values(), ids=GROWN.keys())
def test_a_contract_may_grow(mutation: Mutation) -> None:
    assert breaks(OPENAPI, changed(OPENAPI, mutation)) == []


def test_an_event_may_grow() -> None:
    def grow(document: dict[str, Any]) -> None:
        payload(document)["properties"]["x"] = {"type": "string"}
        payload(document)["required"].append("x")

    assert breaks(ASYNCAPI, changed(ASYNCAPI, grow)) == []


def test_a_narrower_contract_is_not_written_unless_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contracts, "api_folder", lambda _: tmp_path / "api")
    assert len(contracts.check(LibraryService)) == 2
    assert contracts.write(LibraryService) == []
    assert contracts.check(LibraryService) == []
    path = tmp_path / "api" / "openapi.json"
    promised = changed(OPENAPI, lambda d: schema(d, "Book")["properties"].update({"old": {"type": "string"}}))
    path.write_text(json.dumps(promised), encoding="utf-8")
    assert contracts.write(LibraryService) == ["openapi.json: Book.old is gone"]
    assert contracts.check(LibraryService) != []
    meant = tmp_path / "api" / "narrowed.txt"
    meant.write_text("For another reason.\nopenapi.json: Book.older is gone\n", encoding="utf-8")
    assert contracts.write(LibraryService) == ["openapi.json: Book.old is gone"]
    meant.write_text("Nobody needs it.\nopenapi.json: Book.old is gone\n", encoding="utf-8")
    assert contracts.write(LibraryService) == [] == contracts.check(LibraryService)
    path.write_text(json.dumps(promised), encoding="utf-8")
    assert contracts.write(LibraryService, narrow=True) == [] == contracts.check(LibraryService)
