"""Who may do what with a record of a pool: one judge for the operations and for ``can`` (CU-35 to CU-37, CU-85)."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.errors import Conflict, Fault, Forbidden, Invalid, OperationError
from servicekit.base.scopes import ALL
from servicekit.nouns.access import covers, holds, permission_required
from servicekit.nouns.besides import ASSIGN, DISCARDED, IN_POOL, OWN, UNCLAIMED, Pool, pools_of
from servicekit.nouns.grants import EDIT

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

NEW_IN_POOL = ("pool-required", "unknown-pool", "pool-out-of-use")
"""What refuses a new record of a pool."""
PENDING = "approval-pending"
NOT_KEEPER = "Who keeps the pool does this."


class PoolRules:
    """What somebody may do with a record that lies in a pool, or could.

    Args:
        record: the entity, or its view.
    """

    def __init__(self, noun: "Noun[Any]", session: Session, caller: Caller, record: Any) -> None:
        self.noun, self.session, self.caller, self.record = noun, session, caller, record
        self.pools = pools_of(session, noun.name)
        self.home = self.pools.get(record.pool_id) if record.pool_id else None
        self.everybodys = caller.scope(noun.writing) == ALL

    def refusal(self, rule: str) -> OperationError | None:
        """Return what keeps the caller from a step: its own rule, or that the record waits for an approval, which was
        asked of it as it is."""
        refused: OperationError | None = getattr(self, rule)()
        if refused is None and getattr(self.record, "approval_step", None) is not None:
            return Conflict(
                PENDING, "It waits for an approval, and changes neither hands nor pool meanwhile."
            )
        return refused

    def keeps(self, pool: Pool | None) -> bool:
        """Tell whether the caller keeps a pool, or everything."""
        return self.everybodys or (pool is not None and pool.level_of(self.caller) >= EDIT)

    def belongs(self, pool: Pool | None) -> bool:
        """Tell whether the caller sees what lies in a pool."""
        return self.everybodys or (pool is not None and pool.level_of(self.caller) > 0)

    def claim(self) -> OperationError | None:
        """Return what keeps the caller from taking the record for their own."""
        if not holds(self.caller, self.noun.writing):
            return permission_required(self.noun.writing)
        if refused := self._not(UNCLAIMED):
            return refused
        if not self.belongs(self.home):
            return Forbidden("not-of-pool", "Who belongs to the pool claims from it.")
        if self.home is not None and self.home.body["policy"] == ASSIGN and not self.keeps(self.home):
            return Forbidden("pool-assigns", "Nobody claims from this pool: who keeps it assigns.")
        return None

    def assign(self) -> OperationError | None:
        """Return what keeps the caller from giving the record to somebody."""
        return self._not(UNCLAIMED) or self._not_kept()

    def discard(self) -> OperationError | None:
        """Return what keeps the caller from putting the record aside."""
        return self._not(UNCLAIMED) or self._not_kept()

    def restore(self) -> OperationError | None:
        """Return what keeps the caller from taking the record back that was put aside."""
        return self._not(DISCARDED) or self._not_kept()

    def give_back(self) -> OperationError | None:
        """Return what keeps the caller from laying the record into a pool: who edits by a share hands nothing over."""
        if self.record.claim_state in IN_POOL:
            return Conflict("already-in-pool", "It lies in a pool already.")
        if not covers(self.session, self.caller, self.noun.writing, self.record.owner_id):
            return Forbidden("owner-out-of-reach", "Whoever has it in their reach gives it back.")
        return None

    def move(self) -> OperationError | None:
        """Return what keeps the caller from giving the record another pool."""
        if not holds(self.caller, self.noun.writing):
            return permission_required(self.noun.writing)
        if self.record.claim_state in IN_POOL:
            moves = self.home is not None and bool(self.home.body["may_move"]) and self.belongs(self.home)
            return None if moves or self.keeps(self.home) else Forbidden("not-of-pool", NOT_KEEPER)
        if not covers(self.session, self.caller, self.noun.writing, self.record.owner_id):
            return permission_required(self.noun.writing)
        return None if self.home is None or self._moves() else self._fixed()

    def target(self, pool_id: UUID | None) -> Pool:
        """Return the pool that the record goes to, if it may.

        Raises:
            Invalid: ``pool-required``, ``unknown-pool``, ``pool-out-of-use``.
            Forbidden: ``pool-fixed``, where only who keeps its pool lets it go to another one (CU-37).
        """
        wanted = pool_id or (self.home and self.home.id)
        if wanted is None:
            raise Invalid.field("pool_id", Fault("pool-required", "Say which pool."))
        found = usable_pool(self.pools, wanted)
        if self.home is None and not self.belongs(found):
            raise Invalid.field("pool_id", Fault("unknown-pool", "There is no such pool."))
        if self.home is not None and found.id != self.home.id and not self._moves():
            raise self._fixed()
        return found

    def _moves(self) -> bool:
        return self.home is not None and (bool(self.home.body["may_move"]) or self.keeps(self.home))

    def _fixed(self) -> OperationError:
        return Forbidden("pool-fixed", "It goes back to its own pool: only who keeps that moves it on.")

    def _not(self, state: str) -> OperationError | None:
        if self.record.claim_state == state:
            return None
        if self.record.claim_state == "claimed" and state == UNCLAIMED:
            return Conflict("already-claimed", "Somebody has it already.")
        return Conflict("not-in-that-state", f"The record is {self.record.claim_state}, not {state}.")

    def _not_kept(self) -> OperationError | None:
        return None if self.keeps(self.home) else Forbidden("not-of-pool", NOT_KEEPER)


def usable_pool(pools: dict[UUID, Pool], pool_id: UUID) -> Pool:
    """Return a pool that takes records.

    Raises:
        Invalid: ``unknown-pool``, ``pool-out-of-use``.
    """
    found = pools.get(pool_id)
    if found is None:
        raise Invalid.field("pool_id", Fault("unknown-pool", "There is no such pool."))
    if not found.active:
        raise Invalid.field("pool_id", Fault("pool-out-of-use", "The pool takes nothing more."))
    return found


def check_new(
    noun: "Noun[Any]",
    session: Session,
    caller: Caller,
    pool_id: UUID | None,
    claim_state: str,
    *,
    required: bool = False,
) -> None:
    """Look whether a record that is about to be made may be of a pool, or has to be of one (CU-87, CU-120, SA-103).

    Raises:
        Invalid: ``pool-required``; ``unknown-pool``, also of one that is not the caller's; ``pool-out-of-use``.
    """
    if pool_id is None:
        if claim_state != OWN or required:
            raise Invalid.field("pool_id", Fault("pool-required", "Say which pool."))
        return
    found = usable_pool(pools_of(session, noun.name), pool_id)
    if caller.scope(noun.writing) != ALL and found.level_of(caller) == 0:
        raise Invalid.field("pool_id", Fault("unknown-pool", "There is no such pool."))
