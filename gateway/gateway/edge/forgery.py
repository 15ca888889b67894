"""Requests that another site lets a browser send (CSRF): told by what only a page of ours can send, and by the browser.

A cookie goes along with a request whoever caused it, so what acts by a cookie asks for both (docs/decisions/0030).
"""

from urllib.parse import urlsplit

from gateway.context import RequestContext
from gateway.errors import Problem

HEADER = "X-CSRF-Protection"
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "Any value. A page of another site cannot send it: a browser would ask here first, and is refused.",
    "schema": {"type": "string", "minLength": 1},
    "example": "1",
}
"""What the document says of it."""


def require_own_page(context: RequestContext) -> None:
    """Refuse a request that a page of another site may have caused; raise ``cross-site-request``."""
    if not context.header(HEADER.lower().encode()):
        raise _cross_site(f"Send the header {HEADER}, with any value.")
    if not _is_own_page(context):
        raise _cross_site("The request comes from a page of another origin.")


def _is_own_page(context: RequestContext) -> bool:
    site = context.header(b"sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = context.header(b"origin")
    if origin is None:
        # Every browser names the origin of a request that changes something: this one was sent by a program.
        return True
    issuer = urlsplit(context.settings.issuer)
    return origin in (f"{issuer.scheme}://{host}" for host in (issuer.netloc, context.header(b"host")))


def _cross_site(detail: str) -> Problem:
    return Problem("forbidden", "cross-site-request", detail)
