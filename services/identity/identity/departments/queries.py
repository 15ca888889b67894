"""Departments found: lists, parents, subtrees."""

from uuid import UUID

from sqlalchemy import ColumnElement, any_, exists, false, func, literal, or_, select, true
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.departments.model import Department
from identity.departments.schemas import DepartmentSchema
from servicekit import Caller, Fault, Invalid, Listing, Search, expect_version, load
from servicekit.base.scopes import ALL, DEPARTMENT
from servicekit.nouns.access import held_scope, not_found, permission_required

READ, WRITE = "department.read", "department.write"

DEPARTMENTS = Listing(
    Department,
    DepartmentSchema,
    READ,
    filters={
        "name": Search(Department.name),
        "code": Department.code,
        "parent_id": Department.parent_id,
        "institution_id": Department.institution_id,
    },
    sorts={"created_at": Department.created_at, "name": Department.name},
)


def reached_departments(caller: Caller, permission: str) -> ColumnElement[bool]:
    """Return the condition that a caller reaches a department: their own, those below it too, or all (ID-21).

    Raises:
        Forbidden: ``permission-required``, if the caller does not hold the permission at all.
    """
    scope = held_scope(caller, permission)
    if scope == ALL:
        return true()
    if caller.department_id is None:
        return false()
    if scope == DEPARTMENT:
        return literal(caller.department_id) == any_(Department.path)
    return Department.id == caller.department_id


def reaches_department(caller: Caller, permission: str, department: Department | None) -> bool:
    """Tell whether a permission extends to a department; None is the top of the tree, which only all reaches."""
    scope = held_scope(caller, permission)
    if scope == ALL or department is None or caller.department_id is None:
        return scope == ALL
    if scope == DEPARTMENT:
        return caller.department_id in department.path
    return department.id == caller.department_id


def keeps_department(_session: Session, caller: Caller, department: Department) -> bool:
    """Tell whether a caller may change a department, which they have to see for that."""
    return all(reaches_department(caller, permission, department) for permission in (READ, WRITE))


def visible_department(
    session: Session, caller: Caller, department_id: UUID, permission: str = READ
) -> Department:
    """Return a department that the caller may see, and do with what they want.

    Raises:
        NotFound: ``department-not-found``.
        Forbidden: ``permission-required``, if the caller may see it but not do this with it.
        Conflict: ``stale-version``.
    """
    # The version is looked at last: a department that is not for the caller answers like one that is not there.
    department = load(session, Department, department_id, caller, permission, any_version=True)
    if not reaches_department(caller, READ, department):
        raise not_found(READ)
    if not reaches_department(caller, permission, department):
        raise permission_required(permission)
    expect_version(department)
    return department


def department_named(session: Session, department_id: UUID | None, field: str) -> Department | None:
    """Return the department that a field of the input names; None for none.

    Raises:
        Invalid: if there is no such department.
    """
    if department_id is None:
        return None
    department = session.get(Department, department_id)
    if department is None:
        raise Invalid.field(field, Fault("unknown-department", "There is no such department."))
    return department


def departments_below(session: Session, department: Department) -> list[Department]:
    """Return all departments below one, those next to it first."""
    query = select(Department).where(
        literal(department.id) == any_(Department.path), Department.id != department.id
    )
    return list(session.scalars(query.order_by(func.cardinality(Department.path), Department.id)))


def members_of(session: Session, departments: list[Department]) -> list[Account]:
    """Return who belongs to some departments."""
    ids = [department.id for department in departments]
    return list(session.scalars(select(Account).where(Account.department_id.in_(ids)).order_by(Account.id)))


def is_in_use(session: Session, department: Department) -> bool:
    """Tell whether people or other departments stand below a department."""
    people = exists().where(Account.department_id == department.id)
    below = exists().where(Department.parent_id == department.id)
    return bool(session.scalar(select(or_(people, below))))
