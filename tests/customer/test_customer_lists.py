"""The list of customers: searched, sorted and paged."""

import pytest

from servicekit import Invalid
from servicekit.nouns import listing
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.customer.people import a_customer, a_salesperson


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
    query = {
        "filter[created_at][gt]": "yesterday",
        "filter[owner_id]": "nobody",
        "sort": "remark",
        "limit": "0",
    }
    with pytest.raises(Invalid) as refused:
        service.call("list_customers", a_salesperson(), query=query)
    assert {error["field"] for error in refused.value.errors} == query.keys()
