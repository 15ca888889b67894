"""Customers through the service's entrypoints."""

from datetime import timedelta

import pytest
from sqlalchemy import Select, func, select, update

from customer.customers.operations import MOST_LOOKUPS_AN_HOUR
from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, listing, new_id, utcnow
from servicekit.journal import JournalRow
from servicekit.testing import RunningService, caller, wait_until
from tests.customer.people import a_contact, a_customer, a_salesperson, in_the_directory
from tests.side_by_side import at_once


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


def test_the_search_before_creation_tells_only_names_of_customers_one_may_not_see(
    service: RunningService,
) -> None:
    """CU-01 (M-37)."""
    me, colleague = a_salesperson(), a_salesperson()
    in_the_directory(service, colleague, "李娜")
    mine = a_customer(service, me, name="上海云图科技有限公司")
    a_customer(service, colleague, name="北京云图贸易有限公司", phone="13800138000")
    for typed in ("云图", "yuntu", "Yun Tu"):
        found = service.call("look_up_customers", me, query={"name": typed})
        assert sorted(found["items"], key=len) == [
            {"name": "北京云图贸易有限公司"},
            {
                "name": mine["name"], "owner_name": None, "id": mine["id"], "number": mine["number"],
                "status": "basic",
            },
        ], typed  # fmt: skip
    everybody_s = caller("customer.write", "customer.read:all")
    found = service.call("look_up_customers", everybody_s, query={"name": "bjytmy"})["items"]
    assert found[0]["owner_name"] == "李娜"
    assert service.call("look_up_customers", me, query={"name": "没有"}) == {"items": [], "more": False}


def test_the_search_before_creation_puts_the_very_name_first_and_says_if_there_is_more(
    service: RunningService,
) -> None:
    """CU-01."""
    me = a_salesperson()
    for number in range(21):
        a_customer(service, me, name=f"云图科技 {number}")
    a_customer(service, me, name="ＹＴ云图科技")
    found = service.call("look_up_customers", me, query={"name": "yt云图科技"})
    assert found["items"][0]["name"] == "ＹＴ云图科技"
    found = service.call("look_up_customers", me, query={"name": "云图"})
    assert (len(found["items"]), found["more"]) == (20, True)


def test_a_search_of_a_letter_or_two_is_refused(service: RunningService) -> None:
    """CU-01 (M-12)."""
    me = a_salesperson()
    for term in ("云", "a", "ab", "a b", "云a", "%", "  云  ", "\u200b云\u200b"):
        with pytest.raises(Invalid) as refused:
            service.call("look_up_customers", me, query={"name": term})
        assert [error["field"] for error in refused.value.errors] == ["name"], term
    for term in ("云图", "abc", "云 图", "云ab"):
        assert service.call("look_up_customers", me, query={"name": term})["items"] == []


def test_searches_before_creation_are_journalled_and_counted(service: RunningService) -> None:
    """CU-01 (M-12)."""
    me, colleague = a_salesperson(), a_salesperson()

    def journalled(who: Caller) -> Select[int]:
        mine = (JournalRow.account_id == who.account_id, JournalRow.operation == "look_up_customers")
        return select(func.count()).select_from(JournalRow).where(*mine)

    service.call("look_up_customers", me, query={"name": "云图"})
    with service.database.sessions.begin() as session:
        assert session.scalar(journalled(me)) == 1
    service.asked_before(me, "look_up_customers", MOST_LOOKUPS_AN_HOUR - 1)
    with pytest.raises(Conflict) as refused:
        service.call("look_up_customers", me, query={"name": "云图"})
    assert refused.value.code == "rate-limited"
    service.call("look_up_customers", colleague, query={"name": "云图"})
    with service.database.sessions.begin() as session:
        session.execute(update(JournalRow).values(at=utcnow() - timedelta(minutes=61)))
    service.call("look_up_customers", me, query={"name": "云图"})


def test_searches_made_at_once_are_all_counted(service: RunningService) -> None:
    """CU-01 (M-12)."""
    me = a_salesperson()
    service.asked_before(me, "look_up_customers", MOST_LOOKUPS_AN_HOUR - 5)
    outcomes = at_once(service, [("look_up_customers", me, {"query": {"name": "云图"}})] * 16)
    assert sorted(outcomes) == ["ok"] * 5 + ["rate-limited"] * 11


def test_whoever_may_not_create_may_not_search_everybody_s_names(service: RunningService) -> None:
    """CU-01."""
    with pytest.raises(Forbidden):
        service.call("look_up_customers", caller("customer.read:all"), query={"name": "云图"})
    for query in ({}, {"name": ""}, {"name": "a", "colour": "1"}, {"name": "a" * 101}):
        with pytest.raises(Invalid):
            service.call("look_up_customers", a_salesperson(), query=query)


def test_a_second_customer_of_a_name_may_be_created_all_the_same(service: RunningService) -> None:
    """CU-01."""
    me = a_salesperson()
    assert a_customer(service, me)["id"] != a_customer(service, me)["id"]


def test_a_list_is_searched_by_characters_pinyin_initials_number_and_phone(service: RunningService) -> None:
    """CU-48, CU-78."""
    me = a_salesperson()
    yuntu = a_customer(service, me, phone="13800138000", industry="软件", grade="A")
    a_customer(service, me, name="曾国藩", kind="person", region="湖南")
    expected = {
        "filter[name][contains]": "云图",
        "filter[pinyin][contains]": "YunTu",
        "filter[search][contains]": "13800138000",
        "filter[number]": yuntu["number"],
        "filter[kind]": "company",
        "filter[industry]": "软件",
        "filter[grade][in]": "A,B",
        "filter[region][empty]": "true",
    }
    for name, value in expected.items():
        found = service.call("list_customers", me, query={name: value})["items"]
        assert [customer["name"] for customer in found] == [yuntu["name"]], name
    for pinyin in ("zengguofan", "cengguofan", "zgf"):
        found = service.call("list_customers", me, query={"filter[pinyin][contains]": pinyin})["items"]
        assert [customer["name"] for customer in found] == ["曾国藩"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("㈱山田商事", ("㈱山田", "(株)山田")),
        ("Straße & Söhne GmbH", ("STRASSE", "straße & so\u0308hne")),
        ("Οδυσσέας ΑΕ", ("ΟΔΥΣΣΈΑΣ", "οδυσσέας αε")),
        ("ＡＢＣ商事　上海", ("ABC商事", "abc商事 上海", "ＡＢＣ商事　上海")),
        ("Acme  Trading", ("acme trading", "Acme   Trading")),
        ("上海\u200b云图", ("上海云图", "海\u200b云", "上海 云图")),
        ("Cafe\u0301 Noir", ("Café", "CAFE\u0301 noir")),
    ],
)  # fmt: skip
def test_a_customer_is_found_by_whatever_a_reader_takes_for_its_name(
    service: RunningService, name: str, asked: tuple[str, ...]
) -> None:
    """(M-17) CU-01, CU-78."""
    me = a_salesperson()
    a_customer(service, me, name="别家")
    customer = a_customer(service, me, name=name, region=name)
    for term in (name, *asked):
        for filtered in ("filter[name][contains]", "filter[search][contains]"):
            found = service.call("list_customers", me, query={filtered: term})["items"]
            assert [each["id"] for each in found] == [customer["id"]], (filtered, term)
        assert service.call("look_up_customers", me, query={"name": term})["items"][0]["id"] == customer["id"]
    for region in (name, name.upper(), f"{name}\u200b"):
        found = service.call("list_customers", me, query={"filter[region]": region})["items"]
        assert [each["id"] for each in found] == [customer["id"]], region


@pytest.mark.parametrize("few", [0, 3, 5000])
def test_a_search_pages_through_the_same_rows_whether_few_are_found_or_many(
    service: RunningService, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """CU-78."""
    monkeypatch.setattr(listing, "FEW_FOUND", few)
    me = a_salesperson()
    names = [f"云图 {place}" if place % 3 else f"北大 {place}" for place in range(12)]
    for name in names:
        a_customer(service, me, name=name)
    for who in (me, caller("customer.read:all")):
        query = {"filter[name][contains]": "云图", "sort": "created_at", "limit": "3", "count": "true"}
        found: list[str] = []
        while query:
            page = service.call("list_customers", who, query=query)
            assert page["total"] == 8
            found += [customer["name"] for customer in page["items"]]
            query = {**query, "cursor": page["next"]} if page["next"] else {}
        assert found == [name for name in names if "云图" in name]


def test_a_list_is_sorted_by_name_as_it_is_spoken_and_by_the_last_activity(service: RunningService) -> None:
    """CU-25, CU-62."""
    me = a_salesperson()
    names = ["重庆长安", "Acme", "北京大学", "安徽古井"]
    for name in names:
        a_customer(service, me, name=name)

    def listed(sort: str) -> list[str]:
        found: list[str] = []
        query = {"sort": sort, "limit": "3"}
        while query:
            page = service.call("list_customers", me, query=query)
            found += [customer["name"] for customer in page["items"]]
            query = {**query, "cursor": page["next"]} if page["next"] else {}
        return found

    assert listed("name") == ["Acme", "安徽古井", "北京大学", "重庆长安"]
    assert listed("last_activity_at") == listed("created_at") == names
    first = service.call("list_customers", me, query={"sort": "created_at", "limit": "1"})["items"][0]
    activity = {"kind": "call", "content": "通话"}
    service.call("create_activity", me, customer_id=first["id"], data=activity)
    assert listed("-last_activity_at")[0] == names[0]


def test_a_query_that_is_not_understood_is_refused_parameter_by_parameter(service: RunningService) -> None:
    query = {"filter[created_at][gt]": "yesterday", "filter[owner_id]": "me", "sort": "remark", "limit": "0"}
    with pytest.raises(Invalid) as refused:
        service.call("list_customers", a_salesperson(), query=query)
    assert {error["field"] for error in refused.value.errors} == query.keys()


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


def test_what_one_may_see_but_not_do_is_forbidden_and_what_one_may_not_see_is_not_found(
    service: RunningService,
) -> None:
    owner = a_salesperson()
    customer = a_customer(service, owner)
    contact = a_contact(service, owner, customer["id"])
    reader = caller("customer.read:all", "contact.read:all", "customer.write", "contact.write")
    change = {"data": {"name": "改名"}}
    with pytest.raises(Forbidden):
        service.call("update_customer", reader, customer_id=customer["id"], **change)
    with pytest.raises(Forbidden):
        service.call("invalidate_customer", reader, customer_id=customer["id"])
    with pytest.raises(Forbidden):
        service.call("create_contact", reader, customer_id=customer["id"], **change)
    with pytest.raises(Forbidden):
        service.call("update_contact", reader, contact_id=contact["id"], **change)
    with pytest.raises(Forbidden):
        service.call("get_customer", caller("lead.read"), customer_id=customer["id"])
    stranger = a_salesperson()
    for operation in ("get_customer", "invalidate_customer"):
        with pytest.raises(NotFound):
            service.call(operation, stranger, customer_id=customer["id"])
    for operation in ("list_contacts", "list_addresses", "list_activities"):
        with pytest.raises(NotFound):
            service.call(operation, stranger, customer_id=customer["id"], query={})
    for unknown in (str(new_id()), "42", "'; DROP TABLE customer; --"):
        with pytest.raises(NotFound):
            service.call("get_customer", owner, customer_id=unknown)


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
