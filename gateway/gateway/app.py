"""The gateway's table of contents: its parts, put together into one application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from gateway import logs, metrics
from gateway.bus import Bus
from gateway.contracts import load_contracts, services_of
from gateway.docs_page import docs_routes
from gateway.edge.admission import Admission
from gateway.edge.body import LimitBody
from gateway.edge.limits import RateLimits
from gateway.edge.observe import AnswerProblems, Observe
from gateway.edge.sessions import Sessions
from gateway.edge.tokens import KEY_WITHDRAWN, TokenVerifier
from gateway.errors import Problem
from gateway.event_catalogue import EventCatalogue
from gateway.events_page import event_catalogue_routes
from gateway.health import Health, health_routes
from gateway.leaving import when_leaving
from gateway.news import News
from gateway.openapi import merged_document
from gateway.routes import Operations, method_not_allowed
from gateway.routing import RouteTable
from gateway.settings import Settings
from gateway.signin import signin_routes
from gateway.views.bus_operations import bus_operations_routes
from gateway.views.customer_overview import customer_overview_routes
from gateway.views.event_feed import event_feed_routes
from gateway.views.process_trace import process_trace_routes

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
    services = services_of(contracts)

    bus = Bus(settings, services)
    tokens = TokenVerifier(bus, settings)
    sessions = Sessions(bus, settings)
    admission = Admission(tokens, sessions, RateLimits(settings))
    # Events that came while the connection was away are lost, so nothing is believed after it.
    news = News(services)

    def on_connected() -> None:
        sessions.forget()
        tokens.doubt()
        news.on_connected()

    def on_identity_event(event_type: str, event: Any) -> None:
        if event_type == KEY_WITHDRAWN:
            tokens.on_key_withdrawn(event)
        else:
            sessions.on_identity_event(event_type, event)

    bus.watch(on_connected=on_connected, on_identity_event=on_identity_event)
    bus.follow(services, news.on_event)
    when_leaving(news.dismiss)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await bus.start()
        fresh_keys = asyncio.create_task(tokens.keep_keys_fresh(), name="keys")
        yield
        fresh_keys.cancel()
        await bus.stop()

    app = FastAPI(
        title="Kehu",
        version="1",
        summary="Customer relationships: from the lead to the cash.",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.include_router(signin_routes(bus, admission, tokens, sessions))
    app.include_router(customer_overview_routes(bus, admission, settings))
    app.include_router(process_trace_routes(bus, admission, settings, services))
    app.include_router(bus_operations_routes(bus, admission, services))
    app.include_router(event_feed_routes(bus, admission, settings, services, news))
    app.include_router(event_catalogue_routes(EventCatalogue(settings.api_dir)))
    app.include_router(health_routes(Health(bus, tokens, services, settings.startup_patience)))
    document = orjson.dumps(merged_document(app, contracts))
    app.include_router(docs_routes())

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi_document() -> Response:
        return Response(document, media_type="application/json")

    @app.get("/metrics", include_in_schema=False)
    async def metrics_page() -> Response:
        return Response(metrics.exposition(), headers={"content-type": metrics.CONTENT_TYPE})

    app.add_exception_handler(HTTPException, _raise_problem_of_http_error)
    app.add_exception_handler(RequestValidationError, _raise_problem_of_bad_input)
    # The middleware added last comes first.
    operations = (operation for contract in contracts for operation in contract.operations())
    app.add_middleware(Operations, table=RouteTable(operations), bus=bus, admission=admission)
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
    return app


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


async def _raise_problem_of_bad_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": ".".join(str(part) for part in entry["loc"][1:]), "message": entry["msg"]}
        for entry in error.errors()
    ]
    raise Problem("invalid", "invalid-input", "The input is not valid.", errors=errors)


app = create_app()
