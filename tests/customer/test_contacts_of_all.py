"""The list of everybody's contacts: who sees which, and how one is found."""

from typing import Any

import pytest

from servicekit import Caller, Forbidden, Invalid, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.customer.people import a_contact, a_customer, a_salesperson, in_the_directory


def listed(service: RunningService, who: Caller, **query: str) -> list[str]:
    found = service.call("list_all_contacts", who, query=query)
    return [contact["name"] for contact in found["items"]]


def a_book(service: RunningService, who: Caller, *names: str, **values: Any) -> str:
    customer_id: str = a_customer(service, who, name=f"客户 {names[0]}")["id"]
    for name in names:
        a_contact(service, who, customer_id, name=name, **values)
    return customer_id


def test_one_sees_the_contacts_of_the_customers_within_ones_reach(service: RunningService) -> None:
    """(W-2) CU-49: own, as a superior, the department's, everybody's, nobody's."""
    department = new_id()
    owner, peer = (a_salesperson(department_id=department) for _ in range(2))
    superior = a_salesperson()
    mate = caller("contact.read:department", department_id=department)
    in_the_directory(service, superior, "主管")
    in_the_directory(service, owner, "甲", department, manager=superior.account_id)
    in_the_directory(service, peer, "乙", department)
    a_book(service, owner, "王芳", "李娜")
    a_book(service, peer, "张伟")
    assert listed(service, owner) == ["李娜", "王芳"]
    assert listed(service, peer) == ["张伟"]
    assert listed(service, superior) == ["李娜", "王芳"]
    assert listed(service, mate) == ["张伟", "李娜", "王芳"]
    assert listed(service, caller("contact.read:all")) == ["张伟", "李娜", "王芳"]
    assert listed(service, a_salesperson()) == []
    with pytest.raises(Forbidden):
        listed(service, caller("customer.read:all"))


def test_contacts_go_with_their_customer_to_another_owner(service: RunningService) -> None:
    """(W-2) CU-12."""
    director = a_salesperson("customer.write:all")
    heir = a_salesperson()
    service.employ(heir.account_id)
    customer_id = a_book(service, director, "王芳")
    service.call(
        "update_customer", director, customer_id=customer_id, data={"owner_id": str(heir.account_id)}
    )
    assert listed(service, heir) == ["王芳"]
    assert listed(service, director) == []


@pytest.mark.parametrize(
    "asked",
    [
        "曾国",
        "zengguofan",
        "CGF",
        "zgf",
        "138 0013",
        "+86 13800138000",
        "62770334",
        "zeng@example",
        "曾\u200b国藩",
    ],
)
def test_a_contact_is_found_by_name_pinyin_any_number_and_mail(service: RunningService, asked: str) -> None:
    """(W-2) CU-50, CU-78."""
    me = a_salesperson()
    known = {"mobile": "13800138000", "office_phone": "021-6277 0334", "email": "zeng@example.com"}
    a_book(service, me, "曾国藩", **known)
    a_book(service, me, "王芳", mobile="13900139000")
    assert listed(service, me, **{"filter[search][contains]": asked}) == ["曾国藩"]


def test_what_a_contact_is_found_by_follows_its_card(service: RunningService) -> None:
    """(W-2) CU-50."""
    me = a_salesperson()
    contact = a_contact(service, me, a_customer(service, me)["id"], name="王芳")
    service.call(
        "update_contact", me, contact_id=contact["id"], data={"name": "李娜", "home_phone": "62770334"}
    )
    for asked, found in (("wangfang", []), ("lina", ["李娜"]), ("6277 0334", ["李娜"])):
        assert listed(service, me, **{"filter[search][contains]": asked}) == found


def test_contacts_are_filtered_sorted_and_paged(service: RunningService) -> None:
    """(W-2) CU-49."""
    me = a_salesperson()
    first = a_book(service, me, "重耳", "安娜", title="采购经理", intention="supports")
    a_book(service, me, "北岛", title="工程师")
    assert listed(service, me, sort="name") == ["安娜", "北岛", "重耳"]
    assert listed(service, me, **{"filter[title][contains]": "采购", "sort": "name"}) == ["安娜", "重耳"]
    assert listed(service, me, **{"filter[customer_id]": first, "filter[is_primary]": "true"}) == ["重耳"]
    assert listed(service, me, **{"filter[intention]": "supports", "sort": "created_at"}) == ["重耳", "安娜"]
    pages = []
    query = {"sort": "-name", "limit": "1", "count": "true"}
    while query:
        page = service.call("list_all_contacts", me, query=query)
        assert page["total"] == 3
        pages += [contact["name"] for contact in page["items"]]
        query = {**query, "cursor": page["next"]} if page["next"] else {}
    assert pages == ["重耳", "北岛", "安娜"]
    with pytest.raises(Invalid):
        listed(service, me, **{"filter[remark][contains]": "茶"})
