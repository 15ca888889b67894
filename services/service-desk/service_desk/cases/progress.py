"""The steps of a case from the beginning of the work to the customer's rating."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service_desk.cases.model import Case
from service_desk.cases.schemas import (
    CaseSchema,
    ClosingSchema,
    PauseSchema,
    RatingSchema,
    ReopeningSchema,
    SolutionSchema,
)
from service_desk.events import CaseClosed, CasePaused, CaseRated, CaseReopened, CaseResolved, CaseStarted
from servicekit import Caller, load, operation, publish


class CaseProgress:
    """Cases at work: started, paused, resolved, closed, rated, reopened."""

    @operation(
        "POST /v1/cases/{case_id}/start",
        permission="case.write",
        returns=CaseSchema,
        does=Case.start,
        errors=("case-not-startable",),
    )
    def start_case(self, session: Session, caller: Caller, case_id: UUID) -> Case:
        """Begin work on a case, or go on with it; a case that nobody handles becomes the caller's (SD-06)."""
        case = load(session, Case, case_id, caller, "case.write")
        case.start(caller.account_id)
        publish(session, case, CaseStarted.of(case))
        return case

    @operation(
        "POST /v1/cases/{case_id}/pause",
        permission="case.write",
        accepts=PauseSchema,
        returns=CaseSchema,
        does=Case.pause,
        errors=("case-not-in-progress",),
    )
    def pause_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Let a case wait for somebody else (SD-06); starting it again goes on."""
        case = load(session, Case, case_id, caller, "case.write")
        case.pause(data["reason"], caller.account_id)
        publish(session, case, CasePaused.of(case, reason=data["reason"]))
        return case

    @operation(
        "POST /v1/cases/{case_id}/resolve",
        permission="case.write",
        accepts=SolutionSchema,
        returns=CaseSchema,
        does=Case.resolve,
        errors=("case-already-resolved",),
    )
    def resolve_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Note how a case was solved (SD-06)."""
        case = load(session, Case, case_id, caller, "case.write")
        case.resolve(data["solution"], caller.account_id)
        publish(session, case, CaseResolved.of(case))
        return case

    @operation(
        "POST /v1/cases/{case_id}/close",
        permission="case.close",
        accepts=ClosingSchema,
        returns=CaseSchema,
        does=Case.close,
        errors=("case-already-closed", "solution-required"),
    )
    def close_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Close a case with its solution, given now or before, and the customer's rating if known (SD-06, SD-10)."""
        case = load(session, Case, case_id, caller, "case.close")
        case.close(caller.account_id, **data)
        publish(session, case, CaseClosed.of(case))
        return case

    @operation(
        "POST /v1/cases/{case_id}/rate",
        permission="case.write",
        accepts=RatingSchema,
        returns=CaseSchema,
        does=Case.rate,
        errors=("case-not-resolved",),
    )
    def rate_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Note the customer's rating of a resolved or closed case (SD-10)."""
        case = load(session, Case, case_id, caller, "case.write")
        case.rate(data["rating"], data["rating_comment"], caller.account_id)
        publish(session, case, CaseRated.of(case))
        return case

    @operation(
        "POST /v1/cases/{case_id}/reopen",
        permission="case.write",
        accepts=ReopeningSchema,
        returns=CaseSchema,
        does=Case.reopen,
        errors=("case-not-resolved",),
    )
    def reopen_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Take a resolved or closed case up again (SD-06)."""
        case = load(session, Case, case_id, caller, "case.write")
        case.reopen(data["reason"], caller.account_id)
        publish(session, case, CaseReopened.of(case, reason=data["reason"]))
        return case
