"""The merged document and the page that shows it."""

import json
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.gateway.conftest import CONTRACTS

from gateway.app import create_app
from gateway.contracts import ContractError
from gateway.settings import Settings


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of the contract files, to be spoiled."""
    return Path(shutil.copytree(CONTRACTS, tmp_path / "services"))


def spoil(folder: Path, service: str, change: object) -> None:
    source = folder / service / "api" / "openapi.json"
    document = json.loads(source.read_text())
    change(document)  # type: ignore[operator]
    source.write_text(json.dumps(document))


def test_the_document_has_the_services_and_the_gateways_own_routes(anonymous: TestClient) -> None:
    document = anonymous.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path in ("/v1/things", "/v1/opportunities", "/v1/auth/token", "/v1/customers/{customer_id}/overview"):
        assert path in document["paths"]
    assert document["paths"]["/v1/auth/token"]["post"]["security"] == []
    assert document["security"] == [{"bearer": []}, {"password": []}, {"clientCredentials": []}]
    flows = document["components"]["securitySchemes"]["clientCredentials"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == "/v1/auth/token"
    assert document["components"]["securitySchemes"]["password"]["flows"]["password"]["tokenUrl"]
    assert [tag["name"] for tag in document["tags"]] == ["things", "accounts"]
    assert "x-rpc" not in json.dumps(document)


def test_every_reference_leads_somewhere(anonymous: TestClient) -> None:
    text = anonymous.get("/openapi.json").text
    document = json.loads(text)
    references = set(re.findall(r'"\$ref":\s*"#/([^"]+)"', text))
    assert len(references) > 5
    for reference in references:
        target = document
        for part in reference.split("/"):
            assert part in target, reference
            target = target[part]


def test_a_component_defined_in_two_ways_stops_the_start(contracts: Path) -> None:
    spoil(
        contracts, "sales", lambda document: document["components"]["schemas"]["Thing"].update(type="string")
    )
    with pytest.raises(ContractError, match="schemas/Thing"):
        create_app(Settings(api_dir=contracts))


def test_a_route_declared_twice_stops_the_start(contracts: Path) -> None:
    def steal(document: dict[str, dict[str, object]]) -> None:
        document["paths"]["/v1/me"] = document["paths"]["/v1/opportunities"]

    spoil(contracts, "sales", steal)
    with pytest.raises(ContractError, match="/v1/me"):
        create_app(Settings(api_dir=contracts))


def test_a_route_of_the_gateway_cannot_be_taken(contracts: Path) -> None:
    def steal(document: dict[str, dict[str, object]]) -> None:
        document["paths"]["/health/live"] = document["paths"]["/v1/opportunities"]

    spoil(contracts, "sales", steal)
    with pytest.raises(ContractError, match="/health/live"):
        create_app(Settings(api_dir=contracts))


def test_an_operation_without_its_rpc_name_stops_the_start(contracts: Path) -> None:
    spoil(contracts, "sales", lambda document: document["paths"]["/v1/opportunities"]["get"].pop("x-rpc"))
    with pytest.raises(ContractError, match="x-rpc"):
        create_app(Settings(api_dir=contracts))


def test_the_page_needs_nothing_from_elsewhere(anonymous: TestClient) -> None:
    page = anonymous.get("/docs")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "http" not in page.text
    for link in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        asset = anonymous.get(f"/{link}")
        assert asset.status_code == 200
        assert asset.content
    assert anonymous.get("/docs/other.js").status_code == 404
