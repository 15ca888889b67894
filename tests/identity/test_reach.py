"""What no keeper of accounts, departments or roles can do: see more through those they keep (M-06, ID-18, ID-21)."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, NotFound
from servicekit.testing import RunningService
from tests.identity.people import (
    PASSWORD,
    a_department,
    acting,
    an_account,
    at_once,
    change,
    the_administrator,
)

KEEPING = dict.fromkeys(
    ("account.read", "department.read", "role.read", "user_group.read", "position.read"), "all"
)


class House:
    """Two teams below one department, with a chief each, and the role under test."""

    def __init__(self, service: RunningService, **permissions: str) -> None:
        self.service = service
        self.admin = the_administrator(service)
        data = {"code": "keeper", "name": "管人的", "permissions": {**KEEPING, **permissions}}
        self.role = service.call("create_role", self.admin, data=data)
        self.house = a_department(service, self.admin, "总部")
        self.mine = a_department(service, self.admin, "一部", self.house)
        self.theirs = a_department(service, self.admin, "二部", self.house)
        self.me = self.person("keeper.one", self.mine, roles=["keeper"])
        self.mate = self.person("mate", self.mine)
        self.stranger = self.person("stranger", self.theirs)

    def person(self, username: str, department: dict[str, Any], **values: Any) -> dict[str, Any]:
        values = {"roles": ["trainee"], **values} if self.has_trainee() else values
        return an_account(
            self.service,
            self.admin,
            username,
            display_name=username,
            department_id=department["id"],
            **values,
        )

    def has_trainee(self) -> bool:
        found = self.service.call("list_roles", self.admin, query={"filter[code]": "trainee"})["items"]
        if not found:
            data = {"code": "trainee", "name": "见习", "permissions": {"customer.read": "own"}}
            self.service.call("create_role", self.admin, data=data)
        return True

    @property
    def keeper(self) -> Caller:
        return acting(self.service, self.me["id"])

    def refused(self, operation: str, **arguments: Any) -> str:
        with pytest.raises((Forbidden, NotFound)) as refused:
            self.service.call(operation, self.keeper, **arguments)
        return refused.value.code

    def opens(self, username: str, department: dict[str, Any], **values: Any) -> dict[str, Any]:
        """Let the keeper open an account; they know its password."""
        values = {"roles": ["trainee"], "department_id": department["id"], **values}
        return an_account(self.service, self.keeper, username, **values)

    def takes_over(self, account: dict[str, Any]) -> None:
        """Let somebody change the password that was set for them."""
        data = {"current_password": PASSWORD, "new_password": "取而代之 horse 7"}
        self.service.call("change_own_password", acting(self.service, account["id"]), data=data)

    def keeps(self, account: dict[str, Any], **values: Any) -> str:
        return self.refused("update_account", account_id=account["id"], data=values)


def test_nobody_becomes_the_superior_of_whom_they_do_not_see(service: RunningService) -> None:
    """M-06: a superior is a grant."""
    house = House(service, **{"account.write": "all", "customer.read": "own"})
    assert house.keeps(house.stranger, manager_id=house.me["id"]) == "reach-widened"
    equal = house.person("keeper.two", house.theirs, roles=["keeper"], manager_id=house.me["id"])
    assert house.keeps(house.stranger, manager_id=equal["id"]) == "reach-widened"
    boss = house.person("boss", house.theirs, roles=["sales_manager"])
    assert change(service, house.keeper, house.stranger, manager_id=boss["id"])["manager_id"] == boss["id"]


def test_nobody_moves_themselves_or_others_to_where_more_is_seen(service: RunningService) -> None:
    """M-06: a department is a grant."""
    house = House(service, **{"account.write": "department", "customer.read": "department"})
    assert house.keeps(house.me, department_id=house.house["id"]) == "reach-widened"
    assert house.keeps(house.me, department_id=house.theirs["id"]) == "reach-widened"
    equal = house.person("keeper.two", house.mine, roles=["keeper"])
    assert house.keeps(equal, department_id=house.house["id"]) == "reach-widened"
    assert house.keeps(house.mate, department_id=house.theirs["id"]) == "account-out-of-reach"
    below = a_department(service, house.admin, "一部一组", house.mine)
    moved = change(service, house.keeper, house.mate, department_id=below["id"])
    assert moved["department_id"] == below["id"]


def test_scopes_hold_for_accounts(service: RunningService) -> None:
    """M-06: who keeps a department's accounts keeps no others, and sees of them what their reading allows."""
    house = House(service, **{"account.write": "department", "customer.read": "department"})
    changed = change(service, house.keeper, house.mate, mobile="13800138000")
    assert changed["mobile"] == "13800138000"
    assert house.keeps(house.stranger, mobile="13800138000") == "permission-required"
    data = {"username": "neu", "display_name": "新", "roles": [], "password": PASSWORD}
    assert house.refused("create_account", data=data) == "account-out-of-reach"
    made = service.call("create_account", house.keeper, data={**data, "department_id": house.mine["id"]})
    assert made["department_id"] == house.mine["id"]
    own = house.keeper
    reading = Caller(own.account_id, own.department_id, permissions={"account.read": "department"})
    seen = {item["display_name"] for item in service.call("list_accounts", reading, query={})["items"]}
    assert seen == {"keeper.one", "mate", "新"}
    with pytest.raises(NotFound):
        service.call("get_account", reading, account_id=house.stranger["id"])


def test_scopes_hold_for_departments(service: RunningService) -> None:
    """M-06: whoever keeps a department moves and makes others below their own only."""
    house = House(service, **{"department.write": "department", "customer.read": "department"})
    assert house.refused("update_department", department_id=house.theirs["id"], data={"name": "我的"}) == (
        "permission-required"
    )
    for data in ({"name": "新"}, {"name": "新", "parent_id": house.house["id"]}):
        assert house.refused("create_department", data=data) == "department-out-of-reach"
    below = a_department(service, house.keeper, "一部一组", house.mine)
    top = {"parent_id": None}
    assert (
        house.refused("update_department", department_id=below["id"], data=top) == "department-out-of-reach"
    )
    narrow = Caller(
        house.keeper.account_id, house.keeper.department_id, permissions={"department.read": "department"}
    )
    names = {item["name"] for item in service.call("list_departments", narrow, query={})["items"]}
    assert names == {"一部", "一部一组"}
    with pytest.raises(NotFound):
        service.call("get_department", narrow, department_id=house.theirs["id"])


def test_no_move_of_a_department_brings_its_people_under_the_mover(service: RunningService) -> None:
    """M-06: a place in the tree is a grant, also for equals whose password one may set."""
    house = House(
        service, **{"department.write": "all", "customer.read": "department", "account.write": "department"}
    )
    move = {"department_id": house.theirs["id"], "data": {"parent_id": house.mine["id"]}}
    assert house.refused("update_department", **move) == "reach-widened"
    harmless = {"department_id": house.mine["id"], "data": {"parent_id": house.theirs["id"]}}
    assert service.call("update_department", house.keeper, **harmless)["parent_id"] == house.theirs["id"]


def test_an_equals_password_is_set_only_by_who_sees_as_much(service: RunningService) -> None:
    """M-06: to sign in as an equal elsewhere is to see what the equal sees."""
    house = House(service, **{"account.write": "all", "customer.read": "own"})
    equal = house.person("keeper.two", house.theirs, roles=["keeper"])
    new = {"data": {"password": "取而代之 horse 7"}}
    assert house.refused("set_password", account_id=equal["id"], **new) == "account-out-of-reach"
    change(service, house.admin, equal, manager_id=house.me["id"])
    service.call("set_password", house.keeper, account_id=equal["id"], **new)
    change(service, house.admin, house.stranger, manager_id=equal["id"])
    service.call("set_password", house.keeper, account_id=equal["id"], **new)
    change(service, house.admin, equal, manager_id=None)
    assert house.refused("set_password", account_id=equal["id"], **new) == "account-out-of-reach"


def test_a_new_account_reaches_no_further_than_who_opens_it(service: RunningService) -> None:
    """M-06: whoever opens an account knows its password."""
    house = House(service, **{"account.write": "all", "customer.read": "department"})
    data = {"username": "neu", "display_name": "新", "roles": ["keeper"], "password": PASSWORD}
    for place in (house.house, house.theirs):
        assert house.refused("create_account", data={**data, "department_id": place["id"]}) == "reach-widened"
    made = service.call("create_account", house.keeper, data={**data, "department_id": house.mine["id"]})
    assert made["roles"] == ["keeper"]


def test_a_role_is_not_widened_for_an_equal_with_a_better_place(service: RunningService) -> None:
    """M-06: a role's scope is a grant to all who have it."""
    house = House(
        service,
        **{"account.write": "all", "role.read": "all", "role.write": "all", "customer.read": "department"},
    )
    mate_above = house.person("mate.above", house.house, manager_id=house.me["id"])
    trainee = service.call("list_roles", house.admin, query={"filter[code]": "trainee"})["items"][0]
    wider = {"role_id": trainee["id"], "data": {"permissions": {"customer.read": "department"}}}
    assert house.refused("update_role", **wider) == "reach-widened"
    change(service, house.admin, mate_above, department_id=house.mine["id"])
    # The others who have the role are nobody's to sign in as: the keeper does not reach them.
    assert service.call("update_role", house.keeper, **wider)["permissions"] == {
        "customer.read": "department"
    }


def test_what_is_held_for_all_or_not_at_all_cannot_be_given_by_halves(service: RunningService) -> None:
    """M-06: `bus.operate: own` would open the whole bus."""
    admin = the_administrator(service)
    for permission in ("bus.operate", "role.write", "webhook.read", "product.write", "bank_account.read"):
        data = {"code": "half", "name": "半个", "permissions": {permission: "own"}}
        with pytest.raises(Invalid) as refused:
            service.call("create_role", admin, data=data)
        assert refused.value.errors[0]["field"] == f"permissions.{permission}"
    for scope in ("own", "department"):
        half = Caller(admin.account_id, permissions={"*": scope, "bus.operate": scope})
        asked: tuple[tuple[str, dict[str, Any]], ...] = (
            ("describe_bus", {}),
            ("list_failed_events", {}),
            ("list_roles", {"query": {}}),
            ("list_sign_ins", {"query": {}}),
            ("rotate_signing_key", {}),
            ("list_approval_flows", {"query": {}}),
        )
        for operation, arguments in asked:
            with pytest.raises(Forbidden) as refused_use:
                service.call(operation, half, **arguments)
            assert refused_use.value.code == "permission-required"


def test_two_grants_made_at_once_give_no_more_than_one_after_the_other(service: RunningService) -> None:
    """M-06: the directory is changed by one at a time."""
    house = House(service, **{"account.write": "all", "customer.read": "own"})
    equal = house.person("keeper.two", house.mine, roles=["keeper"], manager_id=house.me["id"])
    keeper = house.keeper
    outcomes = at_once(
        service,
        [
            (
                "update_account",
                keeper,
                {"account_id": house.stranger["id"], "data": {"manager_id": equal["id"]}},
            ),
            ("update_account", keeper, {"account_id": house.mate["id"], "data": {"manager_id": equal["id"]}}),
        ],
    )
    assert outcomes == ["reach-widened", "reach-widened"]


def test_a_puppet_is_nobodys_superior_and_is_moved_nowhere_better(service: RunningService) -> None:
    """M-06: whoever opened an account still knows its password, whatever it may do and wherever it is by now."""
    keeping = {"account.write": "all", "role.read": "all", "role.write": "all", "department.write": "all"}
    house = House(service, **keeping, **{"customer.read": "department"})
    house.has_trainee()
    puppet = house.opens("puppet", house.theirs)
    assert house.keeps(house.stranger, manager_id=puppet["id"]) == "reach-widened"
    assert house.keeps(puppet, roles=["keeper"]) == "reach-widened"
    trainee = service.call("list_roles", house.admin, query={"filter[code]": "trainee"})["items"][0]
    wider = {"role_id": trainee["id"], "data": {"permissions": {"customer.read": "department"}}}
    assert house.refused("update_role", **wider) == "reach-widened"
    above = house.opens("puppet.two", house.theirs, roles=[])
    service.call("update_account", house.keeper, account_id=above["id"], data={"department_id": None})
    changed = change(service, house.keeper, puppet, mobile="13800138000", department_id=house.mine["id"])
    assert changed["department_id"] == house.mine["id"]
    assert change(service, house.keeper, changed, roles=["keeper"])["roles"] == ["keeper"]


def test_no_department_is_moved_under_a_puppet(service: RunningService) -> None:
    """M-06: the third change of three."""
    house = House(
        service, **{"department.write": "all", "account.write": "all", "customer.read": "department"}
    )
    below = a_department(service, house.admin, "一部一组", house.mine)
    puppet = house.opens("puppet", below, roles=["keeper"])
    service.call(
        "update_department", house.keeper, department_id=below["id"], data={"parent_id": house.house["id"]}
    )
    move = {"department_id": house.theirs["id"], "data": {"parent_id": below["id"]}}
    assert house.refused("update_department", **move) == "reach-widened"
    house.takes_over(puppet)
    assert service.call("update_department", house.keeper, **move)["parent_id"] == below["id"]


def test_who_changes_their_password_is_nobodys_puppet_any_more(service: RunningService) -> None:
    """M-06: it is set by somebody else again that makes them one, and so does a puppet's puppet."""
    house = House(service, **{"account.write": "all", "customer.read": "own"})
    one = house.opens("one", house.mine, roles=["keeper"])
    two = an_account(service, acting(service, one["id"]), "two", roles=["trainee"])
    assert house.keeps(house.stranger, manager_id=two["id"]) == "reach-widened"
    house.takes_over(one)
    assert change(service, house.keeper, house.stranger, manager_id=two["id"])["manager_id"] == two["id"]


def test_a_puppet_widens_nothing_for_who_knows_its_password(service: RunningService) -> None:
    """M-06: whoever opened an account may be the one who signs in as it."""
    house = House(service, **{"account.write": "all", "customer.read": "own"})
    puppet = house.opens("puppet", house.theirs, roles=["keeper"])
    move = {"account_id": house.stranger["id"], "data": {"manager_id": house.me["id"]}}
    with pytest.raises(Forbidden) as refused:
        service.call("update_account", acting(service, puppet["id"]), **move)
    assert refused.value.code == "reach-widened"
    house.takes_over(puppet)
    moved = service.call("update_account", acting(service, puppet["id"]), **move)
    assert moved["manager_id"] == house.me["id"]
