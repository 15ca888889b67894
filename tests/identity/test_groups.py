"""User groups: made, filled, emptied; what is given to them is given at once (ID-26)."""

import pytest

from servicekit import Conflict, Invalid, NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import an_account, change, resolve, sign_in, the_administrator
from tests.identity.programs import a_service_account


def test_whoever_is_taken_into_a_group_may_be_given_to_by_it_and_is_told_at_once(
    service: RunningService,
) -> None:
    """ID-26."""
    admin = the_administrator(service)
    group = service.call("create_user_group", admin, data={"name": "大客户小组"})
    person = an_account(service, admin)
    tokens = sign_in(service, "wang.fang")
    assert group["id"] not in resolve(service, tokens)["principals"]
    joining = {"account_ids": [person["id"]] * 2}
    grown = service.call("add_user_group_members", admin, user_group_id=group["id"], data=joining)
    assert (grown["members"], grown["version"]) == (1, 2)
    assert service.published("access.changed")[-1].data["account_id"] == person["id"]
    assert group["id"] in resolve(service, tokens)["principals"]
    inside = {"user_group_id": group["id"]}
    found = service.call("list_user_group_members", admin, query={"sort": "username"}, **inside)
    assert [each["id"] for each in found["items"]] == [person["id"]]
    reader = caller("account.read:all", "user_group.read:all")
    card = service.call("list_user_group_members", reader, query={}, **inside)["items"][0]
    assert "username" not in card and card["display_name"] == "王芳"
    service.call("remove_user_group_member", admin, account_id=person["id"], **inside)
    assert group["id"] not in resolve(service, tokens)["principals"]
    assert service.published("access.changed")[-1].data["account_id"] == person["id"]
    with pytest.raises(NotFound):
        service.call("remove_user_group_member", admin, account_id=person["id"], **inside)


def test_a_deleted_group_gives_nobody_anything_any_more(service: RunningService) -> None:
    """ID-26."""
    admin = the_administrator(service)
    group = service.call("create_user_group", admin, data={"name": "Key Accounts"})
    with pytest.raises(Conflict) as refused:
        service.call("create_user_group", admin, data={"name": "key accounts"})
    assert refused.value.code == "user-group-name-taken"
    person = an_account(service, admin)
    joining = {"account_ids": [person["id"]]}
    service.call("add_user_group_members", admin, user_group_id=group["id"], data=joining)
    service.call("delete_user_group", admin, user_group_id=group["id"])
    assert service.published("access.changed")[-1].data["account_id"] is None
    assert group["id"] not in resolve(service, sign_in(service, "wang.fang"))["principals"]


def test_only_people_who_work_here_are_taken_into_a_group(service: RunningService) -> None:
    """ID-26: neither a program nor who has left, and nobody if one of them may not be."""
    admin = the_administrator(service)
    group = service.call("create_user_group", admin, data={"name": "小组"})
    person = an_account(service, admin)
    gone = change(service, admin, an_account(service, admin, "gone"), status="left")
    program = a_service_account(service, admin)
    for other in (gone, program):
        joining = {"account_ids": [person["id"], other["id"]]}
        with pytest.raises(Invalid) as refused:
            service.call("add_user_group_members", admin, user_group_id=group["id"], data=joining)
        assert refused.value.errors[0]["field"] == "account_ids.1"
    assert service.call("get_user_group", admin, user_group_id=group["id"])["members"] == 0
