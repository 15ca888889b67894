"""The outermost layer: correlation id, security headers, metrics and the access log of every request."""

import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import metrics, oauth
from gateway.context import SCOPE_KEY, RequestContext
from gateway.edge.body import ClientGone
from gateway.errors import Problem, internal, to_document
from gateway.settings import Settings

log = structlog.get_logger()

KNOWN_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
CLIENT_CLOSED_REQUEST = 499
SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
DEFAULT_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
DEFAULT_CACHING = (b"cache-control", b"no-store")


class Observe:
    """Makes the request's context, completes the answer's headers, and writes down what happened."""

    def __init__(self, app: ASGIApp, settings: Settings):
        self.app = app
        self._settings = settings
        self._headers = [*SECURITY_HEADERS]
        if settings.hsts_seconds:
            value = f"max-age={settings.hsts_seconds}; includeSubDomains".encode()
            self._headers.append((b"strict-transport-security", value))
        if settings.cors_origins:
            self._headers.remove((b"cross-origin-resource-policy", b"same-origin"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if not scope["path"].startswith("/"):
            scope["path"] = _path_of_absolute_form(scope["path"])
        context = scope[SCOPE_KEY] = RequestContext(scope, self._settings)
        method = scope["method"]
        without_body = method == "HEAD"
        if without_body:
            scope["method"] = "GET"
            context.only_headers = True

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                context.status = message["status"]
                self._complete(message, context)
            elif without_body:
                message = {**message, "body": b""}
            await send(message)

        metrics.IN_FLIGHT.inc()
        try:
            await self.app(scope, receive, answer)
        finally:
            metrics.IN_FLIGHT.dec()
            self._write_down(scope, context, method)

    def _complete(self, message: Message, context: RequestContext) -> None:
        headers: list[tuple[bytes, bytes]] = [*message["headers"], *context.response_headers, *self._headers]
        names = {name for name, _ in message["headers"]}
        if b"cache-control" not in names:
            headers.append(DEFAULT_CACHING)
        if b"content-security-policy" not in names:
            headers.append(DEFAULT_POLICY)
        headers.append((b"x-correlation-id", context.correlation_id.encode()))
        message["headers"] = headers

    def _write_down(self, scope: Scope, context: RequestContext, method: str) -> None:
        seconds = time.perf_counter() - context.started
        status = context.status or CLIENT_CLOSED_REQUEST
        route = context.route or _own_route(scope)
        label = method if method in KNOWN_METHODS else "OTHER"
        metrics.REQUEST_SECONDS.labels(route, label, str(status)).observe(max(seconds - context.waited, 0))
        write = log.debug if route.startswith(("/health", "/metrics")) and status < 400 else log.info
        write(
            "request",
            method=label,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            account_id=context.account_id,
            correlation_id=context.correlation_id,
        )


class AnswerProblems:
    """Turns whatever is raised further in into a problem document."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        context: RequestContext = scope[SCOPE_KEY]
        try:
            if context.contradicting is not None:
                raise _given_twice(context.contradicting.decode("latin-1"))
            await self.app(scope, receive, send)
        except Problem as problem:
            await send_problem(problem, context, send)
        except ClientGone:
            pass
        except Exception:
            log.exception("request failed", path=scope["path"], correlation_id=context.correlation_id)
            if context.status is not None:
                raise
            await send_problem(internal(), context, send)


def _given_twice(name: str) -> Problem:
    code = "malformed-idempotency-key" if name == "idempotency-key" else "malformed-request"
    return Problem("invalid", code, f"The header {name} was given twice, with different values.")


async def send_problem(problem: Problem, context: RequestContext, send: Send) -> None:
    """Answer with a problem document; at the token endpoint it is OAuth's too."""
    # Others may be answered with the same problem at other places: what is said here only is not written into it.
    at_token_endpoint = context.scope["path"] == oauth.TOKEN_PATH
    besides = oauth.error_members(problem) if at_token_endpoint else {}
    body = to_document(problem, context.correlation_id, context.language, besides)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", b"en" if context.language == "en" else b"zh-CN"),
        (b"vary", b"Accept-Language"),
        *problem.headers,
        *(oauth.CHALLENGE if at_token_endpoint and problem.status == 401 else ()),
    ]
    if problem.retry_after is not None:
        headers.append((b"retry-after", str(problem.retry_after).encode()))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _path_of_absolute_form(target: str) -> str:
    """Return the path of ``GET http://host/path``, which a server takes like ``GET /path`` (RFC 9112, 3.2.2)."""
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return target
    _host, _, path = rest.partition("/")
    return f"/{path}"


def _own_route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return getattr(route, "path_format", None) or "unmatched"
