"""Tokens as libraries of others see them: asked for and refreshed by Authlib, verified by the published keys."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conformance.conftest import Tally
from tests.conformance.strangers import run_node, run_python

from stack.platform import Platform


@pytest.fixture(scope="module")
def tokens(platform: Platform) -> dict[str, Any]:
    """What Authlib was given for a password and for a refresh token."""
    given = {"username": "admin", "password": platform.admin_password}
    said: dict[str, Any] = run_python("tokens.py", platform.url, given=given)
    return said


def test_authlib_signs_in_and_refreshes_and_joserfc_verifies_by_the_published_keys(
    tokens: dict[str, Any], tally: Tally
) -> None:
    """Type, issuer, audience and end are those of RFC 9068."""
    signed, refreshed = tokens["claims"]
    assert signed["sub"] == refreshed["sub"] == tokens["me"]
    assert signed["iss"] == refreshed["iss"]
    tally("Authlib and joserfc", tokens=len(tokens["claims"]))


@pytest.mark.full
def test_jose_verifies_a_token_and_refuses_what_was_changed(
    platform: Platform, tokens: dict[str, Any], tally: Tally
) -> None:
    """Another issuer, changed claims and no signature are refused."""
    issuer = tokens["claims"][1]["iss"]
    said = run_node("tokens.mjs", given={"url": platform.url, "issuer": issuer, "token": tokens["token"]})
    assert said["subject"] == tokens["me"]
    assert said["refused"] == {
        "claims": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
        "issuer": "ERR_JWT_CLAIM_VALIDATION_FAILED",
        "unsigned": "ERR_JOSE_ALG_NOT_ALLOWED",
    }
    tally("jose", tokens=1, refusals=len(said["refused"]))
