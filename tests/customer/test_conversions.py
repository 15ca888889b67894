"""What the customer service makes of converted leads."""

from typing import Any

import pytest

from customer.aliases import Alias
from servicekit import NotFound, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller, without_can
from tests.customer.people import a_contact, a_conversion, a_customer, a_salesperson, in_the_directory

ANYBODY = caller("customer.read:all", "contact.read:all")


def convert(service: RunningService, **values: Any) -> dict[str, Any]:
    """Tell the service of a converted lead and wait until it has done its part."""
    conversion = a_conversion(**values)
    service.deliver_and_wait("sales", "lead.converted", conversion)
    return conversion


def contacts(service: RunningService, customer_id: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.call("list_contacts", ANYBODY, customer_id=customer_id, query={})[
        "items"
    ]
    return found


def customers(service: RunningService) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.call("list_customers", ANYBODY, query={})["items"]
    return found


def test_a_converted_lead_is_a_customer_with_a_contact_under_the_ids_that_sales_chose(
    service: RunningService,
) -> None:
    """SA-19."""
    lead = convert(service, title="采购经理", phone="021-6277 0334 转 801")
    customer = service.call("get_customer", ANYBODY, customer_id=lead["customer_id"])
    assert (customer["name"], customer["kind"], customer["source"]) == (
        "上海云图科技有限公司",
        "company",
        "展会",
    )
    assert customer["owner_id"] == str(lead["owner_id"]) and customer["number"].startswith("KH")
    (contact,) = contacts(service, lead["customer_id"])
    assert (contact["id"], contact["mobile"], contact["email"], contact["is_primary"]) == (
        str(lead["contact_id"]), "138 0013 8000", "wang@example.com", True,
    )  # fmt: skip
    assert (contact["title"], contact["office_phone"]) == ("采购经理", "021-6277 0334 转 801")
    assert (contact["mobile_e164"], contact["office_phone_e164"]) == ("+8613800138000", "+862162770334")
    assert [event.type for event in service.published()] == ["customer.created", "contact.created"]


def test_the_same_conversion_told_twice_changes_nothing(service: RunningService) -> None:
    lead = convert(service)
    service.deliver_and_wait("sales", "lead.converted", lead)
    assert len(customers(service)) == len(contacts(service, lead["customer_id"])) == 1
    assert len(service.published()) == 2


def test_a_customer_that_sales_took_for_known_gets_the_contact(service: RunningService) -> None:
    """SA-19."""
    mine = a_customer(service, a_salesperson())
    lead = convert(service, customer_id=mine["id"], merged=True)
    assert [contact["id"] for contact in contacts(service, mine["id"])] == [str(lead["contact_id"])]
    assert service.published("customer.merged") == []


def test_a_conversion_merges_into_a_customer_of_the_same_name(service: RunningService) -> None:
    """SA-19: 客户已存在，系统将自动合并."""
    mine = a_customer(service, a_salesperson(), name="Acme（中国）有限公司")
    lead = convert(service, company_name="ＡＣＭＥ(中国)有限公司 ")
    assert [customer["id"] for customer in customers(service)] == [mine["id"]]
    assert service.call("get_customer", ANYBODY, customer_id=lead["customer_id"])["id"] == mine["id"]
    (merged,) = service.published("customer.merged")
    assert merged.data["customer_id"] == str(lead["customer_id"])
    assert merged.data["kept_customer_id"] == mine["id"]
    assert len(contacts(service, lead["customer_id"])) == 1
    service.deliver_and_wait("sales", "lead.converted", lead)
    assert len(service.published("customer.merged")) == len(contacts(service, mine["id"])) == 1


def test_what_is_asked_under_a_merged_id_concerns_the_kept_customer(service: RunningService) -> None:
    """SA-19."""
    me = a_salesperson()
    mine = a_customer(service, me)
    lead = convert(service)
    activity = {"kind": "call", "content": "通话", "contact_id": lead["contact_id"]}
    made = service.call("create_activity", me, customer_id=lead["customer_id"], data=activity)
    assert made["customer_id"] == mine["id"]
    with pytest.raises(NotFound):
        service.call("get_customer", a_salesperson(), customer_id=lead["customer_id"])


def test_a_person_who_is_a_contact_already_is_not_added_again(service: RunningService) -> None:
    """SA-19 (M-15): what is empty is filled, nothing is overwritten, and what was filled is told."""
    own: dict[str, Any] = {"owner_id": new_id()}
    first = convert(service, **own, mobile=None, title="经理")
    again = {"mobile": "+86 138-0013-8000", "email": None, "phone": "021-6277 0334", "title": "总监"}
    second = convert(service, **own, **again)
    (contact,) = contacts(service, first["customer_id"])
    found = service.call("get_contact", ANYBODY, contact_id=second["contact_id"])
    assert found["id"] == contact["id"] == str(first["contact_id"])
    assert (contact["email"], contact["title"]) == ("wang@example.com", "经理")
    assert (
        contact["mobile"] and contact["office_phone"] and contact["introduced_by"] == str(first["owner_id"])
    )
    assert len(service.published("contact.updated")) == 1
    (merged,) = service.published("contact.merged")
    assert (merged.data["contact_id"], merged.data["kept_contact_id"]) == (
        str(second["contact_id"]),
        contact["id"],
    )
    service.deliver_and_wait("sales", "lead.converted", second)
    assert len(service.published("contact.merged")) == 1
    third = convert(service, contact_name="李娜", mobile="13900139000", email=None)
    assert contacts(service, first["customer_id"])[1]["id"] == str(third["contact_id"])


@pytest.mark.parametrize("other", [{"email": "w2@example.com"}, {"mobile": "13900139000"}])
def test_two_people_of_one_name_at_one_company_stay_two(
    service: RunningService, other: dict[str, Any]
) -> None:
    """SA-19 (M-15)."""
    own: dict[str, Any] = {"owner_id": new_id()}
    first = convert(service, **own)
    second = convert(service, **own, **other)
    known = contacts(service, first["customer_id"])
    assert [contact["id"] for contact in known] == [str(lead["contact_id"]) for lead in (first, second)]
    # A third lead is the one it agrees with in most.
    third = convert(service, **own, **other, title="总监")
    found = service.call("get_contact", ANYBODY, contact_id=third["contact_id"])
    assert (found["id"], found["title"]) == (str(second["contact_id"]), "总监")


def test_whoever_brought_a_contact_may_look_at_it_at_a_customer_out_of_sight(service: RunningService) -> None:
    """SA-19 (M-15)."""
    owner, me = a_salesperson(), a_salesperson()
    theirs = a_customer(service, owner)
    lead = convert(service, owner_id=me.account_id)
    contact = service.call("get_contact", me, contact_id=lead["contact_id"])
    assert (contact["introduced_by"], contact["owner_id"]) == (str(me.account_id), str(owner.account_id))
    assert contact["customer_id"] == theirs["id"]
    for hidden, arguments in (
        ("get_customer", {"customer_id": theirs["id"]}),
        ("list_contacts", {"customer_id": theirs["id"], "query": {}}),
        ("update_contact", {"contact_id": contact["id"], "data": {"title": "总监"}}),
    ):
        with pytest.raises(NotFound):
            service.call(hidden, me, **arguments)
    with pytest.raises(NotFound):
        service.call("get_contact", a_salesperson(), contact_id=contact["id"])
    # Who was known there before is not shown to a stranger whose lead has the same name and number.
    again = convert(service, owner_id=(stranger := a_salesperson()).account_id, email=None)
    assert len(contacts(service, theirs["id"])) == 1
    with pytest.raises(NotFound):
        service.call("get_contact", stranger, contact_id=again["contact_id"])


@pytest.mark.parametrize(
    ("known", "brought"),
    [
        ({}, {}),
        ({}, {"mobile": None, "email": None}),
        ({"mobile": "13800138000"}, {}),
        ({"mobile": "13800138000", "email": "wang@example.com"}, {"title": "总监"}),
    ],
)
def test_a_stranger_writes_nothing_into_a_contact_of_a_customer_out_of_sight(
    service: RunningService, known: dict[str, Any], brought: dict[str, Any]
) -> None:
    """SA-19 (M-15): what is new comes as a contact of its own, which says who brought it."""
    owner, stranger = a_salesperson(), a_salesperson()
    theirs = a_customer(service, owner)
    before = a_contact(service, owner, theirs["id"], **known)
    lead = convert(service, owner_id=stranger.account_id, **brought)
    first, second = contacts(service, theirs["id"])
    assert first == without_can(before)
    assert (second["id"], second["introduced_by"]) == (str(lead["contact_id"]), str(stranger.account_id))
    assert service.published("contact.updated") == []


def test_a_superior_s_lead_fills_the_gaps_of_a_contact_that_they_see(service: RunningService) -> None:
    """SA-19 (M-15)."""
    seller, boss = a_salesperson(), a_salesperson()
    in_the_directory(service, seller, "李娜", manager=boss.account_id)
    theirs = a_customer(service, seller)
    a_contact(service, seller, theirs["id"])
    convert(service, owner_id=boss.account_id)
    (contact,) = contacts(service, theirs["id"])
    assert (contact["mobile"], contact["introduced_by"]) == ("138 0013 8000", None)


def test_a_private_person_is_known_again_by_name_and_number_but_not_by_name_alone(
    service: RunningService,
) -> None:
    """SA-19, CU-05 (M-15)."""
    person = {"company_name": "", "contact_name": "张伟"}
    first = convert(service, **person)
    convert(service, **person, mobile="13900139000", email=None)
    convert(service, **person, mobile=None, email=None)
    again = convert(service, **person, email=None)
    assert len(customers(service)) == 3
    found = service.call("get_customer", ANYBODY, customer_id=again["customer_id"])
    assert (found["id"], found["kind"]) == (str(first["customer_id"]), "person")
    assert found["phone"] and found["email"] == "wang@example.com"
    company = convert(service, company_name="张伟")
    assert service.call("get_customer", ANYBODY, customer_id=company["customer_id"])["kind"] == "company"


def test_what_a_conversion_brought_can_be_sent_back_as_it_is(service: RunningService) -> None:
    """SA-19 (M-24)."""
    me = a_salesperson()
    lead = convert(
        service, owner_id=me.account_id, mobile="138 0013 8000", phone="504-555-0142 转 12", title="经理"
    )
    contact = service.call("get_contact", me, contact_id=lead["contact_id"])
    form = {
        name: contact[name] for name in ("name", "title", "mobile", "office_phone", "email", "is_primary")
    }
    changed = service.call("update_contact", me, contact_id=contact["id"], data={**form, "remark": "同上"})
    assert {name: changed[name] for name in form} == form


def test_conversions_of_one_name_at_the_same_time_end_in_one_customer(service: RunningService) -> None:
    """SA-19."""
    leads = [a_conversion(contact_name=f"联系人 {n}", mobile=f"1380013800{n}", email=None) for n in range(8)]
    ids = [service.deliver("sales", "lead.converted", lead) for lead in leads]
    wait_until(lambda: all(service.handled(event_id) for event_id in ids))
    (customer,) = customers(service)
    assert len(contacts(service, customer["id"])) == 8
    assert sum(contact["is_primary"] for contact in contacts(service, customer["id"])) == 1
    assert len(service.published("customer.merged")) == 7
    for lead in leads:
        found = service.call("get_customer", ANYBODY, customer_id=lead["customer_id"])
        assert found["id"] == customer["id"]


def stands_for(service: RunningService, *pairs: tuple[Any, Any]) -> None:
    """Let ids stand for others, as conversions leave them."""
    with service.database.sessions.begin() as session:
        session.add_all([Alias(id=gone, kept_id=kept) for gone, kept in pairs])


def test_a_lead_is_converted_into_a_customer_by_any_of_its_ids(service: RunningService) -> None:
    """SA-19: over as many steps as it takes, and a ring of them leads to none."""
    mine = a_customer(service, a_salesperson(), name="甲公司")
    near, far, ring = new_id(), new_id(), new_id()
    stands_for(service, (near, mine["id"]), (far, near), (ring, ring))
    for chosen in (near, far):
        lead = convert(service, customer_id=chosen, merged=True, contact_name=f"联系人 {chosen}", mobile=None)
        assert [each["customer_id"] for each in contacts(service, far)][-1] == mine["id"]
        assert (
            service.call("get_contact", ANYBODY, contact_id=lead["contact_id"])["customer_id"] == mine["id"]
        )
    assert service.call("get_customer", ANYBODY, customer_id=far)["id"] == mine["id"]
    with pytest.raises(NotFound):
        service.call("get_customer", ANYBODY, customer_id=ring)
    assert len(customers(service)) == 1


@pytest.mark.parametrize("known", [True, False], ids=["of a known company", "of a new company"])
def test_a_conversion_onto_an_id_that_is_no_customers_is_handled(
    service: RunningService, known: bool
) -> None:
    """SA-19: one that somebody made up, be it that of a contact which was merged into another."""
    mine = a_customer(service, a_salesperson()) if known else None
    person = a_customer(service, a_salesperson(), name="另一家公司")
    everybodys = ("contact.read:all", "contact.write:all", "customer.read:all")
    contact = a_contact(service, a_salesperson(*everybodys), person["id"])
    made_up = new_id()
    stands_for(service, (made_up, contact["id"]))
    lead = convert(service, customer_id=made_up, merged=True)
    kept = mine["id"] if mine else str(made_up)
    assert service.failures() == [] and len(contacts(service, kept)) == 1
    merged = [event.data["kept_customer_id"] for event in service.published("customer.merged")]
    assert merged == ([kept] if known else [])
    assert service.call("get_contact", ANYBODY, contact_id=made_up)["id"] == contact["id"]
    assert service.call("get_contact", ANYBODY, contact_id=lead["contact_id"])["customer_id"] == kept


def test_a_conversion_is_handled_once_more_after_its_contact_was_deleted(service: RunningService) -> None:
    """SA-19: in a replay, say."""
    own: dict[str, Any] = {"owner_id": new_id()}
    first, second = convert(service, **own), convert(service, **own)
    everything = a_salesperson("contact.write:all", "customer.write:all", "contact.read:all")
    service.call("delete_contact", everything, contact_id=first["contact_id"])
    for lead in (first, second):
        service.deliver_and_wait("sales", "lead.converted", lead)
    assert service.failures() == [] and len(contacts(service, first["customer_id"])) == 1


def test_a_merging_conversion_may_come_before_the_one_that_opens_the_customer(
    service: RunningService,
) -> None:
    """SA-19."""
    customer_id = new_id()
    convert(service, customer_id=customer_id, merged=True)
    convert(service, customer_id=customer_id, contact_name="李娜", mobile=None, email=None)
    assert [customer["id"] for customer in customers(service)] == [str(customer_id)]
    assert [contact["name"] for contact in contacts(service, customer_id)] == ["王芳", "李娜"]


def test_an_invalid_customer_is_not_merged_into(service: RunningService) -> None:
    """CU-08."""
    me = a_salesperson()
    mine = a_customer(service, me)
    service.call("invalidate_customer", me, customer_id=mine["id"])
    lead = convert(service)
    assert {customer["id"] for customer in customers(service)} == {mine["id"], str(lead["customer_id"])}


@pytest.mark.parametrize(
    ("values", "name", "kind", "number"),
    [
        ({"company_name": None}, "王芳", "person", 1),
        ({"contact_id": None}, "上海云图科技有限公司", "company", 0),
        ({"contact_name": None}, "上海云图科技有限公司", "company", 0),
        ({"company_name": "", "contact_name": "", "mobile": "123"}, "123", "person", 0),
    ],
)
def test_a_lead_that_lacks_something_is_converted_all_the_same(
    service: RunningService, values: dict[str, Any], name: str, kind: str, number: int
) -> None:
    lead = convert(service, **values)
    customer = service.call("get_customer", ANYBODY, customer_id=lead["customer_id"])
    assert (customer["name"], customer["kind"]) == (name, kind)
    assert len(contacts(service, lead["customer_id"])) == number


def test_a_mobile_that_is_no_number_is_kept_as_the_lead_had_it(service: RunningService) -> None:
    lead = convert(service, mobile="问前台")
    assert contacts(service, lead["customer_id"])[0]["mobile"] == "问前台"
