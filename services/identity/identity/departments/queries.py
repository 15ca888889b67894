"""Departments found: lists, parents, subtrees."""

from uuid import UUID

from sqlalchemy import any_, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.departments.model import Department
from identity.departments.schemas import DepartmentSchema
from servicekit import Invalid, Listing, Search

DEPARTMENTS = Listing(
    Department,
    DepartmentSchema,
    "department.read",
    filters={
        "name": Search(Department.name),
        "code": Department.code,
        "parent_id": Department.parent_id,
        "created_at": Department.created_at,
    },
    sorts={"created_at": Department.created_at, "name": Department.name},
)


def department_named(session: Session, department_id: UUID | None, field: str) -> Department | None:
    """Return the department that a field of the input names; None for none.

    Raises:
        Invalid: if there is no such department.
    """
    if department_id is None:
        return None
    department = session.get(Department, department_id)
    if department is None:
        raise Invalid.field(field, "There is no such department.")
    return department


def departments_below(session: Session, department: Department) -> list[Department]:
    """Return all departments below one, those next to it first."""
    query = select(Department).where(
        literal(department.id) == any_(Department.path), Department.id != department.id
    )
    return list(session.scalars(query.order_by(func.cardinality(Department.path), Department.id)))


def is_in_use(session: Session, department: Department) -> bool:
    """Tell whether people or other departments stand below a department."""
    people = exists().where(Account.department_id == department.id)
    below = exists().where(Department.parent_id == department.id)
    return bool(session.scalar(select(or_(people, below))))
