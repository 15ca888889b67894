"""What can be asked about cases."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service_desk.cases.history import CASE_HISTORY, CASES_OF, SHOWN
from service_desk.cases.model import Case
from service_desk.cases.parties import PARTIES_REFUSED, judge_parties
from service_desk.cases.queries import CASES
from service_desk.cases.schemas import AssignmentSchema, CaseDetailsSchema, CaseSchema
from service_desk.events import CaseAssigned, CaseOpened, CaseUpdated
from servicekit import Caller, Numbers, check_new_owner, load, operation, publish
from servicekit.nouns.reading_history import refuse_hidden, without_hidden

NUMBERS = Numbers("case", "FW{date:%Y%m%d}-{n:04}")


class CaseOperations:
    """Cases: opened, looked up, corrected, put into somebody's hands."""

    @operation("GET /v1/cases", lists=CASES)
    def list_cases(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the cases the caller may see (SD-01, SD-04)."""
        return CASES.page(session, caller, query)

    @operation("GET /v1/cases/{case_id}", permission="case.read", returns=CaseSchema)
    def get_case(self, session: Session, caller: Caller, case_id: UUID) -> Any:
        """Return one case (SD-01)."""
        return CASES.record(session, caller, case_id)

    @operation("GET /v1/cases/{case_id}/history", lists=CASE_HISTORY)
    def list_case_history(
        self, session: Session, caller: Caller, case_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what happened to a case, the latest first: its steps, and its other changes (SD-06, CU-23)."""
        case = load(session, Case, case_id, caller, "case.read")
        refuse_hidden(query, SHOWN)
        page = CASE_HISTORY.page(session, caller, query, case.id == CASES_OF)
        return without_hidden(page, SHOWN)

    @operation(
        "POST /v1/cases",
        permission="case.write",
        accepts=CaseSchema,
        returns=CaseSchema,
        creates=True,
        errors=("owner-out-of-reach", "unknown-account", "account-left", *PARTIES_REFUSED),
    )
    def create_case(self, session: Session, caller: Caller, data: dict[str, Any]) -> Case:
        """Open a case, in the caller's hands unless another handler is named, or none by null (SD-01)."""
        if data.setdefault("handler_id", caller.account_id) is not None:
            check_new_owner(session, caller, "case.write", data["handler_id"])
        judge_parties(session, caller, data)
        case = Case.open(caller.account_id, **data)
        case.number = NUMBERS.next(session)
        session.add(case)
        publish(session, case, CaseOpened.of(case))
        return case

    @operation(
        "PATCH /v1/cases/{case_id}",
        permission="case.write",
        accepts=CaseDetailsSchema,
        returns=CaseSchema,
        does=Case.revise,
        errors=("case-closed", "stale-version", *PARTIES_REFUSED),
    )
    def update_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Change what is known about a case that is not closed; only the fields that are named (SD-01)."""
        case = load(session, Case, case_id, caller, "case.write")
        judge_parties(session, caller, data, case)
        case.revise(**data)
        publish(session, case, CaseUpdated.of(case))
        session.expire(case, ["customer_name"])
        return case

    @operation(
        "POST /v1/cases/{case_id}/assign",
        permission="case.write",
        accepts=AssignmentSchema,
        returns=CaseSchema,
        does=Case.assign,
        errors=("case-closed", "owner-out-of-reach", "unknown-account", "account-left"),
    )
    def assign_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Put a case into the hands of somebody who is here (SD-06)."""
        case = load(session, Case, case_id, caller, "case.write")
        check_new_owner(session, caller, "case.write", data["handler_id"])
        case.assign(data["handler_id"], caller.account_id)
        publish(session, case, CaseAssigned.of(case))
        return case
