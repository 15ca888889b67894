"""What is known about the request in hand; made once at the edge and found in the ASGI scope."""

from __future__ import annotations

import re
import time
from collections.abc import MutableMapping
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from gateway.errors import preferred_language
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.edge.sessions import Caller

SCOPE_KEY = "kehu.request"
SINGLE_HEADERS = frozenset(
    (b"authorization", b"content-encoding", b"content-type", b"idempotency-key", b"x-correlation-id")
)
"""Headers that have one value; of two different ones nobody can say which was meant."""
TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class RequestContext:
    """The facts of one request that the edge, the routes and the log share."""

    __slots__ = (
        "account_id",
        "caller",
        "contradicting",
        "correlation_id",
        "headers",
        "only_headers",
        "response_headers",
        "route",
        "scope",
        "settings",
        "started",
        "status",
        "waited",
    )

    def __init__(self, scope: MutableMapping[str, Any], settings: Settings):
        self.scope = scope
        self.settings = settings
        self.started = time.perf_counter()
        self.headers, self.contradicting = _combined(scope["headers"])
        self.only_headers = False
        """Whether it is a HEAD: answered as a GET, whose body nobody waits for."""
        self.correlation_id = _correlation_id(self.headers.get(b"x-correlation-id"))
        self.response_headers: list[tuple[bytes, bytes]] = []
        self.route: str | None = None
        self.account_id: str | None = None
        self.caller: Caller | None = None
        self.status: int | None = None
        self.waited = 0.0
        """Seconds for which the client asked to wait: they say nothing of how fast the gateway is."""

    def header(self, name: bytes) -> str | None:
        """Return a request header's value, or None."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def language(self) -> str:
        """The language for titles, ``zh`` or ``en``."""
        return preferred_language(self.header(b"accept-language") or "", self.settings.default_language)

    @property
    def client_address(self) -> str:
        """The client's address; X-Forwarded-For counts only as far as trusted proxies wrote it."""
        client = self.scope.get("client")
        address = client[0] if client else ""
        networks = self.settings.trusted_networks
        if not networks:
            return address
        hops = [hop.strip() for hop in (self.header(b"x-forwarded-for") or "").split(",") if hop.strip()]
        while hops and _inside(address, networks):
            address = hops.pop()
        return address

    def rpc_headers(self) -> dict[str, str]:
        """Return the message headers that every call on behalf of this request carries."""
        headers = {"nameko.correlation_id": self.correlation_id, "nameko.client_address": self.client_address}
        traceparent = self.headers.get(b"traceparent")
        if traceparent is not None and TRACEPARENT.fullmatch(traceparent):
            headers["nameko.traceparent"] = traceparent.decode()
        return headers


def request_context(scope: MutableMapping[str, Any]) -> RequestContext:
    """Return the context that the edge put into the scope."""
    context: RequestContext = scope[SCOPE_KEY]
    return context


def _combined(fields: list[tuple[bytes, bytes]]) -> tuple[dict[bytes, bytes], bytes | None]:
    """Return the headers by name, and the name of one that came with two values and may have only one.

    A header that is a list may come in several lines, which are one list (RFC 9110, section 5.3).
    """
    headers = dict(fields)
    if len(headers) == len(fields):
        return headers, None
    headers, contradicting = {}, None
    for name, value in fields:
        if name not in headers:
            headers[name] = value
        elif name not in SINGLE_HEADERS:
            headers[name] += b", " + value
        elif headers[name] != value:
            contradicting = name
    return headers, contradicting


def _correlation_id(value: bytes | None) -> str:
    """Return the process of a request: a client's own id for it, or a new one.

    Who sends the id of another's process learns nothing by it: what is told of a process is told step by step, each to
    whose step it was.
    """
    if value is not None and len(value) == 36:
        try:
            return str(UUID(value.decode("ascii")))
        except ValueError:
            pass
    return str(uuid4())


def _inside(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
