"""What can be asked about who decides for whom."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import NAMED_REFUSED, account_named
from identity.approvals.approvers import DECIDING
from identity.approvals.delegation import Delegation, holds_now
from identity.approvals.delegation_schemas import DelegationSchema
from identity.approvals.events import DelegationCreated, DelegationEnded
from identity.approvals.turns import administers
from servicekit import (
    Caller,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    Listing,
    NotFound,
    expect_version,
    load,
    operation,
    publish,
    publish_deletion,
    utcnow,
)  # fmt: skip

LONGEST = timedelta(days=366)
MOST = 20


def _holds(_session: Session, _caller: Caller) -> ColumnElement[bool]:
    """Whether it holds at this moment."""
    return holds_now()


DELEGATIONS = Listing(
    Delegation,
    DelegationSchema,
    "approval.read",
    filters={
        "account_id": Delegation.account_id,
        "delegate_id": Delegation.delegate_id,
        "starts_at": Delegation.starts_at,
        "ends_at": Delegation.ends_at,
    },
    sorts={"created_at": Delegation.created_at, "ends_at": Delegation.ends_at},
    asks={"holds": _holds},
)


class DelegationOperations:
    """Who decides for somebody while they are away."""

    @operation("GET /v1/approval-delegations", lists=DELEGATIONS)
    def list_approval_delegations(
        self, session: Session, caller: Caller, query: dict[str, str]
    ) -> dict[str, Any]:
        """List who decides for the caller, and for whom the caller does; administrators see all (GW-56)."""
        me = caller.account_id
        theirs = (
            true() if administers(caller) else or_(Delegation.account_id == me, Delegation.delegate_id == me)
        )
        return DELEGATIONS.page(session, caller, query, theirs)

    @operation(
        "GET /v1/approval-delegations/{delegation_id}", permission="approval.read", returns=DelegationSchema
    )
    def get_approval_delegation(self, session: Session, caller: Caller, delegation_id: UUID) -> Delegation:
        """Return one of them (GW-56)."""
        return _visible(session, caller, delegation_id)

    @operation(
        "POST /v1/approval-delegations",
        permission="approval.decide",
        accepts=DelegationSchema,
        returns=DelegationSchema,
        creates=True,
        errors=("not-yours", "too-many-delegations", "approver-may-not-decide", *NAMED_REFUSED),
    )
    def create_approval_delegation(
        self, session: Session, caller: Caller, data: dict[str, Any]
    ) -> Delegation:
        """Let somebody decide for the caller from one moment to another; both may (GW-56).

        Administrators say it for others. Nobody decides what is their own by it.
        """
        account_id = data.get("account_id") or caller.account_id
        if account_id != caller.account_id and not administers(caller):
            raise Forbidden("not-yours", "Only administrators say who decides for others.")
        away = account_named(session, account_id, "account_id")
        delegate = account_named(session, data["delegate_id"], "delegate_id")
        _check(session, away, delegate, data)
        delegation = Delegation(**{**data, "account_id": away.id})
        session.add(delegation)
        publish(session, delegation, DelegationCreated.of(delegation), concerns=_concerned(delegation))
        return delegation

    @operation(
        "DELETE /v1/approval-delegations/{delegation_id}",
        permission="approval.decide",
        only_if=lambda _session, caller, delegation: _ends(caller, delegation),
        errors=("not-yours", "stale-version"),
    )
    def delete_approval_delegation(self, session: Session, caller: Caller, delegation_id: UUID) -> None:
        """End it at once; what was decided by it stays (GW-56)."""
        delegation = _visible(session, caller, delegation_id)
        if not _ends(caller, delegation):
            raise Forbidden("not-yours", "Only who is away ends it, or an administrator.")
        publish_deletion(session, delegation, DelegationEnded.of(delegation))


def _visible(session: Session, caller: Caller, delegation_id: UUID) -> Delegation:
    delegation = load(session, Delegation, delegation_id, caller, "approval.read", any_version=True)
    if not administers(caller) and caller.account_id not in _concerned(delegation):
        raise NotFound("approval-not-found", "There is no such record.")
    expect_version(delegation)
    return delegation


def _concerned(delegation: Delegation) -> set[UUID]:
    return {delegation.account_id, delegation.delegate_id}


def _ends(caller: Caller, delegation: Delegation) -> bool:
    return delegation.account_id == caller.account_id or administers(caller)


def _check(session: Session, away: Account, delegate: Account, data: dict[str, Any]) -> None:
    """Refuse one that says nothing, or gives away too much.

    Raises:
        Invalid, Conflict: as of ``create_approval_delegation``.
    """
    if delegate.id == away.id:
        raise Invalid.field("delegate_id", Fault("delegates-to-itself", "Somebody else must decide."))
    if not delegate.permissions.keys() & {DECIDING, "*"}:
        raise Invalid.field("delegate_id", "This person may not decide approvals.", "approver-may-not-decide")
    if data["ends_at"] <= max(data["starts_at"], utcnow()):
        raise Invalid.field("ends_at", Fault("ends-before-it-starts", "Must be after its beginning and now."))
    if data["ends_at"] - data["starts_at"] > LONGEST:
        raise Invalid.field(
            "ends_at", Fault("lasts-too-long", "Must last {max} days at most.", max=LONGEST.days)
        )
    others = select(func.count()).where(Delegation.account_id == away.id, Delegation.ends_at > func.now())
    if (session.scalar(others) or 0) >= MOST:
        fault = Fault("too-many-delegations", "There are {max} of them already.", max=MOST)
        raise Conflict(fault.code, fault)
