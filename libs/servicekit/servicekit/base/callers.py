"""Callers that identity has signed, so that nobody else can make one up (decision record 20).

What travels is a JSON object whose last member, ``signature``, is a detached JWS (RFC 7515, appendix F) over the very
text before it. A service verifies a text once and remembers it.
"""

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from servicekit.base.context import USUAL_LEVEL, Caller
from servicekit.base.errors import Forbidden, Unavailable
from servicekit.base.settings import Settings

ALGORITHM, TYPE = "ES256", "kehu-caller"
SUBJECT = "kehu-subject"
"""The type of what is signed of somebody of whom is asked what they reach: nobody can ask as them with it."""
LIFE, STEP = 900, 300
"""Seconds for which a signature is good at least, and after which the same caller is signed anew."""
MARK = ',"signature":"'


def new_key() -> str:
    """Return a new private key as a JSON Web Key."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM})
    return orjson.dumps({**key.as_dict(private=True), "kid": key.thumbprint()}).decode()


def public_half(*private_keys: str) -> str:
    """Return what verifies the signatures of some keys, as a JSON Web Key Set."""
    keys = [{**_imported(each).as_dict(private=False), "kid": _imported(each).kid} for each in private_keys]
    return orjson.dumps({"keys": keys}).decode()


def signed(facts: Mapping[str, Any], settings: Settings, kind: str = TYPE) -> dict[str, Any]:
    """Return what is told of a caller, with the time until which it holds and the signature.

    Args:
        kind: as what it is told, ``TYPE`` or ``SUBJECT``.

    Raises:
        Unavailable: ``not-prepared``, without a key to sign with.
    """
    if not settings.caller_signing_key:
        raise Unavailable("not-prepared", "There is no key to sign callers with: set CALLER_SIGNING_KEY.")
    told = {**facts, "expires_at": (int(time.time()) // STEP + 1) * STEP + LIFE}
    return {**told, "signature": _signature(orjson.dumps(told), settings.caller_signing_key, kind)}


@lru_cache(maxsize=4096)
def _signature(text: bytes, private_key: str, kind: str) -> str:
    key = _imported(private_key)
    header = {"alg": ALGORITHM, "typ": kind, "kid": key.kid}
    signature: str = jws.detach_content(jws.serialize_compact(header, text, key, [ALGORITHM]))
    return signature


@lru_cache(maxsize=8)
def _imported(private_key: str) -> ECKey:
    return ECKey.import_key(orjson.loads(private_key))


class Callers:
    """Reads callers from their header, and refuses what identity has not signed.

    Raises:
        ValueError: if there are no keys to verify with; nobody could be let in, or everybody would have to be.
    """

    def __init__(self, settings: Settings) -> None:
        self.unsigned_until = settings.caller_unsigned_until
        own = settings.caller_signing_key
        document = orjson.loads(settings.caller_keys or (public_half(own) if own else '{"keys":[]}'))
        self.keys = {str(raw["kid"]): ECKey.import_key(raw) for raw in document["keys"]}
        if not self.keys:
            raise ValueError("CALLER_KEYS is not set: python -m servicekit caller-key makes a pair of keys.")
        self._verified = lru_cache(maxsize=2048)(self._verify)

    def read(self, text: str) -> Caller:
        """Return the caller of a header; the same one comes often, so that it is verified once.

        Raises:
            Forbidden: ``caller-not-signed``, ``caller-expired``.
            ValueError, KeyError, TypeError, AttributeError: if it does not hold what it should.
        """
        return self._read(text, TYPE)

    def read_subject(self, text: str) -> Caller:
        """Return somebody of whom is asked what they reach.

        Raises:
            Forbidden, ValueError, KeyError, TypeError, AttributeError: as of ``read``.
        """
        return self._read(text, SUBJECT)

    def _read(self, text: str, kind: str) -> Caller:
        caller, until = self._verified(text, kind)
        if until <= time.time():
            raise Forbidden("caller-expired", "What identity said of the caller is too old.")
        return caller

    def _verify(self, text: str, kind: str) -> tuple[Caller, float]:
        head, mark, rest = text.rpartition(MARK)
        if not mark and kind == TYPE:
            return self._unsigned(text)
        facts = head + "}"
        try:
            header = jws.extract_compact(rest.removesuffix('"}').encode(), facts.encode()).headers()
            key = self.keys[header["kid"]]
            found = jws.deserialize_compact(rest.removesuffix('"}'), key, [ALGORITHM], payload=facts)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _not_signed() from error
        if found.headers().get("typ") != kind:
            raise _not_signed()
        raw = orjson.loads(facts)
        return _caller(raw), float(raw["expires_at"])

    def _unsigned(self, text: str) -> tuple[Caller, float]:
        """Take a caller of a version that signs none, until the moment that was set for an upgrade."""
        until = self.unsigned_until.timestamp() if self.unsigned_until else 0.0
        if until <= time.time():
            raise _not_signed()
        return _caller(orjson.loads(text)), until


def _not_signed() -> Forbidden:
    return Forbidden("caller-not-signed", "The caller was not signed by identity.")


def _caller(raw: Mapping[str, Any]) -> Caller:
    if not isinstance(raw.get("permissions", {}), dict):
        raise ValueError("the caller's permissions are no object")
    return Caller(
        account_id=UUID(raw["account_id"]),
        department_id=UUID(raw["department_id"]) if raw.get("department_id") else None,
        session_id=UUID(raw["session_id"]) if raw.get("session_id") else None,
        username=raw.get("username", ""),
        display_name=raw.get("display_name", ""),
        permissions=raw.get("permissions", {}),
        institution_id=UUID(raw["institution_id"]) if raw.get("institution_id") else None,
        principals=tuple(map(UUID, raw.get("principals", ()))),
        security_level=int(raw.get("security_level", USUAL_LEVEL)),
        limits={
            permission: tuple((part["scope"], part["where"]) for part in parts)
            for permission, parts in raw.get("limits", {}).items()
        },
    )
