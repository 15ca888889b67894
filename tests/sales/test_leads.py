"""Leads through the service's entrypoints."""

import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import a_lead

ALL = ("lead.read", "lead.write", "lead.convert")


def test_a_new_lead_is_untouched_and_belongs_to_whoever_noted_it(service: RunningService) -> None:
    """SA-09, SA-10."""
    me = caller(*ALL)
    lead = a_lead(service, me)
    assert (lead["status"], lead["owner_id"], lead["version"]) == ("untouched", str(me.account_id), 1)
    assert (lead["mobile"], lead["email"], lead["priority"]) == (
        "138-0013-8000",
        "zhang.wei@example.com",
        "medium",
    )
    assert (
        lead["customer_id"]
        is lead["contact_id"]
        is lead["opportunity_id"]
        is lead["last_activity_at"]
        is None
    )
    assert service.call("get_lead", me, lead_id=lead["id"]) == lead
    event = service.published("lead.created")[0]
    assert (event.data["lead_id"], event.data["company_name"], event.data["version"]) == (
        lead["id"], "上海云图科技有限公司", 1,
    )  # fmt: skip


def test_bad_input_is_told_field_by_field_and_changes_nothing(service: RunningService) -> None:
    """SA-09."""
    bad = {
        "company_name": 1, "contact_name": None, "mobile": "call me", "email": "nobody", "phone": 1,
        "priority": "soon", "status": "won", "owner_id": "me", "remark": "长" * 2001, "source": "a\u0000b",
        "title": ["经理"], "customer_id": str(new_id()),
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        service.call("create_lead", caller(*ALL), data=bad)
    assert {error["field"] for error in refused.value.errors} == set(bad)
    for data in ([], "text", 7, {"company_name": "只有公司"}):
        with pytest.raises(Invalid):
            service.call("create_lead", caller(*ALL), data=data)
    assert service.published() == []


def test_a_lead_is_contacted_closed_and_taken_up_again(service: RunningService) -> None:
    """SA-10, SA-16."""
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    assert service.call("contact_lead", me, lead_id=lead_id)["status"] == "contacted"
    closed = service.call("close_lead", me, lead_id=lead_id, data={"reason": "没有预算"})
    assert (closed["status"], closed["close_reason"]) == ("closed", "没有预算")
    with pytest.raises(Conflict) as refused:
        service.call("update_lead", me, lead_id=lead_id, data={"title": "经理"})
    assert refused.value.code == "lead-closed"
    assert service.call("reopen_lead", me, lead_id=lead_id)["status"] == "contacted"
    assert [event.data["status"] for event in service.published("lead.updated")] == [
        "contacted",
        "closed",
        "contacted",
    ]


def test_a_lead_is_moved_on_by_changing_its_status(service: RunningService) -> None:
    """SA-10."""
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    changed = service.call("update_lead", me, lead_id=lead_id, data={"status": "contacted", "title": "经理"})
    assert (changed["status"], changed["title"], changed["version"]) == ("contacted", "经理", 2)
    with pytest.raises(Conflict):
        service.call("update_lead", me, lead_id=lead_id, data={"status": "untouched"})
    with pytest.raises(Invalid):
        service.call("update_lead", me, lead_id=lead_id, data={"status": "converted"})
    assert service.call("update_lead", me, lead_id=lead_id, data={"status": "closed"})["status"] == "closed"


def test_a_stale_version_is_refused(service: RunningService) -> None:
    me = caller(*ALL)
    lead_id = a_lead(service, me)["id"]
    service.call("update_lead", me, headers={"if_match": "1"}, lead_id=lead_id, data={"title": "经理"})
    with pytest.raises(Conflict) as refused:
        service.call("update_lead", me, headers={"if_match": "1"}, lead_id=lead_id, data={"title": "总监"})
    assert refused.value.code == "stale-version"


def test_a_lead_is_given_only_to_those_within_reach(service: RunningService) -> None:
    """SA-12, SA-20."""
    me, other = caller(*ALL), service.employ()
    with pytest.raises(Forbidden) as refused:
        a_lead(service, me, owner_id=other)
    assert refused.value.code == "owner-out-of-reach"
    head = caller("lead.read:all", "lead.write:all")
    assert a_lead(service, head, owner_id=other)["owner_id"] == str(other)
    mine = a_lead(service, me)
    with pytest.raises(Forbidden):
        service.call("update_lead", me, lead_id=mine["id"], data={"owner_id": other})


def test_leads_of_sibling_departments_are_apart_and_the_head_above_sees_both(service: RunningService) -> None:
    """SA-09."""
    region, east, west = new_id(), new_id(), new_id()
    for department, path in ((region, [region]), (east, [region, east]), (west, [region, west])):
        service.deliver_and_wait(
            "identity", "department.changed",
            {"department_id": department, "name": "部门", "path": path, "version": 1},
        )  # fmt: skip
    agents = [caller(*ALL, department_id=department) for department in (east, west)]
    boss = caller("lead.read")
    for agent in agents:
        service.deliver_and_wait(
            "identity", "account.changed",
            {
                "account_id": agent.account_id, "display_name": "销售", "department_id": agent.department_id,
                "manager_id": boss.account_id, "active": True, "version": 1,
            },
        )  # fmt: skip
    leads = [a_lead(service, agent)["id"] for agent in agents]
    for agent, own, foreign in ((agents[0], *leads), (agents[1], *reversed(leads))):
        assert [item["id"] for item in service.call("list_leads", agent, query={})["items"]] == [own]
        with pytest.raises(NotFound):
            service.call("get_lead", agent, lead_id=foreign)
        with pytest.raises(NotFound):
            service.call("convert_lead", agent, lead_id=foreign, data={})
    head = caller("lead.read:department", department_id=region)
    for who in (head, boss, caller("lead.read:all")):
        assert service.call("list_leads", who, query={"count": "true"})["total"] == 2
        with pytest.raises(Forbidden):
            service.call("update_lead", who, lead_id=leads[0], data={"title": "经理"})
    reader = caller("lead.read:all", "lead.write", "lead.convert")
    with pytest.raises(Forbidden):
        service.call("convert_lead", reader, lead_id=leads[0], data={})


def test_leads_are_found_by_name_in_chinese_and_english_and_by_status(service: RunningService) -> None:
    """SA-09."""
    me = caller(*ALL)
    a_lead(service, me)
    acme = a_lead(service, me, company_name="Acme 100% Ltd", contact_name="Ann Lee", mobile="+1 555 0100")
    service.call("contact_lead", me, lead_id=acme["id"])

    def found(**filters: str) -> list[str]:
        query = {f"filter[{name.replace('__', '][')}]": value for name, value in filters.items()}
        return [item["company_name"] for item in service.call("list_leads", me, query=query)["items"]]

    assert found(company_name__contains="云图") == ["上海云图科技有限公司"]
    assert (
        found(company_name__contains="acme 100%") == found(contact_name__contains="ANN") == ["Acme 100% Ltd"]
    )
    assert found(mobile__contains="0100") == found(status="contacted") == ["Acme 100% Ltd"]
    assert found(status__in="untouched,contacted") == ["Acme 100% Ltd", "上海云图科技有限公司"]
    assert found(created_at__gte="2999-01-01T00:00:00Z") == []
    with pytest.raises(Invalid):
        found(colour="red")
    with pytest.raises(Invalid):
        service.call("list_leads", me, query={"sort": "remark"})


def test_pages_follow_each_other_without_gaps(service: RunningService) -> None:
    me = caller(*ALL)
    made = [a_lead(service, me, company_name=f"公司 {number}")["id"] for number in range(5)]
    for sort, expected in (("created_at", made), ("-company_name", made[::-1])):
        seen: list[str] = []
        query = {"limit": "2", "sort": sort}
        while True:
            page = service.call("list_leads", me, query=query)
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        assert seen == expected


@pytest.mark.parametrize(
    ("typed", "e164", "asked"),
    [
        ("13800138000", "+8613800138000", ("+86 138-0013-8000", "13800138000", "138000", "(138) 0013-8000")),
        ("+86 138-0013-8000", "+8613800138000", ("13800138000", "0086 138 0013 8000", "138000")),
        ("001-555-123-4567x890", None, ("001-555-123-4567x890", "555-123-4567", "890")),
        ("\u202a+86 138 0013 8000\u202c", "+8613800138000", ("\u202a+86 138 0013 8000\u202c", "13800138000")),
    ],
)
def test_a_lead_s_number_is_kept_as_typed_and_found_however_it_is_asked_for(
    service: RunningService, typed: str, e164: str | None, asked: tuple[str, ...]
) -> None:
    """(M-16) SA-09."""
    me = caller(*ALL)
    a_lead(service, me, mobile="13900139000", phone="13900139000")
    lead = a_lead(service, me, mobile=typed, phone=typed)
    assert lead["mobile"] == lead["phone"] == typed.strip("\u202a\u202c")
    assert lead["mobile_e164"] == lead["phone_e164"] == e164
    for field in ("mobile", "phone"):
        for term in asked:
            query = {f"filter[{field}][contains]": term}
            assert [found["id"] for found in service.call("list_leads", me, query=query)["items"]] == [
                lead["id"]
            ]
    cleared = service.call("update_lead", me, lead_id=lead["id"], data={"mobile": "504-555-0142"})
    assert (cleared["mobile"], cleared["mobile_e164"]) == ("504-555-0142", None)


def test_a_lead_is_found_by_whatever_a_reader_takes_for_the_same(service: RunningService) -> None:
    """(M-17) SA-09."""
    me = caller(*ALL)
    a_lead(service, me, email="other@example.com")
    lead = a_lead(
        service, me, company_name="㈱山田商事", contact_name="李 娜", email="Li@Yamada.Example",
        source="Fair\u200b", remark="New\fOrleans",
    )  # fmt: skip
    assert lead["remark"] == "New\nOrleans"
    for name, value in {
        "filter[company_name][contains]": "(株)山田", "filter[company_name]": "㈱山田 商事",
        "filter[contact_name][contains]": "李娜", "filter[email]": "LI@yamada.EXAMPLE\u200b",
        "filter[source]": "FAIR", "filter[source][in]": "x,ｆａｉｒ", "filter[remark][contains]": "orleans",
    }.items():  # fmt: skip
        found = service.call("list_leads", me, query={name: value})["items"]
        assert [each["id"] for each in found] == [lead["id"]], name
    for other in service.call("list_leads", me, query={"filter[source][ne]": "fair"})["items"]:
        assert other["id"] != lead["id"]
    for blank in ("\u200b", "\u200e\u2060", "\u3164"):
        with pytest.raises(Invalid) as refused:
            a_lead(service, me, contact_name=blank)
        assert refused.value.errors[0]["field"] == "contact_name"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("云图", 1), ("yuntu", 0), ("张 伟", 1), ("138-0013", 1), ("+8613800138000", 1), ("6277 0334", 1), ("李娜", 0),
        ("\u200b", 2), ("%", 0),
    ],
)  # fmt: skip
def test_a_lead_is_searched_by_company_person_and_numbers_at_once(
    service: RunningService, asked: str, found: int
) -> None:
    """(W-2)"""
    me = caller("lead.read", "lead.write")
    known = a_lead(service, me, phone="021-6277 0334")["id"]
    a_lead(service, me, company_name="别家", contact_name="王芳", mobile="13900139000")
    query = {"filter[search][contains]": asked, "count": "true"}
    page = service.call("list_leads", me, query=query)
    assert (len(page["items"]), page["total"]) == (found, found)
    assert found != 1 or page["items"][0]["id"] == known
    assert service.call("list_leads", caller("lead.read"), query=query)["total"] == 0
    with pytest.raises(Invalid):
        service.call("list_leads", me, query={"filter[search]": asked})
