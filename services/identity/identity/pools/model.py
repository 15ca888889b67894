"""The pool, a definition that every service knows."""

from typing import Any, cast
from uuid import UUID

from identity.definitions.model import Definition
from servicekit import Caller
from servicekit.base.texts import name_key
from servicekit.nouns.besides import ASSIGN, CLAIM
from servicekit.nouns.definitions import POOL

NOUNS = {"customer": ("客户", "Customers"), "lead": ("线索", "Leads")}
"""Of which nouns there are pools."""
POLICIES = {CLAIM: ("成员自行领取", "Members claim"), ASSIGN: ("管理员分配", "Keepers assign")}


class PoolDefinition(Definition):
    """Whose records lie where, who sees them there, and who keeps them (CU-35, CU-36, CU-37)."""

    __mapper_args__ = {"polymorphic_identity": POOL}

    def fill_in(self, **values: Any) -> None:
        """Set what a pool is called, who sees and keeps it, and how records leave it; None leaves what is there."""
        for name in ("noun", "active"):
            if name in values:
                setattr(self, name, values.pop(name))
        said = {name: str(each) if isinstance(each, UUID) else each for name, each in values.items()}
        self.body = {**(self.body or {}), **said}
        self.key = name_key(self.name)

    @property
    def name(self) -> str:
        """What it is called; unique among the pools of its noun."""
        return str(self.body["name"])

    @property
    def members_group_id(self) -> UUID:
        """The group whose people see what lies in it."""
        return UUID(self.body["members_group_id"])

    @property
    def admins_group_id(self) -> UUID:
        """The group whose people keep what lies in it."""
        return UUID(self.body["admins_group_id"])

    @property
    def policy(self) -> str:
        """Whether members claim, or who keeps it assigns."""
        return str(self.body["policy"])

    @property
    def may_move(self) -> bool:
        """Whether members move records to other pools."""
        return bool(self.body["may_move"])

    @property
    def open_details(self) -> bool:
        """Whether members look into what lies in it before they claim it; pools from before this said nothing."""
        return bool(self.body.get("open_details", False))

    @property
    def recycle_idle_days(self) -> int | None:
        """After how many days without activity a record comes back; None: never."""
        return cast("int | None", self.body.get("recycle_idle_days"))

    @property
    def recycle_unconverted_days(self) -> int | None:
        """After how many days without a result it does; None: never."""
        return cast("int | None", self.body.get("recycle_unconverted_days"))

    def is_of(self, caller: Caller) -> bool:
        """Tell whether somebody sees or keeps what lies in it."""
        return not {self.members_group_id, self.admins_group_id}.isdisjoint(caller.principals)
