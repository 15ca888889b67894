"""The identity service: the directory, sign-in, roles, approvals and webhooks."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity import seeding
from identity.accounts.model import Account
from identity.accounts.operations import AccountOperations
from identity.accounts.own import OwnAccountOperations
from identity.accounts.previewing import PreviewOperations
from identity.accounts.reach import WRITE
from identity.accounts.subjects import SubjectOperations
from identity.approvals.beginning import BeginningHandlers
from identity.approvals.delegation_operations import DelegationOperations
from identity.approvals.flow_operations import ApprovalFlowOperations
from identity.approvals.operations import ApprovalOperations
from identity.approvals.turns import ADMINISTER
from identity.bus import IdentityBus
from identity.definitions.dictionaries import DictionaryOperations
from identity.definitions.field_operations import FieldOperations
from identity.definitions.rules import RuleOperations
from identity.departments.model import Department
from identity.departments.operations import DepartmentOperations
from identity.groups.noun import groups_of
from identity.groups.operations import GroupOperations
from identity.institutions.operations import InstitutionOperations
from identity.permits import PERMITS
from identity.pools.operations import PoolOperations
from identity.positions.operations import PositionOperations
from identity.roles.members import RoleMemberOperations
from identity.roles.model import ACCOUNT_ROLE
from identity.roles.operations import RoleOperations
from identity.secrets_at_rest import SecretsAtRest
from identity.service_accounts.operations import ServiceAccountOperations
from identity.signin.operations import SignInOperations
from identity.webhooks.delivering import Deliverer
from identity.webhooks.feeding import Feeder
from identity.webhooks.operations import WebhookOperations
from servicekit import Caller, Deeds, Service
from servicekit.base.settings import Settings
from servicekit.operating.background import Background


class IdentityService(
    InstitutionOperations,
    DepartmentOperations,
    AccountOperations,
    OwnAccountOperations,
    SubjectOperations,
    PreviewOperations,
    PositionOperations,
    RoleMemberOperations,
    RoleOperations,
    GroupOperations,
    ServiceAccountOperations,
    SignInOperations,
    ApprovalFlowOperations,
    ApprovalOperations,
    DelegationOperations,
    WebhookOperations,
    DictionaryOperations,
    RuleOperations,
    FieldOperations,
    PoolOperations,
    SecretsAtRest,
    BeginningHandlers,
    IdentityBus,
    Service,
):
    """Owns departments, accounts of people and programs, roles, sessions, approval flows, approvals, webhooks and
    what is configured for all.

    Operations: identity.<noun>.operations. Publishes: identity.events; all services keep their copy of the directory
    and of what is configured by it. Listens to all services: what they ask consent for. Reads the
    stream of all events for the webhooks.
    """

    name = "identity"
    permits: ClassVar[Mapping[str, Deeds]] = PERMITS
    directory: ClassVar[tuple[Any, Any]] = (Account.__table__, Department.__table__)
    told_to: ClassVar[Mapping[str, str]] = {
        "account": WRITE,
        "approval": ADMINISTER,
        "approval_delegation": ADMINISTER,
    }
    reads_feed = True
    webhook_feeder = Background(Feeder)
    webhook_deliverer = Background(Deliverer)

    @classmethod
    def concerned_as(cls, session: Session, caller: Caller) -> Collection[UUID]:
        """Return the caller's roles and groups: what waits for one concerns whoever belongs to it."""
        held = select(ACCOUNT_ROLE.c.role_id).where(ACCOUNT_ROLE.c.account_id == caller.account_id)
        return [*session.scalars(held), *groups_of(session, caller.account_id)]

    @staticmethod
    def prepare(settings: Settings) -> None:
        """Put in what must be there before anybody can sign in; called after every migration."""
        seeding.prepare(settings)
