"""Positions, who holds them, and who is whose superior by them (ID-04 to ID-06, ID-16, ID-25)."""

from typing import Any

import pytest

from servicekit import Caller, Conflict, Invalid
from servicekit.testing import RunningService
from tests.identity.people import (
    a_department,
    an_account,
    change,
    last,
    resolve,
    sign_in,
    the_administrator,
)


def a_position(
    service: RunningService, admin: Caller, name: str, department: dict[str, Any], **values: Any
) -> dict[str, Any]:
    data = {"name": name, "department_id": department["id"], **values}
    position: dict[str, Any] = service.call("create_position", admin, data=data)
    return position


def holding(position: dict[str, Any], kind: str = "main", since: str | None = None) -> dict[str, Any]:
    return {"position_id": position["id"], "kind": kind, "started_on": since}


def superior(service: RunningService, admin: Caller, account: dict[str, Any]) -> Any:
    return service.call("get_account", admin, account_id=account["id"])["manager_id"]


class Sales:
    """A region with a team: a director above, a lead of the team, and a seller in it."""

    def __init__(self, service: RunningService) -> None:
        self.service, self.admin = service, the_administrator(service)
        self.region = a_department(service, self.admin, "大区")
        self.team = a_department(service, self.admin, "一部", self.region)
        self.director = a_position(service, self.admin, "总监", self.region, management=True)
        self.lead = a_position(service, self.admin, "经理", self.team, management=True)
        self.seller = a_position(service, self.admin, "销售", self.team)
        self.liu = self.person("liu", self.director)
        self.wang = self.person("wang", self.lead)
        self.zhang = self.person("zhang", self.seller)

    def person(self, name: str, position: dict[str, Any]) -> dict[str, Any]:
        return an_account(self.service, self.admin, name, positions=[holding(position)])

    def superior(self, account: dict[str, Any]) -> Any:
        return superior(self.service, self.admin, account)


def test_a_main_position_says_in_which_department_somebody_works(service: RunningService) -> None:
    """ID-04, ID-06."""
    sales = Sales(service)
    zhang = service.call("get_account", sales.admin, account_id=sales.zhang["id"])
    assert (zhang["department_id"], zhang["position_id"]) == (sales.team["id"], sales.seller["id"])
    assert zhang["positions"][0]["started_on"] is not None
    told = [each.data for each in service.published("account.changed")]
    assert told[-1]["position_id"] == sales.seller["id"] and "positions" not in told[-1]
    held = service.call("get_position", sales.admin, position_id=sales.seller["id"])["holder_ids"]
    assert held == [sales.zhang["id"]]
    with pytest.raises(Invalid) as refused:
        change(service, sales.admin, sales.zhang, department_id=sales.region["id"])
    assert refused.value.errors[0]["field"] == "department_id"


def test_a_concurrent_position_gives_what_is_given_to_its_department(service: RunningService) -> None:
    """ID-06: one main position, and others besides; who has two main ones has none."""
    sales = Sales(service)
    other = a_department(service, sales.admin, "客服")
    besides = a_position(service, sales.admin, "顾问", other)
    both = [holding(sales.seller), holding(besides, "concurrent", "2026-01-05")]
    changed = change(service, sales.admin, sales.zhang, positions=both)
    assert changed["department_id"] == sales.team["id"] and len(changed["positions"]) == 2
    principals = resolve(service, sign_in(service, "zhang"))["principals"]
    assert {other["id"], other["institution_id"], sales.region["id"]} <= {*principals}
    for wrong in ([holding(sales.seller), holding(besides)], [holding(besides), holding(besides)]):
        with pytest.raises(Invalid):
            change(service, sales.admin, sales.zhang, positions=wrong)
    assert change(service, sales.admin, sales.zhang, positions=[])["position_id"] is None


def test_the_head_of_the_department_or_of_the_next_one_above_is_the_superior(service: RunningService) -> None:
    """ID-04, ID-25: and a change of position or department moves it by itself."""
    sales = Sales(service)
    assert sales.superior(sales.zhang) == sales.wang["id"]
    assert sales.superior(sales.wang) == sales.liu["id"] and sales.superior(sales.liu) is None
    change(service, sales.admin, sales.wang, status="left")
    assert last(service, "account.changed")["manager_id"] == sales.liu["id"]
    assert sales.superior(sales.zhang) == sales.liu["id"]
    change(service, sales.admin, sales.wang, status="in_service")
    assert sales.superior(sales.zhang) == sales.wang["id"]
    change(service, sales.admin, sales.zhang, positions=[], department_id=sales.region["id"])
    assert sales.superior(sales.zhang) == sales.liu["id"]


def test_a_superior_position_goes_before_the_head_and_one_set_by_hand_before_both(
    service: RunningService,
) -> None:
    """ID-04, ID-25."""
    sales = Sales(service)
    other = a_department(service, sales.admin, "市场")
    product = a_position(service, sales.admin, "产品总监", other)
    chen = sales.person("chen", product)
    under = {"superior_id": product["id"]}
    service.call("update_position", sales.admin, position_id=sales.seller["id"], data=under)
    assert sales.superior(sales.zhang) == chen["id"]
    by_hand = change(service, sales.admin, sales.zhang, manager_id=sales.liu["id"])
    assert (by_hand["manager_id"], by_hand["manager_follows"]) == (sales.liu["id"], False)
    change(service, sales.admin, sales.zhang, positions=[holding(sales.seller)])
    assert sales.superior(sales.zhang) == sales.liu["id"]
    again = change(service, sales.admin, sales.zhang, manager_id=None)
    assert (again["manager_id"], again["manager_follows"]) == (chen["id"], True)
    kept = change(service, sales.admin, sales.zhang, manager_id=chen["id"], email="zhang@example.com")
    assert kept["manager_follows"] is True


def test_positions_form_no_ring_nor_do_superiors_by_them(service: RunningService) -> None:
    """ID-04."""
    sales = Sales(service)
    under = {"superior_id": sales.lead["id"]}
    service.call("update_position", sales.admin, position_id=sales.seller["id"], data=under)
    for position in (sales.lead, sales.seller):
        with pytest.raises(Invalid):
            below = {"superior_id": sales.seller["id"]}
            service.call("update_position", sales.admin, position_id=position["id"], data=below)
    with pytest.raises((Conflict, Invalid)) as refused:
        change(service, sales.admin, sales.liu, manager_id=sales.zhang["id"])
    assert refused.value.code in ("superiors-in-a-ring", "invalid-input")
    below = {"superior_id": sales.seller["id"]}
    with pytest.raises(Conflict) as refused:
        service.call("update_position", sales.admin, position_id=sales.director["id"], data=below)
    assert refused.value.code == "superiors-in-a-ring"
    assert sales.superior(sales.liu) is None


def test_a_position_that_is_held_or_has_others_below_it_stays(service: RunningService) -> None:
    """ID-04: nor is its department deleted."""
    sales = Sales(service)
    spare = a_position(service, sales.admin, "助理", sales.team, superior_id=sales.lead["id"])
    for position in (sales.lead, sales.seller):
        with pytest.raises(Conflict) as refused:
            service.call("delete_position", sales.admin, position_id=position["id"])
        assert refused.value.code == "position-in-use"
    with pytest.raises(Conflict) as refused:
        a_position(service, sales.admin, "助理", sales.team)
    assert refused.value.code == "position-name-taken"
    service.call("delete_position", sales.admin, position_id=spare["id"])
    assert last(service, "position.deleted")["name"] == "助理"


def test_several_people_are_appointed_and_given_a_role_from_the_other_side(service: RunningService) -> None:
    """ID-16, ID-18: all of them or none."""
    sales = Sales(service)
    new = [an_account(service, sales.admin, f"new{number}", roles=[])["id"] for number in range(3)]
    ticked = {"account_ids": new, "kind": "main"}
    service.call("appoint", sales.admin, position_id=sales.seller["id"], data=ticked)
    found = service.call("list_accounts", sales.admin, query={"filter[position_id]": sales.seller["id"]})
    assert {each["id"] for each in found["items"]} == {*new, sales.zhang["id"]}
    assert {each["manager_id"] for each in found["items"]} == {sales.wang["id"]}
    role = service.call("list_roles", sales.admin, query={"filter[code]": "finance"})["items"][0]
    service.call("add_role_members", sales.admin, role_id=role["id"], data={"account_ids": new})
    held = service.call("list_accounts", sales.admin, query={"filter[roles]": "finance"})["items"]
    assert {each["id"] for each in held} == {*new}
    service.call("remove_role_member", sales.admin, role_id=role["id"], account_id=new[0])
    assert service.call("get_account", sales.admin, account_id=new[0])["roles"] == []


def test_accounts_are_found_by_place_and_by_what_they_lack(service: RunningService) -> None:
    """ID-16: a department with those below or directly, a position, none, no role, an institution."""
    sales = Sales(service)
    idle = an_account(service, sales.admin, "idle", roles=[], department_id=sales.region["id"])
    everybody = {each["id"] for each in (sales.liu, sales.wang, sales.zhang, idle)}
    admin = str(sales.admin.account_id)
    for asked, expected in (
        ({"filter[department_id]": sales.region["id"]}, {sales.liu["id"], idle["id"]}),
        ({"filter[within_department_id]": sales.region["id"]}, everybody),
        ({"filter[within_department_id]": sales.team["id"]}, {sales.wang["id"], sales.zhang["id"]}),
        ({"filter[institution_id]": sales.region["institution_id"]}, everybody),
        ({"filter[position_id]": sales.lead["id"]}, {sales.wang["id"]}),
        ({"filter[without_position]": "true"}, {idle["id"], admin}),
        ({"filter[without_role]": "true"}, {idle["id"]}),
        ({"filter[security_level]": "11"}, set[str]()),
    ):
        found = service.call("list_accounts", sales.admin, query=asked)["items"]
        assert {each["id"] for each in found} == expected, asked
