"""The contract service: contracts with their lines, payment terms and states."""

from contract.bus import ContractBus
from contract.contracts.operations import ContractOperations
from contract.customers import CustomerHandlers
from contract.deliveries import DeliveryOperations
from contract.opportunities import OpportunityHandlers
from servicekit import ApprovalFollower, PlatformCopy, Service


class ContractService(
    ContractOperations,
    DeliveryOperations,
    CustomerHandlers,
    OpportunityHandlers,
    ContractBus,
    ApprovalFollower,
    PlatformCopy,
    Service,
):
    """Owns contracts: draft, approval, signature, delivery, completion.

    Operations: contract.contracts.operations, contract.deliveries. Publishes: contract.events.
    Listens to identity (the directory, what is configured, what approvals decide), customer (whose they are, and
    mergers), sales (opportunities that contracts come from).
    """

    name = "contract"
