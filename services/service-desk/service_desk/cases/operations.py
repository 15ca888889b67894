"""What can be asked about cases."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service_desk.cases.handing import check_handler
from service_desk.cases.model import Case, CaseChange
from service_desk.cases.queries import CASE_CHANGES, CASES
from service_desk.cases.schemas import AssignmentSchema, CaseDetailsSchema, CaseSchema
from service_desk.customers.model import CustomerCopy
from service_desk.events import CaseAssigned, CaseOpened, CaseUpdated
from servicekit import Caller, load, next_number, operation, publish, standing


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

    @operation("GET /v1/cases/{case_id}/history", lists=CASE_CHANGES)
    def list_case_history(
        self, session: Session, caller: Caller, case_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what happened to a case, the latest first (SD-06)."""
        case = load(session, Case, case_id, caller, "case.read")
        return CASE_CHANGES.page(session, caller, query, CaseChange.case_id == case.id)

    @operation(
        "POST /v1/cases", permission="case.write", accepts=CaseSchema, returns=CaseSchema, creates=True
    )
    def create_case(self, session: Session, caller: Caller, data: dict[str, Any]) -> Case:
        """Open a case, in the hands of a handler if one is named (SD-01)."""
        if data["handler_id"] is not None:
            check_handler(session, caller, data["handler_id"])
        data["customer_id"] = standing(session, CustomerCopy, data["customer_id"]).id
        case = Case.open(caller.account_id, **data)
        case.number = next_number(session, "FW")
        session.add(case)
        publish(session, case, CaseOpened.of(case))
        return case

    @operation(
        "PATCH /v1/cases/{case_id}",
        permission="case.write",
        accepts=CaseDetailsSchema,
        returns=CaseSchema,
        errors=("case-closed", "stale-version"),
    )
    def update_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Change what is known about a case that is not closed; only the fields that are named (SD-01)."""
        case = load(session, Case, case_id, caller, "case.write")
        if "customer_id" in data:
            data["customer_id"] = standing(session, CustomerCopy, data["customer_id"]).id
        case.revise(**data)
        publish(session, case, CaseUpdated.of(case))
        session.expire(case, ["customer_name"])
        return case

    @operation(
        "POST /v1/cases/{case_id}/assign",
        permission="case.write",
        accepts=AssignmentSchema,
        returns=CaseSchema,
        errors=("case-closed", "owner-out-of-reach"),
    )
    def assign_case(self, session: Session, caller: Caller, case_id: UUID, data: dict[str, Any]) -> Case:
        """Put a case into somebody's hands (SD-06)."""
        case = load(session, Case, case_id, caller, "case.write")
        check_handler(session, caller, data["handler_id"])
        case.assign(data["handler_id"], caller.account_id)
        publish(session, case, CaseAssigned.of(case))
        return case
