"""What can be asked about institutions."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.base import DIRECTORY, take_turns
from identity.institutions.queries import INSTITUTIONS, is_in_use
from servicekit import Caller, Conflict, operation, publish_deletion


@INSTITUTIONS.operations("list get create change")
class InstitutionOperations:
    """The legal entities of the organisation."""

    @operation(
        "DELETE /v1/institutions/{institution_id}",
        permission=INSTITUTIONS.writing,
        errors=("institution-in-use",),
    )
    def delete_institution(self, session: Session, caller: Caller, institution_id: UUID) -> None:
        """Delete an institution to which no department and no role belongs (ID-01)."""
        take_turns(session, DIRECTORY)
        institution = INSTITUTIONS.load(session, caller, institution_id)
        if is_in_use(session, institution):
            raise Conflict("institution-in-use", "Departments or roles still belong to it.")
        publish_deletion(session, institution, INSTITUTIONS.deleted.of(institution))
