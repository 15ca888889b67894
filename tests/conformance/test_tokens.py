"""Tokens as an OAuth library of others sees them: asked for, refreshed, refused, and verified by the published keys."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from tests.attack.world import World
from tests.conformance.conftest import Tally
from tests.conformance.strangers import run_node, run_python

from stack.platform import Platform

REFUSED = {
    "wrong password": "invalid_grant",
    "unknown refresh token": "invalid_grant",
    "wrong secret": "invalid_client",
    "unknown grant": "unsupported_grant_type",
}
"""RFC 6749, section 5.2."""


@pytest.fixture(scope="module")
def tokens(platform: Platform, world: World) -> dict[str, Any]:
    """What Authlib was told and given, for a person and for a service account."""
    body = {
        "name": f"ERP {secrets.token_hex(3)}",
        "description": "金蝶 ERP",
        "permissions": {"customer.read": "all"},
    }
    account = world.make(world.administrator, "/v1/service-accounts", body)
    given = {
        "username": "admin",
        "password": platform.admin_password,
        "client_id": account["client_id"],
        "client_secret": account["client_secret"],
    }
    said: dict[str, Any] = run_python("tokens.py", platform.url, given=given)
    return said | {"client_id": account["client_id"]}


def test_authlib_signs_in_people_and_machines_and_understands_refusals(
    tokens: dict[str, Any], tally: Tally
) -> None:
    """The claims are those of RFC 9068; refusals carry RFC 6749's `error` (K-8)."""
    person, refreshed, machine = tokens["claims"]
    assert person["sub"] == refreshed["sub"] != machine["sub"]
    assert machine["client_id"] == tokens["client_id"]
    assert tokens["refused"] == REFUSED
    tally("Authlib", tokens=len(tokens["claims"]), refusals=len(tokens["refused"]))


@pytest.mark.full
def test_jose_verifies_a_token_by_the_published_keys(tokens: dict[str, Any], tally: Tally) -> None:
    """Another issuer, changed claims and no signature are refused (K-8)."""
    said = run_node("tokens.mjs", given={name: tokens[name] for name in ("issuer", "jwks_uri", "token")})
    assert said["payload"]["client_id"] == tokens["client_id"]
    assert said["refused"] == {
        "claims": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
        "issuer": "ERR_JWT_CLAIM_VALIDATION_FAILED",
        "unsigned": "ERR_JOSE_ALG_NOT_ALLOWED",
    }
    tally("jose", tokens=1, refusals=len(said["refused"]))
