"""Customers through the service's entrypoints."""

import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.customer.people import a_customer, a_salesperson, in_the_directory


def test_a_customer_gets_a_number_in_sequence_and_belongs_to_whoever_made_it(service: RunningService) -> None:
    """CU-07, CU-12."""
    me = a_salesperson()
    first, second = a_customer(service, me), a_customer(service, me, name="北京大学")
    assert (first["number"][:2], first["number"][-5:], second["number"][-5:]) == ("KH", "-0001", "-0002")
    assert (first["status"], first["kind"], first["owner_id"]) == ("basic", "company", str(me.account_id))
    assert [event.data["name"] for event in service.published("customer.created")] == [
        "上海云图科技有限公司",
        "北京大学",
    ]


def test_the_one_contact_given_at_creation_is_the_primary_one(service: RunningService) -> None:
    """CU-03."""
    me = a_salesperson()
    customer = a_customer(service, me, contact={"name": "王芳", "mobile": "138 0013 8000"})
    contacts = service.call("list_contacts", me, customer_id=customer["id"], query={})["items"]
    assert [(c["name"], c["mobile"], c["is_primary"]) for c in contacts] == [("王芳", "138 0013 8000", True)]
    assert [event.type for event in service.published()] == ["customer.created", "contact.created"]


def test_bad_input_is_told_field_by_field_and_changes_nothing(service: RunningService) -> None:
    me = a_salesperson()
    bad = {
        "name": "  ", "kind": "cat", "phone": "12", "email": "no", "website": "javascript:1", "owner_id": "me",
        "contact": {"name": None, "birthday": "2999-01-01", "mobile": 13800138000}, "status": "model", "grade": 7,
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        service.call("create_customer", me, data=bad)
    assert {error["field"] for error in refused.value.errors} == {
        "name", "kind", "phone", "email", "website", "owner_id", "contact.name", "contact.birthday",
        "contact.mobile", "status", "grade",
    }  # fmt: skip
    with pytest.raises(Invalid):
        service.call("create_customer", me, data={"name": "云图", "contact": [{"name": "a"}, {"name": "b"}]})
    assert service.published() == []


@pytest.mark.parametrize(
    "name", ["装" * 200, "\ufdfa" * 200, "😀" * 200, "a%_\\'\"; DROP TABLE customer; --", "？"]
)
def test_any_name_that_fits_can_be_stored_and_found(service: RunningService, name: str) -> None:
    me = a_salesperson()
    for kind in ("company", "person"):
        assert a_customer(service, me, name=name, kind=kind)["name"] == name
    query = {"filter[name][contains]": name[:50], "sort": "name"}
    assert len(service.call("list_customers", me, query=query)["items"]) == 2
    if len(name) > 1:
        assert len(service.call("look_up_customers", me, query={"name": name[:100]})["items"]) == 2


def test_one_may_create_for_others_only_within_reach(service: RunningService) -> None:
    """CU-12."""
    report, boss = a_salesperson(), a_salesperson()
    in_the_directory(service, report, "李娜", manager=boss.account_id)
    in_the_directory(service, boss, "王芳")
    customer = a_customer(service, boss, owner_id=report.account_id)
    assert customer["owner_id"] == str(report.account_id)
    with pytest.raises(Forbidden) as refused:
        a_customer(service, report, owner_id=boss.account_id)
    assert refused.value.code == "owner-out-of-reach"


def test_only_the_fields_that_are_named_change(service: RunningService) -> None:
    """CU-02, CU-15."""
    me = a_salesperson()
    customer = a_customer(service, me, industry="软件", remark="老客户")
    change = {"name": "北京大学", "industry": None, "phone": "021-62770334"}
    changed = service.call("update_customer", me, customer_id=customer["id"], data=change)
    assert (changed["version"], changed["remark"], changed["industry"]) == (2, "老客户", None)
    assert (changed["phone"], changed["phone_e164"]) == ("021-62770334", "+862162770334")
    found = service.call("list_customers", me, query={"filter[pinyin][contains]": "bjdx"})
    assert len(found["items"]) == 1
    event = service.published("customer.updated")[0].data
    assert (event["name"], event["version"], event["customer_source"]) == ("北京大学", 2, None)


@pytest.mark.parametrize(
    "change",
    [{"name": None}, {"kind": None}, {"owner_id": None}, {"status": "success"}, {"contact": None}, {"id": 1}],
)
def test_what_must_not_change_is_refused(service: RunningService, change: dict[str, object]) -> None:
    """CU-03, CU-08, CU-09."""
    me = a_salesperson()
    customer = a_customer(service, me)
    with pytest.raises(Invalid) as refused:
        service.call("update_customer", me, customer_id=customer["id"], data=change)
    assert [error["field"] for error in refused.value.errors] == list(change)


def test_a_stale_version_is_refused(service: RunningService) -> None:
    me = a_salesperson()
    arguments = {"customer_id": a_customer(service, me)["id"], "data": {"name": "改名"}}
    service.call("update_customer", me, headers={"if_match": "1"}, **arguments)
    with pytest.raises(Conflict) as refused:
        service.call("update_customer", me, headers={"if_match": "1"}, **arguments)
    assert refused.value.code == "stale-version"


def test_a_new_owner_gets_the_contacts_and_addresses_too(service: RunningService) -> None:
    """CU-12."""
    report, boss = a_salesperson(), a_salesperson()
    in_the_directory(service, report, "李娜", manager=boss.account_id)
    customer = a_customer(service, boss, contact={"name": "王芳"})
    service.call("create_address", boss, customer_id=customer["id"], data={"street": "张江路 88 号"})
    data = {"owner_id": report.account_id}
    service.call("update_customer", boss, customer_id=customer["id"], data=data)
    contacts = service.call("list_contacts", report, customer_id=customer["id"], query={})["items"]
    addresses = service.call("list_addresses", report, customer_id=customer["id"], query={})["items"]
    assert [one["owner_id"] for one in contacts + addresses] == [str(report.account_id)] * 2
    assert service.published("contact.updated")[0].data["owner_id"] == str(report.account_id)


def test_an_invalid_customer_can_be_viewed_and_nothing_else(service: RunningService) -> None:
    """CU-08."""
    me = a_salesperson()
    customer = a_customer(service, me, contact={"name": "王芳"})
    of_it = {"customer_id": customer["id"]}
    address = service.call("create_address", me, **of_it, data={"street": "张江路 88 号"})
    assert service.call("invalidate_customer", me, **of_it)["status"] == "invalid"
    contact = service.call("list_contacts", me, **of_it, query={})["items"][0]
    refused = [
        ("update_customer", {**of_it, "data": {"name": "改名"}}),
        ("invalidate_customer", of_it),
        ("create_contact", {**of_it, "data": {"name": "李娜"}}),
        ("update_contact", {"contact_id": contact["id"], "data": {"name": "李娜"}}),
        ("delete_contact", {"contact_id": contact["id"]}),
        ("create_address", {**of_it, "data": {"street": "张江路"}}),
        ("update_address", {"address_id": address["id"], "data": {"street": "张江路"}}),
        ("delete_address", {"address_id": address["id"]}),
        ("create_activity", {**of_it, "data": {"kind": "call", "content": "通话"}}),
    ]
    for operation, arguments in refused:
        with pytest.raises(Conflict) as error:
            service.call(operation, me, **arguments)
        assert error.value.code == "customer-invalid", operation
    assert service.call("get_customer", me, **of_it)["name"] == customer["name"]
    assert [event.data["status"] for event in service.published("customer.invalidated")] == ["invalid"]


def test_a_customer_is_seen_by_its_owner_the_superior_and_the_department_above(
    service: RunningService,
) -> None:
    """CU-12."""
    region, team, boss = new_id(), new_id(), caller("customer.read")
    agent = a_salesperson(department_id=team)
    in_the_directory(service, agent, "张伟", region, team, manager=boss.account_id)
    customer = a_customer(service, agent)
    head = caller("customer.read:department", department_id=region)
    for who in (agent, boss, head, caller("customer.read:all")):
        assert service.call("get_customer", who, customer_id=customer["id"])["id"] == customer["id"]
        assert len(service.call("list_customers", who, query={})["items"]) == 1
    for who in (
        caller("customer.read", department_id=team),
        caller("customer.read:department", department_id=new_id()),
    ):
        with pytest.raises(NotFound):
            service.call("get_customer", who, customer_id=customer["id"])
        assert service.call("list_customers", who, query={"count": "true"})["total"] == 0


def test_the_same_idempotency_key_creates_once(service: RunningService) -> None:
    me = a_salesperson()
    arguments = {"headers": {"idempotency_key": "create-1"}, "data": {"name": "云图"}}
    assert service.call("create_customer", me, **arguments) == service.call(
        "create_customer", me, **arguments
    )
    assert len(service.call("list_customers", me, query={})["items"]) == 1


def test_every_event_leaves_the_service(service: RunningService) -> None:
    me = a_salesperson()
    a_customer(service, me, contact={"name": "王芳"})
    wait_until(lambda: service.published() and all(event.published_at for event in service.published()))
    assert {event.type for event in service.published()} == {"customer.created", "contact.created"}
