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
from servicekit import OWNER_REFUSED, Caller, Numbers, check_new_owner, load, operation, publish
from servicekit.nouns.reading_history import refuse_hidden, without_hidden

NUMBERS = Numbers("case", "FW{date:%Y%m%d}-{n:04}")


@CASES.operations("list get")
class CaseOperations:
    """Cases: opened, looked up, corrected, put into somebody's hands."""

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
        permission=CASES.writing,
        accepts=CaseSchema,
        returns=CaseSchema,
        creates=True,
        errors=(*OWNER_REFUSED, *PARTIES_REFUSED),
    )
    def create_case(self, session: Session, caller: Caller, data: dict[str, Any]) -> Case:
        """Open a case, in the caller's hands unless another handler is named, or none by null (SD-01)."""
        if data.setdefault("handler_id", caller.account_id) is not None:
            check_new_owner(session, caller, CASES.writing, data["handler_id"])
        judge_parties(session, caller, data)
        case = Case.open(caller.account_id, **data)
        case.number = NUMBERS.next(session)
        session.add(case)
        publish(session, case, CaseOpened.of(case))
        return case

    @operation(
        "PATCH /v1/cases/{case_id}",
        permission=CASES.writing,
        accepts=CaseDetailsSchema,
        returns=CaseSchema,
        does=Case.revise,
        errors=("case-closed", "stale-version", *PARTIES_REFUSED),
    )
    def update_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Change what is known about a case that is not closed; only the fields that are named (SD-01)."""
        case = CASES.load(session, caller, case_id)
        judge_parties(session, caller, data, case)
        case.revise(**data)
        publish(session, case, CaseUpdated.of(case))
        session.expire(case, ["customer_name"])
        return case

    @CASES.action(
        "assign",
        accepts=AssignmentSchema,
        does=Case.assign,
        tells=CaseAssigned,
        errors=("case-closed", *OWNER_REFUSED),
    )
    def assign_case(self, case: Case, session: Session, caller: Caller, data: dict[str, Any]) -> None:
        """Put a case into the hands of somebody who is here (SD-06)."""
        check_new_owner(session, caller, CASES.writing, data["handler_id"])
        case.assign(data["handler_id"], caller.account_id)
