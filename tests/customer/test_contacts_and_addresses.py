"""Contacts and addresses through the service's entrypoints."""

from typing import Any

import eventlet
import pytest

from customer.service import CustomerService
from servicekit import Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import without_can
from tests.customer.people import a_contact, a_customer, a_salesperson


def primaries(service: RunningService, who: Any, customer_id: str) -> list[str]:
    query = {"filter[is_primary]": "true"}
    found = service.call("list_contacts", who, customer_id=customer_id, query=query)
    return [contact["id"] for contact in found["items"]]


def test_a_customer_has_exactly_one_primary_contact_whatever_happens(service: RunningService) -> None:
    """CU-03, CU-49."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    first = a_contact(service, me, customer_id)
    second = a_contact(service, me, customer_id, name="李娜")
    assert primaries(service, me, customer_id) == [first["id"]]
    third = a_contact(service, me, customer_id, name="张伟", is_primary=True)
    assert primaries(service, me, customer_id) == [third["id"]]
    service.call("update_contact", me, contact_id=second["id"], data={"is_primary": True})
    assert primaries(service, me, customer_id) == [second["id"]]
    with pytest.raises(Invalid):
        service.call("update_contact", me, contact_id=second["id"], data={"is_primary": False})
    service.call("delete_contact", me, contact_id=second["id"])
    assert primaries(service, me, customer_id) == [first["id"]]
    events = [event for event in service.published() if str(event.subject) == first["id"]]
    told = [(event.type, event.data["is_primary"]) for event in events]
    assert told == [("contact.created", True), ("contact.updated", False), ("contact.updated", True)]


def test_a_contact_holds_what_people_know_of_it(service: RunningService) -> None:
    """CU-49."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    known = {
        "name": "王芳", "salutation": "女士", "title": "采购经理", "mobile": "+8613800138000",
        "office_phone": "+862162770334;ext=801", "home_phone": None, "email": "wang@example.com",
        "birthday": "1985-03-14", "intention": "supports", "remark": "喜欢喝茶\n周一不在",
    }  # fmt: skip
    contact = a_contact(service, me, customer_id, **known)
    assert {name: contact[name] for name in known} == known
    assert contact["owner_id"] == str(me.account_id)
    changed = service.call(
        "update_contact", me, contact_id=contact["id"], data={"title": None, "intention": None}
    )
    assert (changed["title"], changed["name"], changed["version"]) == (None, "王芳", 2)
    assert service.call("get_contact", me, contact_id=contact["id"]) == changed


def test_contacts_are_listed_in_the_order_they_were_made_and_can_be_searched(service: RunningService) -> None:
    """CU-49, CU-50."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    for name in ("王芳", "李娜", "张伟"):
        a_contact(service, me, customer_id, name=name)

    def listed(**query: str) -> list[str]:
        found = service.call("list_contacts", me, customer_id=customer_id, query=query)
        return [contact["name"] for contact in found["items"]]

    assert listed() == ["王芳", "李娜", "张伟"]
    assert listed(sort="-created_at", limit="10") == ["张伟", "李娜", "王芳"]
    assert listed(**{"filter[name][contains]": "李"}) == ["李娜"]


@pytest.mark.parametrize(
    ("typed", "e164", "asked"),
    [
        ("13800138000", "+8613800138000", ("13800138000", "+86 138-0013-8000", "0086 138 0013 8000", "138000")),
        ("+86 138-0013-8000", "+8613800138000", ("13800138000", "１３８００１３８０００", "138000")),
        ("021-6277 0334 转 801", "+862162770334", ("021 62770334", "+86 21 6277 0334", "62770334", "801")),
        ("504-555-0142", None, ("504-555-0142", "(504) 555 0142", "+1 504 555 0142", "5550142")),
        ("tel:+86-138-0013-8000;ext=7", "+8613800138000", ("tel:+86-138-0013-8000;ext=7", "138 0013 8000")),
        ("\u202a+86 138 0013 8000\u202c", "+8613800138000", ("\u202a+86 138 0013 8000\u202c", "138000")),
    ],
)  # fmt: skip
def test_a_number_is_kept_as_typed_and_found_however_it_is_asked_for(
    service: RunningService, typed: str, e164: str | None, asked: tuple[str, ...]
) -> None:
    """(M-16) CU-50, CU-78."""
    me = a_salesperson()
    customer = a_customer(service, me, phone=typed)
    a_customer(service, me, name="另一家", phone="13900139000")
    contact = a_contact(service, me, customer["id"], mobile=typed)
    other = a_contact(service, me, customer["id"], mobile="13900139000")
    assert typed.strip("\u202a\u202c") == contact["mobile"] == customer["phone"]
    assert contact["mobile_e164"] == customer["phone_e164"] == e164
    for term in asked:
        query = {"filter[mobile][contains]": term}
        found = service.call("list_contacts", me, customer_id=customer["id"], query=query)["items"]
        assert [each["id"] for each in found] == [contact["id"]], term
        found = service.call("list_customers", me, query={"filter[search][contains]": term})["items"]
        assert [each["id"] for each in found] == [customer["id"]], term
    # Equal is what is dialled in the same way; a part of a number is not.
    for term, ids in ((typed, [contact["id"]]), ("138000", []), ("", []), ("139 0013 9000", [other["id"]])):
        found = service.call("list_contacts", me, customer_id=customer["id"], query={"filter[mobile]": term})
        assert [each["id"] for each in found["items"]] == ids, term


def test_a_contact_is_found_by_its_mail_in_any_case(service: RunningService) -> None:
    """(M-17) CU-50."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    contact = a_contact(service, me, customer_id, name="陈静怡", email="Chen.Jingyi@YunShan.Example")
    for operator in ("", "[eq]", "[in]"):
        query = {f"filter[email]{operator}": " Chen.Jingyi@YunShan.EXAMPLE\u200b"}
        found = service.call("list_contacts", me, customer_id=customer_id, query=query)["items"]
        assert [each["id"] for each in found] == [contact["id"]]


@pytest.mark.parametrize(
    "bad",
    [
        {"name": None}, {"name": "x" * 101}, {"id": str(new_id())}, {"mobile": "1" * 51},
        {"birthday": "1600-01-01"}, {"birthday": 0}, {"is_primary": "yes"}, {"intention": "maybe"}, {"remark": "\x00"},
    ],
)  # fmt: skip
def test_a_bad_contact_is_refused(service: RunningService, bad: dict[str, Any]) -> None:
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    with pytest.raises(Invalid) as refused:
        a_contact(service, me, customer_id, **bad)
    assert [error["field"] for error in refused.value.errors] == list(bad)


def test_a_deleted_contact_is_gone_and_told_of(service: RunningService) -> None:
    me = a_salesperson()
    contact = a_contact(service, me, a_customer(service, me)["id"])
    service.call("delete_contact", me, contact_id=contact["id"])
    for operation in ("get_contact", "delete_contact"):
        with pytest.raises(NotFound):
            service.call(operation, me, contact_id=contact["id"])
    assert [event.data["contact_id"] for event in service.published("contact.deleted")] == [contact["id"]]


def test_the_colleague_of_an_address_is_an_account_that_is_active(service: RunningService) -> None:
    """CU-24 (M-22, M-37)."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    for code, colleague in (("unknown-account", new_id()), ("account-left", service.employ(active=False))):
        data = {"street": "世纪大道 1 号", "colleague_id": colleague}
        with pytest.raises(Invalid) as refused:
            service.call("create_address", me, customer_id=customer_id, data=data)
        assert (refused.value.code, refused.value.errors[0]["field"]) == (code, "colleague_id")


def test_what_was_done_names_a_deleted_contact_no_more(service: RunningService) -> None:
    """CU-55 (M-22)."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    gone, other = (a_contact(service, me, customer_id, name=name) for name in ("王芳", "李娜"))
    for contact in (gone, other):
        data = {"kind": "call", "content": "通话", "contact_id": contact["id"]}
        service.call("create_activity", me, customer_id=customer_id, data=data)
    service.call("delete_contact", me, contact_id=gone["id"])
    query = {"sort": "created_at"}
    items = service.call("list_activities", me, customer_id=customer_id, query=query)["items"]
    assert [item["contact_id"] for item in items] == [None, other["id"]]


def test_contacts_made_at_the_same_time_have_one_primary_one(service: RunningService) -> None:
    """CU-03."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    callers = [RunningService(CustomerService, service.settings) for _ in range(6)]
    try:
        work = [
            eventlet.spawn(a_contact, one, me, customer_id, name=f"联系人 {place}", is_primary=place % 2 == 0)
            for place, one in enumerate(callers)
        ]
        made = [thread.wait() for thread in work]
    finally:
        for one in callers:
            one.database.dispose()
            one.connection.release()
    assert len({contact["id"] for contact in made}) == 6
    assert len(primaries(service, me, customer_id)) == 1


def test_a_customer_has_many_addresses_by_kind(service: RunningService) -> None:
    """CU-24."""
    me, colleague = a_salesperson(), str(service.employ())
    customer_id = a_customer(service, me)["id"]
    known = {
        "kind": "delivery", "country": "中国", "province": "上海市", "city": "上海市", "district": "浦东新区",
        "street": "张江路 88 号", "postal_code": "201203", "colleague_id": colleague, "remark": "后门",
    }  # fmt: skip
    address = service.call("create_address", me, customer_id=customer_id, data=known)
    assert {name: address[name] for name in known} == known
    office = service.call("create_address", me, customer_id=customer_id, data={"street": "世纪大道 1 号"})
    assert office["kind"] == "office"
    listed = service.call("list_addresses", me, customer_id=customer_id, query={"filter[kind]": "delivery"})
    assert listed["items"] == [without_can(address)]
    changed = service.call("update_address", me, address_id=office["id"], data={"kind": "billing"})
    assert service.call("get_address", me, address_id=office["id"]) == changed
    service.call("delete_address", me, address_id=office["id"])
    with pytest.raises(NotFound):
        service.call("get_address", me, address_id=office["id"])
    assert [event.type for event in service.published()][1:] == [
        "address.created", "address.created", "address.updated", "address.deleted",
    ]  # fmt: skip


def test_a_bad_address_is_refused_and_somebody_else_s_is_not_found(service: RunningService) -> None:
    """CU-24."""
    me = a_salesperson()
    customer_id = a_customer(service, me)["id"]
    with pytest.raises(Invalid) as refused:
        service.call(
            "create_address", me, customer_id=customer_id, data={"kind": "moon", "colleague_id": "x"}
        )
    assert {error["field"] for error in refused.value.errors} == {"kind", "colleague_id", "street"}
    address = service.call("create_address", me, customer_id=customer_id, data={"street": "张江路"})
    for operation, arguments in (
        ("get_address", {}),
        ("update_address", {"data": {}}),
        ("delete_address", {}),
    ):
        with pytest.raises(NotFound):
            service.call(operation, a_salesperson(), address_id=address["id"], **arguments)


@pytest.mark.parametrize("known", [True, False])
def test_what_is_not_found_is_named_and_not_what_was_to_be_added(
    service: RunningService, known: bool
) -> None:
    """A customer of somebody else's is not found like one that does not exist (CU-46, CU-49, CU-55)."""
    customer_id = a_customer(service, a_salesperson())["id"] if known else str(new_id())
    other = a_salesperson()
    activity = {"kind": "note", "content": "电话"}
    for method, data in (
        ("create_contact", {"name": "王芳"}), ("create_address", {"street": "x"}),
        ("create_activity", activity),
    ):  # fmt: skip
        with pytest.raises(NotFound) as refused:
            service.call(method, other, customer_id=customer_id, data=data)
        assert refused.value.code == "customer-not-found"
