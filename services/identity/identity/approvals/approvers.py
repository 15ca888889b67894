"""Who is asked in a step: chosen when it opens (GW-56)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import able_to, holders_of, known_ids
from identity.approvals.asked import Asked
from identity.approvals.events import ApprovalRequested
from identity.approvals.flow import ALL, GROUP, HEAD, PERSON, ROLE
from identity.approvals.model import Approval, ApprovalTask
from identity.approvals.states import FLOW, INSTEAD
from identity.approvals.working_hours import working_hours
from identity.groups.model import MEMBER
from identity.positions.superiors import heads_for
from identity.roles.model import ADMINISTRATOR, Role
from servicekit import publish, utcnow

DECIDING = "approval.decide"
MOST_ASKED = 200
"""People who are asked each by themselves in one step."""


class Choice(NamedTuple):
    """Whom a step asks, and why it is others than the flow says."""

    seats: list[Asked]
    note: str = ""


def open_next(session: Session, approval: Approval) -> None:
    """Begin the steps that come next, and ask those whom they are for."""
    for task in approval.open_stage():
        hours = approval.steps[task.step - 1].get("escalate_after")
        task.escalates_at = working_hours(session).after(utcnow(), hours) if hours else None
        choice = choose(session, approval, task.step)
        task.note = choice.note or None
        approval.ask(*choice.seats)
        tell_asked(session, approval, task, choice.seats)


def choose(session: Session, approval: Approval, step: int) -> Choice:
    """Return whom a step is for: never who wants it, nor whose password they know, unless the flow says so or nobody
    else administers the system. Where there is nobody, it is the administrators."""
    described = approval.steps[step - 1]
    barred = barred_from(session, approval)
    together = described.get("agree") == ALL
    if described["kind"] in (ROLE, GROUP):
        members, seat, missing = _members(session, described)
        free = [each for each in members if each not in barred]
        if not free:
            return in_place(step, missing)
        if not together:
            return Choice([Asked(step=step, **seat)])
        return Choice([*_people(session, step, free[:MOST_ASKED], required=True)])
    wanted, missing = _named(session, approval, described)
    free = [each for each in able_among(session, wanted) if each not in barred]
    choice = Choice([*_people(session, step, free, required=together)])
    if not free or (together and len(free) < len(wanted)):
        instead = in_place(step, missing, required=together)
        return Choice([*choice.seats, *instead.seats], instead.note)
    return choice


def barred_from(session: Session, approval: Approval) -> set[UUID]:
    """Return who may not be asked: who wants it, and whose password they know."""
    if approval.allow_own:
        return set()
    wanting = {*approval.own_to, *session.scalars(holders_of(approval.own_to))}
    return set(session.scalars(known_ids(wanting)))


def in_place(step: int, note: str, *, required: bool = False) -> Choice:
    """Return the administrators, who decide where those whom the flow names cannot."""
    seat = Asked(step=step, role=ADMINISTRATOR, because=INSTEAD, note=note, required=required)
    return Choice([seat], note)


def tell_asked(session: Session, approval: Approval, task: ApprovalTask, seats: Sequence[Asked]) -> None:
    """Tell that a step waits for somebody."""
    asked = approver_ids(session, approval, seats)
    requested = ApprovalRequested.of(approval, step=task.step, approver_ids=asked)
    publish(session, approval, requested, concerns=concerned(session, approval))


def approver_ids(session: Session, approval: Approval, seats: Iterable[Asked]) -> list[UUID]:
    """Return all whom some seats ask at this moment."""
    barred = barred_from(session, approval)
    found: list[UUID] = []
    for seat in seats:
        if seat.account_id is not None:
            found.append(seat.account_id)
            continue
        members = members_of(session, seat)
        free = [each for each in members if each not in barred]
        # Where all who administer the system want it, they are asked all the same: there is nobody else.
        found.extend(free or (members if seat.role == ADMINISTRATOR else []))
    return [*dict.fromkeys(found)]


def members_of(session: Session, seat: Asked) -> list[UUID]:
    """Return who has the role, or is in the group, that a seat asks and can decide."""
    return able_in_role(session, seat.role) if seat.role else able_in_group(session, seat.group_id)


def can_decide() -> ColumnElement[bool]:
    """Return the condition that somebody can sign in and decide approvals: nobody else is asked."""
    return able_to(DECIDING)


def concerned(session: Session, approval: Approval) -> set[UUID]:
    """Return who may look at an approval, and so is told what becomes of it: who wants it, is asked, or has decided.

    A role or group that is asked stands for itself: who belongs to it, is found out when somebody reads
    (``concerned_as``).
    """
    codes = {each.role for each in approval.asked if each.role is not None}
    rows: list[Asked | ApprovalTask] = [*approval.asked, *approval.tasks]
    people = {who for each in rows for who in (each.account_id, each.decided_by_id) if who is not None}
    groups = {each.group_id for each in approval.asked if each.group_id is not None}
    roles = session.scalars(select(Role.id).where(Role.code.in_(codes))) if codes else ()
    return {approval.requester_id, *people, *groups, *roles}


def able_in_role(session: Session, role_code: str) -> list[UUID]:
    """Return who has a role and can decide, oldest account first."""
    query = select(Account.id).join(Account.roles).where(Role.code == role_code, can_decide())
    return list(session.scalars(query.order_by(Account.id)))


def able_in_group(session: Session, group_id: UUID | None) -> list[UUID]:
    """Return who is in a user group and can decide, oldest account first."""
    query = select(Account.id).join(MEMBER, MEMBER.c.account_id == Account.id)
    return list(
        session.scalars(query.where(MEMBER.c.group_id == group_id, can_decide()).order_by(Account.id))
    )


def able_among(session: Session, account_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of some people who can decide, in their order."""
    found = set(session.scalars(select(Account.id).where(Account.id.in_(account_ids), can_decide())))
    return [each for each in dict.fromkeys(account_ids) if each in found]


def superior_of(session: Session, account_id: UUID, height: int) -> UUID | None:
    """Return who is so many places above somebody; None where there is nobody so high."""
    above: UUID | None = account_id
    for _ in range(height):
        account = session.get(Account, above) if above is not None else None
        above = account.manager_id if account else None
    return above if above != account_id else None


def _members(session: Session, described: dict[str, str]) -> tuple[list[UUID], dict[str, object], str]:
    if described["kind"] == ROLE:
        role = described["role"]
        return able_in_role(session, role), {"role": role}, f"Nobody else who can decide has the role {role}."
    group_id = UUID(described["group_id"])
    return (
        able_in_group(session, group_id),
        {"group_id": group_id},
        "Nobody else in the user group can decide.",
    )


def _named(session: Session, approval: Approval, described: dict[str, object]) -> tuple[list[UUID], str]:
    """Return whom a step of people means, and what to say where they cannot be asked."""
    if described["kind"] == PERSON:
        named = [described.get("account_id"), *_listed(described.get("account_ids"))]
        people = [UUID(str(each)) for each in named if each is not None]
        return [
            *dict.fromkeys(people)
        ], "The person asked cannot sign in and decide, or it would be their own request."
    if described["kind"] == HEAD:
        missing = "The requester's department has no other head who can sign in and decide."
        return heads_for(session, approval.requester_id), missing
    above = superior_of(session, approval.requester_id, int(str(described.get("height", 1))))
    return [above] if above else [], "The requester has no superior who can sign in and decide."


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _people(session: Session, step: int, account_ids: Sequence[UUID], *, required: bool) -> Iterable[Asked]:
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(account_ids)))
    names = {row.id: row.display_name for row in rows}
    for each in account_ids:
        yield Asked(step=step, account_id=each, account_name=names[each], because=FLOW, required=required)
