"""Whose reach a change would change: told before it is saved, and nothing is changed by asking."""

from typing import Any

import pytest
from sqlalchemy import text

from servicekit import Caller, Forbidden, Invalid, NotFound, new_id
from servicekit.base.callers import Callers
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.identity.people import a_department, acting, an_account, the_administrator


def previewed(service: RunningService, who: Caller, **change: Any) -> dict[str, tuple[Caller, Caller]]:
    told = service.call("preview_people", who, change=change)
    reader = Callers(service.settings)
    return {
        each["account_id"]: (reader.read_subject(each["before"]), reader.read_subject(each["after"]))
        for each in told["people"]
    }


def counted(service: RunningService) -> list[int]:
    """How much is stored of what a change leaves behind."""
    tables = ("outbox", "journal", "change")
    with service.database.sessions() as session:
        return [session.scalar(text(f"SELECT count(*) FROM {each}")) or 0 for each in tables]


def a_role(service: RunningService, admin: Caller, **values: Any) -> dict[str, Any]:
    data = {"code": "seller", "name": "销售", "permissions": {"customer.read": "own"}, **values}
    role: dict[str, Any] = service.call("create_role", admin, data=data)
    return role


def test_a_role_changes_those_who_have_it_and_can_sign_in(service: RunningService) -> None:
    admin = the_administrator(service)
    role = a_role(service, admin)
    wang = an_account(service, admin, "wang.fang", roles=["seller"])
    an_account(service, admin, "li.lei", roles=["seller"], locked=True)
    before = counted(service)
    found = previewed(service, admin, kind="role", role_id=role["id"], permissions={"customer.read": "all"})
    assert {
        each: (was.scope("customer.read"), will.scope("customer.read")) for each, (was, will) in found.items()
    } == {wang["id"]: ("own", "all")}
    assert previewed(service, admin, kind="role", role_id=role["id"], permissions=role["permissions"]) == {}
    assert service.call("get_role", admin, role_id=role["id"])["permissions"] == {"customer.read": "own"}
    assert counted(service) == before


def test_a_limit_of_a_role_is_tried_like_its_permissions(service: RunningService) -> None:
    """CU-20: who has the role would be signed with it; one that could not be saved is refused."""
    admin = the_administrator(service)
    role, where = a_role(service, admin), {"field": "kind", "operator": "eq", "value": "company"}
    wang = an_account(service, admin, "wang.fang", roles=["seller"])
    found = previewed(service, admin, kind="role", role_id=role["id"], limits={"customer.read": where})
    assert {each: (was.limits, will.limits) for each, (was, will) in found.items()} == {
        wang["id"]: ({}, {"customer.read": (("own", where),)})
    }
    assert service.call("get_role", admin, role_id=role["id"])["limits"] == {}
    with pytest.raises(Invalid):
        previewed(service, admin, kind="role", role_id=role["id"], limits={"customer.read": {"field": "x"}})


def test_a_new_superior_is_told_with_who_is_moved(service: RunningService) -> None:
    admin = the_administrator(service)
    boss, wang = an_account(service, admin, "chen.zong"), an_account(service, admin, "wang.fang")
    told = service.call(
        "preview_people",
        admin,
        change={"kind": "account", "account_id": wang["id"], "manager_id": boss["id"]},
    )
    assert told["moved"] == [
        {"account_id": wang["id"], "manager_id": boss["id"], "department_id": None, "institution_id": None}
    ]
    assert [each["account_id"] for each in told["people"]] == [wang["id"], boss["id"]]
    assert service.call("get_account", admin, account_id=wang["id"])["manager_id"] is None


def test_who_is_placed_elsewhere_is_another_principal(service: RunningService) -> None:
    admin = the_administrator(service)
    home = a_department(service, admin, "华东销售部")
    wang = an_account(service, admin, "wang.fang")
    found = previewed(service, admin, kind="account", account_id=wang["id"], department_id=home["id"])
    was, will_be = found[wang["id"]]
    assert home["id"] not in map(str, was.principals)
    assert home["id"] in map(str, will_be.principals)


def test_a_positions_superior_moves_those_below_it(service: RunningService) -> None:
    admin = the_administrator(service)
    home = a_department(service, admin, "华东销售部")
    above, below = (
        service.call("create_position", admin, data={"name": name, "department_id": home["id"]})
        for name in ("经理", "销售")
    )
    held = []
    for name, position in (("chen.zong", above), ("wang.fang", below)):
        held.append(an_account(service, admin, name, department_id=home["id"]))
        ticked = {"account_ids": [held[-1]["id"]], "kind": "main", "started_on": "2026-01-01"}
        service.call("appoint", admin, position_id=position["id"], data=ticked)
    change = {"kind": "position", "position_id": below["id"], "superior_id": above["id"]}
    told = service.call("preview_people", admin, change=change)
    assert [(each["account_id"], each["manager_id"]) for each in told["moved"]] == [
        (held[1]["id"], held[0]["id"])
    ]
    assert held[0]["id"] in [each["account_id"] for each in told["people"]]


def test_whoever_may_not_save_a_change_is_not_told_what_it_would_do(service: RunningService) -> None:
    admin = the_administrator(service)
    role = a_role(service, admin)
    wang = acting(service, an_account(service, admin, "wang.fang")["id"])
    wider = {"kind": "role", "role_id": role["id"], "permissions": {"customer.read": "all"}}
    with pytest.raises(Forbidden):
        service.call("preview_people", wang, change=wider)
    with pytest.raises(Forbidden) as refused:
        service.call("preview_people", caller("role.read:all", "role.write:all"), change=wider)
    assert refused.value.code == "permission-out-of-reach"


@pytest.mark.parametrize("change", [{"kind": "moon"}, {}, {"kind": ["role"]}])
def test_what_is_no_change_is_refused(service: RunningService, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        service.call("preview_people", the_administrator(service), change=change)


def test_what_is_not_there_is_not_found(service: RunningService) -> None:
    admin = the_administrator(service)
    for role_id in (str(new_id()), "role", None):
        with pytest.raises(NotFound):
            service.call("preview_people", admin, change={"kind": "role", "role_id": role_id})


def test_whom_a_record_would_be_shared_with(service: RunningService) -> None:
    """Each kind of principal, as far as they can sign in."""
    admin = the_administrator(service)
    home = a_department(service, admin, "华东销售部")
    part = a_department(service, admin, "一部", home)
    role = a_role(service, admin)
    wang = an_account(service, admin, "wang.fang", department_id=part["id"], roles=["seller"])
    an_account(service, admin, "li.lei", department_id=part["id"], roles=["seller"], locked=True)
    group = service.call("create_user_group", admin, data={"name": "大客户"})
    service.call(
        "add_user_group_members", admin, user_group_id=group["id"], data={"account_ids": [wang["id"]]}
    )
    institution = service.call("get_department", admin, department_id=home["id"])["institution_id"]
    for kind, principal in (
        ("account", wang["id"]), ("department", home["id"]), ("institution", institution),
        ("role", role["id"]), ("group", group["id"]),
    ):  # fmt: skip
        told = service.call("preview_receivers", admin, to={"kind": kind, "id": principal})
        assert [each["account_id"] for each in told["people"]] == [wang["id"]], kind
    assert len(service.call("preview_receivers", admin, to={"kind": "everyone"})["people"]) == 2
    with pytest.raises(Forbidden):
        service.call("preview_receivers", caller("lead.read"), to={"kind": "everyone"})
