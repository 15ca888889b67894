"""Reading a request's body: limited in size, JSON only, nothing ambiguous."""

from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.context import RequestContext, request_context
from gateway.errors import Problem


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""


class LimitBody:
    """Refuses a body over the limit, by what it declares and by what really comes."""

    def __init__(self, app: ASGIApp, limit: int):
        self.app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        declared = request_context(scope).headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit:
            raise self._too_large()
        size = 0

        async def count() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._limit:
                raise self._too_large()
            return message

        await self.app(scope, count, send)

    def _too_large(self) -> Problem:
        # The rest of the body is not read, so the connection cannot be used again.
        close = [(b"connection", b"close")]
        return Problem("invalid", "body-too-large", f"The body is over {self._limit} bytes.", headers=close)


async def read_json_object(context: RequestContext, receive: Receive) -> dict[str, Any]:
    """Return the body's JSON object; an empty body counts as an empty object."""
    body = await _read(receive)
    if not body:
        return {}
    _check_content_type(context)
    try:
        data = orjson.loads(body)
        if isinstance(data, dict):
            # What orjson refuses to write again is nested too deeply for the services to read.
            orjson.dumps(data)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise Problem("invalid", "malformed-json", f"The body is not valid JSON: {error}.") from None
    if not isinstance(data, dict):
        raise Problem("invalid", "malformed-json", "The body must be a JSON object.")
    return data


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
