"""Institutions, and that everything has one (ID-01, ID-02)."""

from uuid import UUID

import pytest
from sqlalchemy import text

from identity.service import IdentityService
from servicekit import Conflict, Invalid
from servicekit.base.context import EVERYONE
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


def test_a_top_department_opens_the_institution_that_all_below_it_belong_to(service: RunningService) -> None:
    """ID-01, ID-02."""
    admin = the_administrator(service)
    head = a_department(service, admin, "总部")
    team = a_department(service, admin, "一部", head)
    institution = service.call("get_institution", admin, institution_id=head["institution_id"])
    assert institution["name"] == "总部" and team["institution_id"] == institution["id"]
    assert last(service, "department.changed")["institution_id"] == institution["id"]
    person = an_account(service, admin, department_id=team["id"])
    assert person["institution_id"] == institution["id"]
    assert last(service, "account.changed")["institution_id"] == institution["id"]


def test_an_institution_begins_without_department_and_has_one_at_its_top_at_most(
    service: RunningService,
) -> None:
    """ID-02."""
    admin = the_administrator(service)
    institution = service.call("create_institution", admin, data={"name": "上海公司"})
    head = a_department(service, admin, "总经办", institution_id=institution["id"])
    assert head["institution_id"] == institution["id"]
    with pytest.raises(Conflict) as refused:
        a_department(service, admin, "另一个", institution_id=institution["id"])
    assert refused.value.code == "institution-has-top-department"
    elsewhere = service.call("create_institution", admin, data={"name": "北京公司"})
    assert a_department(service, admin, "总经办", institution_id=elsewhere["id"])["path"]
    with pytest.raises(Invalid):
        a_department(service, admin, "一部", head, institution_id=elsewhere["id"])


def test_several_departments_are_added_in_one_go_all_or_none(service: RunningService) -> None:
    """ID-02, ID-03."""
    admin = the_administrator(service)
    head = a_department(service, admin, "外贸部")
    rows = [{"name": "外贸一部", "code": "F1"}, {"name": "外贸二部"}]
    made = service.call("create_departments", admin, data={"parent_id": head["id"], "rows": rows})["items"]
    assert [each["name"] for each in made] == ["外贸一部", "外贸二部"]
    assert {each["parent_id"] for each in made} == {head["id"]}
    assert {each["institution_id"] for each in made} == {head["institution_id"]}
    assert [each.data["name"] for each in service.published("department.changed")][-2:] == [
        "外贸一部",
        "外贸二部",
    ]
    with pytest.raises(Conflict) as refused:
        again = [{"name": "外贸三部"}, {"name": "外贸一部"}]
        service.call("create_departments", admin, data={"parent_id": head["id"], "rows": again})
    assert refused.value.code == "department-name-taken"
    assert len(service.call("list_departments", admin, query={})["items"]) == 3


def test_names_of_institutions_are_unique_and_only_an_empty_one_is_deleted(service: RunningService) -> None:
    """ID-01."""
    admin = the_administrator(service)
    head = a_department(service, admin, "Acme")
    with pytest.raises(Conflict) as refused:
        service.call("create_institution", admin, data={"name": "ＡＣＭＥ"})
    assert refused.value.code == "institution-name-taken"
    with pytest.raises(Conflict) as refused:
        service.call("delete_institution", admin, institution_id=head["institution_id"])
    assert refused.value.code == "institution-in-use"
    service.call("delete_department", admin, department_id=head["id"])
    service.call("delete_institution", admin, institution_id=head["institution_id"])
    assert last(service, "institution.deleted")["name"] == "Acme"


def test_who_moves_with_a_department_belongs_to_its_new_institution(service: RunningService) -> None:
    """ID-02: departments and people follow, and everybody is told of them."""
    admin = the_administrator(service)
    here, there = a_department(service, admin, "上海"), a_department(service, admin, "北京")
    team = a_department(service, admin, "一部", here)
    desk = a_department(service, admin, "一组", team)
    person = an_account(service, admin, department_id=desk["id"])
    service.call("update_department", admin, department_id=team["id"], data={"parent_id": there["id"]})
    assert last(service, "account.changed")["institution_id"] == there["institution_id"]
    assert last(service, "access.changed") == {"account_id": None, "version": 2}
    moved = service.call("get_account", admin, account_id=person["id"])
    assert moved["institution_id"] == there["institution_id"]
    told = {each.data["department_id"]: each.data for each in service.published("department.changed")}
    assert {told[each["id"]]["institution_id"] for each in (team, desk)} == {there["institution_id"]}


def test_what_was_there_before_gets_an_institution_and_everybody_is_told(service: RunningService) -> None:
    """ID-01: several top departments stay in it; preparing again changes nothing."""
    admin = the_administrator(service)
    head, other = a_department(service, admin, "总部"), a_department(service, admin, "分部")
    team = a_department(service, admin, "一部", head)
    person = an_account(service, admin, department_id=team["id"])
    with service.database.sessions.begin() as session:
        for table in ("account", "department"):
            session.execute(text(f"UPDATE {table} SET institution_id = NULL, version = version + 1"))
        session.execute(text("DELETE FROM institution"))
    IdentityService.prepare(service.settings)
    institution = service.call("list_institutions", admin, query={})["items"][0]
    for each in (head, other, team):
        found = service.call("get_department", admin, department_id=each["id"])
        assert found["institution_id"] == institution["id"] and found["path"] == each["path"]
    assert last(service, "account.changed")["institution_id"] == institution["id"]
    told = service.published("department.changed")[-3:]
    assert {each.data["department_id"] for each in told} == {head["id"], other["id"], team["id"]}
    IdentityService.prepare(service.settings)
    assert service.published("department.changed")[-1].id == told[-1].id
    assert service.call("get_account", admin, account_id=person["id"])["institution_id"] == institution["id"]


def test_a_caller_names_whom_rights_may_be_given_to_so_that_it_has_them(service: RunningService) -> None:
    """ID-21, ID-24: itself, its departments, institution and roles, and everyone; and how far it is trusted."""
    admin = the_administrator(service)
    head = a_department(service, admin, "总部")
    team = a_department(service, admin, "一部", head)
    person = an_account(service, admin, department_id=team["id"], security_level=40)
    role = service.call("list_roles", admin, query={"filter[code]": "salesperson"})["items"][0]
    facts = resolve(service, sign_in(service, "wang.fang"))
    names = [person["id"], head["id"], team["id"], head["institution_id"], role["id"], str(EVERYONE)]
    assert facts["principals"] == sorted(names, key=UUID)
    assert facts["security_level"] == 40
    change(service, admin, person, department_id=None, roles=[], security_level=0)
    facts = resolve(service, sign_in(service, "wang.fang"))
    assert facts["principals"] == sorted([person["id"], str(EVERYONE)], key=UUID)
    assert (facts["institution_id"], facts["security_level"]) == (None, 0)


@pytest.mark.parametrize("level", [-1, 101, "10"])
def test_a_security_level_stays_within_its_bounds(service: RunningService, level: object) -> None:
    """ID-24."""
    with pytest.raises(Invalid):
        an_account(service, the_administrator(service), security_level=level)
