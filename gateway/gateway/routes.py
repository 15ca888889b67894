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
from gateway.errors import Problem, field_error, given_more_than_once
from gateway.routing import RouteTable

MOST_QUERY_FIELDS = 500
"""Enough for a list of 200 values of which each has a parameter of its own."""

JSON = b"application/json"
SPARSE = b"application/vnd.kehu.sparse+json"
"""A page whose records hold the fields that were asked for, and not what the contract promises of them."""


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
        caller = await self._admission.signed_in(context)
        query = _query(scope["query_string"])
        headers = {"nameko.caller": caller.header, **context.rpc_headers(), **conditions(context)}
        kwargs = await _arguments(operation, values, query, context, receive)
        if operation.takes_subject and query.get("account_id"):
            kwargs["subject"] = await self._subject(query["account_id"], headers)
        reply = await self._bus.call(operation.service, operation.rpc_method, kwargs, headers=headers)
        some = kwargs["data"] if operation.searches else query
        await _answer(operation, values, reply, context, send, sparse=bool(some.get("fields")))

    async def _subject(self, account_id: str, headers: dict[str, str]) -> str:
        """Return somebody of whom is asked, as identity signs them if the caller may ask about them."""
        reply = await self._bus.call(
            "identity", "resolve_subject", {"account_id": account_id}, headers=dict(headers)
        )
        # Identity has signed these very members in this order: they go on as they came.
        return orjson.dumps(reply.result).decode()


async def _arguments(
    operation: Operation, values: list[str], query: dict[str, str], context: RequestContext, receive: Receive
) -> dict[str, Any]:
    """Return what the operation is called with."""
    kwargs: dict[str, Any] = dict(zip(operation.path_parameters, values, strict=True))
    if operation.takes_query:
        kwargs["query"] = query
    elif query:
        errors = [field_error(name, "unknown-parameter", "Unknown query parameter.") for name in query]
        raise Problem("invalid", "invalid-input", "This operation takes no query.", errors=errors)
    if operation.takes_data:
        kwargs["data"] = await read_json_object(context, receive)
    return kwargs


def method_not_allowed(allowed: list[str]) -> Problem:
    """Return the problem of a method that a path does not know."""
    return Problem(
        "invalid",
        "method-not-allowed",
        f"This path knows {', '.join(allowed)}.",
        headers=[(b"allow", ", ".join(allowed).encode())],
    )


async def _answer(
    operation: Operation,
    values: list[str],
    reply: Reply,
    context: RequestContext,
    send: Send,
    *,
    sparse: bool,
) -> None:
    status, result = operation.success_status, reply.result
    headers: list[tuple[bytes, bytes]] = []
    if isinstance(result, dict) and "version" in result and "id" in result:
        etag = f'"{result["version"]}"'
        headers.append((b"etag", etag.encode()))
        if operation.http_method == "GET" and is_unchanged(context, etag):
            status = 304
    if operation.location is not None and isinstance(result, dict) and "id" in result:
        headers.append((b"location", _location(operation, operation.location, values, str(result["id"]))))
    if reply.replayed:
        headers.append((b"idempotency-replayed", b"true"))
    body = b""
    if status not in (204, 304):
        body = orjson.dumps(result)
        headers += (
            (b"content-type", SPARSE if sparse else JSON),
            (b"content-length", str(len(body)).encode()),
        )
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _location(operation: Operation, below: str, values: list[str], record_id: str) -> bytes:
    """Return where a created record is read, with the values of the request's path where it stands below another."""
    for name, value in zip(operation.path_parameters, values, strict=True):
        below = below.replace(f"{{{name}}}", quote(value, safe=""))
    return f"{below}/{quote(record_id, safe='')}".encode()


def _query(query_string: bytes) -> dict[str, str]:
    """Return the query as a flat object.

    A list of values may come in one parameter or in several of the name, as clients differ in what they make of it;
    any other name that comes twice has no meaning and is refused.
    """
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
    query: dict[str, str] = {}
    twice = set()
    for name, value in pairs:
        if name not in query:
            query[name] = value
        elif name == "fields" or name.endswith("[in]"):
            query[name] += f",{value}"
        else:
            twice.add(name)
    if twice:
        raise given_more_than_once(sorted(twice))
    return query
