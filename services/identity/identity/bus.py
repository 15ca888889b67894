"""What operators can have told again by this service, and what of it must agree with others (docs/operating.md)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, not_, select

from identity.accounts.model import IN_SERVICE, Account
from identity.approvals.events import ApprovalDecided, ApprovalFlowChanged
from identity.approvals.flow import ApprovalFlow
from identity.approvals.model import Approval, ApprovalTask
from identity.approvals.states import PENDING
from identity.definitions.model import Definition
from identity.departments.model import Department
from identity.events import AccountChanged, DefinitionChanged, DepartmentChanged
from servicekit import audited, restates
from servicekit.contracts.told_approvals import subjects
from servicekit.nouns.approvals.following import audit_of


def decided(approval: Approval) -> Any:
    """Return the event with which an approval ended."""
    last = max((task for task in approval.tasks if task.decided_by_id), key=_moment)
    return ApprovalDecided.of(
        approval, outcome=approval.state, comment=last.comment, decided_by_id=last.decided_by_id
    )


def _moment(task: ApprovalTask) -> tuple[datetime, int]:
    assert task.decided_at is not None
    return task.decided_at, task.step


class IdentityBus:
    """The directory that everybody copies, flows and approvals."""

    @restates(DepartmentChanged)
    def restate_departments(self) -> Select[*tuple[Any, ...]]:
        """Return the departments."""
        return select(Department)

    @restates(AccountChanged)
    def restate_accounts(self) -> Select[*tuple[Any, ...]]:
        """Return the accounts."""
        return select(Account)

    @restates(ApprovalFlowChanged)
    def restate_approval_flows(self) -> Select[*tuple[Any, ...]]:
        """Return the flows."""
        return select(ApprovalFlow)

    @restates(ApprovalDecided, made_by=decided)
    def restate_decided_approvals(self) -> Select[*tuple[Any, ...]]:
        """Return the approvals that have been decided."""
        return select(Approval).where(Approval.state != PENDING)

    @restates(DefinitionChanged)
    def restate_definitions(self) -> Select[*tuple[Any, ...]]:
        """Return what is configured."""
        return select(Definition)

    @audited("definitions", restated_by=("definition.changed",))
    def audit_definitions(self) -> Any:
        """Return what everybody goes by."""
        return select(
            Definition.id, Definition.updated_at.label("changed_at"), Definition.kind, Definition.noun,
            Definition.key, Definition.body, Definition.active, Definition.position,
        )  # fmt: skip

    @audited("directory-departments", restated_by=("department.changed",))
    def audit_departments(self) -> Any:
        """Return what others know of departments."""
        return select(
            Department.id,
            Department.updated_at.label("changed_at"),
            Department.name,
            Department.path,
            Department.institution_id,
        )

    @audited("directory-accounts", restated_by=("account.changed",))
    def audit_accounts(self) -> Any:
        """Return what others know of accounts."""
        return select(
            Account.id,
            Account.updated_at.label("changed_at"),
            Account.display_name,
            Account.department_id,
            Account.manager_id,
            and_(Account.status == IN_SERVICE, not_(Account.locked)).label("active"),
            Account.kind,
            Account.institution_id,
            Account.security_level,
        )


def _audit_of(service: str) -> Any:
    """Return the audit of what a service waits for, as identity knows it; most is no longer waited for."""
    nouns = [noun for noun, subject in subjects().items() if subject.service == service]

    @audited(audit_of(service), owner=service, holds_more=True, restated_by=(ApprovalDecided.type,))
    def audit(_service: Any) -> Select[*tuple[Any, ...]]:
        told = (Approval.subject_type, Approval.subject_id, Approval.state)
        query = select(Approval.id, Approval.updated_at.label("changed_at"), *told)
        return query.where(Approval.subject_type.in_(nouns))

    return audit


for _service in {subject.service: None for subject in subjects().values()}:
    setattr(IdentityBus, f"audit_approvals_{_service.replace('-', '_')}", _audit_of(_service))
