"""What the identity service tells the others: the directory, access, sessions, approvals."""

from typing import Any, ClassVar
from uuid import UUID

from identity.accounts.model import Account
from identity.approvals.flow import ApprovalFlow
from identity.approvals.model import Approval
from identity.departments.model import Department
from identity.webhooks.model import Webhook
from identity.webhooks.targets import parse
from servicekit import Event

_DEPARTMENT = "01936f3a-7c00-7000-8000-000000000001"
_ACCOUNT = "01936f3a-7c00-7000-8000-000000000002"
_MANAGER = "01936f3a-7c00-7000-8000-000000000003"
_SESSION = "01936f3a-7c00-7000-8000-000000000004"
_FLOW = "01936f3a-7c00-7000-8000-000000000005"
_APPROVAL = "01936f3a-7c00-7000-8000-000000000006"
_SUBJECT = "01936f3a-7c00-7000-8000-000000000007"
_WEBHOOK = "01936f3a-7c00-7000-8000-000000000009"


class DepartmentChanged(Event):
    """A department was added, renamed or moved, or one above it was (ID-02)."""

    type: ClassVar[str] = "department.changed"
    example: ClassVar[dict[str, Any]] = {
        "department_id": _DEPARTMENT,
        "name": "华东大区",
        "code": "EAST",
        "parent_id": None,
        "path": [_DEPARTMENT],
    }

    department_id: UUID
    name: str
    code: str | None
    parent_id: UUID | None
    path: list[UUID]

    @classmethod
    def of(cls, department: Department) -> "DepartmentChanged":
        """Return the event for a department as it is now."""
        return cls(
            department_id=department.id,
            name=department.name,
            code=department.code,
            parent_id=department.parent_id,
            path=department.path,
        )


class DepartmentDeleted(Event):
    """A department that nobody belonged to was deleted (ID-02)."""

    type: ClassVar[str] = "department.deleted"
    example: ClassVar[dict[str, Any]] = {"department_id": _DEPARTMENT, "name": "华东大区"}

    department_id: UUID
    name: str

    @classmethod
    def of(cls, department: Department) -> "DepartmentDeleted":
        """Return the event for a department that goes."""
        return cls(department_id=department.id, name=department.name)


class AccountChanged(Event):
    """An account was opened or changed (ID-06)."""

    type: ClassVar[str] = "account.changed"
    example: ClassVar[dict[str, Any]] = {
        "account_id": _ACCOUNT,
        "username": "wang.fang",
        "display_name": "王芳",
        "department_id": _DEPARTMENT,
        "manager_id": _MANAGER,
        "active": True,
    }

    account_id: UUID
    username: str
    display_name: str
    department_id: UUID | None
    manager_id: UUID | None
    active: bool
    """Whether the person works here and is not locked out."""

    @classmethod
    def of(cls, account: Account) -> "AccountChanged":
        """Return the event for an account as it is now."""
        return cls(
            account_id=account.id,
            username=account.username,
            display_name=account.display_name,
            department_id=account.department_id,
            manager_id=account.manager_id,
            active=account.active,
        )


class PasswordChanged(Event):
    """Somebody has a new password (ID-33)."""

    type: ClassVar[str] = "account.password_changed"
    example: ClassVar[dict[str, Any]] = {"account_id": _ACCOUNT}

    account_id: UUID


class AccessChanged(Event):
    """What somebody may do has changed, or, without an account, what anybody may do (ID-18)."""

    type: ClassVar[str] = "access.changed"
    example: ClassVar[dict[str, Any]] = {"account_id": _ACCOUNT}

    account_id: UUID | None


class SessionStarted(Event):
    """Somebody signed in (ID-30)."""

    type: ClassVar[str] = "session.started"
    example: ClassVar[dict[str, Any]] = {"session_id": _SESSION, "account_id": _ACCOUNT}

    session_id: UUID
    account_id: UUID


class SessionRevoked(Event):
    """A session was ended, by its owner or because it had to be (ID-34)."""

    type: ClassVar[str] = "session.revoked"
    example: ClassVar[dict[str, Any]] = {"session_id": _SESSION, "account_id": _ACCOUNT}

    session_id: UUID
    account_id: UUID


class SigningKeyRotated(Event):
    """Access tokens are signed with another key from now on."""

    type: ClassVar[str] = "signing_key.rotated"
    example: ClassVar[dict[str, Any]] = {"key_id": "01936f3a-7c00-7000-8000-000000000008"}

    key_id: UUID


class SigningKeyWithdrawn(Event):
    """A key is known to somebody else: what it has signed is worth nothing from now on."""

    type: ClassVar[str] = "signing_key.withdrawn"
    example: ClassVar[dict[str, Any]] = {"key_id": "01936f3a-7c00-7000-8000-000000000008"}

    key_id: UUID


class ApprovalFlowChanged(Event):
    """A flow was created, changed, or made (in)active (GW-56)."""

    type: ClassVar[str] = "approval_flow.changed"
    example: ClassVar[dict[str, Any]] = {
        "flow_id": _FLOW,
        "name": "大额收入合同",
        "subject_type": "contract",
        "active": True,
        "condition": {"nature": "income", "currency": "CNY", "amount_from": "10000.00"},
    }

    flow_id: UUID
    name: str
    subject_type: str
    active: bool
    condition: dict[str, Any]
    """What a subject must be like to fall under the flow; what is missing matches all."""

    @classmethod
    def of(cls, flow: ApprovalFlow) -> "ApprovalFlowChanged":
        """Return the event for a flow as it is now."""
        return cls(
            flow_id=flow.id,
            name=flow.name,
            subject_type=flow.subject_type,
            active=flow.active,
            condition=flow.condition,
        )


class ApprovalEvent(Event):
    """What every event about an approval says."""

    approval_id: UUID
    subject_type: str
    subject_id: UUID
    title: str
    requester_id: UUID

    @classmethod
    def of(cls, approval: Approval, **more: Any) -> "ApprovalEvent":
        """Return the event for an approval as it is now."""
        values = {
            name: getattr(approval, name) for name in ApprovalEvent.model_fields if name != "approval_id"
        }
        return cls(approval_id=approval.id, **values, **more)


_APPROVAL_EXAMPLE = {
    "approval_id": _APPROVAL,
    "subject_type": "contract",
    "subject_id": _SUBJECT,
    "title": "HT20261122-0001 上海云图科技 2027 年度合同",
    "requester_id": _ACCOUNT,
}


class ApprovalRequested(ApprovalEvent):
    """A step of an approval waits for somebody's decision."""

    type: ClassVar[str] = "approval.requested"
    example: ClassVar[dict[str, Any]] = {**_APPROVAL_EXAMPLE, "step": 1, "approver_ids": [_MANAGER]}

    step: int
    approver_ids: list[UUID]
    """Who may decide, at this moment."""


class ApprovalDecided(ApprovalEvent):
    """An approval ended: every step agreed, or one refused (CT-04)."""

    type: ClassVar[str] = "approval.decided"
    example: ClassVar[dict[str, Any]] = {
        **_APPROVAL_EXAMPLE,
        "outcome": "approved",
        "comment": "同意",
        "decided_by_id": _MANAGER,
    }

    outcome: str
    """``approved`` or ``rejected``."""
    comment: str
    decided_by_id: UUID


class WebhookEvent(Event):
    """What every event about a webhook says; neither its secret nor the whole of its URL, which may hold one."""

    webhook_id: UUID
    description: str
    origin: str
    """Scheme, host and port of the receiver."""
    event_types: list[str]
    active: bool
    stopped_because: str | None

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookEvent":
        """Return the event for a subscription as it is now."""
        return cls(
            webhook_id=webhook.id,
            description=webhook.description,
            origin=parse(webhook.url).origin,
            event_types=webhook.event_types,
            active=webhook.active,
            stopped_because=webhook.stopped_because,
        )


_WEBHOOK_EXAMPLE = {
    "webhook_id": _WEBHOOK,
    "description": "金蝶 ERP",
    "origin": "https://erp.example.com",
    "event_types": ["contract.*", "receivable.settled"],
    "active": True,
    "stopped_because": None,
}


class WebhookCreated(WebhookEvent):
    """Another system is told of events from now on."""

    type: ClassVar[str] = "webhook.created"
    example: ClassVar[dict[str, Any]] = _WEBHOOK_EXAMPLE


class WebhookUpdated(WebhookEvent):
    """A webhook was changed, switched on or off, or has another secret."""

    type: ClassVar[str] = "webhook.updated"
    example: ClassVar[dict[str, Any]] = _WEBHOOK_EXAMPLE


class WebhookPaused(WebhookEvent):
    """A webhook makes no more attempts until somebody switches it on: administrators should know."""

    type: ClassVar[str] = "webhook.paused"
    example: ClassVar[dict[str, Any]] = {**_WEBHOOK_EXAMPLE, "active": False, "stopped_because": "failing"}


class WebhookDeleted(WebhookEvent):
    """A webhook is no more."""

    type: ClassVar[str] = "webhook.deleted"
    example: ClassVar[dict[str, Any]] = _WEBHOOK_EXAMPLE
