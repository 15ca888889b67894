"""Fields at run time as an administrator has declared them, told to a service."""

from collections.abc import Mapping
from typing import Any

from servicekit.testing import RunningService


def an_option(code: str, chinese: str, english: str, *, active: bool = True) -> dict[str, Any]:
    return {"code": code, "label": {"zh": chinese, "en": english}, "active": active}


COLOURS = [
    an_option("red", "红", "Red"),
    an_option("green", "绿", "Green"),
    an_option("old", "旧", "Old", active=False),
]
EVERY: Mapping[str, Mapping[str, Any]] = {
    "slogan": {"type": "text"},
    "story": {"type": "long_text"},
    "score": {"type": "number"},
    "budget": {"type": "money", "currency": "JPY"},
    "founded": {"type": "date"},
    "called": {"type": "time"},
    "colour": {"type": "choice", "options": COLOURS},
    "hues": {"type": "choices", "options": COLOURS},
    "listed": {"type": "flag"},
    "helper": {"type": "person"},
    "parent": {"type": "reference", "reference": "customer"},
}
"""A field of every type."""


def declare(
    service: RunningService, noun: str, key: str, *, version: int = 1, active: bool = True, **body: Any
) -> None:
    """Let a noun have a field; without a type it is one that the noun has anyway."""
    label = {"zh": f"字段{key}", "en": key.title()}
    said = {"label": label, **body} if "type" in body else {"label": label, "standard": True, **body}
    service.define("field", key, said, version, noun=noun, active=active, position=1)


def declare_every(service: RunningService, noun: str, **more: Any) -> None:
    """Let a noun have a field of every type."""
    for key, body in EVERY.items():
        declare(service, noun, key, **body, **more)
