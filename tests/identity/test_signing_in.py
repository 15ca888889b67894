"""Signing in and out through the entrypoints that the gateway calls."""

import re
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import text

from servicekit import Forbidden, Invalid, new_id
from servicekit.base.callers import Callers
from servicekit.testing import RunningService
from tests.identity.people import (
    ADMIN_PASSWORD,
    PASSWORD,
    an_account,
    at_once,
    change,
    claims_of,
    log_of,
    refresh,
    resolve,
    sign_in,
    signed_in,
    the_administrator,
)


def verified(service: RunningService, tokens: dict[str, Any]) -> Any:
    keys = KeySet.import_key_set(service.call("jwks"))
    return jwt.decode(tokens["access_token"], keys, algorithms=["ES256"])


def test_a_password_is_exchanged_for_a_token_that_anybody_can_verify(service: RunningService) -> None:
    """ID-30."""
    tokens = sign_in(service, " Admin ", ADMIN_PASSWORD)
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 900
    token = verified(service, tokens)
    assert token.header["typ"] == "at+jwt" and token.header["alg"] == "ES256" and token.header["kid"]
    claims = token.claims
    assert claims["iss"] == "http://127.0.0.1:8080" and claims["client_id"] == "kehu"
    assert claims["aud"] == "kehu-api" and claims["exp"] - claims["iat"] == 900
    facts = resolve(service, tokens)
    assert facts == {
        "account_id": claims["sub"], "session_id": claims["sid"], "username": "admin",
        "display_name": "系统管理员", "department_id": None, "permissions": {"*": "all"},
        "roles": ["administrator"], "expires_at": facts["expires_at"], "signature": facts["signature"],
        "institution_id": None, "security_level": 10, "principals": facts["principals"],
    }  # fmt: skip
    # Signed, as the gateway passes it on: what every other service believes (M-5).
    assert Callers(service.settings).read(orjson.dumps(facts).decode()).username == "admin"


def test_no_private_key_leaves_the_service(service: RunningService) -> None:
    keys = service.call("jwks")["keys"]
    assert len(keys) == 2
    for key in keys:
        assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_rotated_key_signs_and_the_old_one_still_verifies(service: RunningService) -> None:
    admin = the_administrator(service)
    old = sign_in(service, "admin", ADMIN_PASSWORD)
    known = {key["kid"] for key in service.call("jwks")["keys"]}
    coming = service.call("rotate_signing_key", admin)["key_id"]
    assert coming in known
    new = sign_in(service, "admin", ADMIN_PASSWORD)
    assert verified(service, new).header["kid"] == coming
    assert verified(service, old).claims["sub"] == str(admin.account_id)
    assert at_once(service, [("rotate_signing_key", admin, {})] * 3) == ["ok"] * 3
    assert verified(service, old).claims["sub"] == str(admin.account_id)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("wang.fang", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("wang.fang", ""),
        (None, None),
        ("a\u0000b", "\u0000"),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    service: RunningService, username: Any, password: Any
) -> None:
    """ID-30."""
    an_account(service, the_administrator(service))
    with pytest.raises(Forbidden) as refused:
        sign_in(service, username, password)
    assert (refused.value.code, refused.value.detail) == (
        "invalid-credentials", "The username or the password is not right.",
    )  # fmt: skip


def test_a_password_of_marks_without_end_is_a_wrong_one(service: RunningService) -> None:
    """To compose it would keep the service from everybody else for minutes (M-1)."""
    with pytest.raises(Forbidden) as refused:
        sign_in(service, "admin", "a" + "\u0301" * 200_000 + "\u0323" * 200_000)
    assert refused.value.code == "invalid-credentials"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": "left"}, "left"),
        ({"status": "retired"}, "retired"),
        ({"locked": True}, "locked"),
        ({"expires_on": "2020-01-01"}, "expired"),
    ],
)
def test_who_may_not_sign_in_is_told_no_more_than_a_stranger_and_loses_all_sessions(
    service: RunningService, values: dict[str, Any], reason: str
) -> None:
    """ID-07 to ID-09."""
    admin = the_administrator(service)
    account = an_account(service, admin)
    tokens = sign_in(service, "wang.fang")
    change(service, admin, account, **values)
    assert log_of(service)[-1] == ("signed_out", reason)
    revoked = service.published("session.revoked")[-1].data
    assert (revoked["account_id"], revoked["session_id"]) == (account["id"], claims_of(tokens)["sid"])
    with pytest.raises(Forbidden) as refused:
        resolve(service, tokens)
    assert refused.value.code == "session-revoked"
    with pytest.raises(Forbidden) as refused:
        refresh(service, tokens["refresh_token"])
    assert refused.value.code == "invalid-grant"
    with pytest.raises(Forbidden) as refused:
        sign_in(service, "wang.fang")
    assert refused.value.code == "invalid-credentials"
    assert log_of(service)[-1] == ("refused", reason)
    undone = {"status": "in_service", "locked": False, "expires_on": None}
    change(service, admin, account, **undone)
    assert resolve(service, sign_in(service, "wang.fang"))["username"] == "wang.fang"


def test_what_expires_by_itself_ends_the_session_too(service: RunningService) -> None:
    """ID-07."""
    admin = the_administrator(service)
    an_account(service, admin)
    tokens = sign_in(service, "wang.fang")
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE account SET expires_on = '2020-01-01' WHERE username = 'wang.fang'"))
    with pytest.raises(Forbidden):
        resolve(service, tokens)


def test_a_refresh_token_works_once_and_a_second_use_ends_the_session(service: RunningService) -> None:
    """ID-30."""
    an_account(service, the_administrator(service))
    first = sign_in(service, "wang.fang")
    other = sign_in(service, "wang.fang")
    second = refresh(service, first["refresh_token"])
    assert claims_of(second)["sid"] == claims_of(first)["sid"]
    with pytest.raises(Forbidden) as refused:
        refresh(service, first["refresh_token"], user_agent="thief")
    assert refused.value.code == "invalid-grant"
    with pytest.raises(Forbidden):
        refresh(service, second["refresh_token"])
    with pytest.raises(Forbidden):
        resolve(service, second)
    assert service.published("session.revoked")[-1].data["session_id"] == claims_of(first)["sid"]
    assert resolve(service, refresh(service, other["refresh_token"]))["username"] == "wang.fang"
    assert ("refused", "refresh-token-reused") in log_of(service)


def test_of_two_clients_uses_at_once_one_is_a_reuse(service: RunningService) -> None:
    """ID-30."""
    an_account(service, the_administrator(service))
    token = sign_in(service, "wang.fang")["refresh_token"]
    use = {"grant_type": "refresh_token", "refresh_token": token}
    uses = [("issue_token", None, {**use, "user_agent": agent}) for agent in ("one", "two", "three")]
    assert sorted(at_once(service, uses)) == [
        "invalid-grant",
        "invalid-grant",
        "ok",
    ]


@pytest.mark.parametrize("token", ["", "x", "\u0000", None, 42, "…" * 5000])
def test_a_made_up_refresh_token_is_worth_nothing(service: RunningService, token: Any) -> None:
    """ID-30."""
    with pytest.raises(Forbidden) as refused:
        refresh(service, token)
    assert refused.value.code == "invalid-grant"
    service.call("revoke_token", refresh_token=token)


def test_an_expired_refresh_token_is_worth_nothing(service: RunningService) -> None:
    """ID-30."""
    an_account(service, the_administrator(service))
    tokens = sign_in(service, "wang.fang")
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE sign_in_session SET expires_at = now() - interval '1 second'"))
    with pytest.raises(Forbidden):
        refresh(service, tokens["refresh_token"])
    with pytest.raises(Forbidden):
        resolve(service, tokens)


def test_only_digests_of_secrets_are_kept(service: RunningService) -> None:
    """ID-30, ID-33."""
    an_account(service, the_administrator(service))
    tokens = sign_in(service, "wang.fang")
    with service.database.engine.begin() as connection:
        digests = connection.scalars(text("SELECT digest FROM refresh_token")).all()
        hashes = connection.scalars(text("SELECT password_hash FROM account")).all()
    assert tokens["refresh_token"] not in digests and all(
        re.fullmatch("[0-9a-f]{64}", each) for each in digests
    )
    assert len(tokens["refresh_token"]) >= 43
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in hashes)


def test_another_way_to_ask_is_refused(service: RunningService) -> None:
    for grant in ("", "magic", None):
        with pytest.raises(Invalid) as refused:
            service.call("issue_token", grant_type=grant)
        assert refused.value.code == "unsupported-grant-type"


def test_signing_out_ends_the_session_once_and_is_logged(service: RunningService) -> None:
    """ID-34, ID-37."""
    an_account(service, the_administrator(service))
    tokens, me = sign_in(service, "wang.fang"), signed_in(service, "wang.fang")
    before = len(service.published("session.revoked"))
    for _ in range(2):
        service.call("revoke_token", refresh_token=tokens["refresh_token"])
        service.call("revoke_session", me, session_id=str(me.session_id))
    assert len(service.published("session.revoked")) == before + 2
    with pytest.raises(Forbidden):
        resolve(service, tokens)
    assert log_of(service) == [("signed_in", None)] * 2 + [("signed_out", None)] * 2


def test_nobody_ends_the_session_of_somebody_else(service: RunningService) -> None:
    """ID-34."""
    an_account(service, the_administrator(service))
    tokens, admin = sign_in(service, "wang.fang"), the_administrator(service)
    service.call("revoke_session", admin, session_id=claims_of(tokens)["sid"])
    assert resolve(service, tokens)["username"] == "wang.fang"


@pytest.mark.parametrize("session_id", ["", "42", None, str(new_id())])
def test_an_unknown_session_is_nobodys(service: RunningService, session_id: Any) -> None:
    with pytest.raises(Forbidden) as refused:
        service.call("resolve_session", session_id=session_id, account_id=str(new_id()))
    assert refused.value.code == "session-revoked"
    service.call("revoke_session", session_id=session_id)


def test_a_session_resolves_for_its_own_account_only(service: RunningService) -> None:
    tokens = sign_in(service, "admin", ADMIN_PASSWORD)
    with pytest.raises(Forbidden):
        service.call("resolve_session", session_id=claims_of(tokens)["sid"], account_id=str(new_id()))


def test_the_log_tells_who_came_from_where(service: RunningService) -> None:
    """ID-37."""
    an_account(service, the_administrator(service))
    sign_in(service, "wang.fang", user_agent="Mozilla\u0000/5.0" + "x" * 500)
    admin = the_administrator(service)
    line = service.call("list_sign_ins", admin, query={"filter[username][contains]": "wang"})["items"][0]
    assert line["client_address"] == "203.0.113.7" and line["user_agent"].startswith("Mozilla/5.0x")
    assert service.call("list_sign_ins", admin, query={"filter[outcome]": "refused"})["items"] == []


def test_a_sign_in_shows_in_the_journal_of_its_process(service: RunningService) -> None:
    """ID-38."""
    process = str(new_id())
    sent = {"grant_type": "password", "username": "admin", "password": ADMIN_PASSWORD}
    service.call("issue_token", headers={"correlation_id": process}, **sent)
    steps = service.call("describe_process", correlation_id=process)["steps"]
    assert {(step["kind"], step["name"]) for step in steps} == {
        ("operation", "issue_token"), ("event_published", "session.started"),
    }  # fmt: skip
