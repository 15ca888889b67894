"""Access tokens: signed claims that the gateway verifies by itself (RFC 9068)."""

import time
from typing import Any
from uuid import UUID

from joserfc import jwt
from sqlalchemy.orm import Session

from identity.service_accounts.model import ServiceSecret
from identity.signin.keys import ALGORITHM, signing_key
from identity.signin.sessions import SignInSession
from identity.signin.settings import SignInSettings
from servicekit import new_id, utcnow

AUDIENCE = "kehu-api"
PEOPLE = "kehu"
"""The client that people sign in with, as tokens name it: none has to be registered for that."""
LIFETIME, LIFETIME_OF_PROGRAMS = 900, 3600


def access_token(
    session: Session, account_id: UUID, session_id: UUID, client_id: str = PEOPLE, lifetime: int = LIFETIME
) -> str:
    """Return a signed token that says whose session it stands for (RFC 9068).

    Args:
        session_id: what the token ends with.
        lifetime: seconds.
    """
    key = signing_key(session)
    now = int(time.time())
    header = {"alg": ALGORITHM, "kid": str(key.id), "typ": "at+jwt"}
    claims = {
        "iss": SignInSettings().kehu_issuer,
        "aud": AUDIENCE,
        "client_id": client_id,
        "sub": str(account_id),
        "sid": str(session_id),
        "iat": now,
        "exp": now + lifetime,
        "jti": str(new_id()),
    }
    return jwt.encode(header, claims, key.pair, algorithms=[ALGORITHM])


def token_answer(session: Session, of: SignInSession, refresh_token: str) -> dict[str, Any]:
    """Return what a client gets for signing in or refreshing (RFC 6749)."""
    return {
        "access_token": access_token(session, of.account_id, of.id),
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "refresh_token": refresh_token,
    }


def program_answer(session: Session, secret: ServiceSecret) -> dict[str, Any]:
    """Return what a program gets for its secret (RFC 6749, section 4.4): it asks again instead of refreshing."""
    account_id = secret.account_id
    lifetime = LIFETIME_OF_PROGRAMS
    if secret.expires_at is not None:
        lifetime = min(lifetime, int((secret.expires_at - utcnow()).total_seconds()))
    token = access_token(session, account_id, secret.id, str(account_id), lifetime)
    return {"access_token": token, "token_type": "Bearer", "expires_in": lifetime}
