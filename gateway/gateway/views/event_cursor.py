"""The cursor of the event feed: how far each service has been read, in a form that clients keep and do not read."""

import base64
import binascii
import re

import orjson

from gateway.errors import Problem

BEGINNING, END = "beginning", "end"
LONGEST = 4000
HIGHEST = 10**18
SERVICE = re.compile(r"[a-z][a-z0-9-]{0,63}")

Positions = dict[str, int]


def encode_cursor(positions: Positions) -> str:
    """Return the cursor for positions; a service without one is to be read from its oldest event."""
    return base64.urlsafe_b64encode(orjson.dumps(positions, option=orjson.OPT_SORT_KEYS)).decode().rstrip("=")


def decode_cursor(text: str) -> Positions:
    """Return the positions of a cursor; raise ``invalid-cursor`` for anything that ``encode_cursor`` never gave."""
    try:
        if len(text) > LONGEST:
            raise ValueError
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        positions = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(positions, dict) or not all(map(_is_position, positions, positions.values())):
            raise ValueError
    except (ValueError, binascii.Error):
        raise Problem(
            "invalid",
            "invalid-cursor",
            "after is no cursor of this feed: send the next of an earlier answer.",
        ) from None
    return positions


def _is_position(service: str, position: object) -> bool:
    return SERVICE.fullmatch(service) is not None and type(position) is int and 0 <= position <= HIGHEST
