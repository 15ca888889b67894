"""What the document says of the gateway's own operations, and of every other one."""

import re
from typing import Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.testclient import TestClient
from tests.gateway.conftest import CONTRACTS, StartGateway
from tests.published import Published

from gateway.app import create_app
from gateway.contracts import ContractError, load_contracts
from gateway.openapi import merged_document, own_routes_described
from gateway.settings import REPOSITORY, Settings

OWN = (
    "POST /v1/auth/token",
    "POST /v1/auth/revoke",
    "POST /v1/auth/session",
    "POST /v1/auth/session/renew",
    "POST /v1/auth/session/end",
    "GET /.well-known/jwks.json",
    "GET /.well-known/oauth-authorization-server",
    "GET /v1/customers/{customer_id}/overview",
    "GET /v1/search",
    "POST /v1/access/preview",
    "GET /v1/processes",
    "GET /v1/processes/{correlation_id}",
    "GET /v1/bus",
    "GET /v1/bus/parked",
    "GET /v1/bus/parked/{service}/{event_id}",
    "POST /v1/bus/parked/{service}/{event_id}/redrive",
    "POST /v1/bus/parked/{service}/{event_id}/discard",
    "POST /v1/bus/parked/{service}/redrive",
    "POST /v1/bus/{service}/replay",
    "POST /v1/bus/{service}/rebuild",
    "GET /v1/bus/audit",
    "POST /v1/bus/audit/mend",
    "GET /v1/events",
    "GET /v1/events/stream",
    "GET /v1/event-types",
    "GET /v1/event-types/{event_type}/schema",
    "GET /health/live",
    "GET /health/ready",
)


@pytest.fixture(scope="module")
def published() -> Published:
    """The document that is made of the services' real contracts."""
    return published_by(Settings(api_dir=REPOSITORY / "services"))


def published_by(settings: Settings) -> Published:
    client = TestClient(create_app(settings))
    return Published(client.get("/openapi.json").json())


def test_every_operation_says_how_it_refuses(published: Published) -> None:
    """(K-2): nobody saw it when a release of FastAPI left the gateway's own without."""
    for name, operation in published.operations():
        refusal = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
        assert refusal == {"$ref": "#/components/schemas/Problem"}, name


def test_every_operation_has_a_name_of_its_own(published: Published) -> None:
    """(K-2): a generated client has one function an operation."""
    names = [operation["operationId"] for _, operation in published.operations()]
    assert len(names) == len(set(names)) > 100
    assert all(name.isidentifier() and name.islower() for name in names)


def test_every_own_operation_describes_what_it_answers_with_an_example(published: Published) -> None:
    """(K-2): 17 of 19 said nothing."""
    operations = dict(published.operations())
    for name in OWN:
        for status, answer in operations[name]["responses"].items():
            if not status.startswith("2") or status == "204":
                continue
            for media_type, content in answer["content"].items():
                assert content["schema"], name
                if media_type == "application/json":
                    published.validate(content["example"], content["schema"], name)
                assert content["example"], name


def test_what_is_no_contract_of_a_service_is_an_operation_of_the_gateways_own(published: Published) -> None:
    """(K-2): a new route of the gateway has to be listed here, and so to be described."""
    of_services = {
        f"{operation.http_method} {operation.path}"
        for contract in load_contracts(REPOSITORY / "services")
        for operation in contract.operations()
    }
    assert {name for name, _ in published.operations()} - of_services == set(OWN)


def test_a_path_says_which_methods_it_knows(published: Published, anonymous: TestClient) -> None:
    """(K-4): also where a path could be that of another with a parameter in it."""
    methods: dict[str, set[str]] = {}
    for name in OWN:
        method, _, path = name.partition(" ")
        methods.setdefault(path, set()).add(method)
    for path, known in methods.items():
        asked = re.sub(r"{\w+_id}", str(uuid4()), path).replace("{", "").replace("}", "")
        answer = anonymous.options(asked)
        assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, known), asked


def test_answers_in_lines_say_what_a_line_is(published: Published) -> None:
    """(K-2): ndjson where it is ndjson."""
    for name in ("POST /v1/bus/{service}/rebuild", "GET /v1/bus/audit", "POST /v1/bus/audit/mend"):
        [(media_type, content)] = dict(published.operations())[name]["responses"]["200"]["content"].items()
        assert media_type == content["schema"]["contentMediaType"] == "application/x-ndjson"
        assert content["schema"]["contentSchema"]["anyOf"]


def routes_without_words() -> list[APIRouter]:
    silent, nameless = APIRouter(), APIRouter()

    @silent.get("/v1/silent")
    async def be_silent() -> Any:
        return Response()

    @nameless.get("/v1/nameless", response_model=list[str], responses={"default": {"description": "Oh."}})
    async def refuse_in_other_words() -> Any:
        return Response()

    return [silent, nameless]


@pytest.mark.parametrize("routes", routes_without_words())
def test_a_route_that_does_not_describe_itself_stops_the_start(routes: APIRouter) -> None:
    """(K-2): the mechanism cannot fail in silence again."""
    app = FastAPI(**own_routes_described())
    app.include_router(routes)
    with pytest.raises(ContractError, match="/v1/"):
        merged_document(app, load_contracts(CONTRACTS))


def test_a_release_of_fastapi_that_forgets_the_refusals_stops_the_start() -> None:
    """(K-2)."""
    routes = APIRouter()

    @routes.get("/v1/names", response_model=list[str])
    async def list_names() -> Any:
        return Response()

    app = FastAPI()
    app.include_router(routes)
    with pytest.raises(ContractError, match="no answer for what it refuses"):
        merged_document(app, load_contracts(CONTRACTS))


@pytest.mark.parametrize(
    "path", ["/v1/events", "/v1/bus", "/v1/bus/parked", "/v1/event-types", "/health/ready"]
)
def test_a_query_that_is_not_known_is_refused(client: TestClient, path: str) -> None:
    """(K-3): what is misspelt would be an answer to another question."""
    answer = client.get(path, params={"tpye": "contract.signed"}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-input")
    assert answer.json()["errors"] == [
        {"field": "tpye", "code": "unknown-parameter", "params": {}, "message": "Unknown query parameter."}
    ]


def test_who_is_not_signed_in_does_not_learn_what_a_route_takes(start_gateway: StartGateway) -> None:
    assert start_gateway().get("/v1/events", params={"tpye": "x"}).status_code == 401
