"""Conditional and repeatable requests: If-Match, If-None-Match, Idempotency-Key."""

import re

from gateway.context import RequestContext
from gateway.errors import Problem

STRONG_VERSION = re.compile(r'"([0-9]{1,18})"')
KEY_CHARACTERS = re.compile(r"[\x20-\x7e]{1,200}")


def conditions(context: RequestContext) -> dict[str, str]:
    """Return the message headers for the request's If-Match and Idempotency-Key."""
    headers: dict[str, str] = {}
    if_match = context.header(b"if-match")
    if if_match is not None and if_match.strip() != "*":
        version = STRONG_VERSION.fullmatch(if_match.strip())
        if version is None:
            raise Problem(
                "invalid", "malformed-if-match", 'If-Match must be the ETag of the record, such as "3", or *.'
            )
        headers["nameko.if_match"] = version[1]
    key = context.header(b"idempotency-key")
    if key is not None:
        if not KEY_CHARACTERS.fullmatch(key):
            raise Problem(
                "invalid", "malformed-idempotency-key", "Idempotency-Key must be 1 to 200 ASCII characters."
            )
        headers["nameko.idempotency_key"] = key
    return headers


def is_unchanged(context: RequestContext, etag: str) -> bool:
    """Whether the client already has this version (If-None-Match, compared weakly)."""
    known = context.header(b"if-none-match")
    if known is None:
        return False
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in known.split(","))
