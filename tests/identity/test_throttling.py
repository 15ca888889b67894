"""Throttling of password checks through the entrypoint."""

import threading

import pytest
from sqlalchemy import text

from identity.signin.throttle import claim_check, note_success
from servicekit import Forbidden, Invalid
from servicekit.testing import RunningService, wait_until
from tests.identity.people import (
    ADMIN_PASSWORD,
    PASSWORD,
    an_account,
    at_once,
    log_of,
    sign_in,
    signed_in,
    the_administrator,
)


def test_guessing_is_slowed_down_and_the_right_password_has_to_wait_too(service: RunningService) -> None:
    """ID-30."""
    an_account(service, the_administrator(service))
    for _ in range(3):
        with pytest.raises(Forbidden) as refused:
            sign_in(service, "wang.fang", "wrong")
        assert refused.value.code == "invalid-credentials"
    sent = {
        "grant_type": "password",
        "username": "WANG.FANG",
        "password": PASSWORD,
        "client_address": "203.0.113.7",
    }
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE sign_in_throttle SET not_before = now() + interval '30 seconds'"))
    error = service.send("issue_token", sent, {})["error"]
    assert error["code"] == "too-many-attempts" and 1 <= error["retry_after"] <= 30
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE sign_in_throttle SET not_before = now()"))
    assert sign_in(service, "wang.fang")
    with service.database.engine.begin() as connection:
        kept = connection.scalars(text("SELECT key FROM sign_in_throttle WHERE key LIKE 'pair:%wang%'")).all()
    assert kept == []
    reasons = [reason for _, reason in log_of(service)]
    assert reasons == ["wrong-password"] * 3 + ["too-many-attempts", None]


def test_guesses_made_at_once_are_all_counted(service: RunningService) -> None:
    """ID-30: at most ten checks of a name from one address in ten minutes, also of names that nobody has."""
    for username in ("wang.fang", "nobody"):
        if username == "wang.fang":
            an_account(service, the_administrator(service))
        guess = {"grant_type": "password", "username": username, "password": "wrong", "client_address": None}
        outcomes = at_once(service, [("issue_token", None, guess)] * 14)
        assert outcomes.count("invalid-credentials") <= 10
        assert set(outcomes) == {"invalid-credentials", "too-many-attempts"}


def test_a_check_that_waits_for_a_sign_in_goes_on_when_that_has_succeeded(service: RunningService) -> None:
    """ID-30: what the one takes away when the password was right, the other makes anew."""
    keys, outcomes = ["pair:203.0.113.7/32 wang.fang"], list[int]()

    def check() -> None:
        outcomes.append(service.database.transact(lambda session: claim_check(session, keys)))

    def waits() -> bool:
        # A transaction of its own each time: within one, the view shows what it showed first.
        asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with service.database.engine.connect() as connection:
            return bool(connection.scalar(asked))

    other = threading.Thread(target=check)
    with service.database.sessions.begin() as session:
        claim_check(session, keys)
        other.start()
        wait_until(waits)
        note_success(session, keys)
    other.join()
    assert outcomes == [0]
    with service.database.engine.connect() as connection:
        assert connection.scalar(text("SELECT cardinality(checked_at) FROM sign_in_throttle")) == 1


def test_one_account_signs_in_many_times_at_once(service: RunningService) -> None:
    """ID-30: in a browser that opens its tabs again, and in a program with many threads."""
    an_account(service, the_administrator(service))
    enter = {"grant_type": "password", "username": "wang.fang", "password": PASSWORD, "client_address": None}
    assert set(at_once(service, [("issue_token", None, enter)] * 8)) == {"ok"}


def test_an_address_that_tries_many_names_is_refused_and_others_are_not(service: RunningService) -> None:
    """ID-30."""
    with service.database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO sign_in_throttle (key, checked_at, failures, updated_at) "
                "VALUES ('address:203.0.113.7/32', array_fill(now() - interval '1 minute', ARRAY[100]), 100, now())"
            )
        )
    with pytest.raises(Forbidden) as refused:
        sign_in(service, "admin", ADMIN_PASSWORD)
    assert refused.value.code == "too-many-attempts"
    assert sign_in(service, "admin", ADMIN_PASSWORD, client_address="203.0.113.8")


def test_successes_do_not_use_up_an_address(service: RunningService) -> None:
    """ID-30."""
    for _ in range(3):
        sign_in(service, "admin", ADMIN_PASSWORD)
    with service.database.engine.begin() as connection:
        counted = connection.scalars(text("SELECT cardinality(checked_at) FROM sign_in_throttle")).all()
    assert counted == [0, 0]


def guesses_from_everywhere(service: RunningService, username: str) -> None:
    """Let strangers try a name from as many addresses as its own limit allows."""
    with service.database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO sign_in_throttle (key, checked_at, failures, updated_at) "
                "VALUES (:key, array_fill(now() - interval '1 minute', ARRAY[100]), 100, now()) "
                "ON CONFLICT (key) DO UPDATE SET checked_at = excluded.checked_at"
            ),
            {"key": f"account:{username}"},
        )


def test_seventeen_wrong_passwords_from_changing_addresses_lock_nobody_out(service: RunningService) -> None:
    """M-08: not the administrator either."""
    for last in range(17):
        with pytest.raises(Forbidden) as refused:
            sign_in(service, "admin", "wrong", client_address=f"198.51.100.{last}")
        assert refused.value.code == "invalid-credentials"
    assert sign_in(service, "admin", ADMIN_PASSWORD)


def test_a_known_device_comes_in_whatever_strangers_try(service: RunningService) -> None:
    """M-08: by the token it was given; a made-up one, or somebody else's, is worth nothing."""
    an_account(service, the_administrator(service))
    token = sign_in(service, "wang.fang")["device_token"]
    other = sign_in(service, "admin", ADMIN_PASSWORD)["device_token"]
    guesses_from_everywhere(service, "wang.fang")
    for worthless in (None, "", "made up", other, "\u0000", 42):
        with pytest.raises(Forbidden) as refused:
            sign_in(service, "wang.fang", device_token=worthless)
        assert refused.value.code == "too-many-attempts"
    again = sign_in(service, "wang.fang", device_token=token)
    assert again["device_token"] == token
    with service.database.engine.begin() as connection:
        kept = connection.scalars(text("SELECT digest FROM known_device")).all()
    assert token not in kept and len(kept) == 2


def test_whoever_has_a_device_may_not_guess_without_end(service: RunningService) -> None:
    """M-08."""
    an_account(service, the_administrator(service))
    token = sign_in(service, "wang.fang")["device_token"]
    guess = {"grant_type": "password", "username": "wang.fang", "password": "wrong", "device_token": token}
    outcomes = at_once(service, [("issue_token", None, guess)] * 14)
    assert outcomes.count("invalid-credentials") <= 10 and "too-many-attempts" in outcomes


def test_a_new_password_makes_strangers_of_the_devices(service: RunningService) -> None:
    """M-08: one of them may have been a thief's."""
    admin = the_administrator(service)
    account = an_account(service, admin)
    token = sign_in(service, "wang.fang")["device_token"]
    service.call("set_password", admin, account_id=account["id"], data={"password": PASSWORD})
    guesses_from_everywhere(service, "wang.fang")
    with pytest.raises(Forbidden) as refused:
        sign_in(service, "wang.fang", device_token=token)
    assert refused.value.code == "too-many-attempts"


def test_strangers_do_not_keep_one_from_changing_ones_own_password(service: RunningService) -> None:
    """M-08: and whoever found an open session does not guess without end."""
    an_account(service, the_administrator(service))
    me = signed_in(service, "wang.fang")
    guesses_from_everywhere(service, "wang.fang")
    new = {"current_password": PASSWORD, "new_password": "另一个 battery 43"}
    service.call("change_own_password", me, data=new)
    for _ in range(3):
        with pytest.raises(Invalid):
            service.call("change_own_password", me, data=new)
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE sign_in_throttle SET not_before = now() + interval '30 seconds'"))
    with pytest.raises(Forbidden) as refused:
        service.call("change_own_password", me, data=new)
    assert refused.value.code == "too-many-attempts"
