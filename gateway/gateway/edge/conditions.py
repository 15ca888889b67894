"""Conditional and repeatable requests: If-Match, If-None-Match, Idempotency-Key."""

import re

from gateway.context import RequestContext
from gateway.errors import Problem

ENTITY_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
ENTITY_TAGS = re.compile(rf"[ \t,]*{ENTITY_TAG}(?:[ \t]*,[ \t,]*{ENTITY_TAG})*[ \t,]*")
ONE_TAG = re.compile(ENTITY_TAG)
VERSION = re.compile(r'"([1-9][0-9]{0,17})"')
NO_VERSION = "0"
"""What no record has: for a request whose tags can match none."""
KEY_CHARACTERS = re.compile(r"[\x20-\x7e]{1,200}")


def conditions(context: RequestContext) -> dict[str, str]:
    """Return the message headers for the request's If-Match and Idempotency-Key."""
    headers: dict[str, str] = {}
    if_match = context.header(b"if-match")
    if if_match is not None and if_match.strip() != "*":
        headers["nameko.if_match"] = _versions(if_match)
    key = context.header(b"idempotency-key")
    if key is not None:
        if not KEY_CHARACTERS.fullmatch(key):
            raise Problem(
                "invalid", "malformed-idempotency-key", "Idempotency-Key must be 1 to 200 ASCII characters."
            )
        headers["nameko.idempotency_key"] = key
    return headers


def _versions(if_match: str) -> str:
    """Return the versions that an If-Match names (RFC 9110, section 13.1.1).

    Tags are compared strongly: a weak one matches nothing, and neither does one that no record of ours ever had. That
    is a 412, which the service says, as only it knows whether there is such a record; what is no list of tags is a 400.
    """
    if not ENTITY_TAGS.fullmatch(if_match):
        raise Problem(
            "invalid", "malformed-if-match", 'If-Match must be ETags, such as "3" or "3", "4", or *.'
        )
    versions = [VERSION.fullmatch(tag) for tag in ONE_TAG.findall(if_match)]
    return ",".join(dict.fromkeys(found[1] for found in versions if found)) or NO_VERSION


def is_unchanged(context: RequestContext, etag: str) -> bool:
    """Whether the client already has this version (If-None-Match, compared weakly)."""
    known = context.header(b"if-none-match")
    if known is None:
        return False
    if known.strip() == "*":
        return True
    return any(tag.removeprefix("W/") == etag for tag in ONE_TAG.findall(known))
