"""The catalogue of events: complete, valid by AsyncAPI's own schema, and readable."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from starlette.testclient import TestClient
from tests.gateway.conftest import StartGateway

from gateway.contracts import ContractError
from gateway.event_catalogue import EventCatalogue
from gateway.settings import REPOSITORY

SERVICES = REPOSITORY / "services"
PUBLISHED = sorted(SERVICES.glob("*/api/asyncapi.json"))
ASYNCAPI = Draft7Validator(json.loads((Path(__file__).parent / "schemas/asyncapi-3.0.0.json").read_text()))


@pytest.fixture
def client(start_gateway: StartGateway) -> TestClient:
    """A gateway before the real services' contracts; nobody is signed in."""
    return start_gateway(api_dir=SERVICES)


def a_service(folder: Path, service: str, event_type: str = "ship.sailed", **schemas: Any) -> None:
    """Write a service's asyncapi.json with one event."""
    reference = {"$ref": "#/components/messages/Sailed"}
    told = {"type": "object", "properties": {"cargo": {"$ref": "#/components/schemas/Cargo"}}}
    payload = {"allOf": [{"properties": {"data": {"$ref": "#/components/schemas/Sailed"}}}]}
    document = {
        "channels": {"Sailed": {"address": event_type, "messages": {"Sailed": reference}}},
        "operations": {"publishSailed": {"action": "send", "channel": {"$ref": "#/channels/Sailed"}}},
        "components": {
            "messages": {"Sailed": {"name": event_type, "payload": payload}},
            "schemas": {"Cargo": {"type": "object", **schemas}, "Sailed": told},
        },
    }
    (folder / service / "api").mkdir(parents=True)
    (folder / service / "api" / "asyncapi.json").write_text(json.dumps(document))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.parent.parent.name)
def test_what_a_service_publishes_is_valid_asyncapi(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in ASYNCAPI.iter_errors(document)] == []
    assert dangling(document) == []


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.parent.parent.name)
def test_every_example_is_valid_by_its_own_schema(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    for message in document["components"]["messages"].values():
        schema = {**message["payload"], "components": document["components"]}
        for example in message["examples"]:
            errors = [error.message for error in Draft202012Validator(schema).iter_errors(example["payload"])]
            assert errors == [], message["name"]


def dangling(document: dict[str, Any]) -> list[str]:
    """Return the references that lead nowhere."""
    wrong = []
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        target: Any = document
        for part in reference.split("/"):
            target = target.get(part, {}) if isinstance(target, dict) else {}
        if not target:
            wrong.append(reference)
    return sorted(wrong)


def test_the_schema_finds_what_is_wrong() -> None:
    assert not ASYNCAPI.is_valid({"asyncapi": "3.0.0", "info": {"title": "x"}})
    assert dangling({"a": {"$ref": "#/components/schemas/Nothing"}}) == ["components/schemas/Nothing"]


def test_the_merged_document_is_valid_and_has_every_event(client: TestClient) -> None:
    document = client.get("/asyncapi.json").json()
    assert [error.message for error in ASYNCAPI.iter_errors(document)] == []
    assert dangling(document) == []
    published = {
        message["name"]
        for path in PUBLISHED
        for message in json.loads(path.read_text(encoding="utf-8"))["components"]["messages"].values()
    }
    messages = document["components"]["messages"]
    assert set(document["channels"]) - {"kehu.feed"} == set(messages)
    assert {message["name"] for message in messages.values()} == published
    assert "contract.signed" in published
    assert set(document["channels"]["kehu.feed"]["messages"]) == set(messages)
    assert "x-stream-offset" in document["channels"]["kehu.feed"]["description"]
    assert document["servers"]["broker"]["protocol"] == "amqps"
    assert set(document["operations"]) >= {"followFeed", "contract.publishContractSigned"}


def test_a_message_is_the_envelope_that_comes_with_its_data_by_reference(client: TestClient) -> None:
    """(K-6)"""
    document = client.get("/asyncapi.json").json()
    of_every_event, of_this = document["components"]["messages"]["contract.signed"]["payload"]["allOf"]
    assert of_every_event == {"$ref": "#/components/schemas/CloudEvent"}
    assert of_this["properties"]["data"] == {"$ref": "#/components/schemas/contract.ContractSigned"}
    envelope = document["components"]["schemas"]["CloudEvent"]
    optional = {"causationid", "actorid", "traceparent"}
    assert set(envelope["required"]) == envelope["properties"].keys() - optional
    data = document["components"]["schemas"]["contract.ContractSigned"]
    assert set(data["required"]) == data["properties"].keys() and "version" in data["required"]
    assert data["properties"]["amount"]["pattern"] and data["properties"]["nature"]["enum"]


def test_the_schema_of_a_type_is_named_in_its_events_and_stands_alone(client: TestClient) -> None:
    """(K-6)"""
    for event in client.get("/v1/event-types").json()["items"]:
        answer = client.get(f"/v1/event-types/{event['type']}/schema")
        schema = answer.json()
        assert schema["$id"] == event["dataschema"] == f"urn:kehu:event:{event['type']}"
        errors = [problem.message for problem in Draft202012Validator(schema).iter_errors(event["example"])]
        assert errors == [], event["type"]
        assert "#/components" not in answer.text
    assert client.get("/v1/event-types/contract.eaten/schema").json()["code"] == "event-type-not-found"


def test_event_types_are_listed_with_fields_and_an_example(client: TestClient) -> None:
    listed = {event["type"]: event for event in client.get("/v1/event-types").json()["items"]}
    signed = listed["contract.signed"]
    assert signed["service"] == "contract" and "signed" in signed["summary"]
    fields = {field["name"]: field for field in signed["fields"]}
    assert fields["contract_id"] == {
        "name": "contract_id",
        "type": "uuid",
        "nullable": False,
        "required": True,
    }
    assert fields["opportunity_id"]["nullable"]
    assert fields["payment_terms[].due_on"]["type"] == "date"
    assert signed["example"]["payment_terms"][0]["amount"] == "5000.00"
    assert [*listed] == sorted(listed)


def test_the_page_shows_every_event_and_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/events")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.search(r"(src|href)=\"(https?:|//)|<script|@import|url\(", page.text)
    for event in client.get("/v1/event-types").json()["items"]:
        assert f'id="{event["type"]}"' in page.text
    assert "上海云图科技" in page.text
    assert "0000000000000000412" in page.text
    for link in re.findall(r'href="([^"#]+)"', page.text):
        assert client.get(f"/{link}").status_code == 200


def test_what_a_service_says_cannot_become_markup(tmp_path: Path, start_gateway: StartGateway) -> None:
    a_service(tmp_path, "harbour", description="<script>alert(1)</script>")
    page = start_gateway(api_dir=tmp_path).get("/events").text
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_two_services_may_name_their_parts_alike(tmp_path: Path) -> None:
    a_service(tmp_path, "harbour", "ship.sailed", minProperties=1)
    a_service(tmp_path, "airport", "plane.left", maxProperties=1)
    document = EventCatalogue(tmp_path).merged_document()
    assert dangling(document) == []
    schemas = document["components"]["schemas"]
    assert schemas["airport.Cargo"] == {"type": "object", "maxProperties": 1}
    assert schemas["harbour.Cargo"] == {"type": "object", "minProperties": 1}


def test_a_type_that_two_services_publish_unlike_each_other_stops_the_start(tmp_path: Path) -> None:
    a_service(tmp_path, "harbour")
    a_service(tmp_path, "ferry")
    assert [event["service"] for event in EventCatalogue(tmp_path).event_types()] == ["ferry"]
    assert set(EventCatalogue(tmp_path).merged_document()["channels"]) == {
        "ship.sailed",
        "ship.sailed.harbour",
    }
    a_service(tmp_path, "airport", required=["weight"])
    with pytest.raises(ContractError, match=r"ship\.sailed"):
        EventCatalogue(tmp_path).merged_document()


def test_a_platform_without_events_has_an_empty_catalogue(tmp_path: Path) -> None:
    catalogue = EventCatalogue(tmp_path)
    assert catalogue.event_types() == []
    assert catalogue.merged_document()["channels"] == {}
