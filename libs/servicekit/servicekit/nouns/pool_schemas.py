"""What is shown and taken of a record that may lie in a pool, the same of every noun that has pools (CU-35, SA-13)."""

from servicekit.base.fields import Code, Id, Timestamp
from servicekit.nouns.besides import CLAIM_STATES, OWN, UNCLAIMED

CREATED_AS = {each: CLAIM_STATES[each] for each in (OWN, UNCLAIMED)}
"""Whose a new record is: somebody's own, or nobody's yet in a pool (CU-87)."""
_POOL = ("所属公海", "Pool")


def pool_shown() -> Id:
    """Return the field with the pool that a record is of."""
    return Id(label=_POOL, reference="pool", dump_only=True, allow_none=True, metadata={"example": None})


def claim_state_shown() -> Code:
    """Return the field that says whether a record lies in its pool (CU-121)."""
    return Code(CLAIM_STATES, label=("领取状态", "Claim state"), dump_only=True)


def claimed_at_shown() -> Timestamp:
    """Return the field that says since when somebody has a record of a pool."""
    return Timestamp(
        label=("领取时间", "Claimed at"), dump_only=True, allow_none=True, metadata={"example": None}
    )


def pool_taken() -> Id:
    """Return the field with the pool of a new record."""
    return Id(label=_POOL, reference="pool", load_default=None, allow_none=True, metadata={"example": None})


def claim_state_taken() -> Code:
    """Return the field that says whether a new record lies in its pool (CU-120)."""
    return Code(
        CREATED_AS,
        label=("创建类型", "Created as"),
        load_default=OWN,
        metadata={"description": "Unclaimed: it lies in its pool (CU-120)."},
    )
