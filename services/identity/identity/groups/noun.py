"""User groups: what is kept of them, and who is in them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.groups.model import MEMBER, UserGroup
from identity.groups.schemas import GroupSchema
from identity.permits import GOVERN
from servicekit import Noun

GROUPS = Noun(
    UserGroup,
    GroupSchema,
    "/v1/groups",
    label=("用户组", "User groups"),
    row="ID-26",
    filters="name~",
    sorts="created_at name",
    leaves_out={"members": "it moves with people who come and go, of whom access.changed tells"},
    deeds={"write": GOVERN},
    errors=("user-group-name-taken",),
)


def groups_of(session: Session, account_id: UUID) -> frozenset[UUID]:
    """Return the groups that an account is in."""
    return frozenset(session.scalars(select(MEMBER.c.group_id).where(MEMBER.c.account_id == account_id)))


def members_among(session: Session, group: UserGroup, account_ids: list[UUID]) -> set[UUID]:
    """Return those accounts that are in a group."""
    query = select(MEMBER.c.account_id).where(MEMBER.c.group_id == group.id)
    return set(session.scalars(query.where(MEMBER.c.account_id.in_(account_ids))))
