"""The institution of a top department: the one that is named, or one of its own (ID-01, ID-02)."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.departments.model import Department
from identity.institutions.model import Institution
from identity.institutions.queries import INSTITUTIONS, has_top, institution_called, institution_named
from servicekit import Conflict, Fault, Invalid, publish


def settle(session: Session, department: Department, parent: Department | None, given: UUID | None) -> None:
    """Put a department below its parent, or at the top of an institution; the directory is locked by now.

    Args:
        given: the institution that the request names, if it names one.

    Raises:
        Invalid: if the department would stand below itself, or in another institution than its parent; if there is no
            such institution.
        Conflict: ``institution-has-top-department``; ``department-name-taken``.
    """
    if parent is not None:
        if given not in (None, parent.institution_id):
            text = "A department belongs to the institution of the department above it."
            raise Invalid.field("institution_id", Fault("institution-of-parent", text))
    elif given is not None:
        institution = institution_named(session, given)
        if has_top(session, institution.id, besides=department.id):
            raise Conflict("institution-has-top-department", "The institution has a top department already.")
        department.institution_id = institution.id
    else:
        department.institution_id = _own_institution(session, department).id
    department.place_under(parent)


def _own_institution(session: Session, department: Department) -> Institution:
    """Return the institution of a department's name that has no other top department, or a new one."""
    with session.no_autoflush:
        found = institution_called(session, department.name)
    if found is not None:
        if has_top(session, found.id, besides=department.id):
            message = "There is already a department with this name at the top."
            raise Conflict("department-name-taken", message, [{"field": "name", "message": message}])
        return found
    institution = Institution(name=department.name)
    session.add(institution)
    publish(session, institution, INSTITUTIONS.created.of(institution))
    session.flush()
    return institution
