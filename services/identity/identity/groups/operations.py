"""What can be asked about user groups."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from identity.accounts.cards import page_of_cards
from identity.accounts.model import Account
from identity.accounts.queries import ACCOUNTS, NAMED_REFUSED, people_named
from identity.accounts.reach import Guard
from identity.approvals.queries import is_in_flows
from identity.base import DIRECTORY, take_turns
from identity.events import AccessChanged
from identity.groups.model import MEMBER, UserGroup
from identity.groups.noun import GROUPS, members_among
from identity.groups.schemas import GroupSchema, NewMembersSchema
from identity.pools.operations import is_in_pools
from servicekit import Caller, Conflict, NotFound, operation, publish, publish_deletion

MEMBERS = f"{GROUPS.single_path}/members"


@GROUPS.operations("list get create change restate")
class GroupOperations:
    """Groups of people whom something is given to together (ID-26)."""

    @operation(
        f"DELETE {GROUPS.single_path}", permission=GROUPS.writing, errors=("group-in-use", "stale-version")
    )
    def delete_user_group(self, session: Session, caller: Caller, user_group_id: UUID) -> None:
        """Delete a user group; whoever was in it loses what was given to it, at once (ID-26).

        One that a pool or a flow of approval in use names stays.
        """
        take_turns(session, DIRECTORY)
        group = GROUPS.load(session, caller, user_group_id)
        if is_in_pools(session, group) or is_in_flows(session, group_id=str(group.id)):
            raise Conflict(
                "group-in-use", "A pool is seen or kept by it, or a flow of approval in use asks it."
            )
        publish(session, group, AccessChanged(account_id=None))
        publish_deletion(session, group, GROUPS.deleted.of(group))

    @operation(f"GET {MEMBERS}", lists=ACCOUNTS)
    def list_user_group_members(
        self, session: Session, caller: Caller, user_group_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List who is in a user group, a card of each (ID-26)."""
        GROUPS.record(session, caller, user_group_id)
        inside = select(MEMBER.c.account_id).where(MEMBER.c.group_id == user_group_id)
        return page_of_cards(session, caller, query, Account.id.in_(inside))

    @operation(
        f"POST {MEMBERS}",
        permission=GROUPS.writing,
        accepts=NewMembersSchema,
        returns=GroupSchema,
        errors=("reach-widened", "stale-version", *NAMED_REFUSED),
    )
    def add_user_group_members(
        self, session: Session, caller: Caller, user_group_id: UUID, data: dict[str, Any]
    ) -> UserGroup:
        """Take people into a user group; what is given to it holds for them at once (ID-26)."""
        take_turns(session, DIRECTORY)
        group = GROUPS.load(session, caller, user_group_id)
        people = people_named(session, data["account_ids"], "account_ids")
        known = members_among(session, group, [person.id for person in people])
        new = [person for person in people if person.id not in known]
        guard = Guard(session, caller, new)
        for person in new:
            session.execute(insert(MEMBER).values(group_id=group.id, account_id=person.id))
        guard.check()
        return _changed(session, group, new)

    @operation(
        f"DELETE {MEMBERS}/{{account_id}}",
        permission=GROUPS.writing,
        errors=("user-group-member-not-found", "stale-version"),
    )
    def remove_user_group_member(
        self, session: Session, caller: Caller, user_group_id: UUID, account_id: UUID
    ) -> None:
        """Take somebody out of a user group, and what they had by it (ID-26)."""
        take_turns(session, DIRECTORY)
        group = GROUPS.load(session, caller, user_group_id)
        if account_id not in members_among(session, group, [account_id]):
            raise NotFound("user-group-member-not-found", "They are not in the group.")
        session.execute(
            delete(MEMBER).where(MEMBER.c.group_id == group.id, MEMBER.c.account_id == account_id)
        )
        _changed(session, group, [session.get_one(Account, account_id)])


def _changed(session: Session, group: UserGroup, people: list[Account]) -> UserGroup:
    """Tell of a group whose members have changed, and of those whose access has."""
    if people:
        group.touch()
        publish(session, group, GROUPS.updated.of(group))
        for person in people:
            publish(session, group, AccessChanged(account_id=person.id))
    return group
