"""Forged tokens: what can be written with and without the key that identity signs with."""

from __future__ import annotations

import base64
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from stack.places import ROOT
from stack.platform import Platform

Part = Mapping[str, Any]

SIGNING = """
import json, sys
from joserfc import jwt
from identity.signin.keys import signing_key
from servicekit.base.database import Database
from servicekit.base.settings import Settings

database = Database(Settings().database_url_of("identity"), 1, "attack")
pair = database.transact(lambda session: signing_key(session).pair)
print(json.dumps([jwt.encode(header, claims, pair, algorithms=["ES256"]) for header, claims in json.load(sys.stdin)]))
"""
"""Signs with the platform's own key, as only somebody inside identity could."""


def signed_by_identity(platform: Platform, parts: list[tuple[Part, Part]]) -> list[str]:
    """Return tokens that identity's own key has signed, whatever they say."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SIGNING],
        input=json.dumps(parts), env=platform.environment("identity"), cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tokens: list[str] = json.loads(done.stdout)
    return tokens


def encoded(content: bytes | Part) -> str:
    """Return a part of a token."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> dict[str, Any]:
    """Return what a part of a token says."""
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


def hashed(header: Part, claims: Part, secret: bytes, digest: str = "sha256") -> str:
    """Return a token with a MAC, of any bytes as its secret."""
    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), digest))}"


class Forger:
    """Makes forgeries out of a token that is good.

    Args:
        good: an access token.
        jwks: the keys that identity publishes.
    """

    def __init__(self, good: str, jwks: Mapping[str, Any]) -> None:
        self.good = good
        self.head, self.body, self.signature = good.split(".")
        self.header, self.claims = decoded(self.head), decoded(self.body)
        self.public = next(key for key in jwks["keys"] if key["kid"] == self.header["kid"])
        self.other = next((key for key in jwks["keys"] if key["kid"] != self.header["kid"]), self.public)
        self.own = ECKey.generate_key("P-256", {"kid": self.header["kid"]})

    def signed(self, key: Any = None, alg: str = "ES256", **header: Any) -> str:
        """Return the good claims signed with a key of the attacker's."""
        full = {**self.header, "alg": alg, **header}
        return jwt.encode(full, self.claims, key or self.own, algorithms=[alg])

    def with_header(self, **header: Any) -> str:
        """Return the good token under another header."""
        kept = {name: value for name, value in {**self.header, **header}.items() if value is not None}
        return f"{encoded(kept)}.{self.body}.{self.signature}"

    def forgeries(self) -> dict[str, str]:
        """Return tokens that anybody can make, by what is wrong with them."""
        raw = base64.urlsafe_b64decode(self.signature + "==")
        public = ECKey.import_key(self.public)
        changed = encoded({**self.claims, "sub": "01936f3a-7c00-7000-8000-00000000dead"})
        return {
            **{f"alg {name}": f"{encoded({**self.header, 'alg': name})}.{self.body}." for name in NONES},
            "alg none with the old signature": self.with_header(alg="none"),
            "no alg": self.with_header(alg=None),
            "alg as a list": self.with_header(alg=["ES256"]),
            **{f"HS256 with {name}": self._hashed(secret) for name, secret in self._secrets(public).items()},
            "HS512 with the public key": hashed(
                {**self.header, "alg": "HS512"}, self.claims, public.as_pem(private=False), "sha512"
            ),
            "another key under the same kid": self.signed(),
            "a key in the header": self.signed(jwk=self.own.as_dict(private=False)),
            "jku": self.signed(jku="https://attacker.example.com/jwks.json"),
            "jku of this platform's own": self.signed(jku="http://127.0.0.1/.well-known/jwks.json"),
            "x5u": self.signed(x5u="https://attacker.example.com/chain.pem"),
            "x5c": self.signed(x5c=[base64.b64encode(b"certificate").decode()]),
            **{f"kid {kid!r}": self.signed(kid=kid) for kid in KIDS},
            "kid of the key that signs next": self.with_header(kid=self.other["kid"] + "x"),
            "no kid": self.with_header(kid=None),
            "kid as a number": self.with_header(kid=1),
            "kid as a list": self.with_header(kid=[self.header["kid"]]),
            "RS256": self.signed(RSAKey.generate_key(2048), "RS256"),
            "ES384": self.signed(ECKey.generate_key("P-384"), "ES384"),
            "EdDSA": self.signed(OKPKey.generate_key("Ed25519"), "Ed25519"),
            "a signature of zeros": f"{self.head}.{self.body}.{encoded(bytes(64))}",
            "no signature": f"{self.head}.{self.body}.",
            "half a signature": f"{self.head}.{self.body}.{encoded(raw[:32])}",
            "a signature the wrong way round": f"{self.head}.{self.body}.{encoded(raw[32:] + raw[:32])}",
            "a signature with something behind it": f"{self.head}.{self.body}.{encoded(raw + bytes(1))}",
            "another payload": f"{self.head}.{changed}.{self.signature}",
            "the payload as a list": f"{self.head}.{encoded(b'[]')}.{self.signature}",
            "two alg in one header": f"{encoded(self._doubled())}.{self.body}.{self.signature}",
            "crit": self.with_header(crit=["exp"]),
            "b64 false": self.with_header(b64=False, crit=["b64"]),
            "typ JWT": self.with_header(typ="JWT"),
            "two parts": f"{self.head}.{self.body}",
            "five parts": f"{self.head}.{self.body}.{self.signature}.{self.body}.{self.signature}",
            "a header that is no JSON": f"{encoded(b'{')}.{self.body}.{self.signature}",
            "seven thousand characters": f"{self.head}.{'A' * 7000}.{self.signature}",
        }

    def insiders(self, others: Mapping[str, str]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
        """Return header and claims that must be refused although identity's own key has signed them.

        Args:
            others: `sub` and `sid` of another account.
        """
        now = int(time.time())
        wrong: dict[str, dict[str, Any]] = {
            "expired": {"iat": now - 2000, "exp": now - 1000},
            "not yet valid": {"nbf": now + 1000},
            "issued in the future": {"iat": now + 5000},
            "another issuer": {"iss": "https://attacker.example.com"},
            "another audience": {"aud": "another-api"},
            "audiences without this one": {"aud": ["a", "b"]},
            "no audience": {"aud": None},
            "no issuer": {"iss": None},
            "no end": {"exp": None},
            "an end that is text": {"exp": "never"},
            "no account": {"sub": None},
            "no session": {"sid": None},
            "an account that is a number": {"sub": 1},
            "a session that is a list": {"sid": [self.claims["sid"]]},
            "another's account with one's own session": {"sub": others["sub"]},
            "another's session with one's own account": {"sid": others["sid"]},
            "a session that never was": {"sid": "01936f3a-7c00-7000-8000-00000000dead"},
            "a session that is no id": {"sid": "' or 1=1 --"},
        }
        cases = {name: (self.header, self._changed(claims)) for name, claims in wrong.items()}
        types: dict[str, Any] = {"typ JWT": "JWT", "typ id+jwt": "id+jwt", "typ refresh+jwt": "refresh+jwt"}
        for name, value in types.items():
            cases[f"{name}, signed"] = ({**self.header, "typ": value}, self.claims)
        return cases

    def _changed(self, claims: Part) -> dict[str, Any]:
        return {name: value for name, value in {**self.claims, **claims}.items() if value is not None}

    def _hashed(self, secret: bytes) -> str:
        return hashed({**self.header, "alg": "HS256"}, self.claims, secret)

    def _secrets(self, public: ECKey) -> dict[str, bytes]:
        return {
            "the public key as PEM": public.as_pem(private=False),
            "the public key as JSON": json.dumps(self.public).encode(),
            "the public key as DER": public.as_der(private=False),
            "its x": str(self.public["x"]).encode(),
            "its kid": str(self.header["kid"]).encode(),
            "nothing": b"",
        }

    def _doubled(self) -> bytes:
        return json.dumps(self.header).replace('"alg"', '"alg": "none", "alg"', 1).encode()


NONES = ("none", "None", "NONE", "nOnE", "")
KIDS = (
    "",
    "../../../dev/null",
    "/dev/null",
    "' union select 'key' --",
    "key\x00",
    "01936f3a-7c00-7000-8000-00000000dead",
    "http://attacker.example.com/key",
    "$(id)",
)
"""Names of keys that a careless look-up would take for something else."""

Forgery = Callable[[], str]
