"""What can be asked about institutions."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.base import DIRECTORY, take_turns
from identity.events import InstitutionChanged, InstitutionDeleted
from identity.institutions.model import Institution
from identity.institutions.queries import INSTITUTIONS, READ, WRITE, is_in_use
from identity.institutions.schemas import InstitutionSchema
from servicekit import Caller, Conflict, load, operation, publish, publish_deletion


class InstitutionOperations:
    """The legal entities of the organisation."""

    @operation("GET /v1/institutions", lists=INSTITUTIONS)
    def list_institutions(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the institutions (ID-01)."""
        return INSTITUTIONS.page(session, caller, query)

    @operation("GET /v1/institutions/{institution_id}", permission=READ, returns=InstitutionSchema)
    def get_institution(self, session: Session, caller: Caller, institution_id: UUID) -> Any:
        """Return one institution (ID-01)."""
        return INSTITUTIONS.record(session, caller, institution_id)

    @operation(
        "POST /v1/institutions",
        permission=WRITE,
        accepts=InstitutionSchema,
        returns=InstitutionSchema,
        creates=True,
        errors=("institution-name-taken",),
    )
    def create_institution(self, session: Session, caller: Caller, data: dict[str, Any]) -> Institution:
        """Add an institution, without departments at first (ID-01, ID-02)."""
        institution = Institution(**data)
        session.add(institution)
        publish(session, institution, InstitutionChanged.of(institution))
        return institution

    @operation(
        "PATCH /v1/institutions/{institution_id}",
        permission=WRITE,
        accepts=InstitutionSchema,
        returns=InstitutionSchema,
        errors=("institution-name-taken", "stale-version"),
    )
    def update_institution(
        self, session: Session, caller: Caller, institution_id: UUID, data: dict[str, Any]
    ) -> Institution:
        """Rename an institution (ID-01)."""
        institution = load(session, Institution, institution_id, caller, WRITE)
        institution.name = data.get("name", institution.name)
        publish(session, institution, InstitutionChanged.of(institution))
        return institution

    @operation(
        "DELETE /v1/institutions/{institution_id}",
        permission=WRITE,
        errors=("institution-in-use",),
    )
    def delete_institution(self, session: Session, caller: Caller, institution_id: UUID) -> None:
        """Delete an institution to which no department and no role belongs (ID-01)."""
        take_turns(session, DIRECTORY)
        institution = load(session, Institution, institution_id, caller, WRITE)
        if is_in_use(session, institution):
            raise Conflict("institution-in-use", "Departments or roles still belong to it.")
        publish_deletion(session, institution, InstitutionDeleted.of(institution))
