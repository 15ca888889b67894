"""Pools: records that lie where a group sees them until somebody has them (CU-35 to CU-37).

The word ``pools`` of a noun whose entity is ``Pooled``. Every step tells the record by ``<noun>.updated`` too, so that
whoever keeps copies needs to know nothing of pools.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from servicekit.base.context import Caller
from servicekit.base.database import utcnow
from servicekit.base.fields import AccountId, Id, Schema
from servicekit.messages.events import publish
from servicekit.nouns.besides import CLAIMED, DISCARDED, POOL_EVENTS, UNCLAIMED
from servicekit.nouns.giving import tell
from servicekit.nouns.grants import SHARE, TEAM, AccessGrant, grants_of
from servicekit.nouns.making import Method
from servicekit.nouns.pool_rules import PENDING, PoolRules

if TYPE_CHECKING:
    from servicekit.nouns.noun import Noun

IN_STATE = ("already-claimed", "not-in-that-state", "stale-version")
NAMING = ("pool-fixed", "unknown-pool", "pool-out-of-use", "stale-version")


class AssignSchema(Schema):
    """Who gets a record of a pool."""

    account_id = AccountId(label=("分配给", "To"), required=True)


class ReturnSchema(Schema):
    """Into which pool a record goes back; none: into its own."""

    pool_id = Id(
        reference="pool",
        label=("公海池", "Pool"),
        load_default=None,
        allow_none=True,
        metadata={"example": None},
    )


class MoveSchema(Schema):
    """The pool that a record belongs to from now on."""

    pool_id = Id(reference="pool", label=("公海池", "Pool"), required=True)


def pools(noun: "Noun[Any]") -> dict[str, Method]:
    """Make the operations by which records come into a pool and out of it, and their events."""
    for happened, said in POOL_EVENTS.items():
        noun.events[happened] = noun.event(happened, f"{noun.a_record.capitalize()} {said}.")
    return {
        **_step(noun, "claim", "claimed", _claim, "claim", "Take {a_record} of a pool for one's own (CU-35)",
                reads=True, errors=(*IN_STATE, "not-of-pool", "pool-assigns", *noun.owner_errors)),
        **_step(noun, "assign", "claimed", _assign, "assign", "Give {a_record} of a pool to somebody (CU-36)",
                accepts=AssignSchema,
                errors=(*IN_STATE, "not-of-pool", "unknown-account", "account-left", *noun.owner_errors)),
        **_step(noun, "return", "returned", _return, "give_back", "Lay {a_record} into a pool (CU-37)",
                accepts=ReturnSchema, errors=("already-in-pool", "owner-out-of-reach", "pool-required", *NAMING)),
        **_step(noun, "pool", "moved", _move, "move", "Give {a_record} another pool (CU-35, CU-37)",
                reads=True, accepts=MoveSchema, errors=("not-of-pool", *NAMING), verb="move"),
        **_step(noun, "discard", "discarded", _put(DISCARDED), "discard", "Put {a_record} of a pool aside (CU-35)",
                errors=(*IN_STATE, "not-of-pool")),
        **_step(noun, "restore", "restored", _put(UNCLAIMED), "restore",
                "Let {a_record} be claimed again that was put aside (CU-35)", errors=(*IN_STATE, "not-of-pool")),
    }  # fmt: skip


Doing = Callable[["Noun[Any]", Session, Caller, Any, PoolRules, dict[str, Any]], None]


def _step(
    noun: "Noun[Any]", path: str, told: str, doing: Doing, rule: str, doc: str,
    *, reads: bool = False, accepts: type[Schema] | None = None, errors: tuple[str, ...] = (), verb: str = "",
) -> dict[str, Method]:  # fmt: skip
    """Make one step.

    Args:
        rule: what of ``PoolRules`` refuses it.
        reads: whether it is for who only sees the record, or a glimpse of it; else for who may change it.
    """

    def may(session: Session, caller: Caller, record: Any) -> bool:
        return PoolRules(noun, session, caller, record).refusal(rule) is None

    def do(session: Session, caller: Caller, record: Any, data: dict[str, Any]) -> None:
        # Held, so that of several who want it at once one has it; judged as it is then.
        session.refresh(record, with_for_update=True)
        rules = PoolRules(noun, session, caller, record)
        if refused := rules.refusal(rule):
            raise refused
        if hasattr(record, "ensure_valid"):
            record.ensure_valid()
        doing(noun, session, caller, record, rules, data)
        publish(session, record, noun.updated.of(record))

    if accepts is None:

        def step(_service: Any, record: Any, session: Session, caller: Caller) -> None:
            do(session, caller, record, {})

    else:

        def step(_service: Any, record: Any, session: Session, caller: Caller, data: dict[str, Any]) -> None:  # type: ignore[misc]
            do(session, caller, record, data)

    step.__name__ = f"{verb or path}_{noun.name}"
    step.__doc__ = doc.format(a_record=noun.a_record) + "."
    step.__module__ = noun.model.__module__
    made = noun.action(
        path,
        tells=noun.events[told],
        permission=noun.permission if reads else noun.writing,
        accepts=accepts,
        does=noun.guard("ensure_valid"),
        only_if=may,
        errors=(*errors, *noun.change_errors, *((PENDING,) if noun.approvals else ())),
        glimpses=reads,
    )(step)
    return {step.__name__: made}


def _claim(
    noun: "Noun[Any]", session: Session, caller: Caller, record: Any, _rules: PoolRules, _data: dict[str, Any]
) -> None:
    _give(noun, session, caller, record, caller.account_id)


def _assign(
    noun: "Noun[Any]", session: Session, caller: Caller, record: Any, _rules: PoolRules, data: dict[str, Any]
) -> None:
    _give(noun, session, caller, record, data["account_id"])


def _give(noun: "Noun[Any]", session: Session, caller: Caller, record: Any, owner_id: UUID) -> None:
    if noun.judge_owner is not None:
        noun.judge_owner(session, caller, record, owner_id)
    record.owner_id, record.claim_state, record.claimed_at = owner_id, CLAIMED, utcnow()
    if noun.follow_owner is not None:
        noun.follow_owner(session, record)


def _return(
    noun: "Noun[Any]", session: Session, _caller: Caller, record: Any, rules: PoolRules, data: dict[str, Any]
) -> None:
    lay(session, noun, record, rules.target(data["pool_id"]).id)


def lay(session: Session, noun: "Noun[Any]", record: Any, pool_id: UUID) -> None:
    """Lay a record into a pool, where its owner stays named and reaches nothing by that."""
    record.pool_id, record.claim_state = pool_id, UNCLAIMED
    # Who had a share or belonged to the team has no more of it than others: the pool says who sees it.
    if grants_of(session, record.id, SHARE, TEAM):
        held = (AccessGrant.record_id == record.id, AccessGrant.reason.in_((SHARE, TEAM)))
        session.execute(delete(AccessGrant).where(*held))
        tell(session, noun, record)


def _move(
    _noun: "Noun[Any]",
    _session: Session,
    _caller: Caller,
    record: Any,
    rules: PoolRules,
    data: dict[str, Any],
) -> None:
    to = rules.target(data["pool_id"]).id
    if record.pool_id != to:
        record.pooled_at = utcnow()  # From now on this pool's rule counts the days.
    record.pool_id = to


def _put(state: str) -> Doing:
    def put(
        _noun: "Noun[Any]",
        _session: Session,
        _caller: Caller,
        record: Any,
        _rules: PoolRules,
        _data: dict[str, Any],
    ) -> None:
        record.claim_state = state

    return put
