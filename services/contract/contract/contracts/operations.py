"""What can be asked about contracts."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contract.contracts.model import Contract
from contract.contracts.queries import CONTRACTS
from contract.contracts.schemas import CompleteSchema, ContractSchema, SignSchema
from contract.events import (
    ContractApproved,
    ContractCompleted,
    ContractCreated,
    ContractDeleted,
    ContractRejected,
    ContractSigned,
    ContractSubmitted,
    ContractUpdated,
)
from contract.parties import PARTIES_NOT_THERE, PARTIES_REFUSED, ensure_parties, judge_parties
from servicekit import (
    APPROVED,
    REJECTED,
    Caller,
    Numbers,
    ask_approval,
    check_new_owner,
    operation,
    publish,
    publish_deletion,
)
from servicekit.nouns.approvals.awaited import Awaited

NUMBERS = Numbers("contract", "HT{date:%Y%m%d}-{n:04}")


@CONTRACTS.operations("list get shares access")
class ContractOperations:
    """Contracts, from draft to completion."""

    @operation(
        "POST /v1/contracts",
        permission=CONTRACTS.writing,
        accepts=ContractSchema,
        returns=ContractSchema,
        creates=True,
        errors=("owner-out-of-reach", *PARTIES_REFUSED),
    )
    def create_contract(self, session: Session, caller: Caller, data: dict[str, Any]) -> Contract:
        """Draft a contract (CT-02, CT-08 to CT-12); its customer is its opportunity's where none is named (CT-21)."""
        owner_id = data.setdefault("owner_id", caller.account_id)
        data.setdefault("signer_id", caller.account_id)
        check_new_owner(session, caller, CONTRACTS.writing, owner_id)
        judge_parties(session, caller, data)
        contract = Contract()
        contract.fill_in(**data)
        contract.number = NUMBERS.next(session)
        session.add(contract)
        publish(session, contract, ContractCreated.of(contract))
        return contract

    @operation(
        "PATCH /v1/contracts/{contract_id}",
        permission=CONTRACTS.writing,
        accepts=ContractSchema,
        returns=ContractSchema,
        does=Contract.fill_in,
        errors=("contract-not-draft", "owner-out-of-reach", "stale-version", *PARTIES_REFUSED),
    )
    def update_contract(
        self, session: Session, caller: Caller, contract_id: UUID, data: dict[str, Any]
    ) -> Contract:
        """Change a draft (CT-02); only the fields that are named, lines and terms as a whole."""
        contract = CONTRACTS.load(session, caller, contract_id)
        if "owner_id" in data:
            check_new_owner(session, caller, CONTRACTS.writing, data["owner_id"], contract)
        judge_parties(session, caller, data, contract)
        contract.fill_in(**data)
        publish(session, contract, ContractUpdated.of(contract))
        return contract

    @operation(
        "DELETE /v1/contracts/{contract_id}",
        permission=CONTRACTS.writing,
        does=Contract.ensure_deletable,
        errors=("contract-not-draft",),
    )
    def delete_contract(self, session: Session, caller: Caller, contract_id: UUID) -> None:
        """Delete a draft (CT-02)."""
        contract = CONTRACTS.load(session, caller, contract_id)
        contract.ensure_deletable()
        publish_deletion(session, contract, ContractDeleted.of(contract))

    @CONTRACTS.action(
        "submit", does=Contract.submit, tells=ContractSubmitted, errors=("contract-not-draft", *PARTIES_NOT_THERE)
    )  # fmt: skip
    def submit_contract(self, contract: Contract, session: Session, caller: Caller) -> dict[str, Any]:
        """Hand a draft in: pending where an approval flow is bound to its nature and amount, else approved (CT-03).

        Its customer and opportunity are known by now and in use, or it stays a draft (CT-21).
        """
        contract.ensure_submittable()
        ensure_parties(session, contract)
        approval_id = ask_approval(session, caller, contract, "submit", does=contract.submit)
        flow_id = session.get_one(Awaited, approval_id).flow_id if approval_id else None
        return {"approval_id": approval_id, "flow_id": flow_id, "requester_id": caller.account_id}

    @CONTRACTS.decided("submit", APPROVED, tells=ContractApproved)
    def approve_contract(self, contract: Contract) -> None:
        """The approval has ended well (CT-04)."""
        contract.approve()

    @CONTRACTS.decided("submit", REJECTED, tells=ContractRejected)
    def reject_contract(self, contract: Contract, comment: str) -> dict[str, Any]:
        """The approval was refused: it is a draft again (CT-03)."""
        contract.reject(comment)
        return {"comment": comment}

    @CONTRACTS.action(
        "sign", permission="contract.sign", accepts=SignSchema, does=Contract.sign, tells=ContractSigned,
        errors=("contract-not-approved", "unknown-account", "account-left", *PARTIES_NOT_THERE),
    )  # fmt: skip
    def sign_contract(self, contract: Contract, session: Session, data: dict[str, Any]) -> None:
        """Sign an approved contract with a known customer in use (CT-05, CT-12, CT-21); finance raises what is owed.

        Who has signed may be others than the draft named.
        """
        contract.sign(**data)
        ensure_parties(session, contract)

    @CONTRACTS.action(
        "complete", permission="contract.complete", accepts=CompleteSchema, does=Contract.complete,
        tells=ContractCompleted, errors=("contract-not-signed",),
    )  # fmt: skip
    def complete_contract(self, contract: Contract, data: dict[str, Any]) -> None:
        """Close a signed contract whose execution is complete (CT-07)."""
        contract.complete(data["completed_on"])
