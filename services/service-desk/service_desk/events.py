"""What the service desk tells the others: cases as their answers show them."""

from typing import Any, ClassVar
from uuid import UUID

from service_desk.cases.schemas import CaseSchema
from servicekit import RecordEvent

EXAMPLE: dict[str, Any] = {
    "case_id": "01936f3a-7c00-7000-8000-000000000001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "contact_id": None,
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "opened_by": "01936f3a-7c00-7000-8000-000000000004",
    "handler_id": "01936f3a-7c00-7000-8000-000000000003",
    "status": "open",
    "solution": None,
    "rating": None,
    "rating_comment": None,
    "started_at": None,
    "resolved_at": None,
    "closed_at": None,
}
SOLVED = {"status": "resolved", "solution": "已重置导出权限。", "resolved_at": "2026-11-22T09:00:00+00:00"}


class CaseEvent(RecordEvent):
    """What every event about a case says."""

    shows = CaseSchema
    own_id: ClassVar[str] = "case_id"
    leaves_out: ClassVar[dict[str, str]] = {
        "customer_name": "customer.updated tells it, and nothing here when it changes"
    }


class CaseOpened(CaseEvent):
    """A customer wants something of us (SD-01)."""

    type: ClassVar[str] = "case.opened"
    example: ClassVar[dict[str, Any]] = EXAMPLE


class CaseUpdated(CaseEvent):
    """What is known about a case was changed: by hand, by a merger of customers, or as its contact was deleted."""

    type: ClassVar[str] = "case.updated"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "priority": "high"}


class CaseAssigned(CaseEvent):
    """A case was put into somebody's hands (SD-06)."""

    type: ClassVar[str] = "case.assigned"
    example: ClassVar[dict[str, Any]] = EXAMPLE


class CaseStarted(CaseEvent):
    """Work on a case began, or went on."""

    type: ClassVar[str] = "case.started"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "in_progress"}


class CasePaused(CaseEvent):
    """A case waits for somebody else."""

    type: ClassVar[str] = "case.paused"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "status": "waiting", "reason": "等待客户提供截图"}

    reason: str


class CaseResolved(CaseEvent):
    """A case was solved as far as we can tell (SD-06)."""

    type: ClassVar[str] = "case.resolved"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, **SOLVED}

    never_null: ClassVar[tuple[str, ...]] = ("solution", "resolved_at")


class CaseClosed(CaseEvent):
    """A case ended (SD-06)."""

    type: ClassVar[str] = "case.closed"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        **SOLVED,
        "status": "closed",
        "rating": 5,
        "closed_at": "2026-11-22T10:00:00+00:00",
    }
    never_null: ClassVar[tuple[str, ...]] = ("solution", "resolved_at", "closed_at")


class CaseReopened(CaseEvent):
    """A case was not solved after all."""

    type: ClassVar[str] = "case.reopened"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "reason": "问题再次出现"}

    reason: str


class CaseRated(CaseEvent):
    """The customer rated what was done (SD-10)."""

    type: ClassVar[str] = "case.rated"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "status": "closed",
        "rating": 5,
        "rating_comment": "处理很快",
    }
    never_null: ClassVar[tuple[str, ...]] = ("rating",)


class CaseNoted(CaseEvent):
    """Somebody wrote a note on a case; the event's subject and version are the note's."""

    type: ClassVar[str] = "case.noted"
    about: ClassVar[str] = "note_id"
    brief: ClassVar[str] = (
        "it carries the case with `note_id`, `author_id` and `text` of the note; subject and version are the note's, "
        "and `time` is when it was written"
    )
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "note_id": "01936f3a-7c00-7000-8000-000000000005",
        "author_id": "01936f3a-7c00-7000-8000-000000000003",
        "text": "已致电客户，约定明天上午远程处理。",
    }

    note_id: UUID
    author_id: UUID
    text: str
