"""What permissions are called, by noun: for people who make roles.

    class ContractService(ContractOperations, Service):
        permits = {"contract": Noun(("合同", "Contracts"), read=SEE, write=KEEP, sign=Deed(("签订", "Sign")))}

The contract carries them as ``x-permissions`` (docs/decisions/0032): whoever shows roles needs no words of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from servicekit.base import labels
from servicekit.base.labels import Label
from servicekit.nouns.access import ALL, SCOPES, ForAll
from servicekit.nouns.operations import Operation


class Deed(NamedTuple):
    """What a permission lets one do with a noun.

    Args:
        label: what that is called, in Chinese and in English.
        scopes: in which it can be held; by itself what the operations that need it say.
        for_people: whether no program may hold it.
        inside: whether no operation needs it as a whole: some look at it besides, or the feed does.
    """

    label: Label
    scopes: tuple[str, ...] = ()
    for_people: bool = False
    inside: bool = False


ONLY_FOR_ALL = (ALL,)
SEE, KEEP = Deed(("查看", "See")), Deed(("新建和编辑", "Make and change"))
"""What most nouns have."""
FOLLOW = Deed(("在事件中查看", "Follow in events"), inside=True)
"""Of what is shown with another noun, and has events of its own."""


class Noun:
    """A noun and what may be done with it: the permission ``contract.sign`` is the deed ``sign`` of ``contract``."""

    def __init__(self, label: Label, **deeds: Deed):
        self.label = label
        self.deeds = deeds


def described(permits: Mapping[str, Noun], operations: list[Operation]) -> dict[str, Any]:
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
                    "scopes": [*(said.scopes or (ONLY_FOR_ALL if f"{name}.{deed}" in whole else SCOPES))],
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
