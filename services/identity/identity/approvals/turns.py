"""Whose turn it is: what somebody may answer in an approval, for themselves or for who is away."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.accounts.queries import holders_of, knowing_ids, members_in_service
from identity.approvals.asked import Asked
from identity.approvals.delegation import absent_for
from identity.approvals.model import Approval, already_decided
from identity.groups.noun import groups_of
from identity.roles.model import ACCOUNT_ROLE, ADMINISTRATOR, Role
from servicekit import Caller, ForAll, Forbidden, OperationError
from servicekit.base.scopes import ALL

ADMINISTER = ForAll("approval.administer")


class Hand(NamedTuple):
    """One in whose place somebody answers: they themselves, or who is away."""

    account_id: UUID
    name: str
    roles: frozenset[str]
    groups: frozenset[UUID]
    absent: bool = False

    def may_take(self, seat: Asked) -> bool:
        """Tell whether a seat is theirs to answer."""
        return seat.is_for(self.account_id, self.roles, self.groups)

    @property
    def on_behalf_of(self) -> tuple[UUID, str] | None:
        """Who is away, if that is why."""
        return (self.account_id, self.name) if self.absent else None


class Turn(NamedTuple):
    """What somebody may answer now."""

    step: int
    seat: Asked | None
    """None for who administers the system and is not asked."""
    on_behalf_of: tuple[UUID, str] | None = None


def administers(caller: Caller) -> bool:
    """Tell whether a caller sees and decides every approval."""
    return caller.scope(ADMINISTER) == ALL


def roles_of(session: Session, account_id: UUID) -> frozenset[str]:
    """Return the codes of somebody's roles."""
    query = select(Role.code).join(ACCOUNT_ROLE).where(ACCOUNT_ROLE.c.account_id == account_id)
    return frozenset(session.scalars(query))


def hands_of(session: Session, caller: Caller) -> list[Hand]:
    """Return in whose places a caller answers: their own first, then of those who are away."""
    me = Hand(
        caller.account_id, caller.display_name, roles_of(session, caller.account_id),
        groups_of(session, caller.account_id),
    )  # fmt: skip
    others = (
        Hand(each.id, each.display_name, roles_of(session, each.id), groups_of(session, each.id), absent=True)
        for each in absent_for(session, caller.account_id)
    )
    return [me, *others]


def turn_of(
    session: Session, caller: Caller, approval: Approval, step: int | None = None
) -> Turn | OperationError:
    """Return what a caller may answer, or why they may not.

    Args:
        step: the step that they mean; by default the first that is theirs.
    """
    if not approval.open_tasks or (step is not None and approval.task(step) is None):
        return already_decided()
    hands = hands_of(session, caller)
    own = is_own(session, approval, caller.account_id)
    turns = [*_turns(approval, hands, step)]
    free = [turn for hand, turn in turns if not hand.absent or not is_own(session, approval, hand.account_id)]
    if administers(caller):
        free.extend(Turn(task.step, None) for task in approval.open_tasks if step in (None, task.step))
    if free:
        return _own_request() if own else free[0]
    if turns:
        return _own_request()
    if any(hands[0].may_take(seat) or seat.decided_by_id == caller.account_id for seat in approval.asked):
        return already_decided()
    return Forbidden("not-an-approver", "This waits for somebody else's decision.")


def _turns(approval: Approval, hands: list[Hand], step: int | None) -> Iterator[tuple[Hand, Turn]]:
    """Yield what there is to answer: in one's own name before a role's or a group's, and last for others."""
    seats = [seat for task in approval.open_tasks for seat in approval.asked_of(task.step)]
    wanted = [seat for seat in seats if step in (None, seat.step)]
    for hand in hands:
        for seat in sorted(wanted, key=lambda seat: seat.account_id is None):
            if hand.may_take(seat):
                yield hand, Turn(seat.step, seat, hand.on_behalf_of)


def is_own(session: Session, approval: Approval, account_id: UUID) -> bool:
    """Tell whether it is somebody's own: nobody decides what they requested, or what is theirs, themselves, by an
    account whose password they know, or as a program whose secret they were shown; unless the flow says so or they
    alone administer the system (GW-56).

    An administrator who is locked or has expired counts as another one: locking makes nobody the only one.
    """
    wanting = {*approval.own_to, *session.scalars(holders_of(approval.own_to))}
    if approval.allow_own or wanting.isdisjoint(session.scalars(knowing_ids(account_id))):
        return False
    administrators = set(members_in_service(session, ADMINISTRATOR))
    return not (account_id in administrators and administrators <= wanting)


def _own_request() -> Forbidden:
    text = "This is your own, or of somebody who set your password: change it, or let others decide."
    return Forbidden("own-request", text)
