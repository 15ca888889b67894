"""The published contract: valid, with examples that work, and it only grows."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from library.service import LibraryService

from servicekit.contracts import files as contracts
from servicekit.contracts.openapi import openapi
from servicekit.nouns.declarations import operations_of

OPENAPI = openapi(LibraryService)
ASYNCAPI = contracts.asyncapi_of(LibraryService)


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


def test_a_narrower_contract_is_not_written_unless_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contracts, "api_folder", lambda _: tmp_path / "api")
    assert len(contracts.check(LibraryService)) == 2
    assert contracts.write(LibraryService) == []
    assert contracts.check(LibraryService) == []
    path = tmp_path / "api" / "openapi.json"
    promised = copy.deepcopy(OPENAPI)
    promised["components"]["schemas"]["Book"]["properties"]["old"] = {"type": "string"}
    path.write_text(json.dumps(promised), encoding="utf-8")
    assert contracts.write(LibraryService) == ["openapi.json: answer Book.old is gone"]
    assert contracts.check(LibraryService) != []
    meant = tmp_path / "api" / "narrowed.txt"
    meant.write_text(
        "# Version 2\nFor another reason.\nopenapi.json: answer Book.older is gone\n", encoding="utf-8"
    )
    assert contracts.write(LibraryService) == ["openapi.json: answer Book.old is gone"]
    meant.write_text(
        "# Version 2\nNobody needs it.\nopenapi.json: answer Book.old is gone\n", encoding="utf-8"
    )
    assert contracts.write(LibraryService) == [] == contracts.check(LibraryService)
    path.write_text(json.dumps(promised), encoding="utf-8")
    assert contracts.write(LibraryService, narrow=True) == [] == contracts.check(LibraryService)
