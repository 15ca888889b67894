"""The service account and its secrets."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, and_, func, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from identity.accounts.model import SERVICE, Account
from identity.base import Base
from identity.roles.model import Role
from identity.roles.permissions import resolved
from servicekit import Conflict, Eager, NotFound, guarded, new_id, utcnow

ACTIVE, DISABLED = "active", "disabled"
STANDINGS = {ACTIVE: ("启用", "Active"), DISABLED: ("停用", "Disabled")}
MOST_SECRETS = 2
"""Live at the same time: the one in use, and the next one while it is being handed over."""
PREFIX = "kehu_"
SHOWN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
"""A secret, as it is shown."""
"""What a scanner for leaked secrets knows one by."""
NOTED_EVERY = timedelta(minutes=1)
"""How often a use is written down."""
NO_PASSWORD = "!"  # noqa: S105
"""What no password hashes to."""


def digest_of(secret: str) -> str:
    """Return what is kept of a secret; it is random enough not to need a slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class ServiceSecret(Eager, Base):
    """A secret of a service account, of which only the digest is kept. Tokens that it got live and end with it."""

    __tablename__ = "service_secret"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(unique=True)
    known_to: Mapped[UUID]
    """Who asked for it and was shown it: they can act as the account (ID-21)."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_used_from: Mapped[str | None]

    @property
    def alive(self) -> bool:
        """Whether it has neither been withdrawn nor run out."""
        return self.withdrawn_at is None and (self.expires_at is None or self.expires_at > utcnow())

    @classmethod
    def is_alive(cls) -> ColumnElement[bool]:
        """Return the same as a condition."""
        return and_(cls.withdrawn_at.is_(None), or_(cls.expires_at.is_(None), cls.expires_at > func.now()))

    def use(self, address: str) -> bool:
        """Note a use; tell whether it is news: a program may ask for tokens all day."""
        now = utcnow()
        lately = self.last_used_at is not None and now - self.last_used_at < NOTED_EVERY
        if lately and self.last_used_from == address:
            return False
        self.last_used_at, self.last_used_from = now, address
        return True


def _too_many_secrets(account: Any) -> Conflict | None:
    if len(account.live_secrets) < MOST_SECRETS:
        return None
    text = f"A service account has {MOST_SECRETS} secrets: withdraw one first."
    return Conflict("too-many-secrets", text, params={"max": MOST_SECRETS})


class ServiceAccount(Account):
    """An account for a program: it has permissions of its own instead of roles, and secrets instead of a password.

    It is known to the other services by the same events as a person, so it may own records and is named where it acted.
    """

    __mapper_args__ = {"polymorphic_identity": SERVICE}

    description: Mapped[str | None]
    granted: Mapped[dict[str, Any] | None]
    """Scope by permission."""
    departments: Mapped[list[Any]] = mapped_column(default=list)
    """What the scope ``departments`` stands for."""

    secrets: Mapped[list[ServiceSecret]] = relationship(order_by=ServiceSecret.created_at, lazy="selectin")

    client_secret = ""
    """A new secret, for the one answer that shows it."""

    def fill_in(self, roles: list[Role] | None = None, **values: Any) -> None:
        """Set what is known of the program; what it may do is said in so many words, by no roles.

        Args:
            values: columns by name, and ``standing``.
        """
        if "standing" in values:
            self.locked = values.pop("standing") == DISABLED
        if "display_name" in values:
            values["username"] = f"{SERVICE}:{values['display_name']}"
        super().fill_in(roles, **values)

    @guarded(_too_many_secrets)
    def add_secret(self, known_to: UUID, expires_at: datetime | None) -> tuple[ServiceSecret, str]:
        """Return a new secret as it is kept and as it is shown, once.

        Raises:
            Conflict: ``too-many-secrets``.
        """
        shown = PREFIX + secrets.token_urlsafe(32)
        kept = ServiceSecret(digest=digest_of(shown), known_to=known_to, expires_at=expires_at)
        self.secrets.append(kept)
        self.touch()
        return kept, shown

    def withdraw(self, secret_id: UUID) -> ServiceSecret:
        """Make a secret worth nothing at once, and return it.

        Raises:
            NotFound: ``service-secret-not-found``.
        """
        for secret in self.live_secrets:
            if secret.id == secret_id:
                secret.withdrawn_at = utcnow()
                self.touch()
                return secret
        raise NotFound("service-secret-not-found", "The account has no such secret.")

    @property
    def live_secrets(self) -> list[ServiceSecret]:
        """The secrets that open something, oldest first."""
        return [secret for secret in self.secrets if secret.alive]

    @property
    def last_use(self) -> ServiceSecret | None:
        """The secret that was used last."""
        used = [secret for secret in self.secrets if secret.last_used_at is not None]
        return max(used, key=lambda secret: secret.last_used_at or secret.created_at, default=None)

    @property
    def last_used_at(self) -> datetime | None:
        """When it was last given a token."""
        return self.last_use.last_used_at if self.last_use else None

    @property
    def last_used_from(self) -> str | None:
        """From where it asked for it."""
        return self.last_use.last_used_from if self.last_use else None

    @property
    def standing(self) -> str:
        """Whether it may sign in."""
        return DISABLED if self.locked else ACTIVE

    @property
    def words(self) -> dict[str, str]:
        """What it may do as people say it: that departments are given, not which."""
        return dict(self.granted or {})

    @property
    def permissions(self) -> dict[str, str]:
        """What it may do."""
        return resolved(self.granted or {}, self.departments)

    @property
    def parts(self) -> dict[str, list[tuple[str, Any]]]:
        """What it holds is for all kinds of records."""
        return {}
