"""What permissions are called, as a contract has it: ``x-permissions`` (docs/decisions/0032).

Whoever shows roles needs no words of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from servicekit.base import labels
from servicekit.base.scopes import SOME
from servicekit.nouns.access import ForAll
from servicekit.nouns.declarations import Operation
from servicekit.nouns.deeds import ONLY_FOR_ALL, Deeds


def described(permits: Mapping[str, Deeds], operations: list[Operation]) -> dict[str, Any]:
    """Return the permissions of a service as its contract has them.

    Args:
        permits: by noun.
        operations: all that the service offers, which say what is held for all or not at all.
    """
    whole = {str(each.permission) for each in operations if isinstance(each.permission, ForAll)}
    return {
        name: {
            "x-label": labels.written(noun.label),
            "x-order": place,
            "deeds": {
                deed: {
                    "x-label": labels.written(said.label),
                    "x-order": order,
                    "scopes": [*(said.scopes or (ONLY_FOR_ALL if f"{name}.{deed}" in whole else SOME))],
                    **({"x-for-people": True} if said.for_people else {}),
                    **({"x-inside": True} if said.inside else {}),
                }
                for order, (deed, said) in enumerate(noun.deeds.items(), 1)
            },
        }
        for place, (name, noun) in enumerate(permits.items(), 1)
    }


def faults(document: Mapping[str, Any]) -> list[str]:
    """Return one sentence for every permission of a contract that has no name, every name without a permission that
    something asks for, and every name that people could not read.
    """
    nouns = document.get("x-permissions", {})
    named = {f"{noun}.{deed}": each for noun, told in nouns.items() for deed, each in told["deeds"].items()}
    needed = {
        operation["x-permission"]
        for path in document["paths"].values()
        for operation in path.values()
        if "x-permission" in operation
    }
    asked_for = needed | {name for name, each in named.items() if each.get("x-inside")}
    return [
        *(f"the permission {name} has no label" for name in sorted(needed - named.keys())),
        *(f"nothing asks for the permission {name}" for name in sorted(named.keys() - asked_for)),
        *_of(nouns),
    ]


def _of(nouns: Mapping[str, Any]) -> Iterator[str]:
    yield from labels.faults_of("x-permissions", nouns)
    for name, noun in nouns.items():
        yield from labels.faults_of(name, noun["deeds"])
