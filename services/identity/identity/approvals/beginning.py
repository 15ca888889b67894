"""How an approval begins: a service asks for consent, and identity asks those whom the flow names."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.approvals.approvers import open_next
from identity.approvals.flow import ROLE, ApprovalFlow
from identity.approvals.model import Approval
from identity.roles.model import ADMINISTRATOR
from servicekit import ANY, Event, listens
from servicekit.contracts.told_approvals import subjects

BY_ADMINISTRATORS = [{"kind": ROLE, "role": ADMINISTRATOR}]


class NotTheirs(Exception):
    """A service asked for consent to what is another one's."""


class ApprovalAsked(Event):
    """Consent is needed to a step of a record of some service."""

    source: ClassVar[str] = ANY
    type: ClassVar[str] = "approval.asked"

    approval_id: UUID
    subject_type: str
    subject_id: UUID
    step: str
    title: str
    requester_id: UUID
    owner_id: UUID | None = None
    flow_id: UUID | None = None
    facts: dict[str, Any] = {}


class ContractSubmitted(Event):
    """A draft was handed in to the contract service of the release before this one, which asks in no other way."""

    source: ClassVar[str] = "contract"
    type: ClassVar[str] = "contract.submitted"

    approval_id: UUID | None
    flow_id: UUID | None
    requester_id: UUID
    owner_id: UUID | None = None
    contract_id: UUID
    number: str
    name: str
    amount: Decimal
    currency: str


class BeginningHandlers:
    """What services ask."""

    @listens(ApprovalAsked)
    def begin_approval(self, session: Session, asked: ApprovalAsked) -> None:
        """Begin the approval under the id that the record waits for, once (CT-03, GW-56).

        Raises:
            NotTheirs: if another service has records of that noun; the event is parked.
        """
        subject = subjects().get(asked.subject_type)
        if subject is None or asked.published_by != subject.service:
            raise NotTheirs(f"{asked.published_by} asks for consent to a {asked.subject_type}")
        begin(session, asked)

    @listens(ContractSubmitted)
    def begin_approval_of_contract(self, session: Session, contract: ContractSubmitted) -> None:
        """Begin the approval of a contract, unless it was asked for already (CT-03)."""
        if contract.approval_id is None:
            return
        facts = {"amount": str(contract.amount), "currency": contract.currency}
        begin(
            session,
            ApprovalAsked(
                approval_id=contract.approval_id, subject_type="contract", subject_id=contract.contract_id,
                step="submit", title=f"{contract.number} {contract.name}", requester_id=contract.requester_id,
                owner_id=contract.owner_id, flow_id=contract.flow_id, facts=facts,
            ),
        )  # fmt: skip


def begin(session: Session, asked: ApprovalAsked) -> None:
    """Open the first steps; by the administrators, where nobody knows the flow."""
    if session.get(Approval, asked.approval_id) is not None:
        return
    flow = session.get(ApprovalFlow, asked.flow_id) if asked.flow_id else None
    requester = session.get(Account, asked.requester_id)
    approval = Approval(
        id=asked.approval_id,
        subject_type=asked.subject_type,
        subject_id=asked.subject_id,
        subject_step=asked.step,
        title=asked.title,
        amount=_amount(asked.facts),
        currency=asked.facts.get("currency"),
        facts=asked.facts,
        requester_id=asked.requester_id,
        requester_name=requester.display_name if requester else None,
        subject_owner_id=asked.owner_id,
        flow_id=asked.flow_id,
        flow_version=flow.version if flow else None,
        steps=flow.steps if flow else BY_ADMINISTRATORS,
        allow_own=flow.allow_own if flow else False,
    )
    session.add(approval)
    open_next(session, approval)


def _amount(facts: Mapping[str, Any]) -> Decimal | None:
    return Decimal(facts["amount"]) if facts.get("amount") is not None else None
