"""Access tokens: signed claims that the gateway verifies by itself (RFC 9068)."""

import time
from typing import Any

from joserfc import jwt
from sqlalchemy.orm import Session

from identity.signin.keys import ALGORITHM, signing_key
from identity.signin.sessions import SignInSession
from servicekit import new_id

ISSUER, AUDIENCE = "kehu", "kehu-api"
LIFETIME = 900


def access_token(session: Session, of: SignInSession) -> str:
    """Return a signed token that says whose session it stands for, for a quarter of an hour."""
    key = signing_key(session)
    now = int(time.time())
    header = {"alg": ALGORITHM, "kid": str(key.id), "typ": "at+jwt"}
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(of.account_id),
        "sid": str(of.id),
        "iat": now,
        "exp": now + LIFETIME,
        "jti": str(new_id()),
    }
    return jwt.encode(header, claims, key.pair, algorithms=[ALGORITHM])


def token_answer(session: Session, of: SignInSession, refresh_token: str) -> dict[str, Any]:
    """Return what a client gets for signing in or refreshing (RFC 6749)."""
    return {
        "access_token": access_token(session, of),
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "refresh_token": refresh_token,
    }
