"""What no keeper can do by groups, institutions, positions, levels and the wider scopes: see more (ID-21, ID-24)."""

from typing import Any

from servicekit import Caller
from servicekit.testing import RunningService
from tests.identity.people import a_department, acting, change
from tests.identity.test_reach import House


def test_nobody_takes_themselves_or_whom_they_could_become_into_a_group(service: RunningService) -> None:
    """ID-26: what is shared with the group would be theirs."""
    house = House(
        service, **{"account.write": "all", "customer.read": "department", "user_group.write": "all"}
    )
    group = service.call("create_user_group", house.keeper, data={"name": "大客户小组"})

    def taken_in(account: dict[str, Any]) -> dict[str, Any]:
        return {"user_group_id": group["id"], "data": {"account_ids": [account["id"]]}}

    assert house.refused("add_user_group_members", **taken_in(house.me)) == "reach-widened"
    assert house.refused("add_user_group_members", **taken_in(house.mate)) == "reach-widened"
    puppet = house.opens("puppet", house.mine, roles=["trainee"])
    assert house.refused("add_user_group_members", **taken_in(puppet)) == "reach-widened"
    boss = house.person("boss", house.theirs, roles=["sales_manager"])
    assert service.call("add_user_group_members", house.keeper, **taken_in(boss))["members"] == 1


def test_whoever_is_in_another_group_or_trusted_further_is_not_become(service: RunningService) -> None:
    """ID-24, ID-26: setting somebody's password is becoming them."""
    house = House(service, **{"account.write": "all", "customer.read": "department"})
    password = {"data": {"password": "取而代之 horse 8"}}
    change(service, house.admin, house.mate, security_level=11)
    assert house.refused("set_password", account_id=house.mate["id"], **password) == "account-out-of-reach"
    change(service, house.admin, house.mate, security_level=10)
    service.call("set_password", house.keeper, account_id=house.mate["id"], **password)
    group = service.call("create_user_group", house.admin, data={"name": "小组"})
    joining = {"account_ids": [house.mate["id"]]}
    service.call("add_user_group_members", house.admin, user_group_id=group["id"], data=joining)
    refused = house.refused("set_password", account_id=house.mate["id"], **password)
    assert refused == "account-out-of-reach"


def test_nobody_is_trusted_further_than_who_says_so(service: RunningService) -> None:
    """ID-24: neither oneself nor whom one could become."""
    house = House(service, **{"account.write": "all", "customer.read": "department"})
    assert house.keeps(house.me, security_level=50) == "reach-widened"
    assert house.keeps(house.mate, security_level=50) == "reach-widened"
    assert change(service, house.keeper, house.mate, security_level=5)["security_level"] == 5


def test_no_position_makes_its_maker_a_superior(service: RunningService) -> None:
    """ID-04, ID-25: the head of a department sees what belongs to people there."""
    house = House(service, **{"account.write": "department", "customer.read": "own", "position.write": "all"})
    head = {"name": "主管", "department_id": house.mine["id"], "management": True}
    position = service.call("create_position", house.keeper, data=head)
    holding = [{"position_id": position["id"]}]
    assert house.keeps(house.me, positions=holding) == "reach-widened"
    plain = service.call("create_position", house.keeper, data={**head, "name": "文员", "management": False})
    change(service, house.keeper, house.me, positions=[{"position_id": plain["id"]}])
    raised = {"position_id": plain["id"], "data": {"management": True}}
    assert house.refused("update_position", **raised) == "reach-widened"
    desk = service.call("create_position", house.keeper, data={**head, "name": "助理", "management": False})
    under = {"position_id": desk["id"], "data": {"superior_id": plain["id"]}}
    change(service, house.admin, house.mate, positions=[{"position_id": desk["id"]}])
    assert house.refused("update_position", **under) == "reach-widened"
    there = service.call(
        "create_position", house.keeper, data={"name": "顾问", "department_id": house.theirs["id"]}
    )
    besides = [{"position_id": plain["id"]}, {"position_id": there["id"], "kind": "concurrent"}]
    assert house.keeps(house.mate, positions=besides) == "account-out-of-reach"


def test_no_department_brings_its_people_into_an_institution_that_its_mover_sees(
    service: RunningService,
) -> None:
    """ID-02, ID-21: nor themselves into one where they would see more."""
    house = House(service, **{"department.write": "all", "customer.read": "institution"})
    other = a_department(service, house.admin, "子公司")
    far = a_department(service, house.admin, "子公司一部", other)
    house.person("far", far)
    moving = {"department_id": far["id"], "data": {"parent_id": house.house["id"]}}
    assert house.refused("update_department", **moving) == "reach-widened"
    mine = {"department_id": house.mine["id"], "data": {"parent_id": other["id"]}}
    assert house.refused("update_department", **mine) == "reach-widened"


def test_nobody_is_moved_to_where_given_departments_or_an_institution_reach(service: RunningService) -> None:
    """ID-21: a place is a grant to whoever's scope names it."""
    house = House(service, **{"account.write": "all", "customer.read": "departments"})
    given = {"departments": [{"department_id": house.theirs["id"]}]}
    service.call("update_role", house.admin, role_id=house.role["id"], data=given)
    below = a_department(service, house.admin, "二部一组", house.theirs)
    assert house.keeps(house.mate, department_id=below["id"]) == "reach-widened"
    elsewhere = a_department(service, house.admin, "三部", house.house)
    assert change(service, house.keeper, house.mate, department_id=elsewhere["id"])


def test_nobody_hands_out_departments_that_they_were_not_given(service: RunningService) -> None:
    """ID-21: given departments are compared by set."""
    house = House(service, **{"role.write": "all", "customer.read": "departments"})
    given = {"departments": [{"department_id": house.theirs["id"]}]}
    service.call("update_role", house.admin, role_id=house.role["id"], data=given)
    data = {"code": "mine", "name": "我的", "permissions": {"customer.read": "departments"}}
    for departments in ([house.mine], [house.theirs, house.mine]):
        named = {"departments": [{"department_id": each["id"]} for each in departments]}
        assert house.refused("create_role", data={**data, **named}) == "permission-out-of-reach"
    for scope in ("department_only", "department", "institution", "all"):
        wider = {**data, "permissions": {"customer.read": scope}}
        assert house.refused("create_role", data=wider) == "permission-out-of-reach"
    exactly = {"departments": [{"department_id": house.theirs["id"], "below": False}]}
    assert (
        service.call("create_role", house.keeper, data={**data, **exactly})["departments"][0]["below"]
        is False
    )
    widened = {"departments": [*given["departments"], {"department_id": house.mine["id"]}]}
    assert house.refused("update_role", role_id=house.role["id"], data=widened) == "permission-out-of-reach"


def test_scopes_reach_what_they_say(service: RunningService) -> None:
    """ID-21: one's department alone, the institution, given departments with and without those below."""
    house = House(service, **{"customer.read": "own"})
    desk = a_department(service, house.admin, "一部一组", house.mine)
    below = house.person("below", desk)
    other = house.person("other", a_department(service, house.admin, "子公司"))
    mine, theirs = house.mine["id"], house.theirs["id"]
    near, inside = {house.me["id"], house.mate["id"]}, {house.stranger["id"], below["id"]}
    for scope, expected in (
        ("department_only", near),
        ("department", near | {below["id"]}),
        ("institution", near | inside),
        (f"departments:={mine}", near),
        (f"departments:{mine}", near | {below["id"]}),
        (f"department_only+departments:{theirs}", near | {house.stranger["id"]}),
        ("all", near | inside | {other["id"], str(house.admin.account_id)}),
    ):
        me = acting(service, house.me["id"])
        who = Caller(
            me.account_id,
            me.department_id,
            permissions={"account.read": scope},
            institution_id=me.institution_id,
        )
        seen = {each["id"] for each in service.call("list_accounts", who, query={})["items"]}
        assert seen == expected, scope


def test_a_role_of_an_institution_holds_for_its_people_alone(service: RunningService) -> None:
    """ID-17: also when they move on."""
    house = House(service, **{"customer.read": "own"})
    other = a_department(service, house.admin, "子公司")
    data = {"code": "local", "name": "本地", "permissions": {"lead.read": "all"}}
    local = {**data, "institution_id": house.house["institution_id"]}
    service.call("create_role", house.admin, data=local)
    change(service, house.admin, house.mate, roles=["local"])
    assert acting(service, house.mate["id"]).permissions == {"lead.read": "all"}
    change(service, house.admin, house.mate, department_id=other["id"])
    assert acting(service, house.mate["id"]).permissions == {}
