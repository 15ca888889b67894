"""What permissions are called, by noun: for people who make roles.

    class ContractService(ContractOperations, Service):
        permits = {"contract": Deeds(("合同", "Contracts"), read=SEE, write=KEEP, sign=Deed(("签订", "Sign")))}

A noun that is declared whole (``servicekit.nouns.noun``) names its deeds itself.
"""

from typing import NamedTuple

from servicekit.base.labels import Label
from servicekit.base.scopes import ALL


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


class Deeds:
    """What may be done with a noun: the permission ``contract.sign`` is the deed ``sign`` of ``contract``."""

    def __init__(self, label: Label, **deeds: Deed):
        self.label = label
        self.deeds = deeds
