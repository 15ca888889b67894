"""The keys that access tokens are signed with: one signs, one is known in advance, old ones verify a while longer.

Everybody who verifies tokens knows the next key before it signs, so that a rotation is noticed by nobody.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from joserfc.jwk import ECKey
from sqlalchemy import or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.base import KEYS, Base, take_turns
from servicekit import NotFound, Record, Unavailable, utcnow
from servicekit.base.fields import Id, Schema
from servicekit.base.sealing import Sealed

ALGORITHM = "ES256"
NEXT, SIGNING, RETIRED = "next", "signing", "retired"
KEPT_AFTER_RETIREMENT = timedelta(hours=1)
"""Longer than any token that a retired key has signed."""


class SigningKeySchema(Schema):
    """The key that signs from now on; tokens name it as their ``kid``."""

    key_id = Id(label=("密钥", "Key"), reference="", dump_only=True)


class SigningKey(Record, Base):
    """A key pair; its id is the ``kid`` of the tokens."""

    __tablename__ = "signing_key"
    untold: ClassVar[str] = "signing_key.rotated and .withdrawn say when to ask for the public halves again"

    state: Mapped[str] = mapped_column(default=NEXT)
    private_pem: Mapped[str] = mapped_column(Sealed)
    retired_at: Mapped[datetime | None]

    @classmethod
    def generate(cls, state: str) -> "SigningKey":
        """Return a new key pair."""
        return cls(state=state, private_pem=ECKey.generate_key("P-256").as_pem(private=True).decode())

    def sign_from_now_on(self) -> None:
        """Become the key that signs."""
        self.state = SIGNING

    def retire(self) -> None:
        """Sign no more; what was signed is still verified."""
        self.state, self.retired_at = RETIRED, utcnow()

    @property
    def pair(self) -> ECKey:
        """The key as the token library takes it."""
        return _parsed(self.id, self.private_pem)

    @property
    def public(self) -> dict[str, Any]:
        """The public half as a JSON Web Key (RFC 7517)."""
        return self.pair.as_dict(private=False)


@lru_cache(maxsize=16)
def _parsed(key_id: UUID, pem: str) -> ECKey:
    return ECKey.import_key(pem, {"kid": str(key_id), "use": "sig", "alg": ALGORITHM})


def signing_key(session: Session) -> SigningKey:
    """Return the key that signs now."""
    key = session.scalar(select(SigningKey).where(SigningKey.state == SIGNING))
    if key is None:
        raise Unavailable("not-prepared", "There is no key to sign with: run the migration of identity.")
    return key


def published_keys(session: Session) -> list[dict[str, Any]]:
    """Return the public keys to verify tokens with, newest first."""
    recently = SigningKey.retired_at > utcnow() - KEPT_AFTER_RETIREMENT
    query = (
        select(SigningKey).where(or_(SigningKey.state != RETIRED, recently)).order_by(SigningKey.id.desc())
    )
    return [key.public for key in session.scalars(query)]


def rotate(session: Session) -> SigningKey:
    """Let the next key sign and generate the one after it; return the one that signs."""
    take_turns(session, KEYS)
    keys = session.scalars(select(SigningKey).where(SigningKey.state != RETIRED)).all()
    for key in keys:
        if key.state == SIGNING:
            key.retire()
    session.flush()
    coming = next((key for key in keys if key.state == NEXT), None) or SigningKey.generate(NEXT)
    session.add(coming)
    coming.sign_from_now_on()
    session.flush()
    session.add(SigningKey.generate(NEXT))
    return coming


def to_be_withdrawn(session: Session, key_id: UUID) -> SigningKey:
    """Return a key that somebody else knows, so that it is deleted; it signs no more by then.

    Raises:
        NotFound: ``signing-key-not-found``.
    """
    take_turns(session, KEYS)
    key = session.get(SigningKey, key_id, with_for_update=True)
    if key is None:
        raise NotFound("signing-key-not-found", "There is no such key.")
    if key.state == SIGNING:
        rotate(session)
    return key


def ensure_keys(session: Session) -> None:
    """See that there is a key that signs and one that will."""
    states = set(session.scalars(select(SigningKey.state)))
    session.add_all(SigningKey.generate(state) for state in (SIGNING, NEXT) if state not in states)
