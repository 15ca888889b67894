"""What can be asked about positions."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.changes import change_account, tell_change
from identity.accounts.model import Account
from identity.accounts.queries import NAMED_REFUSED, people_named
from identity.accounts.reach import WRITE as KEEP_ACCOUNTS
from identity.accounts.reach import Guard
from identity.base import DIRECTORY, take_turns
from identity.departments.queries import department_named
from identity.events import AccountChanged
from identity.positions.model import MAIN, Position
from identity.positions.noun import POSITIONS, is_in_use, place_under
from identity.positions.schemas import NewHoldersSchema, PositionSchema
from identity.positions.superiors import follow_positions, who_may_become_superior
from servicekit import Caller, Conflict, load, operation, publish, publish_deletion

REFUSED = (*POSITIONS.errors, "reach-widened", "superiors-in-a-ring")


@POSITIONS.operations("list restate")
class PositionOperations:
    """The positions, and who holds them (ID-04)."""

    @operation(f"GET {POSITIONS.single_path}", permission=POSITIONS.permission, returns=PositionSchema)
    def get_position(self, session: Session, caller: Caller, position_id: UUID) -> Position:
        """Return one position, with who holds it (ID-04)."""
        return POSITIONS.load(session, caller, position_id, POSITIONS.permission)

    @operation(
        f"POST {POSITIONS.path}",
        permission=POSITIONS.writing,
        accepts=PositionSchema,
        returns=PositionSchema,
        creates=True,
        errors=REFUSED,
    )
    def create_position(self, session: Session, caller: Caller, data: dict[str, Any]) -> Position:
        """Make a position in a department (ID-04)."""
        take_turns(session, DIRECTORY)
        position = Position(name=data["name"])
        _fill_in(session, position, data)
        session.add(position)
        publish(session, position, POSITIONS.created.of(position))
        return position

    @operation(
        f"PATCH {POSITIONS.single_path}",
        permission=POSITIONS.writing,
        accepts=PositionSchema,
        returns=PositionSchema,
        errors=(*REFUSED, "position-in-use", "stale-version"),
    )
    def update_position(
        self, session: Session, caller: Caller, position_id: UUID, data: dict[str, Any]
    ) -> Position:
        """Change a position; whose superior follows from it has another one at once (ID-04, ID-25)."""
        take_turns(session, DIRECTORY)
        position = POSITIONS.load(session, caller, position_id)
        if (
            data.get("department_id", position.department_id) != position.department_id
            and position.appointments
        ):
            raise Conflict("position-in-use", "People hold it: its department stays.")
        guard = Guard(session, caller, who_may_become_superior(session, position.id, data.get("superior_id")))
        _fill_in(session, position, data)
        followed = follow_positions(session)
        guard.check()
        publish(session, position, POSITIONS.updated.of(position))
        for account in followed:
            publish(session, account, AccountChanged.of(account))
        return position

    @operation(
        f"DELETE {POSITIONS.single_path}",
        permission=POSITIONS.writing,
        errors=("position-in-use", "stale-version"),
    )
    def delete_position(self, session: Session, caller: Caller, position_id: UUID) -> None:
        """Delete a position that nobody holds and no other stands below (ID-04)."""
        take_turns(session, DIRECTORY)
        position = POSITIONS.load(session, caller, position_id)
        if is_in_use(session, position):
            raise Conflict("position-in-use", "People hold it, or other positions stand below it.")
        publish_deletion(session, position, POSITIONS.deleted.of(position))

    @operation(
        f"POST {POSITIONS.single_path}/holders",
        permission=KEEP_ACCOUNTS,
        tag="accounts",
        accepts=NewHoldersSchema,
        errors=(
            "account-out-of-reach",
            "reach-widened",
            "superiors-in-a-ring",
            "not-a-person",
            *NAMED_REFUSED,
        ),
    )
    def appoint(self, session: Session, caller: Caller, position_id: UUID, data: dict[str, Any]) -> None:
        """Appoint people to a position, all or none; a main position ends the one before (ID-06, ID-16)."""
        take_turns(session, DIRECTORY)
        position = load(session, Position, position_id, caller, POSITIONS.permission)
        for named in people_named(session, data["account_ids"], "account_ids"):
            account = load(session, Account, named.id, caller, KEEP_ACCOUNTS, any_version=True)
            kept = [
                {"position_id": each.position_id, "kind": each.kind, "started_on": each.started_on}
                for each in account.appointments
                if each.position_id != position.id and not (data["kind"] == each.kind == MAIN)
            ]
            new = {"position_id": position.id, "kind": data["kind"], "started_on": data["started_on"]}
            followed = change_account(session, caller, account, {"appointments": [*kept, new]})
            tell_change(session, account, followed)


def _fill_in(session: Session, position: Position, data: dict[str, Any]) -> None:
    """Take over what is given for a position; the directory is locked by now."""
    if "department_id" in data:
        department_named(session, data["department_id"], "department_id")
        position.department_id = data["department_id"]
    if "superior_id" in data:
        place_under(session, position, data["superior_id"])
    position.name = data.get("name", position.name)
    position.management = data.get("management", position.management)
