"""Reading a request's body: limited in size, time, depth and members, JSON only, nothing ambiguous."""

import asyncio
import json
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.context import RequestContext, request_context
from gateway.errors import Problem

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Not part of JSON, but what many programs begin a file with; a reader may pass over it (RFC 8259, section 8.1)."""
DEEPEST = 20
"""Levels of objects and lists in one another; what the services take has five at most."""
MOST_MEMBERS = 20_000
"""Values in one body, on all levels together: a contract with all the lines and terms it may have has 8,000."""


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


CLOSE = [(b"connection", b"close")]
"""The rest of the body is not read, so the connection cannot be used again."""


class LimitBody:
    """Refuses a body over the limit, by what it declares and by what really comes, and one that does not end in time.

    The server itself waits for each next byte, so that a client that sends one now and then would stay for hours.
    """

    def __init__(self, app: ASGIApp, limit: int, seconds: float):
        self.app = app
        self._limit = limit
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        declared = request_context(scope).headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit:
            raise self._too_large()
        size, whole = 0, False
        until = asyncio.get_running_loop().time() + self._seconds

        async def count() -> Message:
            nonlocal size, whole
            if whole:
                return await receive()  # Waits for the client to go away, however long the answer takes.
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise self._too_slow() from None
            whole = not message.get("more_body")
            size += len(message.get("body", b""))
            if size > self._limit:
                raise self._too_large()
            return message

        await self.app(scope, count, send)

    def _too_large(self) -> Problem:
        return Problem("invalid", "body-too-large", f"The body is over {self._limit} bytes.", headers=CLOSE)

    def _too_slow(self) -> Problem:
        detail = f"The body did not come within {self._seconds:g} seconds."
        return Problem("invalid", "request-timeout", detail, headers=CLOSE)


async def read_json_object(context: RequestContext, receive: Receive) -> dict[str, Any]:
    """Return the body's JSON object; an empty body counts as an empty object."""
    body = (await _read(receive)).removeprefix(BYTE_ORDER_MARK)
    if not body:
        return {}
    _check_content_type(context)
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem("invalid", "malformed-json", f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise Problem("invalid", "malformed-json", "The body must be a JSON object.")
    _check_shape(data)
    # Numbers are left as they stand: orjson has read them, and Python would not read the longest.
    json.loads(body, object_pairs_hook=_refuse_doubles, parse_int=str, parse_float=str)
    return data


def _refuse_doubles(pairs: list[tuple[str, Any]]) -> None:
    """Refuse an object that says two things of one name; orjson would take the last."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise Problem("invalid", "malformed-json", "An object of the body has a name more than once.")


def _check_shape(data: dict[str, Any]) -> None:
    """Refuse what is nested too deeply or has too many members; the check itself ends at the limit."""
    level: list[Any] = [data]
    members = 0
    for _ in range(DEEPEST):
        below: list[Any] = []
        for container in level:
            members += len(container)
            if members > MOST_MEMBERS:
                raise Problem(
                    "invalid", "body-too-large", f"The body has more than {MOST_MEMBERS:,} members."
                )
            values = container.values() if isinstance(container, dict) else container
            below += [value for value in values if isinstance(value, dict | list)]
        if not below:
            return
        level = below
    raise Problem("invalid", "malformed-json", f"The body is nested more than {DEEPEST} levels deep.")


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _check_content_type(context: RequestContext) -> None:
    encoding = context.headers.get(b"content-encoding", b"identity").strip().lower()
    media_type, _, parameters = (context.header(b"content-type") or "application/json").partition(";")
    media_type = media_type.strip().lower()
    is_json = media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
    charset = "utf-8"
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower()
    if not is_json or charset not in ("utf-8", "utf8") or encoding != b"identity":
        raise Problem(
            "invalid", "unsupported-media-type", "The body must be application/json in UTF-8, not compressed."
        )
