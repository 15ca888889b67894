"""Institutions found: lists, by name, and their top departments."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from identity.departments.model import Department
from identity.institutions.model import Institution
from identity.institutions.schemas import InstitutionSchema
from identity.permits import GOVERN
from identity.roles.model import Role
from servicekit import Fault, Invalid, Noun, name_key_of

INSTITUTIONS = Noun(
    Institution,
    InstitutionSchema,
    "/v1/institutions",
    label=("机构", "Institutions"),
    row="ID-01",
    filters="name~",
    sorts="created_at name",
    default="created_at",
    deeds={"write": GOVERN},
    tells="changed deleted",
    errors=("institution-name-taken",),
)


def institution_named(session: Session, institution_id: UUID, field: str = "institution_id") -> Institution:
    """Return the institution that a field of the input names.

    Raises:
        Invalid: if there is no such institution.
    """
    institution = session.get(Institution, institution_id)
    if institution is None:
        raise Invalid.field(field, Fault("unknown-institution", "There is no such institution."))
    return institution


def institution_called(session: Session, name: str) -> Institution | None:
    """Return the institution of a name, as a reader compares it."""
    return session.scalar(select(Institution).where(name_key_of(Institution.name) == name_key_of(name)))


def has_top(session: Session, institution_id: UUID, besides: UUID | None = None) -> bool:
    """Tell whether an institution has a top department, another one than a given one."""
    top = exists().where(Department.institution_id == institution_id, Department.parent_id.is_(None))
    return bool(session.scalar(select(top.where(Department.id.is_distinct_from(besides)))))


def is_in_use(session: Session, institution: Institution) -> bool:
    """Tell whether departments or roles belong to an institution."""
    departments = exists().where(Department.institution_id == institution.id)
    roles = exists().where(Role.institution_id == institution.id)
    return bool(session.scalar(select(departments | roles)))
