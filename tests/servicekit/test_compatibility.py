"""Contracts only grow: what a client sends is still taken, and what it is answered is still there (K-1)."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from library.service import LibraryService

from servicekit.contracts.compatibility import breaks, corrected
from servicekit.contracts.files import asyncapi_of
from servicekit.contracts.openapi import openapi

OPENAPI = openapi(LibraryService)
ASYNCAPI = asyncapi_of(LibraryService)

Mutation = Callable[[dict[str, Any]], Any]


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    return document["components"]["schemas"][name]


def field(document: dict[str, Any], path: str) -> dict[str, Any]:
    name, _, of = path.partition(".")
    return schema(document, name)["properties"][of]


def payload(document: dict[str, Any]) -> dict[str, Any]:
    return schema(document, "BookAdded")


def parameter(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(p for p in document["paths"]["/v1/books"]["get"]["parameters"] if p["name"] == name)


def answer(document: dict[str, Any]) -> dict[str, Any]:
    return document["paths"]["/v1/books/{book_id}"]["get"]["responses"]["200"]["content"]["application/json"]


def body(document: dict[str, Any]) -> dict[str, Any]:
    return document["paths"]["/v1/books"]["post"]["requestBody"]["content"]["application/json"]


def rename_loan(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    schemas["Lending"] = schemas.pop("Loan")
    answered = document["paths"]["/v1/loans"]["post"]["responses"]["201"]["content"]["application/json"]
    answered["schema"] = {"$ref": "#/components/schemas/Lending"}


def unname_the_second_book(document: dict[str, Any]) -> None:
    """The answers of two operations spell out what was a component: one as it was, the other without its title."""
    whole = schema(document, "SingleBook")
    less = {**whole, "properties": {key: of for key, of in whole["properties"].items() if key != "title"}}
    told = [
        response["content"]["application/json"]
        for item in document["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
        if response.get("content", {}).get("application/json", {}).get("schema")
        == {"$ref": "#/components/schemas/SingleBook"}
    ]
    assert len(told) > 1
    told[0]["schema"] = whole
    for each in told[1:]:
        each["schema"] = less


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
    "another answer": lambda d: answer(d).update({"schema": {"$ref": "#/components/schemas/Copy"}}),
    "items of a page change": lambda d: field(d, "BookPage.items").update({"items": OTHER}),
    "a field goes from an answer": lambda d: schema(d, "Book")["properties"].pop("title"),
    "a field goes from a request": lambda d: schema(d, "NewBook")["properties"].pop("title"),
    "a field of another type": lambda d: field(d, "Book.pages").update({"type": "string"}),
    "a field that may be null no longer may be sent so": lambda d: field(d, "NewBook.remark").update(
        {"type": "string"}
    ),
    "a field that was never null may be": lambda d: field(d, "Book.title").update(
        {"type": ["string", "null"]}
    ),
    "a field that was always there may be missing": lambda d: schema(d, "Book")["required"].remove("title"),
    "another format": lambda d: field(d, "Book.published_on").update({"format": "date-time"}),
    "another pattern": lambda d: field(d, "Book.price").update({"pattern": "^1$"}),
    "a pattern where none was": lambda d: field(d, "NewBook.title").update({"pattern": "^1$"}),
    "a shorter text": lambda d: field(d, "NewBook.title").update({"maxLength": 10}),
    "a limit where none was": lambda d: field(d, "NewOrder.urgent").update({"maxLength": 1}),
    "a longer minimum": lambda d: field(d, "NewBook.title").update({"minLength": 5}),
    "a higher minimum": lambda d: field(d, "NewCopy.shelf").update({"minimum": 1500}),
    "a lower maximum": lambda d: field(d, "NewCopy.shelf").update({"maximum": 1500}),
    "a choice goes": lambda d: field(d, "NewCopy.language")["enum"].remove("en"),
    "choices where none were": lambda d: field(d, "NewBook.title").update({"enum": ["a"]}),
    "an answer says no longer which choices there are": lambda d: field(d, "Copy.language").pop("enum"),
    "an old field is required": lambda d: schema(d, "NewBook")["required"].append("pages"),
    "a new field is required": lambda d: (
        schema(d, "NewBook")["required"].append("x")
        or schema(d, "NewBook")["properties"].update({"x": {"type": "string"}})
    ),
    "items of a list change": lambda d: field(d, "Order.copies").update({"items": OTHER}),
    "one of two places that said the same says less, in words of its own": unname_the_second_book,
    "a field can no longer be set": lambda d: field(d, "BookChange.title").update({"readOnly": True}),
}
EVENT_NARROWED: dict[str, Mutation] = {
    "an event goes": lambda d: d["components"]["messages"].pop("BookAdded"),
    "another name": lambda d: d["components"]["messages"]["BookAdded"].update({"name": "book.born"}),
    "a field goes": lambda d: payload(d)["properties"].pop("title"),
    "a field may be missing": lambda d: payload(d)["required"].remove("title"),
    "a field of another type": lambda d: payload(d)["properties"]["title"].update({"type": "integer"}),
    "another format": lambda d: payload(d)["properties"]["published_on"].update({"format": "date-time"}),
    "another pattern": lambda d: payload(d)["properties"]["price"].update({"pattern": ".*"}),
    "what was never null may be": lambda d: payload(d)["properties"]["title"].update(
        {"type": ["string", "null"]}
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
    "no permission is needed any more": lambda d: d["paths"]["/v1/books"]["post"].pop("x-permission"),
    "nothing": lambda d: None,
    "a path": lambda d: d["paths"].update({"/v1/x": {"get": {"responses": {}}}}),
    "a parameter": lambda d: d["paths"]["/v1/books"]["get"]["parameters"].append(
        {"name": "x", "required": False}
    ),
    "a sort": lambda d: parameter(d, "sort")["schema"]["enum"].append("isbn"),
    "a field": lambda d: schema(d, "Book")["properties"].update({"x": {"type": "string"}}),
    "an answer has a field more that is always there": lambda d: (
        schema(d, "Book")["required"].append("x")
        or schema(d, "Book")["properties"].update({"x": {"type": "string"}})
    ),
    "an answer tells the form of a field": lambda d: field(d, "Book.title").update({"pattern": "^1$"}),
    "an answer is never null any more": lambda d: field(d, "Book.remark").update({"type": "string"}),
    "a request may hold null": lambda d: field(d, "NewBook.title").update({"type": ["string", "null"]}),
    "a component has another name": rename_loan,
    "a schema": lambda d: d["components"]["schemas"].update({"X": {"type": "object"}}),
    "a choice": lambda d: field(d, "Copy.language")["enum"].append("fr"),
    "a longer text": lambda d: field(d, "NewBook.title").update({"maxLength": 500}),
    "a wider range": lambda d: field(d, "NewCopy.shelf").update({"minimum": 1, "maximum": 9999}),
    "a field is no longer required": lambda d: schema(d, "NewBook")["required"].remove("title"),
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


def test_a_request_whose_unknown_fields_were_let_pass_may_not_refuse_them() -> None:
    open_once = changed(OPENAPI, lambda d: schema(d, "NewBook").pop("additionalProperties"))
    assert breaks(open_once, OPENAPI) == ["request NewBook now refuses fields it does not know"]
    assert not breaks(OPENAPI, open_once)


@pytest.mark.parametrize("mutation", EVENT_NARROWED.values(), ids=EVENT_NARROWED.keys())
def test_a_narrowing_of_the_events_is_found(mutation: Mutation) -> None:
    assert breaks(ASYNCAPI, changed(ASYNCAPI, mutation))


@pytest.mark.parametrize("mutation", GROWN.values(), ids=GROWN.keys())
def test_a_contract_may_grow(mutation: Mutation) -> None:
    assert breaks(OPENAPI, changed(OPENAPI, mutation)) == []


EVENT_GROWN: dict[str, Mutation] = {
    "a field": lambda d: payload(d)["properties"].update({"x": {"type": "string"}}),
    "a field is always there": lambda d: payload(d)["required"].append("x"),
    "a pattern": lambda d: payload(d)["properties"]["title"].update({"pattern": "^[a-z]"}),
    "what might be null never is": lambda d: payload(d)["properties"]["published_on"].update(
        {"type": "string"}
    ),
}


@pytest.mark.parametrize("mutation", EVENT_GROWN.values(), ids=EVENT_GROWN.keys())
def test_an_event_may_grow(mutation: Mutation) -> None:
    """(K-6) A publisher only sends: what it promises in addition hurts nobody."""
    assert breaks(ASYNCAPI, changed(ASYNCAPI, mutation)) == []


def test_what_was_promised_before_the_envelope_was_described_still_holds() -> None:
    """(K-6) In the documents of version 1 the payload of a message was the envelope's data."""

    def as_it_was(document: dict[str, Any]) -> None:
        for message in document["components"]["messages"].values():
            message["payload"] = document["components"]["schemas"][message["title"]]

    before = changed(ASYNCAPI, as_it_was)
    assert breaks(before, ASYNCAPI) == []
    less = changed(ASYNCAPI, lambda d: payload(d)["properties"].pop("title"))
    assert breaks(before, less) == ["book.added.title is gone"]


def test_a_nullable_part_is_the_same_as_a_part_that_may_be_null() -> None:
    """(K-1) A reference cannot hold null beside itself, so it stands in a choice."""

    def with_loan(looks: dict[str, Any]) -> dict[str, Any]:
        return changed(OPENAPI, lambda d: schema(d, "Book")["properties"].update({"loan": looks}))

    loan = {"$ref": "#/components/schemas/Loan"}
    nullable = {"anyOf": [loan, {"type": "null"}]}
    assert breaks(with_loan(nullable), with_loan(loan)) == []
    assert breaks(with_loan(loan), with_loan(nullable)) == ["answer Book.loan may now be null"]


def test_only_what_this_version_corrects_is_taken_back_on_purpose(tmp_path: Path) -> None:
    """(K-1)"""
    file = tmp_path / "narrowed.txt"
    assert corrected(file) == set()
    file.write_text(
        "# Version 1\nOld.\na is gone\n\n# Version 2\nNew.\nb is gone\n\n# Version 3\nc is gone\n"
    )
    assert corrected(file) == {"New.", "b is gone", ""}
