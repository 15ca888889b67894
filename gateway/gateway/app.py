"""The gateway's table of contents: its parts, put together into one application."""

from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from gateway import logs, metrics
from gateway.console import Console
from gateway.contracts import Contract, load_contracts, located
from gateway.docs_page import docs_routes
from gateway.edge.body import LimitBody
from gateway.edge.observe import AnswerProblems, Observe
from gateway.errors import Problem, field_error
from gateway.openapi import merged_document, own_routes_described
from gateway.parts import Parts
from gateway.routes import Operations, method_not_allowed
from gateway.routing import RouteTable
from gateway.settings import Settings

CORS_REQUEST_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Correlation-ID",
)
CORS_RESPONSE_HEADERS = (
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Correlation-ID",
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application; its connection to the broker begins with its lifespan."""
    settings = settings or Settings()
    logs.configure(settings.log_format, settings.log_level)
    contracts = load_contracts(settings.api_dir)
    parts = Parts(settings, contracts)
    app = FastAPI(
        title="Kehu",
        version="1",
        summary="Customer relationships: from the lead to the cash.",
        lifespan=parts.lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        **own_routes_described(),
    )
    for routes in parts.own_routes():
        app.include_router(routes)
    app.state.document = orjson.dumps(merged_document(app, contracts))
    _add_pages(app)
    if settings.console_dir is not None:
        app.router.default = Console(settings.console_dir, otherwise=app.router.default)
    app.add_exception_handler(HTTPException, _raise_problem_of_http_error)
    app.add_exception_handler(RequestValidationError, _raise_problem_of_bad_input)
    _add_edge(app, settings, contracts, parts)
    return app


def _add_pages(app: FastAPI) -> None:
    """Add what describes the application and is not described itself."""
    app.include_router(docs_routes())

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi_document() -> Response:
        return Response(app.state.document, media_type="application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics_page() -> Response:
        return Response(metrics.exposition(), headers={"content-type": metrics.CONTENT_TYPE})


def _add_edge(app: FastAPI, settings: Settings, contracts: list[Contract], parts: Parts) -> None:
    """Add what every request goes through. The middleware added last comes first."""
    operations = (operation for contract in contracts for operation in contract.operations())
    table = RouteTable(located(operations))
    app.add_middleware(Operations, table=table, bus=parts.bus, admission=parts.admission)
    app.add_middleware(LimitBody, limit=settings.max_body_size, seconds=settings.body_timeout)
    app.add_middleware(AnswerProblems)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=CORS_REQUEST_HEADERS,
            expose_headers=CORS_RESPONSE_HEADERS,
        )
    app.add_middleware(Observe, settings=settings)


async def _raise_problem_of_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        raise Problem("not_found", "not-found", "There is nothing at this path.")
    if error.status_code == 405:
        raise method_not_allowed((error.headers or {}).get("Allow", "").split(", "))
    if isinstance(error.__cause__, Problem):
        # FastAPI takes whatever is raised while a body is read for a malformed body.
        raise error.__cause__
    raise Problem("invalid", "malformed-request", str(error.detail))


KINDS_OF_FAULT = {
    "missing": "required",
    "extra_forbidden": "unknown-field",
    "uuid_parsing": "not-an-id",
    "uuid_type": "not-an-id",
    "int_parsing": "not-a-whole-number",
    "int_type": "not-a-whole-number",
    "bool_parsing": "not-true-or-false",
    "bool_type": "not-true-or-false",
    "string_type": "not-a-text",
    "list_type": "not-a-list",
    "datetime_from_date_parsing": "not-a-time",
    "timezone_aware": "not-a-time",
}
"""Our code of what Pydantic finds wrong with a field; for all else, that it is not valid."""


def _field_error(entry: Any) -> dict[str, Any]:
    code = KINDS_OF_FAULT.get(entry["type"], "invalid-value")
    return field_error(".".join(str(part) for part in entry["loc"][1:]), code, entry["msg"])


async def _raise_problem_of_bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [_field_error(entry) for entry in error.errors()]
    raise Problem("invalid", "invalid-input", "The input is not valid.", errors=errors)


app = create_app()
