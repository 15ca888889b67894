"""Which nouns of any service take fields at run time, and which they have anyway, as their contract files say it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from servicekit.base.published import documents


@dataclass(frozen=True)
class Taker:
    """A noun that takes fields at run time."""

    path: str
    references: tuple[str, ...]
    """The nouns whose records such a field may name."""
    fields: Mapping[str, Mapping[str, Any]]
    """The fields that are asked for anyway when a record is made, as the contract describes them."""
    always: frozenset[str]
    """Those of them without which no record is made, whatever is set."""


@cache
def takers() -> Mapping[str, Taker]:
    """Return the nouns that take fields at run time, by name."""
    return {
        noun: _taker(document, told)
        for document in documents("openapi.json")
        for noun, told in document.get("x-custom-fields", {}).items()
    }


def _taker(document: Mapping[str, Any], told: Mapping[str, Any]) -> Taker:
    body = document["paths"][told["path"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    asked = {name: said for name, said in schema["properties"].items() if name != "custom"}
    return Taker(told["path"], tuple(told["references"]), asked, frozenset(schema.get("required", ())))
