"""Departments found: lists, parents, subtrees."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, exists, false, func, literal, or_, select, true
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.departments.model import Department
from identity.departments.schemas import DepartmentSchema
from identity.positions.model import Position
from identity.roles.model import Role
from identity.service_accounts.model import ServiceAccount
from servicekit import Caller, Fault, Invalid, Listing, Search, expect_version, load
from servicekit.base.scopes import ALL, Places
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
    """Return the condition that a caller reaches a department: where they reach people's records (ID-21).

    In every scope one reaches one's own department.

    Raises:
        Forbidden: ``permission-required``, if the caller does not hold the permission at all.
    """
    scope = held_scope(caller, permission)
    if scope == ALL:
        return true()
    places = Places.of(caller, scope)
    below = Department.path.op("&&", is_comparison=True)(literal([*places.below], ARRAY(Uuid())))
    exactly = Department.id.in_([*places.exactly, *([caller.department_id] if caller.department_id else [])])
    inside = Department.institution_id == places.institution if places.institution else false()
    return or_(below, exactly, inside)


def reaches_department(caller: Caller, permission: str, department: Department | None) -> bool:
    """Tell whether a permission extends to a department; None is the top of the tree, which only all reaches."""
    scope = held_scope(caller, permission)
    if scope == ALL or department is None:
        return scope == ALL
    places = Places.of(caller, scope)
    return (
        not set(places.below).isdisjoint(department.path)
        or department.id in {*places.exactly, caller.department_id}
        or (places.institution is not None and department.institution_id == places.institution)
    )


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


def given(session: Session, departments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the departments that a scope stands for as they are kept.

    Raises:
        Invalid: if one of them is unknown.
    """
    for place, each in enumerate(departments):
        department_named(session, each["department_id"], f"departments.{place}.department_id")
    return [{**each, "department_id": str(each["department_id"])} for each in departments]


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
    """Tell whether people or other departments stand below a department, or a scope or a position names it."""
    people = exists().where(Account.department_id == department.id)
    below = exists().where(Department.parent_id == department.id)
    named = [{"department_id": str(department.id)}]
    roles = exists().where(Role.departments.contains(named))
    programs = exists().where(ServiceAccount.departments.contains(named))
    positions = exists().where(Position.department_id == department.id)
    return bool(session.scalar(select(or_(people, below, roles, programs, positions))))
