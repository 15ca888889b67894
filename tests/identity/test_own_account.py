"""What everybody may ask about their own account: where they are signed in, and how they like the console (W-3)."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import (
    an_account,
    at_once,
    caller_from,
    log_of,
    refresh,
    resolve,
    sign_in,
    signed_in,
    the_administrator,
)
from tests.identity.programs import a_service_account

USUAL = {"language": None, "checklist_dismissed": False, "single_keys": True}


@pytest.fixture
def me(service: RunningService) -> Caller:
    an_account(service, the_administrator(service))
    return signed_in(service, "wang.fang")


def sessions(service: RunningService, who: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.call("list_own_sessions", who)["items"]
    return found


def test_one_sees_where_one_is_signed_in_and_from_which_place_one_asks(
    service: RunningService, me: Caller
) -> None:
    """ID-34."""
    elsewhere = sign_in(service, "wang.fang", client_address="198.51.100.4", user_agent="Firefox")
    signed_in(service, "admin", "correct horse battery")
    other, mine = sessions(service, me)
    assert (other["client_address"], other["user_agent"], other["current"]) == (
        "198.51.100.4", "Firefox", False,
    )  # fmt: skip
    assert (mine["id"], mine["current"]) == (str(me.session_id), True)
    refresh(service, elsewhere["refresh_token"], client_address="198.51.100.4", user_agent="Firefox")
    assert [each["id"] for each in sessions(service, me)] == [other["id"], mine["id"]]
    assert sessions(service, caller()) == []


def test_one_signs_out_somewhere_else(service: RunningService, me: Caller) -> None:
    """ID-34: at once, once, and nobody else's."""
    lost = sign_in(service, "wang.fang", client_address="198.51.100.4")
    lost_id = caller_from(resolve(service, lost)).session_id
    for who, session_id in ((me, new_id()), (the_administrator(service), lost_id)):
        with pytest.raises(NotFound) as refused:
            service.call("end_own_session", who, session_id=session_id)
        assert refused.value.code == "session-not-found"
    for _ in range(2):
        service.call("end_own_session", me, session_id=lost_id)
    with pytest.raises(Forbidden):
        resolve(service, lost)
    with pytest.raises(Forbidden):
        refresh(service, lost["refresh_token"], client_address="198.51.100.4")
    assert [each["id"] for each in sessions(service, me)] == [str(me.session_id)]
    assert [outcome for outcome, _ in log_of(service)].count("signed_out") == 1
    assert [str(event.subject) for event in service.published("session.revoked")] == [str(lost_id)]


def test_how_one_likes_the_console_goes_with_the_account(service: RunningService, me: Caller) -> None:
    assert service.call("get_me", me)["preferences"] == USUAL
    before = service.call("get_me", me)["version"]
    service.call("update_own_preferences", me, data={"language": "en"})
    changed = service.call("update_own_preferences", me, data={"single_keys": False})
    assert changed == {**USUAL, "language": "en", "single_keys": False}
    again = service.call("get_me", signed_in(service, "wang.fang"))
    assert (again["preferences"], again["version"]) == (changed, before)
    assert service.call("get_me", the_administrator(service))["preferences"] == USUAL
    assert service.call("update_own_preferences", me, data={"language": None})["language"] is None


def test_what_two_tabs_say_at_once_is_all_kept(service: RunningService, me: Caller) -> None:
    said = [{"language": "zh-CN"}, {"checklist_dismissed": True}, {"single_keys": False}]
    asked = [("update_own_preferences", me, {"data": data}) for data in said]
    assert at_once(service, asked) == ["ok"] * 3
    kept = service.call("get_me", me)["preferences"]
    assert kept == {"language": "zh-CN", "checklist_dismissed": True, "single_keys": False}


@pytest.mark.parametrize(
    "data", [{"language": "fr"}, {"single_keys": "yes"}, {"checklist_dismissed": None}, {"colour": "red"}]
)
def test_a_preference_that_there_is_not_is_refused(
    service: RunningService, me: Caller, data: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        service.call("update_own_preferences", me, data=data)
    assert [error["field"] for error in refused.value.errors] == [*data]
    assert service.call("get_me", me)["preferences"] == USUAL


def test_a_program_has_no_sessions(service: RunningService, me: Caller) -> None:
    program = a_service_account(service, the_administrator(service), permissions={"role.read": "all"})
    assert sessions(service, Caller(account_id=program["id"], permissions={})) == []
