"""Who sees how much of an account (M-12, ID-16)."""

import pytest

from servicekit import Conflict, Forbidden
from servicekit.testing import RunningService
from servicekit.testing_callers import without_can
from tests.identity.people import a_department, acting, an_account, at_once, change, the_administrator

CARD = {"id", "version", "kind", "display_name", "department_id", "institution_id", "position_id"}


def test_everybody_sees_a_card_of_others_and_all_of_themselves(service: RunningService) -> None:
    """M-12."""
    admin = the_administrator(service)
    wang = an_account(service, admin, mobile="13800138000", email="wang@example.com")
    me_account = an_account(service, admin, "li.na", display_name="李娜", mobile="13900139000")
    me = acting(service, me_account["id"])
    assert service.call("get_account", me, account_id=wang["id"]).keys() == CARD | {"can"}
    assert service.call("get_account", me, account_id=me_account["id"])["mobile"] == "13900139000"
    listed = {item["display_name"]: item for item in service.call("list_accounts", me, query={})["items"]}
    assert listed["王芳"].keys() == CARD
    assert listed["李娜"] == without_can(me_account)
    some = service.call("list_accounts", me, query={"fields": "id,display_name", "sort": "display_name"})[
        "items"
    ]
    assert all(item.keys() == {"id", "display_name"} for item in some) and len(some) == 3


def test_a_question_about_what_is_not_on_the_card_tells_nothing_of_others(service: RunningService) -> None:
    """M-12: an answer to a filter is an answer."""
    admin = the_administrator(service)
    team = a_department(service, admin, "一部")
    an_account(service, admin, mobile="13800138000")
    mate = an_account(service, admin, "mate", department_id=team["id"], mobile="13700137000")
    permissions = {"account.read": "all", "account.write": "department"}
    service.call("create_role", admin, data={"code": "keeper", "name": "管", "permissions": permissions})
    account = an_account(service, admin, "keeper", roles=["keeper"], department_id=team["id"])
    keeper = acting(service, account["id"])
    worker = acting(service, mate["id"])
    for query in (
        {"filter[mobile]": "13800138000"},
        {"filter[locked]": "false"},
        {"fields": "display_name,mobile"},
        {"sort": "username"},
    ):
        with pytest.raises(Forbidden) as refused:
            service.call("list_accounts", worker, query=query)
        assert refused.value.code == "permission-required"
    hidden = {"field": "mobile", "operator": "contains", "value": "138"}
    for where in (
        hidden,
        {"any": [{"not": hidden}, {"field": "display_name", "operator": "eq", "value": "x"}]},
    ):
        with pytest.raises(Forbidden):
            service.call("search_accounts", worker, data={"where": where})
        assert service.call("search_accounts", keeper, data={"where": hidden})["items"] == []
    named = {"field": "display_name", "operator": "eq", "value": "李娜"}
    assert service.call("search_accounts", worker, data={"where": named})["items"] == []
    for mobile, found in (("13800138000", []), ("13700137000", [without_can(mate)])):
        answer = service.call("list_accounts", keeper, query={"filter[mobile]": mobile, "count": "true"})
        assert (answer["items"], answer["total"]) == (found, len(found))
    kept = service.call("list_accounts", keeper, query={"fields": "mobile"})["items"]
    assert sorted(item["mobile"] or "" for item in kept) == ["", "13700137000"]


def test_the_only_administrator_does_not_expire(service: RunningService) -> None:
    """M-12: an expiry to come has nobody left to refuse it."""
    admin = the_administrator(service)
    me = {"id": str(admin.account_id)}
    with pytest.raises(Conflict) as refused:
        change(service, admin, me, expires_on="2099-12-31")
    assert refused.value.code == "last-administrator"
    passing = an_account(service, admin, "passing", roles=["administrator"], expires_on="2099-12-31")
    with pytest.raises(Conflict):
        change(service, admin, me, locked=True)
    change(service, admin, passing, expires_on=None)
    assert change(service, admin, me, expires_on="2099-12-31")["expires_on"] == "2099-12-31"


def test_two_administrators_who_leave_at_once_do_not_both_leave(service: RunningService) -> None:
    """M-12: "the only one" is judged by one at a time."""
    admin = the_administrator(service)
    other = an_account(service, admin, "second", roles=["administrator"])
    outcomes = at_once(
        service,
        [
            ("update_account", admin, {"account_id": other["id"], "data": {"expires_on": "2099-12-31"}}),
            ("update_account", admin, {"account_id": str(admin.account_id), "data": {"status": "left"}}),
        ],
    )
    assert sorted(outcomes) == ["last-administrator", "ok"]
