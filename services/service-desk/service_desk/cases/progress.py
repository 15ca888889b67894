"""The steps of a case from the beginning of the work to the customer's rating."""

from typing import Any

from service_desk.cases.model import Case
from service_desk.cases.queries import CASES
from service_desk.cases.schemas import (
    ClosingSchema,
    PauseSchema,
    RatingSchema,
    ReopeningSchema,
    SolutionSchema,
)
from service_desk.events import CaseClosed, CasePaused, CaseRated, CaseReopened, CaseResolved, CaseStarted
from servicekit import Caller


class CaseProgress:
    """Cases at work: started, paused, resolved, closed, rated, reopened."""

    @CASES.action("start", does=Case.start, tells=CaseStarted, errors=("case-not-startable",))
    def start_case(self, case: Case, caller: Caller) -> None:
        """Begin work on a case, or go on with it; a case that nobody handles becomes the caller's (SD-06)."""
        case.start(caller.account_id)

    @CASES.action(
        "pause", accepts=PauseSchema, does=Case.pause, tells=CasePaused, errors=("case-not-in-progress",)
    )
    def pause_case(self, case: Case, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        """Let a case wait for somebody else (SD-06); starting it again goes on."""
        case.pause(data["reason"], caller.account_id)
        return {"reason": data["reason"]}

    @CASES.action(
        "resolve", accepts=SolutionSchema, does=Case.resolve, tells=CaseResolved, errors=("case-already-resolved",)
    )  # fmt: skip
    def resolve_case(self, case: Case, caller: Caller, data: dict[str, Any]) -> None:
        """Note how a case was solved (SD-06)."""
        case.resolve(data["solution"], caller.account_id)

    @CASES.action(
        "close", permission="case.close", accepts=ClosingSchema, does=Case.close, tells=CaseClosed,
        errors=("case-already-closed", "solution-required"),
    )  # fmt: skip
    def close_case(self, case: Case, caller: Caller, data: dict[str, Any]) -> None:
        """Close a case with its solution, given now or before, and the customer's rating if known (SD-06, SD-10)."""
        case.close(caller.account_id, **data)

    @CASES.action(
        "rate", accepts=RatingSchema, does=Case.rate, tells=CaseRated, errors=("case-not-resolved",)
    )
    def rate_case(self, case: Case, caller: Caller, data: dict[str, Any]) -> None:
        """Note the customer's rating of a resolved or closed case (SD-10)."""
        case.rate(data["rating"], data["rating_comment"], caller.account_id)

    @CASES.action(
        "reopen", accepts=ReopeningSchema, does=Case.reopen, tells=CaseReopened, errors=("case-not-resolved",)
    )
    def reopen_case(self, case: Case, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        """Take a resolved or closed case up again (SD-06)."""
        case.reopen(data["reason"], caller.account_id)
        return {"reason": data["reason"]}
