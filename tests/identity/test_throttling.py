"""Throttling of password checks through the entrypoint."""

import pytest
from sqlalchemy import text

from servicekit import Forbidden
from servicekit.testing import RunningService
from tests.identity.people import (
    ADMIN_PASSWORD,
    PASSWORD,
    an_account,
    at_once,
    log_of,
    sign_in,
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
        "client_address": "198.51.100.1",
    }
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE sign_in_throttle SET not_before = now() + interval '30 seconds'"))
    error = service.send("issue_token", sent, {})["error"]
    assert error["code"] == "too-many-attempts" and 1 <= error["retry_after"] <= 30
    with service.database.engine.begin() as connection:
        connection.execute(text("UPDATE sign_in_throttle SET not_before = now()"))
    assert sign_in(service, "wang.fang")
    with service.database.engine.begin() as connection:
        kept = connection.scalars(
            text("SELECT key FROM sign_in_throttle WHERE key LIKE 'account:wang%'")
        ).all()
    assert kept == []
    reasons = [reason for _, reason in log_of(service)]
    assert reasons == ["wrong-password"] * 3 + ["too-many-attempts", None]


def test_guesses_made_at_once_are_all_counted(service: RunningService) -> None:
    """ID-30: at most ten checks an account in ten minutes, also of names that nobody has."""
    for username in ("wang.fang", "nobody"):
        if username == "wang.fang":
            an_account(service, the_administrator(service))
        guess = {"grant_type": "password", "username": username, "password": "wrong", "client_address": None}
        outcomes = at_once(service, [("issue_token", None, guess)] * 14)
        assert outcomes.count("invalid-credentials") <= 10
        assert set(outcomes) == {"invalid-credentials", "too-many-attempts"}


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
        counted = connection.scalar(text("SELECT cardinality(checked_at) FROM sign_in_throttle"))
    assert counted == 0
