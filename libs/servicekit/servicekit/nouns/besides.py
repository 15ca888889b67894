"""Who reaches a record besides its owner and whom it is granted to: by the pool it lies in, or because it is public.

Both are rules over the record and over identity's groups and departments, not rows: nothing has to be rewritten when a
pool gets other members, an owner another department (docs/decisions/0051). What belongs to a record is reached with it.
"""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, exists, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.belonging import entity_above
from servicekit.base.context import Caller
from servicekit.base.scopes import ALL, Places
from servicekit.nouns.access import directory_of
from servicekit.nouns.definitions import POOL, DefinitionRow
from servicekit.nouns.grants import EDIT, GLIMPSE, VIEW
from servicekit.nouns.remembered import remembered

PRIVATE, PUBLIC = "private", "public"
SHARINGS = {PRIVATE: ("私有", "Private"), PUBLIC: ("公共", "Public")}
"""Whether a record is for its owner and those above, or for the owner's department too (CU-06)."""
OWN, UNCLAIMED, CLAIMED, DISCARDED = "own", "unclaimed", "claimed", "discarded"
CLAIM_STATES = {
    OWN: ("自有", "Own"),
    UNCLAIMED: ("未领取", "Unclaimed"),
    CLAIMED: ("已领取", "Claimed"),
    DISCARDED: ("已废弃", "Discarded"),
}
CLAIM, ASSIGN = "claim", "assign"
"""How records leave a pool: its members claim them, or who keeps it assigns them (CU-36)."""
POOL_EVENTS = {
    "claimed": "was claimed from its pool, or assigned to somebody (CU-35)",
    "returned": "was laid into a pool: its owner stays named and reaches nothing by that (CU-37, CU-121)",
    "moved": "got another pool (CU-35)",
    "discarded": "was put aside in its pool (CU-35)",
    "restored": "can be claimed again, having been put aside (CU-35)",
}
"""What is told of pooled records."""
IN_POOL = (UNCLAIMED, DISCARDED)
"""While it is one of these a record lies in its pool: its owner stays named, and reaches nothing by that (CU-121)."""

GLIMPSED: set[str] = set()
"""The nouns of which a pool's members get a glimpse before they claim, unless the pool says otherwise (SA-13)."""

_KNOWN = "pools"


class MayBePublic:
    """A record that its owner's whole department may see."""

    sharing: Mapped[str] = mapped_column(default=PRIVATE)


class LiesInPool:
    """What says whether a record lies in a pool, also of another service's (docs/decisions/0055)."""

    pool_id: Mapped[UUID | None]
    claim_state: Mapped[str] = mapped_column(default=OWN)


class Pooled(LiesInPool):
    """A record that may lie in a pool, from which somebody claims it or has it assigned."""

    claimed_at: Mapped[datetime | None]
    pooled_at: Mapped[datetime | None]
    """When it became one of a pool, if that was after it was made."""

    @property
    def glimpse(self) -> bool:
        """Whether less is shown of it than there is; who looks decides that (``servicekit.nouns.glimpsing``)."""
        return False


class Pool(NamedTuple):
    """A pool as this service knows it (CU-35, CU-36, CU-37)."""

    id: UUID
    noun: str
    active: bool
    body: dict[str, Any]

    @property
    def hides(self) -> bool:
        """Whether members get a glimpse of what lies in it, until they have claimed it (SA-13)."""
        return self.noun in GLIMPSED and not self.body.get("open_details", False)

    @property
    def members_id(self) -> UUID:
        """The group whose people see what lies in it."""
        return UUID(self.body["members_group_id"])

    @property
    def admins_id(self) -> UUID:
        """The group whose people keep what lies in it."""
        return UUID(self.body["admins_group_id"])

    def level_of(self, caller: Caller) -> int:
        """Return how far somebody reaches what lies in it; 0: not at all."""
        if self.admins_id in caller.principals:
            return EDIT
        if self.members_id not in caller.principals:
            return 0
        return GLIMPSE if self.hides else VIEW


def pools_of(session: Session, noun: str) -> dict[UUID, Pool]:
    """Return the pools of a noun, the same for all of a transaction; those out of use too, as records lie in them."""
    known: dict[str, dict[UUID, Pool]] = remembered(session, _KNOWN)
    if noun not in known:
        row = DefinitionRow
        asked = select(row.id, row.noun, row.active, row.body).where(row.kind == POOL, row.noun == noun)
        known[noun] = {each.id: Pool(*each) for each in session.connection().execute(asked)}
    return known[noun]


def entity_of(record: Any) -> Any:
    """Return the entity of a record, or of its view."""
    return getattr(type(record), "entity", type(record))


def holder(model: Any) -> tuple[Any, str] | None:
    """Return the entity by whose state a record is judged, and the column with its id; None if nobody is judged so."""
    granted_as = getattr(model, "granted_as", None)
    if granted_as is None or granted_as[1] == "id":
        return (model, "id") if hasattr(model, "claim_state") or hasattr(model, "sharing") else None
    return _parent(model, granted_as)


@cache
def _parent(model: Any, granted_as: tuple[str, str]) -> tuple[Any, str] | None:
    above = entity_above(model, granted_as[0])
    return (above, granted_as[1]) if above is not None and holder(above) else None


def noun_of(entity: Any) -> str:
    """Return what the records of an entity are called."""
    return str(entity.granted_as[0] if getattr(entity, "granted_as", None) else entity.__tablename__)


def not_in_pool(model: Any) -> list[ColumnElement[bool]]:
    """Return the condition that a record does not lie in a pool: there its owner gives no reach."""
    found = holder(model)
    if found is None or not hasattr(found[0], "claim_state"):
        return []
    entity, column = found
    if entity is model:
        return [entity.claim_state.not_in(IN_POOL)]
    lies = select(entity.id).where(entity.id == getattr(model, column), entity.claim_state.in_(IN_POOL))
    return [~exists(lies.correlate(model))]


def by_pool(session: Session, caller: Caller, model: Any, level: int) -> ColumnElement[bool] | None:
    """Return the condition that a record lies in a pool of the caller's, or None if nothing does."""
    found = holder(model)
    if found is None or not hasattr(found[0], "claim_state"):
        return None
    entity, column = found
    mine = [pool.id for pool in pools_of(session, noun_of(entity)).values() if pool.level_of(caller) >= level]
    if not mine:
        return None
    lies = entity.claim_state.in_(IN_POOL) & (entity.pool_id == any_(literal(mine, ARRAY(Uuid()))))
    return _of(model, entity, column, lies)


def by_department(
    session: Session, caller: Caller, model: Any, scope: str | None
) -> ColumnElement[bool] | None:
    """Return the condition that a record is public in the caller's department, or None if nothing is, or what is lies
    within a scope anyway."""
    found = holder(model)
    if found is None or not hasattr(found[0], "sharing") or caller.department_id is None:
        return None
    if scope is not None and (scope == ALL or _reaches_home(caller, scope)):
        return None
    entity, column = found
    account, _ = directory_of(session)
    asked = select(account.c.id).where(account.c.department_id == caller.department_id)
    colleagues = [*session.connection().scalars(asked)]
    public = (entity.sharing == PUBLIC) & (entity.owner_id == any_(literal(colleagues, ARRAY(Uuid()))))
    for condition in not_in_pool(entity):
        public &= condition
    return _of(model, entity, column, public)


def _of(model: Any, entity: Any, column: str, condition: Any) -> ColumnElement[bool]:
    if entity is model:
        return condition  # type: ignore[no-any-return]
    found: ColumnElement[bool] = getattr(model, column).in_(select(entity.id).where(condition))
    return found


def _reaches_home(caller: Caller, scope: str) -> bool:
    """Tell whether a scope reaches everybody of the caller's own department."""
    places = Places.of(caller, scope)
    home = caller.department_id
    return home in places.below or home in places.exactly or places.institution is not None


class State(NamedTuple):
    """How a single record stands: the pool it lies in, and whose department may see it."""

    in_pool: bool
    pool: Pool | None
    owner_id: UUID | None
    public: bool

    @classmethod
    def of(cls, session: Session, record: Any) -> "State":
        """Return how a record, or the one that it belongs to, stands."""
        found = holder(entity_of(record))
        if found is None:
            return cls(False, None, None, False)
        entity, column = found
        judged = record if column == "id" else _row(session, entity, getattr(record, column))
        if judged is None:
            return cls(False, None, None, False)
        in_pool = getattr(judged, "claim_state", OWN) in IN_POOL
        pool = pools_of(session, noun_of(entity)).get(judged.pool_id) if in_pool else None
        public = not in_pool and getattr(judged, "sharing", PRIVATE) == PUBLIC
        return cls(in_pool, pool, judged.owner_id, public)

    def lets(self, session: Session, caller: Caller, level: int) -> bool:
        """Tell whether it lets somebody reach the record."""
        if self.in_pool:
            return self.pool is not None and self.pool.level_of(caller) >= level
        if not self.public or level > VIEW or caller.department_id is None:
            return False
        return self.department_id(session) == caller.department_id

    def department_id(self, session: Session) -> UUID | None:
        """Return the department of the owner."""
        account, _ = directory_of(session)
        found: UUID | None = session.connection().scalar(
            select(account.c.department_id).where(account.c.id == self.owner_id)
        )
        return found


def _row(session: Session, entity: Any, record_id: UUID) -> Any:
    names = [name for name in ("owner_id", "pool_id", "claim_state", "sharing") if hasattr(entity, name)]
    asked = select(*(getattr(entity, name).label(name) for name in names)).where(entity.id == record_id)
    return session.execute(asked).first()
