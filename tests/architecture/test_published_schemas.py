"""What the published contracts say of requests, answers and lists, in every service (K-1, K-3)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    path.parents[1].name: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("services/*/api/openapi.json"))
}
ONLY_PYTHON = re.compile(r"\\[AZz]|\(\?(?![:=!])|[+*?}]\+")
"""Anchors of a text, named groups, flags, lookbehind, possessive quantifiers: other engines refuse them."""


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every operation with its method and path."""
    for document in DOCUMENTS.values():
        for path, item in document["paths"].items():
            for method, operation in item.items():
                yield f"{method.upper()} {path}", operation


def schemas(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of a document with the place where it stands."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from schemas(each, f"{where}/{place}")
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        if name in ("example", "examples", "default", "enum"):
            continue
        if name in ("schema", "items", "additionalProperties") and isinstance(each, dict):
            yield f"{where}/{name}", each
        if name in ("properties", "schemas"):
            yield from ((f"{where}/{field}", described) for field, described in each.items())
        yield from schemas(each, f"{where}/{name}")


def lists() -> list[tuple[str, dict[str, Any]]]:
    """Return the operations that answer pages."""
    found = [
        (name, {parameter["name"]: parameter for parameter in operation["parameters"]})
        for name, operation in operations()
        if any(parameter["name"] == "cursor" for parameter in operation["parameters"])
    ]
    assert len(found) >= 25
    return found


def test_no_schema_says_nothing() -> None:
    """(K-1)"""
    for service, document in DOCUMENTS.items():
        seen = list(schemas(document))
        assert len(seen) > 50
        for where, schema in seen:
            assert schema.keys() & {"type", "$ref", "anyOf", "oneOf", "allOf", "enum"}, f"{service}{where}"
            if schema.get("type") == "object":
                assert schema.keys() & {"properties", "additionalProperties"}, f"{service}{where}"


def test_an_enum_holds_null_exactly_where_null_can_come() -> None:
    """(K-1)"""
    for service, document in DOCUMENTS.items():
        for where, schema in schemas(document):
            if "enum" in schema:
                types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
                assert (None in schema["enum"]) == ("null" in types), f"{service}{where}"


def test_expressions_are_such_as_every_engine_reads() -> None:
    """(K-1)"""
    assert ONLY_PYTHON.search(r"\A[a-z]\Z") and ONLY_PYTHON.search("(?i)a") and ONLY_PYTHON.search("(?P<a>b)")
    seen = 0
    for service, document in DOCUMENTS.items():
        for where, schema in schemas(document):
            if "pattern" in schema:
                seen += 1
                assert not ONLY_PYTHON.search(schema["pattern"]), f"{service}{where}"
                jsonschema_rs.Draft202012Validator({"type": "string", "pattern": schema["pattern"]})
    assert seen > 50


def test_a_deletion_answers_nothing() -> None:
    """(K-1)"""
    deletions = [(name, operation) for name, operation in operations() if name.startswith("DELETE")]
    assert len(deletions) >= 7
    for name, operation in deletions:
        assert operation["responses"].keys() == {"204", "default"}, name
        assert "content" not in operation["responses"]["204"], name


def test_what_is_sent_is_no_component_of_an_answer() -> None:
    """(K-1)"""
    for service, document in DOCUMENTS.items():
        sent, answered = set(), set()
        for item in document["paths"].values():
            for operation in item.values():
                sent |= references(operation.get("requestBody", {}), document)
                answered |= references(operation["responses"], document)
        assert sent & answered == set(), service
        for name in sent:
            assert document["components"]["schemas"][name]["additionalProperties"] is False, name
        for name in answered - {"Problem"}:
            assert "additionalProperties" not in document["components"]["schemas"][name], name


def references(value: Any, document: dict[str, Any], known: frozenset[str] = frozenset()) -> set[str]:
    """Return the components that something refers to, and those that they refer to."""
    direct = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(value))) - known
    parts = document["components"]["schemas"]
    return direct.union(*(references(parts[name], document, known | direct) for name in direct))


@pytest.mark.parametrize("field", ["id", "version", "created_at", "updated_at", "status"])
def test_what_every_record_has_is_always_answered(field: str) -> None:
    """(K-1) But for accounts, of which most people see a card only."""
    seen = 0
    for document in DOCUMENTS.values():
        for name, schema in document["components"]["schemas"].items():
            sparse = name.startswith("Sparse") or name in ("Account", "SingleAccount", "Problem", "Lookalike")
            is_record = {"id", "version"} <= schema.get("properties", {}).keys()
            if is_record and not sparse and field in schema["properties"]:
                seen += 1
                assert field in schema["required"], f"{name}.{field}"
    assert seen >= 8


def test_every_list_is_filtered_by_ids_and_by_what_has_changed_since() -> None:
    """(K-3)"""
    for name, parameters in lists():
        ids = parameters["filter[id][in]"]
        assert (ids["schema"]["items"]["format"], ids["schema"]["maxItems"]) == ("uuid", 200), name
        assert (ids["style"], ids["explode"]) == ("form", False), name
        assert parameters["filter[created_at][gte]"]["schema"]["format"] == "date-time", name
        if "updated_at" in parameters["fields"]["schema"]["items"]["enum"]:
            assert parameters["filter[updated_at][gte]"]["schema"]["format"] == "date-time", name
            assert {"updated_at", "-updated_at"} <= {*parameters["sort"]["schema"]["enum"]}, name


def test_every_parameter_says_what_it_takes_and_what_it_is_for() -> None:
    """(K-3)"""
    for name, parameters in lists():
        for parameter in parameters.values():
            if parameter["in"] == "query":
                assert parameter["description"].endswith("."), f"{name} {parameter['name']}"
                assert "type" in parameter["schema"], f"{name} {parameter['name']}"
        assert "enum" in parameters["sort"]["schema"], name


def test_all_contracts_have_one_version() -> None:
    """(K-1)"""
    versions = {document["info"]["version"] for document in DOCUMENTS.values()}
    assert len(versions) == 1
    page = (ROOT / "docs" / "contract-versions.md").read_text(encoding="utf-8")
    assert f"## Version {versions.pop()}" in page
