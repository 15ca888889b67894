"""Requests for the services' operations: admitted, forwarded by RPC, and answered as HTTP asks for."""

from typing import Any
from urllib.parse import parse_qsl, quote

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.bus import Bus, Reply
from gateway.context import RequestContext, request_context
from gateway.contracts import Operation
from gateway.edge.admission import Admission
from gateway.edge.body import read_json_object
from gateway.edge.conditions import conditions, is_unchanged
from gateway.errors import Problem
from gateway.routing import RouteTable

MOST_QUERY_FIELDS = 100


class Operations:
    """Answers what the contract files declare; everything else is passed on.

    It stands before FastAPI's router because matching a few hundred routes one by one would cost more than
    the rest of the request.
    """

    def __init__(self, app: ASGIApp, table: RouteTable, bus: Bus, admission: Admission):
        self.app = app
        self._table = table
        self._bus = bus
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._table.find(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        operations, values = found
        operation = operations.get(scope["method"])
        context = request_context(scope)
        if operation is None:
            context.route = next(iter(operations.values())).path
            raise method_not_allowed([*operations, "HEAD"] if "GET" in operations else [*operations])
        context.route = operation.path
        reply = await self._forward(operation, values, context, receive)
        await _answer(operation, reply, context, send)

    async def _forward(
        self, operation: Operation, values: list[str], context: RequestContext, receive: Receive
    ) -> Reply:
        caller = await self._admission.signed_in(context)
        kwargs: dict[str, Any] = dict(zip(operation.path_parameters, values, strict=True))
        query = _query(context.scope["query_string"])
        if operation.takes_query:
            kwargs["query"] = query
        elif query:
            errors = [{"field": name, "message": "Unknown query parameter."} for name in query]
            raise Problem("invalid", "invalid-input", "This operation takes no query.", errors=errors)
        headers = context.rpc_headers()
        headers["nameko.caller"] = caller.header
        headers.update(conditions(context))
        if operation.takes_data:
            kwargs["data"] = await read_json_object(context, receive)
        return await self._bus.call(operation.service, operation.rpc_method, kwargs, headers=headers)


def method_not_allowed(allowed: list[str]) -> Problem:
    """Return the problem of a method that a path does not know."""
    return Problem(
        "invalid",
        "method-not-allowed",
        f"This path knows {', '.join(allowed)}.",
        headers=[(b"allow", ", ".join(allowed).encode())],
    )


async def _answer(operation: Operation, reply: Reply, context: RequestContext, send: Send) -> None:
    status, result = operation.success_status, reply.result
    headers: list[tuple[bytes, bytes]] = []
    if isinstance(result, dict) and "version" in result and "id" in result:
        etag = f'"{result["version"]}"'
        headers.append((b"etag", etag.encode()))
        if operation.http_method == "GET" and is_unchanged(context, etag):
            status = 304
        if status == 201:
            location = f"{context.scope['path'].rstrip('/')}/{result['id']}"
            headers.append((b"location", quote(location).encode()))
    if reply.replayed:
        headers.append((b"idempotency-replayed", b"true"))
    body = b""
    if status not in (204, 304):
        body = orjson.dumps(result)
        headers += (
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        )
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _query(query_string: bytes) -> dict[str, str]:
    """Return the query as a flat object; a name that comes twice has no meaning and is refused."""
    if not query_string:
        return {}
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_QUERY_FIELDS,
        )
    except ValueError:
        raise Problem("invalid", "malformed-query", "The query is not valid percent-encoded UTF-8.") from None
    query = dict(pairs)
    if len(query) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        errors = [{"field": name, "message": "Given more than once."} for name in twice]
        raise Problem("invalid", "invalid-input", "A parameter was given more than once.", errors=errors)
    return query
