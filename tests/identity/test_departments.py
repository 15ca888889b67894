"""Departments through their entrypoints."""

import pytest

from servicekit import Conflict, Invalid, NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import without_can
from tests.identity.people import (
    a_department,
    an_account,
    at_once,
    change,
    last,
    the_administrator,
)
from tests.identity.programs import a_service_account


def test_departments_form_a_tree_that_others_can_follow(service: RunningService) -> None:
    """ID-02, ID-03."""
    admin = the_administrator(service)
    region = a_department(service, admin, "华东大区", code="EAST")
    team = a_department(service, admin, "上海一部", region)
    assert team["path"] == [region["id"], team["id"]]
    event = last(service, "department.changed")
    assert event == {
        "department_id": team["id"],
        **{name: team[name] for name in team.keys() - {"id", "can", "members"}},
    }
    assert (event["name"], event["parent_id"], event["version"]) == ("上海一部", region["id"], 1)
    found = service.call("list_departments", admin, query={"filter[name][contains]": "上海", "count": "true"})
    assert (found["total"], found["items"][0]["id"]) == (1, team["id"])
    assert service.call("list_departments", admin, query={"filter[parent_id][empty]": "true"})["items"] == [
        without_can(region)
    ]


def test_a_department_says_how_many_people_work_in_it(service: RunningService) -> None:
    """(W-6) Itself, not what is below; who has left and what is a program do not count, who is locked does."""
    admin = the_administrator(service)
    top = a_department(service, admin, "总部")
    below = a_department(service, admin, "一部", top)
    assert (top["members"], below["members"]) == (0, 0)
    for number, place in enumerate([top, top, below]):
        an_account(service, admin, f"member{number}", department_id=place["id"], locked=number == 1)
    an_account(service, admin, "former", department_id=top["id"], status="left")
    a_service_account(service, admin, department_id=top["id"], permissions={"role.read": "all"})
    listed = service.call("list_departments", admin, query={})["items"]
    counted = {each["id"]: each["members"] for each in listed}
    assert (counted[top["id"]], counted[below["id"]]) == (2, 1)
    assert service.call("get_department", admin, department_id=top["id"])["members"] == 2
    renamed = service.call("update_department", admin, department_id=top["id"], data={"name": "本部"})
    assert renamed["members"] == 2
    assert all("members" not in event.data for event in service.published("department.changed"))


def test_moving_a_department_tells_of_everything_below_it(service: RunningService) -> None:
    """ID-02."""
    admin = the_administrator(service)
    old, new = a_department(service, admin, "旧"), a_department(service, admin, "新")
    region = a_department(service, admin, "大区", old)
    team = a_department(service, admin, "一部", region)
    before = len(service.published("department.changed"))
    service.call("update_department", admin, department_id=region["id"], data={"parent_id": new["id"]})
    events = [event.data for event in service.published("department.changed")[before:]]
    assert [event["path"] for event in events] == [
        [new["id"], region["id"]], [new["id"], region["id"], team["id"]],
    ]  # fmt: skip
    assert [event["version"] for event in events] == [2, 2]
    service.call("update_department", admin, department_id=region["id"], data={"parent_id": None})
    assert service.call("get_department", admin, department_id=team["id"])["path"] == [
        region["id"],
        team["id"],
    ]


def test_moves_never_make_a_ring_even_at_the_same_time(service: RunningService) -> None:
    """ID-02."""
    admin = the_administrator(service)
    one, two = a_department(service, admin, "一"), a_department(service, admin, "二")
    with pytest.raises(Invalid) as refused:
        service.call("update_department", admin, department_id=one["id"], data={"parent_id": one["id"]})
    assert refused.value.errors[0]["field"] == "parent_id"
    outcomes = at_once(
        service,
        [
            ("update_department", admin, {"department_id": one["id"], "data": {"parent_id": two["id"]}}),
            ("update_department", admin, {"department_id": two["id"], "data": {"parent_id": one["id"]}}),
        ],
    )
    assert sorted(outcomes) == ["invalid-input", "ok"]


def test_names_are_unique_under_one_parent_and_codes_everywhere(service: RunningService) -> None:
    """ID-02, ID-03."""
    admin = the_administrator(service)
    region = a_department(service, admin, "Sales", code="S")
    a_department(service, admin, "Sales", region)
    for name, parent, more, code in (
        ("sales", None, {}, "department-name-taken"),
        ("Sales", region, {}, "department-name-taken"),
        ("Other", None, {"code": "S"}, "department-code-taken"),
    ):
        with pytest.raises(Conflict) as refused:
            a_department(service, admin, name, parent, **more)
        assert refused.value.code == code
        assert [f"department-{error['field']}-taken" for error in refused.value.errors] == [code]


@pytest.mark.parametrize(
    ("name", "code"), [("ｓａｌｅｓ", "X"), ("Sa\u200bles", "X"), ("Other", "ｓ"), ("Other", "s\u00ad")]
)
def test_departments_that_only_look_different_are_one(service: RunningService, name: str, code: str) -> None:
    """(M-17) ID-02, ID-03."""
    admin = the_administrator(service)
    region = a_department(service, admin, "Sales", code="S")
    with pytest.raises(Conflict):
        a_department(service, admin, name, code=code)
    for query in ({"filter[name]": "SALES\u200b"}, {"filter[code]": "ｓ"}):
        assert service.call("list_departments", admin, query=query)["items"][0]["id"] == region["id"]


def test_only_an_empty_department_can_be_deleted(service: RunningService) -> None:
    """ID-02."""
    admin = the_administrator(service)
    region = a_department(service, admin, "大区")
    team = a_department(service, admin, "一部", region)
    account = an_account(service, admin, department_id=team["id"])
    for department in (region, team):
        with pytest.raises(Conflict) as refused:
            service.call("delete_department", admin, department_id=department["id"])
        assert refused.value.code == "department-in-use"
    change(service, admin, account, department_id=None)
    service.call("delete_department", admin, department_id=team["id"])
    with pytest.raises(NotFound):
        service.call("get_department", admin, department_id=team["id"])
    assert last(service, "department.deleted")["department_id"] == team["id"]


def test_accounts_are_found_by_name_department_superior_role_and_state(service: RunningService) -> None:
    """ID-16."""
    admin = the_administrator(service)
    team = a_department(service, admin, "一部")
    boss = an_account(service, admin, "boss", display_name="李娜")
    worker = an_account(
        service,
        admin,
        "worker",
        department_id=team["id"],
        manager_id=boss["id"],
        locked=True,
        roles=["finance", "salesperson"],
    )
    for query in (
        {"filter[display_name][contains]": "王芳"},
        {"filter[username][contains]": "WORK"},
        {"filter[department_id]": team["id"]},
        {"filter[manager_id]": boss["id"]},
        {"filter[locked]": "true"},
        {"filter[roles]": "finance"},
        {"filter[roles][in]": "finance,sales_manager"},
    ):
        assert service.call("list_accounts", admin, query=query)["items"] == [without_can(worker)]
    assert service.call("list_accounts", admin, query={"filter[roles]": "service_agent"})["items"] == []
    for refused in ({"filter[password_hash]": "x"}, {"filter[roles][gt]": "finance"}):
        with pytest.raises(Invalid):
            service.call("list_accounts", admin, query=refused)
