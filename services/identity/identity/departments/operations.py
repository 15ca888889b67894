"""What can be asked about departments."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.reach import Guard, who_see_into
from identity.base import DIRECTORY, take_turns
from identity.departments.model import Department
from identity.departments.queries import (
    DEPARTMENTS,
    READ,
    WRITE,
    department_named,
    departments_below,
    is_in_use,
    keeps_department,
    members_of,
    reached_departments,
    reaches_department,
    visible_department,
)
from identity.departments.schemas import DepartmentSchema, DepartmentsSchema, NewDepartmentsSchema
from identity.events import AccessChanged, AccountChanged, DepartmentChanged, DepartmentDeleted
from identity.institutions.opening import settle
from identity.positions.superiors import follow_positions, who_may_become_superior
from servicekit import Caller, Conflict, Forbidden, operation, publish, publish_deletion

TAKEN = (
    "department-name-taken", "department-code-taken", "institution-has-top-department",
)  # fmt: skip


class DepartmentOperations:
    """The tree of departments."""

    @operation("GET /v1/departments", lists=DEPARTMENTS)
    def list_departments(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the departments that the caller's scope covers (ID-02, ID-21)."""
        return DEPARTMENTS.page(session, caller, query, reached_departments(caller, READ))

    @operation("GET /v1/departments/{department_id}", permission=READ, returns=DepartmentSchema)
    def get_department(self, session: Session, caller: Caller, department_id: UUID) -> Department:
        """Return one department (ID-02)."""
        return visible_department(session, caller, department_id)

    @operation(
        "POST /v1/departments",
        permission=WRITE,
        accepts=DepartmentSchema,
        returns=DepartmentSchema,
        creates=True,
        errors=(*TAKEN, "department-out-of-reach"),
    )
    def create_department(self, session: Session, caller: Caller, data: dict[str, Any]) -> Department:
        """Add a department, at the top or below another (ID-02, ID-03)."""
        take_turns(session, DIRECTORY)
        parent = _parent(session, caller, data["parent_id"])
        return _added(session, parent, data)

    @operation(
        "POST /v1/departments/rows",
        permission=WRITE,
        accepts=NewDepartmentsSchema,
        returns=DepartmentsSchema,
        errors=(*TAKEN, "department-out-of-reach"),
    )
    def create_departments(self, session: Session, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        """Add several departments below one, all or none (ID-02, ID-03)."""
        take_turns(session, DIRECTORY)
        parent = _parent(session, caller, data["parent_id"])
        return {"items": [_added(session, parent, row) for row in data["rows"]]}

    @operation(
        "PATCH /v1/departments/{department_id}",
        permission=WRITE,
        accepts=DepartmentSchema,
        returns=DepartmentSchema,
        only_if=keeps_department,
        errors=(*TAKEN, "department-out-of-reach", "reach-widened", "superiors-in-a-ring", "stale-version"),
    )
    def update_department(
        self, session: Session, caller: Caller, department_id: UUID, data: dict[str, Any]
    ) -> Department:
        """Rename or move a department; what stands below moves along (ID-02)."""
        take_turns(session, DIRECTORY)
        department = visible_department(session, caller, department_id, WRITE)
        department.name = data.get("name", department.name)
        department.code = data.get("code", department.code)
        changed: list[Any] = [department]
        if _is_moved(department, data):
            changed += _move(session, caller, department, data)
            publish(session, department, AccessChanged(account_id=None))
        for each in changed:
            told = AccountChanged if isinstance(each, Account) else DepartmentChanged
            publish(session, each, told.of(each))
        return department

    @operation(
        "DELETE /v1/departments/{department_id}",
        permission=WRITE,
        only_if=keeps_department,
        errors=("department-in-use",),
    )
    def delete_department(self, session: Session, caller: Caller, department_id: UUID) -> None:
        """Delete a department that nobody belongs to and nothing stands below (ID-02)."""
        take_turns(session, DIRECTORY)
        department = visible_department(session, caller, department_id, WRITE)
        if is_in_use(session, department):
            raise Conflict("department-in-use", "People or departments still belong to it.")
        publish_deletion(session, department, DepartmentDeleted.of(department))


def _added(session: Session, parent: Department | None, data: dict[str, Any]) -> Department:
    department = Department(name=data["name"], code=data["code"])
    settle(session, department, parent, data.get("institution_id"))
    session.add(department)
    session.flush()
    publish(session, department, DepartmentChanged.of(department))
    return department


def _is_moved(department: Department, data: dict[str, Any]) -> bool:
    to = {"parent_id": department.parent_id, "institution_id": department.institution_id, **data}
    if to["parent_id"] != department.parent_id:
        return True
    return to["institution_id"] not in (None, department.institution_id)


def _move(
    session: Session, caller: Caller, department: Department, data: dict[str, Any]
) -> list[Department | Account]:
    """Put a department below another one, or at the top; return the departments and people that came along.

    Whoever belongs to the new parent, or stands above it, sees from now on what belongs to people below; and those in
    it, what belongs to their new institution.
    """
    below = departments_below(session, department)
    parent_id = data.get("parent_id", department.parent_id)
    parent = _parent(session, caller, parent_id)
    before = department.institution_id
    moved = members_of(session, [department, *below])
    gainers = [*who_see_into(session, parent), *who_may_become_superior(session)]
    guard = Guard(session, caller, [*moved, *gainers])
    settle(session, department, parent, data.get("institution_id"))
    for each in below:
        each.follow(department)
    if department.institution_id == before:
        moved = []
    for account in moved:
        account.institution_id = department.institution_id
    moved += [account for account in follow_positions(session) if account not in moved]
    guard.check()
    return [*below, *moved]


def _parent(session: Session, caller: Caller, parent_id: UUID | None) -> Department | None:
    """Return the department that another one is put under; None for the top of the tree.

    Raises:
        Invalid: if there is no such department.
        Forbidden: ``department-out-of-reach``, if the caller keeps no departments there.
    """
    parent = department_named(session, parent_id, "parent_id")
    if not reaches_department(caller, WRITE, parent):
        raise Forbidden("department-out-of-reach", "You keep no departments there.")
    return parent
