"""The identity service: the directory, sign-in, roles and approvals."""

from identity import seeding
from identity.accounts.operations import AccountOperations
from identity.accounts.own import OwnAccountOperations
from identity.approvals.flow_operations import ApprovalFlowOperations
from identity.approvals.operations import ApprovalOperations
from identity.bus import IdentityBus
from identity.contracts import ContractHandlers
from identity.departments.operations import DepartmentOperations
from identity.roles.operations import RoleOperations
from identity.signin.operations import SignInOperations
from servicekit import Service
from servicekit.settings import Settings


class IdentityService(
    DepartmentOperations,
    AccountOperations,
    OwnAccountOperations,
    RoleOperations,
    SignInOperations,
    ApprovalFlowOperations,
    ApprovalOperations,
    ContractHandlers,
    IdentityBus,
    Service,
):
    """Owns departments, accounts, roles, sessions with their tokens, approval flows and approvals.

    Operations: identity.<noun>.operations. Publishes: identity.events; all services keep their copy of the directory
    by it. Listens to contract: what is submitted for approval.
    """

    name = "identity"

    @staticmethod
    def prepare(settings: Settings) -> None:
        """Put in what must be there before anybody can sign in; called after every migration."""
        seeding.prepare(settings)
