"""What can be asked about departments."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.base import DIRECTORY, take_turns
from identity.departments.model import Department
from identity.departments.queries import DEPARTMENTS, department_named, departments_below, is_in_use
from identity.departments.schemas import DepartmentSchema
from identity.events import DepartmentChanged, DepartmentDeleted
from servicekit import Caller, Conflict, load, operation, publish, publish_deletion


class DepartmentOperations:
    """The tree of departments."""

    @operation("GET /v1/departments", lists=DEPARTMENTS)
    def list_departments(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the departments (ID-02)."""
        return DEPARTMENTS.page(session, caller, query)

    @operation("GET /v1/departments/{department_id}", permission="department.read", returns=DepartmentSchema)
    def get_department(self, session: Session, caller: Caller, department_id: UUID) -> Any:
        """Return one department (ID-02)."""
        return DEPARTMENTS.record(session, caller, department_id)

    @operation(
        "POST /v1/departments",
        permission="department.write",
        accepts=DepartmentSchema,
        returns=DepartmentSchema,
        creates=True,
        errors=("department-name-taken", "department-code-taken"),
    )
    def create_department(self, session: Session, caller: Caller, data: dict[str, Any]) -> Department:
        """Add a department, at the top or below another (ID-02, ID-03)."""
        take_turns(session, DIRECTORY)
        department = Department(name=data["name"], code=data["code"])
        department.place_under(department_named(session, data["parent_id"], "parent_id"))
        session.add(department)
        publish(session, department, DepartmentChanged.of(department))
        return department

    @operation(
        "PATCH /v1/departments/{department_id}",
        permission="department.write",
        accepts=DepartmentSchema,
        returns=DepartmentSchema,
        errors=("department-name-taken", "department-code-taken", "stale-version"),
    )
    def update_department(
        self, session: Session, caller: Caller, department_id: UUID, data: dict[str, Any]
    ) -> Department:
        """Rename or move a department; what stands below moves along (ID-02)."""
        take_turns(session, DIRECTORY)
        department = load(session, Department, department_id, caller, "department.write")
        department.name = data.get("name", department.name)
        department.code = data.get("code", department.code)
        changed = [department]
        if "parent_id" in data:
            changed += _move(session, department, data["parent_id"])
        for each in changed:
            publish(session, each, DepartmentChanged.of(each))
        return department

    @operation(
        "DELETE /v1/departments/{department_id}", permission="department.write", errors=("department-in-use",)
    )
    def delete_department(self, session: Session, caller: Caller, department_id: UUID) -> None:
        """Delete a department that nobody belongs to and nothing stands below (ID-02)."""
        take_turns(session, DIRECTORY)
        department = load(session, Department, department_id, caller, "department.write")
        if is_in_use(session, department):
            raise Conflict("department-in-use", "People or departments still belong to it.")
        publish_deletion(session, department, DepartmentDeleted.of(department))


def _move(session: Session, department: Department, parent_id: UUID | None) -> list[Department]:
    """Put a department below another one; return those that came along."""
    below = departments_below(session, department)
    department.place_under(department_named(session, parent_id, "parent_id"))
    for each in below:
        each.follow(department)
    return below
