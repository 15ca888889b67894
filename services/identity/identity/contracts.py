"""What identity does when a contract is submitted: it asks those who have to agree."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.approvals.approvers import open_next
from identity.approvals.flow import ROLE, ApprovalFlow
from identity.approvals.model import Approval
from identity.roles.model import ADMINISTRATOR
from servicekit import Event, listens

BY_ADMINISTRATORS = [{"kind": ROLE, "role": ADMINISTRATOR}]


class ContractSubmitted(Event):
    """A draft was handed in; with an approval id where a flow has to decide."""

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


class ContractHandlers:
    """What follows from what happens to contracts."""

    @listens(ContractSubmitted)
    def request_approval(self, session: Session, contract: ContractSubmitted) -> None:
        """Begin the approval under the id that the contract waits for, once (CT-03)."""
        if contract.approval_id is None or session.get(Approval, contract.approval_id) is not None:
            return
        flow = session.get(ApprovalFlow, contract.flow_id) if contract.flow_id else None
        requester = session.get(Account, contract.requester_id)
        approval = Approval(
            id=contract.approval_id,
            subject_type="contract",
            subject_id=contract.contract_id,
            title=f"{contract.number} {contract.name}",
            amount=contract.amount,
            currency=contract.currency,
            requester_id=contract.requester_id,
            requester_name=requester.display_name if requester else None,
            subject_owner_id=contract.owner_id,
            flow_id=contract.flow_id,
            flow_version=flow.version if flow else None,
            steps=flow.steps if flow else BY_ADMINISTRATORS,
            allow_own=flow.allow_own if flow else False,
        )
        session.add(approval)
        open_next(session, approval)
