"""What the identity service tells the others: the directory, access, sessions, webhooks, definitions."""

from typing import Any, ClassVar, Self
from uuid import UUID

from identity import examples
from identity.accounts.model import Account
from identity.accounts.schemas import AccountSchema
from identity.definitions.model import Definition
from identity.departments.schemas import DepartmentSchema
from identity.service_accounts.schemas import ServiceAccountSchema
from identity.webhooks.model import GAP_FOUND, Webhook
from identity.webhooks.schemas import WebhookSchema
from identity.webhooks.targets import parse
from servicekit import Event, RecordEvent


class DepartmentEvent(RecordEvent):
    """What every event about a department says."""

    shows = DepartmentSchema
    leaves_out: ClassVar[dict[str, str]] = {"members": "it follows from the accounts, whose events tell it"}


class DepartmentChanged(DepartmentEvent):
    """A department was added, renamed or moved, or one above it was (ID-02)."""

    type: ClassVar[str] = "department.changed"
    example: ClassVar[dict[str, Any]] = {"department_id": examples.DEPARTMENT, "path": [examples.DEPARTMENT]}


class DepartmentDeleted(DepartmentEvent):
    """A department that nobody belonged to was deleted (ID-02)."""

    type: ClassVar[str] = "department.deleted"
    example: ClassVar[dict[str, Any]] = {"department_id": examples.DEPARTMENT, "path": [examples.DEPARTMENT]}


_KEEPERS_ONLY = "only who keeps accounts sees it; every service has a copy of what this tells"


class AccountChanged(RecordEvent):
    """An account was opened or changed (ID-06): its card, which everybody who is signed in may see."""

    type: ClassVar[str] = "account.changed"
    shows = AccountSchema
    leaves_out: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "email",
            "mobile",
            "mobile_e164",
            "roles",
            "status",
            "locked",
            "expires_on",
            "manager_follows",
            "positions",
        ),
        _KEEPERS_ONLY,
    )
    example: ClassVar[dict[str, Any]] = {
        "account_id": examples.ACCOUNT,
        "department_id": examples.DEPARTMENT,
        "manager_id": examples.MANAGER,
        "active": True,
    }

    active: bool
    """Whether the person works here and is not locked out."""

    @classmethod
    def of(cls, record: Account, **more: Any) -> Self:
        """Return the event for an account."""
        return super().of(record, active=record.active, **more)


class PasswordChanged(Event):
    """Somebody has a new password (ID-33)."""

    type: ClassVar[str] = "account.password_changed"
    brief: ClassVar[str] = "a password is told to nobody, and nothing else has changed"
    example: ClassVar[dict[str, Any]] = {"account_id": examples.ACCOUNT}

    account_id: UUID


class ServiceAccountEvent(RecordEvent):
    """What every event about a service account says of it; nothing of its secrets but their ids."""

    shows = ServiceAccountSchema
    leaves_out: ClassVar[dict[str, str]] = {
        "secrets": "who knows which one, and when it was used, is for those who keep the account",
        "last_used_at": "moves with each use without a new version",
        "last_used_from": "moves with each use without a new version",
    }


_SERVICE_ACCOUNT: dict[str, Any] = {"service_account_id": examples.ACCOUNT}


class ServiceAccountCreated(ServiceAccountEvent):
    """An account for a program was opened."""

    type: ClassVar[str] = "service_account.created"
    example: ClassVar[dict[str, Any]] = _SERVICE_ACCOUNT


class ServiceAccountChanged(ServiceAccountEvent):
    """A service account was changed, disabled or enabled."""

    type: ClassVar[str] = "service_account.changed"
    example: ClassVar[dict[str, Any]] = {**_SERVICE_ACCOUNT, "status": "disabled"}


class ServiceAccountSecretAdded(ServiceAccountEvent):
    """A service account has another secret."""

    type: ClassVar[str] = "service_account.secret_added"
    example: ClassVar[dict[str, Any]] = {**_SERVICE_ACCOUNT, "secret_id": examples.SESSION}

    secret_id: UUID


class ServiceAccountSecretWithdrawn(ServiceAccountEvent):
    """A secret of a service account is worth nothing any more, nor are the tokens that it got."""

    type: ClassVar[str] = "service_account.secret_withdrawn"
    example: ClassVar[dict[str, Any]] = {**_SERVICE_ACCOUNT, "secret_id": examples.SESSION}

    secret_id: UUID


class AccessChanged(Event):
    """What somebody may do has changed, or, without an account, what anybody may do (ID-18)."""

    type: ClassVar[str] = "access.changed"
    brief: ClassVar[str] = "what a role allows is for who keeps roles; GET /v1/roles"
    example: ClassVar[dict[str, Any]] = {"account_id": examples.ACCOUNT}

    account_id: UUID | None


class SessionStarted(Event):
    """Somebody signed in (ID-30)."""

    type: ClassVar[str] = "session.started"
    brief: ClassVar[str] = "from where somebody signed in is theirs to see"
    example: ClassVar[dict[str, Any]] = {"session_id": examples.SESSION, "account_id": examples.ACCOUNT}

    session_id: UUID
    account_id: UUID


class SessionRevoked(Event):
    """A session was ended, by its owner or because it had to be (ID-34)."""

    type: ClassVar[str] = "session.revoked"
    brief: ClassVar[str] = "from where somebody signed in is theirs to see"
    example: ClassVar[dict[str, Any]] = {"session_id": examples.SESSION, "account_id": examples.ACCOUNT}

    session_id: UUID
    account_id: UUID


class SigningKeyRotated(Event):
    """Access tokens are signed with another key from now on."""

    type: ClassVar[str] = "signing_key.rotated"
    brief: ClassVar[str] = "the keys are at /.well-known/jwks.json"
    example: ClassVar[dict[str, Any]] = {"key_id": "01936f3a-7c00-7000-8000-000000000008"}

    key_id: UUID


class SigningKeyWithdrawn(Event):
    """A key is known to somebody else: what it has signed is worth nothing from now on."""

    type: ClassVar[str] = "signing_key.withdrawn"
    brief: ClassVar[str] = "the keys are at /.well-known/jwks.json"
    example: ClassVar[dict[str, Any]] = {"key_id": "01936f3a-7c00-7000-8000-000000000008"}

    key_id: UUID


class WebhookEvent(RecordEvent):
    """What every event about a webhook says; neither its secret nor the whole of its URL, which may hold one."""

    shows = WebhookSchema
    leaves_out: ClassVar[dict[str, str]] = {
        "url": "it may hold a secret: ``origin`` tells scheme, host and port",
        "failing_since": "moves with attempts without a new version",
        "conditions": "what they compare may be confidential",
        "where": "what it compares may be confidential",
    }

    origin: str
    """Scheme, host and port of the receiver."""

    @classmethod
    def of(cls, record: Webhook, **more: Any) -> Self:
        """Return the event for a subscription."""
        return super().of(record, origin=parse(record.url).origin, **more)


_WEBHOOK_EXAMPLE = {
    "webhook_id": examples.WEBHOOK,
    "origin": "https://erp.example.com",
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


class WebhookGapFound(WebhookEvent):
    """Events were lost to a webhook (``missed_before``): load the records. It is told so whatever it asks for."""

    type: ClassVar[str] = GAP_FOUND
    example: ClassVar[dict[str, Any]] = {**_WEBHOOK_EXAMPLE, "missed_before": "2026-11-22T08:00:00+00:00"}
    never_null: ClassVar[tuple[str, ...]] = ("missed_before",)


class WebhookDeleted(WebhookEvent):
    """A webhook is no more."""

    type: ClassVar[str] = "webhook.deleted"
    example: ClassVar[dict[str, Any]] = _WEBHOOK_EXAMPLE


class DefinitionChanged(Event):
    """A dictionary, a numbering rule, a parameter or a field was made or changed (ID-42, ID-43, GW-57, GW-58)."""

    type: ClassVar[str] = "definition.changed"
    brief: ClassVar[str] = (
        "what is configured as services go by it; the API shows each kind in words of its own"
    )
    example: ClassVar[dict[str, Any]] = {
        "definition_id": examples.DEFINITION,
        "kind": "dictionary",
        "noun": "",
        "key": "source",
        "body": {
            "label": {"zh": "来源", "en": "Source"},
            "remark": None,
            "open": False,
            "terms": [
                {
                    "id": examples.SUBJECT,
                    "code": "展会",
                    "label": {"zh": "展会", "en": "Exhibition"},
                    "remark": None,
                    "active": True,
                }
            ],
        },
        "active": True,
        "position": 1,
    }

    definition_id: UUID
    kind: str
    noun: str
    key: str
    body: dict[str, Any]
    active: bool
    position: int

    @classmethod
    def of(cls, definition: Definition) -> Self:
        """Return the event for a definition."""
        names = [name for name in cls.model_fields if name != "definition_id"]
        return cls(definition_id=definition.id, **{name: getattr(definition, name) for name in names})
