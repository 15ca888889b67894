"""Access tokens: signature, type and claims are checked here, with the keys that identity publishes."""

import asyncio
import base64
import binascii
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from gateway.bus import Bus
from gateway.errors import Problem, unavailable
from gateway.settings import Settings

log = structlog.get_logger()

ALGORITHM, TOKEN_TYPE = "ES256", "at+jwt"
LONGEST_TOKEN = 8192
REMEMBERED_TOKENS = 10_000
KEY_WITHDRAWN = "signing_key.withdrawn"
REFRESH_EVERY, REFRESH_AT_MOST_EVERY, RETRY_EVERY = 300.0, 5.0, 0.5


class SessionClaims(NamedTuple):
    """Whose session a token stands for, and until when."""

    account_id: str
    session_id: str
    expires: float


class TokenVerifier:
    """Checks access tokens; keeps identity's keys fresh, and the tokens it has already checked in mind."""

    def __init__(self, bus: Bus, settings: Settings):
        self._bus = bus
        self._leeway = settings.token_leeway
        self._claims = jwt.JWTClaimsRegistry(
            leeway=settings.token_leeway,
            iss={"essential": True, "values": [settings.issuer, *settings.former_issuers]},
            aud={"essential": True, "value": settings.audience},
            exp={"essential": True},
            sub={"essential": True},
            sid={"essential": True},
        )
        self.public_keys: dict[str, Any] | None = None
        """The JWKS as identity gave it; None until it did for the first time."""
        self._keys: dict[str, ECKey] = {}
        self._withdrawn: set[str] = set()
        """Keys that identity has withdrawn; an answer that was on its way does not bring them back."""
        self._checked: dict[str, SessionClaims] = {}
        self._doubted = asyncio.Event()
        self._last_try = -REFRESH_AT_MOST_EVERY
        self._refreshing = asyncio.Lock()

    async def verify(self, token: str) -> SessionClaims:
        """Return the claims of a valid token; raise ``invalid-token`` for any other."""
        claims = self._checked.get(token)
        if claims is None:
            claims = await self._check(token)
            if len(self._checked) >= REMEMBERED_TOKENS:
                self._checked.clear()
            self._checked[token] = claims
        elif claims.expires + self._leeway <= time.time():
            del self._checked[token]
            raise invalid_token("The token has expired.")
        return claims

    async def keep_keys_fresh(self) -> None:
        """Fetch the keys again and again, so that a new one is known and a withdrawn one is not."""
        while True:
            try:
                # A request that comes meanwhile, to a worker that has just started, waits for these keys.
                async with self._refreshing:
                    await self._fetch_keys()
                pause = REFRESH_EVERY
            except Problem:
                pause = RETRY_EVERY if self.public_keys is None else REFRESH_AT_MOST_EVERY
            self._doubted.clear()
            try:
                async with asyncio.timeout(pause):
                    await self._doubted.wait()
            except TimeoutError:
                pass

    def doubt(self) -> None:
        """Fetch the keys soon: what identity told meanwhile may have been lost."""
        self._doubted.set()

    def on_key_withdrawn(self, event: Any) -> None:
        """Refuse at once what a key has signed; where an event does not say which, ask for the keys anew."""
        data = event.get("data") if isinstance(event, dict) else None
        kid = data.get("key_id") if isinstance(data, dict) else None
        self._checked.clear()
        if isinstance(kid, str):
            self._withdrawn.add(kid)
            self._keys.pop(kid, None)
            log.warning("signing key withdrawn", key_id=kid)
        self.doubt()

    async def _check(self, token: str) -> SessionClaims:
        key = await self._key_of(_header_of(token))
        try:
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise invalid_token("The token is not valid or has expired.") from None
        if not isinstance(claims["sub"], str) or not isinstance(claims["sid"], str):
            raise invalid_token("The token names no session.")
        return SessionClaims(claims["sub"], claims["sid"], float(claims["exp"]))

    async def _key_of(self, header: Mapping[str, Any]) -> ECKey:
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or header.get("typ") != TOKEN_TYPE or not isinstance(kid, str):
            raise invalid_token("The token is not an access token of this system.")
        if kid not in self._keys:
            await self._refresh_keys()
        key = self._keys.get(kid)
        if key is not None:
            return key
        if self.public_keys is None:
            raise unavailable("service-unavailable", "The keys of identity are not known yet.")
        raise invalid_token("The token was signed with an unknown key.")

    async def _refresh_keys(self) -> None:
        """Fetch the keys unless that was just tried: made-up key ids must not become calls to identity."""
        async with self._refreshing:
            if time.monotonic() - self._last_try >= REFRESH_AT_MOST_EVERY:
                try:
                    await self._fetch_keys()
                except Problem as problem:
                    log.warning("keys not refreshed", code=problem.code)

    async def _fetch_keys(self) -> None:
        if not self._bus.connected:
            raise unavailable("service-unavailable", "The message broker is not reachable.")
        self._last_try = time.monotonic()
        document = (await self._bus.call("identity", "jwks", {})).result
        keys = {}
        for raw in document["keys"]:
            if raw["kid"] in self._withdrawn:
                continue
            if raw.get("kty") == "EC" and raw.get("crv") == "P-256" and raw.get("use", "sig") == "sig":
                keys[raw["kid"]] = ECKey.import_key(raw)
        if keys.keys() != self._keys.keys():
            self._checked.clear()
        self._keys = keys
        self.public_keys = document


def invalid_token(detail: str) -> Problem:
    """Return the problem of a token that proves nothing (RFC 6750)."""
    challenge = f'Bearer realm="kehu", error="invalid_token", error_description="{detail}"'
    return Problem("forbidden", "invalid-token", detail, headers=[(b"www-authenticate", challenge.encode())])


def _header_of(token: str) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise invalid_token("The token is malformed.")
    encoded = token.split(".", 1)[0]
    try:
        header = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (binascii.Error, ValueError):
        raise invalid_token("The token is malformed.") from None
    if not isinstance(header, dict):
        raise invalid_token("The token is malformed.")
    return header
