"""The contract service: contracts with their lines, payment terms and states."""

from contract.approvals import ApprovalHandlers
from contract.bus import ContractBus
from contract.contracts.operations import ContractOperations
from servicekit import DirectoryCopy, Service


class ContractService(ContractOperations, ApprovalHandlers, ContractBus, DirectoryCopy, Service):
    """Owns contracts: draft, approval, signature, delivery, completion.

    Operations: contract.contracts.operations. Publishes: contract.events.
    Listens to identity: the directory, approval flows and their decisions.
    """

    name = "contract"
