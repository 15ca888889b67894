"""Tokens that prove nothing: forged, signed by identity's own key with wrong claims, or of a past session."""

from __future__ import annotations

import json

import pytest
from tests.attack.forging import Forger, decoded, signed_by_identity
from tests.attack.world import World

from stack.platform import Platform


@pytest.fixture(scope="module")
def forger(world: World) -> Forger:
    tokens = world.tokens(f"peer.{world.tag}", world.passwords["peer"])
    return Forger(tokens["access_token"], world.administrator.get("/.well-known/jwks.json").json())


def status(world: World, token: str, scheme: str = "Bearer") -> int:
    """Ask with a token who one is."""
    headers = [(b"authorization", f"{scheme} {token}".encode())]
    return world.clients["anonymous"].get("/v1/me", headers=headers).status_code


def test_the_good_token_is_taken(world: World, forger: Forger) -> None:
    assert status(world, forger.good) == 200


def test_what_anybody_can_make_is_refused(world: World, forger: Forger) -> None:
    forgeries = forger.forgeries()
    assert len(forgeries) >= 40
    assert {name: status(world, token) for name, token in forgeries.items()} == dict.fromkeys(forgeries, 401)


def test_what_identity_has_signed_is_refused_where_it_says_something_wrong(
    world: World, platform: Platform, forger: Forger
) -> None:
    other = decoded(world.clients["owner"].headers["authorization"].split(".")[1])
    cases = forger.insiders({"sub": other["sub"], "sid": other["sid"]})
    good, *tokens = signed_by_identity(platform, [(forger.header, forger.claims), *cases.values()])
    assert status(world, good) == 200, "the key is not the one that is believed: the others prove nothing"
    found = {name: status(world, token) for name, token in zip(cases, tokens, strict=True)}
    assert found == dict.fromkeys(cases, 401)


def test_a_token_counts_in_its_header_only(world: World, forger: Forger) -> None:
    anonymous, url = world.clients["anonymous"], "/v1/me"
    assert anonymous.get(url, params={"access_token": forger.good}).status_code == 401
    assert anonymous.get(url, headers={"Cookie": f"access_token={forger.good}"}).status_code == 401
    assert anonymous.get(url, headers={"X-Authorization": f"Bearer {forger.good}"}).status_code == 401
    for scheme in ("Basic", "Token", "JWT"):
        assert status(world, forger.good, scheme) == 401, scheme


def test_nobody_hands_a_caller_or_a_session_in_by_a_header(world: World) -> None:
    caller = json.dumps({"account_id": world.accounts["owner"], "permissions": {"*": "all"}})
    for name in ("nameko.caller", "X-Caller", "X-User", "X-Forwarded-User", "X-Account-Id"):
        answer = world.clients["anonymous"].get("/v1/me", headers={name: caller})
        assert answer.status_code == 401, name
        me = world.clients["peer"].get("/v1/me", headers={name: caller}).json()
        assert me["id"] == world.accounts["peer"], name


def test_one_kind_of_token_is_not_taken_for_another(world: World) -> None:
    tokens = world.tokens(f"peer.{world.tag}", world.passwords["peer"])
    assert status(world, tokens["refresh_token"]) == 401
    form = {"grant_type": "refresh_token", "refresh_token": tokens["access_token"]}
    refused = world.clients["anonymous"].post("/v1/auth/token", data=form)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_token_of_a_session_that_has_ended_is_refused(world: World) -> None:
    tokens = world.tokens(f"peer.{world.tag}", world.passwords["peer"])
    assert status(world, tokens["access_token"]) == 200
    form = {"token": tokens["refresh_token"]}
    assert world.clients["anonymous"].post("/v1/auth/revoke", data=form).status_code == 204
    world.eventually(lambda: status(world, tokens["access_token"]) == 401)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refused = world.clients["anonymous"].post("/v1/auth/token", data=form)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_a_used_refresh_token_gives_a_stranger_nothing_and_ends_the_session(world: World) -> None:
    tokens = world.tokens(f"peer.{world.tag}", world.passwords["peer"])
    anonymous, url = world.clients["anonymous"], "/v1/auth/token"
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    following = anonymous.post(url, data=form).json()
    stranger = anonymous.post(url, data=form, headers={"User-Agent": "a stranger's"})
    assert (stranger.status_code, stranger.json()["error"]) == (400, "invalid_grant")
    world.eventually(lambda: status(world, following["access_token"]) == 401)


def test_a_token_of_a_locked_account_is_refused(world: World) -> None:
    client, path = world.clients["subject"], f"/v1/accounts/{world.accounts['subject']}"
    assert client.get("/v1/me").status_code == 200
    locked = world.administrator.patch(path, json={"locked": True})
    assert locked.status_code == 200, locked.text
    world.eventually(lambda: client.get("/v1/me").status_code == 401)
