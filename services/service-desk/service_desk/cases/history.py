"""What happened to a case: its steps as they are kept with it, and every other change of it (SD-06, CU-23).

Steps were kept before histories were. Each is shown with the change that its operation made, where there is one;
whatever else was done to the case stands between them as an update.
"""

from typing import Any

from sqlalchemy import Text, Uuid, case, cast, func, literal, null, select, true, union_all
from sqlalchemy.dialects.postgresql import JSONB

from service_desk.base import Base
from service_desk.cases.model import UPDATED, CaseChange
from service_desk.cases.schemas import CaseChangeSchema, CaseSchema
from servicekit import Listing
from servicekit.base.fields import made_once
from servicekit.nouns.history import CHANGED, CREATED, Change
from servicekit.nouns.reading_history import ChangedFields

STEPS = {
    "opened": "create_case",
    "assigned": "assign_case",
    "started": "start_case",
    "paused": "pause_case",
    "resolved": "resolve_case",
    "closed": "close_case",
    "reopened": "reopen_case",
    "rated": "rate_case",
}
"""By step the operation that makes it."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""Who changed what followed an event that nobody caused."""
SHOWN = frozenset(made_once(CaseSchema).dump_fields)

_operation = case(STEPS, value=CaseChange.action)
_told = (
    select(Change)
    .where(
        Change.record_id == CaseChange.case_id,
        Change.operation == _operation,
        Change.at >= CaseChange.created_at,
    )
    .order_by(Change.at, Change.id)
    .limit(1)
    .lateral("told")
)
_steps = select(
    CaseChange.id, CaseChange.case_id, CaseChange.action, CaseChange.from_status, CaseChange.to_status,
    CaseChange.handler_id, CaseChange.remark, CaseChange.actor_id, CaseChange.created_at,
    CaseChange.created_at.label("at"),
    case((CaseChange.action == "opened", CREATED), else_=CHANGED).label("kind"),
    _operation.label("operation"),
    _told.c.address,
    func.coalesce(_told.c.changes, cast(literal("{}"), JSONB), type_=JSONB()).label("changes"),
    _told.c.version,
    _told.c.correlation_id,
).select_from(CaseChange).outerjoin(_told, true())  # fmt: skip

_before = (
    select(CaseChange.to_status, CaseChange.handler_id)
    .where(CaseChange.case_id == Change.record_id, CaseChange.created_at <= Change.at)
    .order_by(CaseChange.created_at.desc())
    .limit(1)
    .lateral("before")
)
_updates = (
    select(
        Change.id, Change.record_id, literal(UPDATED), _before.c.to_status, _before.c.to_status,
        _before.c.handler_id, cast(null(), Text), func.coalesce(Change.actor_id, cast(NOBODY, Uuid)), Change.at,
        Change.at, Change.kind, Change.operation, Change.address, Change.changes, Change.version,
        Change.correlation_id,
    )
    .select_from(Change)
    .join(_before, true())
    .where(Change.noun == "case", Change.operation.not_in(STEPS.values()))
)  # fmt: skip
_both = union_all(_steps, _updates).subquery("case_history")


class CaseHistory(Base):
    """A step of a case, or another change of it."""

    __table__ = _both
    __mapper_args__ = {"primary_key": [_both.c.id]}


CASE_HISTORY = Listing(
    CaseHistory,
    CaseChangeSchema,
    "case.read",
    filters={
        "action": _both.c.action,
        "field": ChangedFields(_both.c.operation, select(_both.c.id)),
        "kind": _both.c.kind,
        "operation": _both.c.operation,
        "actor_id": _both.c.actor_id,
        "at": _both.c.at,
    },
    sorts={"created_at": _both.c.created_at, "at": _both.c.at},
)

CASES_OF: Any = _both.c.case_id
"""The case that each happened to."""
