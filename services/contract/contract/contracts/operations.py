"""What can be asked about contracts."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contract.approvals import flow_for
from contract.contracts.model import Contract
from contract.contracts.queries import CONTRACTS
from contract.contracts.schemas import CompleteSchema, ContractSchema, SignSchema
from contract.events import (
    ContractCompleted,
    ContractCreated,
    ContractDeleted,
    ContractSigned,
    ContractSubmitted,
    ContractUpdated,
)
from contract.parties import PARTIES_NOT_THERE, PARTIES_REFUSED, ensure_parties, judge_parties
from servicekit import (
    Caller,
    Numbers,
    check_new_owner,
    load,
    new_id,
    operation,
    publish,
    publish_deletion,
)

NUMBERS = Numbers("contract", "HT{date:%Y%m%d}-{n:04}")


@CONTRACTS.operations("shares access")
class ContractOperations:
    """Contracts, from draft to completion."""

    @operation("GET /v1/contracts", lists=CONTRACTS)
    def list_contracts(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the contracts the caller may see (CT-13, CT-14)."""
        return CONTRACTS.page(session, caller, query)

    @operation("GET /v1/contracts/{contract_id}", permission="contract.read", returns=ContractSchema)
    def get_contract(self, session: Session, caller: Caller, contract_id: UUID) -> Any:
        """Return one contract (CT-13)."""
        return CONTRACTS.record(session, caller, contract_id)

    @operation(
        "POST /v1/contracts",
        permission="contract.write",
        accepts=ContractSchema,
        returns=ContractSchema,
        creates=True,
        errors=("owner-out-of-reach", *PARTIES_REFUSED),
    )
    def create_contract(self, session: Session, caller: Caller, data: dict[str, Any]) -> Contract:
        """Draft a contract (CT-02, CT-08 to CT-12); its customer is its opportunity's where none is named (CT-21)."""
        owner_id = data.setdefault("owner_id", caller.account_id)
        data.setdefault("signer_id", caller.account_id)
        check_new_owner(session, caller, "contract.write", owner_id)
        judge_parties(session, caller, data)
        contract = Contract()
        contract.fill_in(**data)
        contract.number = NUMBERS.next(session)
        session.add(contract)
        publish(session, contract, ContractCreated.of(contract))
        return contract

    @operation(
        "PATCH /v1/contracts/{contract_id}",
        permission="contract.write",
        accepts=ContractSchema,
        returns=ContractSchema,
        does=Contract.fill_in,
        errors=("contract-not-draft", "owner-out-of-reach", "stale-version", *PARTIES_REFUSED),
    )
    def update_contract(
        self, session: Session, caller: Caller, contract_id: UUID, data: dict[str, Any]
    ) -> Contract:
        """Change a draft (CT-02); only the fields that are named, lines and terms as a whole."""
        contract = load(session, Contract, contract_id, caller, "contract.write")
        if "owner_id" in data:
            check_new_owner(session, caller, "contract.write", data["owner_id"], contract)
        judge_parties(session, caller, data, contract)
        contract.fill_in(**data)
        publish(session, contract, ContractUpdated.of(contract))
        return contract

    @operation(
        "DELETE /v1/contracts/{contract_id}",
        permission="contract.write",
        does=Contract.ensure_deletable,
        errors=("contract-not-draft",),
    )
    def delete_contract(self, session: Session, caller: Caller, contract_id: UUID) -> None:
        """Delete a draft (CT-02)."""
        contract = load(session, Contract, contract_id, caller, "contract.write")
        contract.ensure_deletable()
        publish_deletion(session, contract, ContractDeleted.of(contract))

    @operation(
        "POST /v1/contracts/{contract_id}/submit",
        permission="contract.write",
        returns=ContractSchema,
        does=Contract.submit,
        errors=("contract-not-draft", *PARTIES_NOT_THERE),
    )
    def submit_contract(self, session: Session, caller: Caller, contract_id: UUID) -> Contract:
        """Hand a draft in: pending where an approval flow is bound to its nature and amount, else approved (CT-03).

        Its customer and opportunity are known by now and in use, or it stays a draft (CT-21).
        """
        contract = load(session, Contract, contract_id, caller, "contract.write")
        contract.ensure_submittable()
        ensure_parties(session, contract)
        flow = flow_for(session, contract)
        contract.submit(new_id() if flow else None)
        event = ContractSubmitted.of(
            contract,
            approval_id=contract.approval_id,
            flow_id=flow.id if flow else None,
            requester_id=caller.account_id,
        )
        publish(session, contract, event)
        return contract

    @operation(
        "POST /v1/contracts/{contract_id}/sign",
        permission="contract.sign",
        accepts=SignSchema,
        returns=ContractSchema,
        does=Contract.sign,
        errors=("contract-not-approved", "unknown-account", "account-left", *PARTIES_NOT_THERE),
    )
    def sign_contract(
        self, session: Session, caller: Caller, contract_id: UUID, data: dict[str, Any]
    ) -> Contract:
        """Sign an approved contract with a known customer in use (CT-05, CT-12, CT-21); finance raises what is owed.

        Who has signed may be others than the draft named.
        """
        contract = load(session, Contract, contract_id, caller, "contract.sign")
        contract.sign(**data)
        ensure_parties(session, contract)
        publish(session, contract, ContractSigned.of(contract))
        return contract

    @operation(
        "POST /v1/contracts/{contract_id}/complete",
        permission="contract.complete",
        accepts=CompleteSchema,
        returns=ContractSchema,
        does=Contract.complete,
        errors=("contract-not-signed",),
    )
    def complete_contract(
        self, session: Session, caller: Caller, contract_id: UUID, data: dict[str, Any]
    ) -> Contract:
        """Close a signed contract whose execution is complete (CT-07)."""
        contract = load(session, Contract, contract_id, caller, "contract.complete")
        contract.complete(data["completed_on"])
        publish(session, contract, ContractCompleted.of(contract))
        return contract
