"""A fake identity with a real key: it signs tokens, publishes its keys and knows every session."""

import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey
from tests.gateway.fakes import FakeServices, Request

ACCOUNT_ID = "0192a4e0-0000-7000-8000-00000000000a"
SESSION_ID = "0192a4e0-0000-7000-8000-00000000000b"
KEY = ECKey.generate_key("P-256", {"kid": "key-1", "use": "sig", "alg": "ES256"})


def jwks(*keys: ECKey) -> dict[str, Any]:
    """Return the key set that identity publishes."""
    return {"keys": [key.as_dict(private=False) for key in (keys or (KEY,))]}


def caller(request: Request) -> dict[str, Any]:
    """Answer what identity knows of a session."""
    return {
        "account_id": request.kwargs["account_id"],
        "session_id": request.kwargs["session_id"],
        "username": "wang.fang",
        "display_name": "王芳",
        "department_id": "0192a4e0-0000-7000-8000-00000000000c",
        "permissions": {"thing.read": "all"},
    }


def a_token(*, header: dict[str, Any] | None = None, key: Any = KEY, **claims: Any) -> str:
    """Return an access token; claims set to None are left out."""
    now = int(time.time())
    all_claims = {
        "iss": "http://127.0.0.1:8080",
        "aud": "kehu-api",
        "sub": ACCOUNT_ID,
        "sid": SESSION_ID,
        "iat": now,
        "exp": now + 900,
        **claims,
    }
    return jwt.encode(
        {"alg": "ES256", "kid": "key-1", "typ": "at+jwt", **(header or {})},
        {name: value for name, value in all_claims.items() if value is not None},
        key,
        algorithms=["ES256", "HS256", "ES384"],
    )


def bearer(token: str | None = None) -> dict[str, str]:
    """Return the header that signs a request."""
    return {"Authorization": f"Bearer {token or a_token()}"}


def teach_identity(services: FakeServices) -> None:
    """Let the fake identity answer what the gateway asks of it."""
    services.on("identity.jwks", jwks())
    services.on("identity.resolve_session", caller)
    services.on("identity.describe_health", {"status": "ok"})
