"""Accounts through their entrypoints."""

from typing import Any

import pytest

from servicekit import Conflict, Forbidden, Invalid
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.identity.people import (
    PASSWORD,
    a_department,
    an_account,
    change,
    claims_of,
    last,
    resolve,
    sign_in,
    signed_in,
    the_administrator,
)


def test_a_new_account_can_sign_in_at_once_with_what_its_roles_allow(service: RunningService) -> None:
    """ID-06, ID-18."""
    admin = the_administrator(service)
    team = a_department(service, admin, "一部")
    account = an_account(
        service, admin, "Zhang.Wei", department_id=team["id"], roles=["salesperson", "finance"]
    )
    assert "password" not in account and "password_hash" not in account
    assert account["roles"] == ["finance", "salesperson"]
    facts = resolve(service, sign_in(service, "zhang.wei"))
    assert facts["department_id"] == team["id"] and facts["roles"] == ["finance", "salesperson"]
    assert facts["permissions"]["contract.read"] == "all"
    assert facts["permissions"]["contract.sign"] == "own"
    me = service.call("get_me", signed_in(service, "zhang.wei"))
    assert (me["id"], me["permissions"]) == (account["id"], facts["permissions"])
    assert me["time_zone"] == "Asia/Shanghai"
    assert last(service, "account.changed") == {
        "account_id": account["id"], "kind": "person", "username": "Zhang.Wei", "display_name": "王芳",
        "manager_id": None, "department_id": team["id"], "active": True, "version": 1,
            "institution_id": team["institution_id"], "security_level": 10, "position_id": None,
        "created_at": account["created_at"], "updated_at": account["updated_at"],
    }  # fmt: skip


def test_a_username_is_taken_whatever_its_case(service: RunningService) -> None:
    """ID-06."""
    admin = the_administrator(service)
    an_account(service, admin)
    with pytest.raises(Conflict) as refused:
        an_account(service, admin, "WANG.FANG")
    assert refused.value.code == "account-username-taken"
    other = an_account(service, admin, "li.na")
    with pytest.raises(Conflict):
        change(service, admin, other, username="Wang.Fang")


@pytest.mark.parametrize(
    "username", ["ｗａｎｇ.fang", "wang\u200b.fang", "wang.fang\u00ad", "WANG.FANG\u2060"]
)
def test_usernames_that_only_look_different_are_one(service: RunningService, username: str) -> None:
    """(M-17) ID-06: to whoever opens accounts as to whoever signs in."""
    admin = the_administrator(service)
    account = an_account(service, admin, email="Wang.Fang@Example.com", mobile="138 0013 8000")
    with pytest.raises(Conflict) as refused:
        an_account(service, admin, username)
    assert refused.value.code == "account-username-taken"
    assert claims_of(sign_in(service, username))["sub"] == account["id"]
    assert (account["mobile"], account["mobile_e164"]) == ("138 0013 8000", "+8613800138000")
    for query in (
        {"filter[username]": username}, {"filter[email]": "wang.FANG@EXAMPLE.com\u200b"},
        {"filter[mobile]": "+86 138-0013-8000"}, {"filter[mobile][contains]": "138000"},
    ):  # fmt: skip
        found = service.call("list_accounts", admin, query=query)["items"]
        assert [each["id"] for each in found] == [account["id"]], query


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"username": " ", "display_name": None}, {"username", "display_name"}),
        ({"username": "a\u0000b"}, {"username"}),
        ({"username": "x" * 65, "mobile": 13800138000}, {"username", "mobile"}),
        ({"department_id": "42", "manager_id": 42}, {"department_id", "manager_id"}),
        ({"department_id": "01936f3a-7c00-7000-8000-000000000001"}, {"department_id"}),
        ({"manager_id": "01936f3a-7c00-7000-8000-000000000001"}, {"manager_id"}),
        ({"roles": ["salesperson", "king"]}, {"roles.1"}),
        ({"roles": "salesperson"}, {"roles"}),
        ({"roles": None}, {"roles"}),
        ({"roles": [None, "A"]}, {"roles.0", "roles.1"}),
        ({"password": "password"}, {"password"}),
        ({"password": "Wang.Fang"}, {"password"}),
        ({"password": "x" * 201}, {"password"}),
        ({"password": 12345678}, {"password"}),
        ({"email": "wang", "status": "gone"}, {"email", "status"}),
        ({"expires_on": "soon", "locked": "no"}, {"expires_on", "locked"}),
        ({"nickname": "小王"}, {"nickname"}),
    ],
)
def test_bad_input_is_told_field_by_field_and_opens_no_account(
    service: RunningService, values: dict[str, Any], fields: set[str]
) -> None:
    """ID-06."""
    admin = caller("*:all")
    before = len(service.published())
    with pytest.raises(Invalid) as refused:
        an_account(service, admin, **values)
    assert {error["field"] for error in refused.value.errors} == fields
    assert len(service.published()) == before


def test_a_change_of_an_account_is_told_and_takes_effect_at_once(service: RunningService) -> None:
    """ID-06, ID-18."""
    admin = the_administrator(service)
    account = an_account(service, admin)
    tokens = sign_in(service, "wang.fang")
    boss = an_account(service, admin, "boss", roles=["sales_manager"])
    changed = change(service, admin, account, roles=["finance"], manager_id=boss["id"])
    assert (changed["version"], changed["roles"], changed["display_name"]) == (2, ["finance"], "王芳")
    assert last(service, "account.changed")["manager_id"] == boss["id"]
    assert last(service, "access.changed") == {"account_id": account["id"], "version": 2}
    assert resolve(service, tokens)["roles"] == ["finance"]
    with pytest.raises(Conflict) as refused:
        service.call(
            "update_account",
            admin,
            headers={"if_match": "1"},
            account_id=account["id"],
            data={"mobile": "139"},
        )
    assert refused.value.code == "stale-version"


def test_a_superior_works_here(service: RunningService) -> None:
    """M-22: as everybody whom a request names; who leaves later stays until somebody else is named."""
    admin = the_administrator(service)
    boss, worker = an_account(service, admin, "boss"), an_account(service, admin, "worker")
    left = an_account(service, admin, "gone", status="left")
    locked = an_account(service, admin, "locked", locked=True)
    nobody = {"id": "01936f3a-7c00-7000-8000-000000000001"}
    for named, code in ((left, "account-left"), (locked, "account-left"), (nobody, "unknown-account")):
        with pytest.raises(Invalid) as refused:
            change(service, admin, worker, manager_id=named["id"])
        assert (refused.value.code, refused.value.errors[0]["field"]) == (code, "manager_id")
        with pytest.raises(Invalid) as refused:
            an_account(service, admin, "new", manager_id=named["id"])
        assert refused.value.code == code
    change(service, admin, worker, manager_id=boss["id"])
    change(service, admin, boss, status="left")
    assert change(service, admin, worker, manager_id=boss["id"], mobile="139")["manager_id"] == boss["id"]
    assert change(service, admin, worker, manager_id=None)["manager_id"] is None
    with pytest.raises(Invalid):
        change(service, admin, worker, manager_id=boss["id"])


def test_superiors_never_form_a_ring(service: RunningService) -> None:
    """ID-21."""
    admin = the_administrator(service)
    boss = an_account(service, admin, "boss")
    worker = an_account(service, admin, "worker", manager_id=boss["id"])
    for superior in (worker, boss):
        with pytest.raises(Invalid) as refused:
            change(service, admin, boss, manager_id=superior["id"])
        assert refused.value.errors[0]["field"] == "manager_id"


def test_the_last_administrator_cannot_go(service: RunningService) -> None:
    """ID-27."""
    admin = the_administrator(service)
    me = {"id": str(admin.account_id)}
    for values in ({"locked": True}, {"status": "left"}, {"roles": []}, {"expires_on": "2020-01-01"}):
        with pytest.raises(Conflict) as refused:
            change(service, admin, me, **values)
        assert refused.value.code == "last-administrator"
    an_account(service, admin, "second", roles=["administrator"])
    assert change(service, admin, me, locked=True)["locked"] is True


def test_a_new_password_from_the_administrator_ends_all_sessions(service: RunningService) -> None:
    """ID-33."""
    admin = the_administrator(service)
    account = an_account(service, admin)
    tokens = sign_in(service, "wang.fang")
    service.call("set_password", admin, account_id=account["id"], data={"password": "another good one"})
    with pytest.raises(Forbidden):
        resolve(service, tokens)
    with pytest.raises(Forbidden):
        sign_in(service, "wang.fang")
    assert sign_in(service, "wang.fang", "another good one")


def test_one_changes_ones_own_password_with_the_old_one(service: RunningService) -> None:
    """ID-33."""
    admin = the_administrator(service)
    an_account(service, admin)
    elsewhere, me = sign_in(service, "wang.fang"), signed_in(service, "wang.fang")
    with pytest.raises(Invalid) as refused:
        service.call(
            "change_own_password", me, data={"current_password": "wrong one", "new_password": "brand new 1"}
        )
    assert refused.value.code == "wrong-password"
    with pytest.raises(Invalid) as folded:
        data = {"current_password": PASSWORD, "new_password": "brand\tnew 1"}
        service.call("change_own_password", me, data=data)
    (error,) = folded.value.errors
    assert (error["field"], error["code"]) == ("new_password", "not-one-line")
    service.call(
        "change_own_password", me, data={"current_password": PASSWORD, "new_password": "brand new 1"}
    )
    assert sign_in(service, "wang.fang", "brand new 1")
    with pytest.raises(Forbidden):
        resolve(service, elsewhere)
    mine = {"session_id": str(me.session_id), "account_id": str(me.account_id)}
    assert service.call("resolve_session", **mine)["username"] == "wang.fang"


def test_the_same_idempotency_key_opens_one_account(service: RunningService) -> None:
    """ID-06."""
    admin = the_administrator(service)
    data = {"username": "once", "display_name": "一次", "password": PASSWORD}
    first = service.call("create_account", admin, headers={"idempotency_key": "k"}, data=data)
    assert service.call("create_account", admin, headers={"idempotency_key": "k"}, data=data) == first


def test_every_event_leaves_the_service_in_order(service: RunningService) -> None:
    admin = the_administrator(service)
    an_account(service, admin)
    wait_until(lambda: all(event.published_at for event in service.published()))
    numbers = [event.sequence or 0 for event in service.published()]
    assert numbers == sorted(numbers)


def test_what_anybody_signs_in_as_is_nobodys_password(service: RunningService) -> None:
    """M-09: also with a year behind it, in another case or width."""
    admin = the_administrator(service)
    account = an_account(service, admin, "brandenburger.tor")
    other = an_account(service, admin, "li.na")
    for password in ("brandenburger.tor", "Brandenburger.Tor2026!", "ｂｒａｎｄｅｎｂｕｒｇｅｒ．ｔｏｒ"):
        for target in (account, other):
            with pytest.raises(Invalid) as refused:
                service.call("set_password", admin, account_id=target["id"], data={"password": password})
            assert refused.value.errors[0]["field"] == "password"
    me = signed_in(service, "li.na")
    new = {"current_password": PASSWORD, "new_password": "brandenburger.tor"}
    with pytest.raises(Invalid) as refused:
        service.call("change_own_password", me, data=new)
    assert refused.value.errors[0]["field"] == "new_password"
