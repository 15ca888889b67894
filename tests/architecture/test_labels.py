"""Everything that the contracts show has a name that people read, in Chinese and in English (W-2)."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from servicekit.base import labels
from servicekit.contracts import permissions

CONTRACTS = sorted(Path(__file__).parents[2].glob("services/*/api/openapi.json"))
DOCUMENTS = {path.parent.parent.name: orjson.loads(path.read_bytes()) for path in CONTRACTS}
NOBODY_ASKS = {
    "client_id", "correlation_id", "delivery_id", "event_id", "instead_of_id", "key_id", "line_id",
    "obligation_id", "reverses_id", "session_id", "subject_id", "voucher_id",
}  # fmt: skip
"""Ids of what cannot be asked for by itself, or is one noun here and another there."""


def _fields(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, schema in document["components"]["schemas"].items():
        if name != "Problem":
            for field, described in schema.get("properties", {}).items():
                yield name, field, described


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_field_and_every_code_has_a_label_of_its_own_in_both_languages(service: str) -> None:
    """(W-2)."""
    assert labels.faults(DOCUMENTS[service]) == []


SAID_TO_PROGRAMS = {
    "AccessToken", "AuthorizationServer", "Credentials", "JsonWebKey", "JsonWebKeySet", "Liveness", "Readiness",
    "Revocation", "ServiceHealth", "TokenRefusal", "TokenRequest", "Tokens",
}  # fmt: skip
"""What of the gateway's own nobody is shown: signing in, discovery, health."""


def test_what_the_gateway_answers_by_itself_has_labels_too() -> None:
    """(W-2), (W-6): operators' pages have no words of their own for what the bus says."""
    asked = subprocess.run(
        [sys.executable, "-m", "gateway", "openapi"],
        capture_output=True,
        env={"PATH": "", "PYTHONPATH": ":".join(sys.path)},
        check=True,
    )
    document = orjson.loads(asked.stdout)
    services = {name for each in DOCUMENTS.values() for name in each["components"]["schemas"]}
    own = {
        name: schema
        for name, schema in document["components"]["schemas"].items()
        if name not in services | SAID_TO_PROGRAMS
    }
    assert {"BusState", "FailedEvent", "CloudEvent", "ProcessStep", "Found"} <= own.keys()
    assert labels.faults({"components": {"schemas": own}}) == []
    assert permissions.faults(document) == []


@pytest.mark.parametrize("service", DOCUMENTS)
def test_codes_that_a_list_is_filtered_by_have_labels(service: str) -> None:
    """(W-2)."""
    for path, item in DOCUMENTS[service]["paths"].items():
        for parameter in item.get("get", {}).get("parameters", []):
            described = parameter["schema"].get("items", parameter["schema"])
            if parameter["name"].startswith("filter[") and "enum" in described:
                called = described.get("x-enum-labels", {})
                assert called.keys() == set(described["enum"]), (path, parameter["name"])


@pytest.mark.parametrize("service", DOCUMENTS)
def test_what_stands_in_a_dictionary_is_asked_for_by_its_terms(service: str) -> None:
    """CU-64: a condition on it names the same dictionary as the field that shows it."""
    paths, schemas = DOCUMENTS[service]["paths"], DOCUMENTS[service]["components"]["schemas"]
    for path, item in paths.items():
        if asked := item.get("post", {}).get("x-conditions"):
            shown = paths[path.removesuffix("/search")]["get"]["responses"]["200"]["content"]
            page = schemas[shown["application/json"]["schema"]["$ref"].rpartition("/")[2]]["properties"]
            record = schemas[page["items"]["items"]["$ref"].rpartition("/")[2]]["properties"]
            for name, described in record.items():
                told = described.get("x-dictionary")
                assert name not in asked or asked[name].get("x-dictionary") == told, (path, name)


def test_an_id_of_another_record_names_a_noun_that_can_be_asked_for() -> None:
    """(W-2)."""
    paths = [
        path for document in DOCUMENTS.values() for path, item in document["paths"].items() if "get" in item
    ]
    nouns = {noun for path in paths for noun in re.findall(r"{(\w+)_id}$", path)}
    for service, document in DOCUMENTS.items():
        for name, field, described in _fields(document):
            noun = described.get("x-reference", described.get("items", {}).get("x-reference"))
            assert noun is None or noun in nouns, f"{service} {name}.{field}: {noun}"
            if field.endswith("_id") and field not in NOBODY_ASKS:
                assert noun, f"{service} {name}.{field}"


@pytest.mark.parametrize("service", DOCUMENTS)
def test_fields_say_at_which_place_they_were_declared(service: str) -> None:
    """(W-2): the document sorts them by name."""
    places: dict[str, list[int]] = {}
    for name, _, described in _fields(DOCUMENTS[service]):
        places.setdefault(name, []).append(described["x-order"])
    assert all(len(set(given)) == len(given) for given in places.values())


@pytest.mark.parametrize("service", DOCUMENTS)
def test_amounts_name_the_field_that_says_their_currency(service: str) -> None:
    """(W-2)."""
    for name, field, described in _fields(DOCUMENTS[service]):
        if "amount" in field or field in ("price", "total", "balance", "opening_balance"):
            assert (field == "total" and name.endswith("Page")) or described["x-money"] == "currency", (
                name,
                field,
            )


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_permission_has_a_name_that_people_read(service: str) -> None:
    """(W-6): a form for roles has no words of its own."""
    assert permissions.faults(DOCUMENTS[service]) == []


def test_no_two_services_name_permissions_of_one_noun() -> None:
    """(W-6)."""
    nouns = [noun for document in DOCUMENTS.values() for noun in document["x-permissions"]]
    assert len(nouns) == len(set(nouns)) > 20


def test_faults_of_permissions_are_found() -> None:
    """(W-6)."""
    see, keep = ({"x-label": {"zh": zh, "en": en}} for zh, en in (("查看", "See"), ("编辑", "See")))
    noun = {"x-label": {"zh": "物", "en": "物"}, "deeds": {"read": see, "write": keep}}
    paths = {"/things": {"get": {"x-permission": "thing.read"}, "delete": {"x-permission": "thing.delete"}}}
    assert permissions.faults({"paths": paths, "x-permissions": {"thing": noun}}) == [
        "the permission thing.delete has no label",
        "nothing asks for the permission thing.write",
        "x-permissions.thing has no label in English",
        "thing: read and write are both called See",
    ]


def test_faults_of_labels_are_found() -> None:
    """(W-2)."""
    fields = {
        "name": {"x-label": {"zh": "名称", "en": "Name"}},
        "title": {"x-label": {"zh": "名称", "en": "Title"}},
        "note": {"x-label": {"zh": "Note", "en": "Note"}},
        "mark": {"x-label": {"zh": "标记", "en": "标记"}},
        "bare": {},
        "can": {"x-label": {"zh": "可做", "en": "Can"}, "items": {"enum": ["fly"]}},
        "does": {"x-label": {"zh": "在做", "en": "Does"}, "items": {"enum": ["get_thing"]}},
        "kinds": {
            "x-label": {"zh": "类型", "en": "Kinds"},
            "items": {"enum": ["a", "b", None], "x-enum-labels": {"a": {"zh": "甲", "en": "A"}}},
        },
    }
    paths = {"/things": {"get": {"operationId": "get_thing"}}}
    assert labels.faults({"components": {"schemas": {"Thing": {"properties": fields}}}, "paths": paths}) == [
        "Thing.note has no label in Chinese",
        "Thing.mark has no label in English",
        "Thing.bare has no label",
        "Thing: name and title are both called 名称",
        "Thing.can fly has no label",
        "Thing.kinds b has no label",
    ]
