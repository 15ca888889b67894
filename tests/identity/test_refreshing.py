"""Refresh tokens in two tabs, with a thief, and over the months (M-10, ID-30), and how sessions end (M-37)."""

from typing import Any

import pytest
from sqlalchemy import text

from servicekit import Forbidden
from servicekit.testing import RunningService
from tests.identity.people import (
    ADMIN_PASSWORD,
    PASSWORD,
    an_account,
    at_once,
    claims_of,
    log_of,
    refresh,
    resolve,
    sign_in,
    signed_in,
    the_administrator,
)


@pytest.fixture
def tokens(service: RunningService) -> dict[str, Any]:
    """What Wang got for signing in."""
    an_account(service, the_administrator(service))
    return sign_in(service, "wang.fang")


def the_past(service: RunningService, statement: str) -> None:
    with service.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_two_tabs_that_refresh_with_one_token_get_the_same_successor(
    service: RunningService, tokens: dict[str, Any]
) -> None:
    """M-10."""
    first, second = (refresh(service, tokens["refresh_token"]) for _ in range(2))
    assert first["refresh_token"] == second["refresh_token"] != tokens["refresh_token"]
    assert resolve(service, second)["username"] == "wang.fang"
    third = refresh(service, first["refresh_token"])
    assert claims_of(third)["sid"] == claims_of(tokens)["sid"]


def test_tabs_that_refresh_at_the_same_moment_all_stay_signed_in(
    service: RunningService, tokens: dict[str, Any]
) -> None:
    """M-10."""
    use = {
        "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"],
        "client_address": "203.0.113.7", "user_agent": "test",
    }  # fmt: skip
    assert at_once(service, [("issue_token", None, use)] * 4) == ["ok"] * 4
    assert resolve(service, tokens)["username"] == "wang.fang"


@pytest.mark.parametrize("more", [{"user_agent": "another program"}, {"client_address": "198.51.100.9"}])
def test_another_client_is_a_thief_at_once(
    service: RunningService, tokens: dict[str, Any], more: dict[str, Any]
) -> None:
    """M-10: the grace is for whoever used the token."""
    refresh(service, tokens["refresh_token"])
    with pytest.raises(Forbidden):
        refresh(service, tokens["refresh_token"], **more)
    with pytest.raises(Forbidden):
        resolve(service, tokens)
    assert log_of(service)[-2:] == [
        ("refused", "refresh-token-reused"),
        ("signed_out", "refresh-token-reused"),
    ]


def test_the_device_that_signed_in_may_change_its_address(
    service: RunningService, tokens: dict[str, Any]
) -> None:
    """M-10: a telephone that leaves the house between two tabs."""
    first = refresh(service, tokens["refresh_token"])
    moved = {"client_address": "198.51.100.9", "device_token": tokens["device_token"]}
    assert refresh(service, tokens["refresh_token"], **moved)["refresh_token"] == first["refresh_token"]
    stolen = {"client_address": "198.51.100.9", "device_token": sign_in(service, "wang.fang")["device_token"]}
    with pytest.raises(Forbidden):
        refresh(service, tokens["refresh_token"], **stolen)


def test_after_half_a_minute_a_second_use_ends_the_session(
    service: RunningService, tokens: dict[str, Any]
) -> None:
    """M-10."""
    refresh(service, tokens["refresh_token"])
    the_past(service, "UPDATE refresh_token SET used_at = used_at - interval '31 seconds'")
    with pytest.raises(Forbidden):
        refresh(service, tokens["refresh_token"])
    with pytest.raises(Forbidden):
        resolve(service, tokens)


def test_a_browsers_new_token_is_not_used_up_until_no_answer_with_it_is_on_its_way(
    service: RunningService, tokens: dict[str, Any]
) -> None:
    """(W-2) Tabs share one cookie, and their answers come in any order."""
    first = tokens["refresh_token"]
    assert refresh(service, first, in_browser=True)["refresh_token"] == first
    the_past(service, "UPDATE refresh_token SET created_at = created_at - interval '61 seconds'")
    early, late = (refresh(service, first, in_browser=True)["refresh_token"] for _ in range(2))
    assert early == late != first
    # A tab that had the successor already asks before the answer of the late one is there: the jar holds the same.
    assert refresh(service, early, in_browser=True)["refresh_token"] == late
    the_past(service, "UPDATE refresh_token SET used_at = used_at - interval '31 seconds'")
    with pytest.raises(Forbidden):
        refresh(service, first, in_browser=True)
    with pytest.raises(Forbidden):
        resolve(service, tokens)


def test_a_session_does_not_live_for_ever(service: RunningService, tokens: dict[str, Any]) -> None:
    """M-10: however much it is used."""
    the_past(service, "UPDATE sign_in_session SET created_at = created_at - interval '89 days'")
    kept = refresh(service, tokens["refresh_token"])
    with service.database.engine.begin() as connection:
        left = connection.scalar(
            text("SELECT max(extract(epoch FROM expires_at - now()) / 86400) FROM sign_in_session")
        )
    assert left is not None and 0 < left <= 1
    the_past(service, "UPDATE sign_in_session SET expires_at = created_at + interval '1 day'")
    with pytest.raises(Forbidden):
        refresh(service, kept["refresh_token"])


def test_every_way_a_session_ends_stands_in_the_log(service: RunningService, tokens: dict[str, Any]) -> None:
    """M-37, ID-37: a preset password, and one's own new one."""
    admin = the_administrator(service)
    account_id = claims_of(tokens)["sub"]
    service.call("set_password", admin, account_id=account_id, data={"password": PASSWORD})
    assert log_of(service)[-1] == ("signed_out", "password-set")
    me, other = signed_in(service, "wang.fang"), sign_in(service, "wang.fang")
    new = {"current_password": PASSWORD, "new_password": "另一个 battery 43"}
    service.call("change_own_password", me, data=new)
    assert log_of(service)[-1] == ("signed_out", "password-changed")
    with pytest.raises(Forbidden):
        resolve(service, other)
    lines = service.call("list_sign_ins", admin, query={"filter[outcome]": "signed_out"})["items"]
    assert [line["session_id"] for line in lines] == [claims_of(other)["sid"], claims_of(tokens)["sid"]]
    assert sign_in(service, "admin", ADMIN_PASSWORD)
