"""Cases through the service desk's entrypoints."""

import json
from pathlib import Path
from typing import Any

import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.service_desk.builders import ALL, a_case, found, step

CUSTOMER_EVENTS = Path(__file__).parents[2] / "services/customer/api/asyncapi.json"


def test_a_case_gets_a_number_and_belongs_to_whoever_opened_it(service: RunningService) -> None:
    """SD-01."""
    me = caller(*ALL)
    case = a_case(service, me, phone="021-5588 1234", serial_number="SN-1", contact_id=str(new_id()))
    assert case["number"].startswith("FW") and case["number"].endswith("-0001")
    assert (case["status"], case["priority"], case["source"]) == ("open", "normal", "customer_request")
    assert case["owner_id"] == case["opened_by"] == str(me.account_id)
    assert (case["handler_id"], case["customer_name"]) == (str(me.account_id), None)
    assert a_case(service, me, handler_id=None)["handler_id"] is None
    assert service.call("get_case", me, case_id=case["id"]) == case
    event = service.published("case.opened")[0]
    assert (event.data["case_id"], event.data["number"]) == (case["id"], case["number"])


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"customer_id": None, "subject": " ", "channel": "smoke"}, {"customer_id", "subject", "channel"}),
        ({"customer_id": "42", "subject": "a\x00b"}, {"customer_id", "subject"}),
        ({"subject": "长" * 201, "description": 7, "priority": "!"}, {"subject", "description", "priority"}),
        ({"contact_id": [], "handler_id": 1, "kind": None}, {"contact_id", "handler_id", "kind"}),
        ({"status": "closed", "owner_id": str(new_id()), "colour": 1}, {"status", "owner_id", "colour"}),
    ],
)
def test_bad_input_is_told_field_by_field_and_opens_nothing(
    service: RunningService, values: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        a_case(service, caller(*ALL), **values)
    assert {error["field"] for error in refused.value.errors} == fields
    assert service.published() == []


def test_what_one_may_see_but_not_do_is_forbidden(service: RunningService) -> None:
    agent, reader = caller("case.read", "case.write"), caller("case.read:all", "case.write")
    case = a_case(service, agent)
    with pytest.raises(Forbidden):
        step(service, agent, "close", case, solution="好了")
    with pytest.raises(Forbidden):
        step(service, reader, "start", case)
    with pytest.raises(Forbidden):
        found(service, caller("lead.read"))
    for unknown in (str(new_id()), "42"):
        with pytest.raises(NotFound):
            service.call("get_case", agent, case_id=unknown)
    with pytest.raises(NotFound):
        step(service, caller(*ALL), "start", case)


def test_a_case_can_be_corrected_until_it_is_closed(service: RunningService) -> None:
    """SD-01."""
    me, customer_id = caller(*ALL), str(new_id())
    case = a_case(service, me, phone="021-5588 1234")
    named = {"customer_id": customer_id, "name": "Acme", "owner_id": str(me.account_id), "version": 1}
    service.deliver_and_wait("customer", "customer.created", named)
    data = {"priority": "urgent", "phone": None, "customer_id": customer_id}
    changed = service.call("update_case", me, {"if_match": "1"}, case_id=case["id"], data=data)
    assert (changed["priority"], changed["phone"], changed["version"]) == ("urgent", None, 2)
    assert (changed["customer_id"], changed["customer_name"]) == (customer_id, "Acme")
    assert changed["subject"] == case["subject"]
    with pytest.raises(Conflict) as stale:
        service.call("update_case", me, {"if_match": "1"}, case_id=case["id"], data={"priority": "low"})
    assert stale.value.code == "stale-version"
    for bad in ({"subject": None}, {"status": "closed"}, {"handler_id": str(new_id())}):
        with pytest.raises(Invalid):
            service.call("update_case", me, case_id=case["id"], data=bad)
    step(service, me, "close", case, solution="好了")
    with pytest.raises(Conflict) as closed:
        service.call("update_case", me, case_id=case["id"], data={"priority": "low"})
    assert closed.value.code == "case-closed"
    assert len(service.published("case.updated")) == 1


def test_a_case_s_number_to_call_back_is_kept_as_typed_and_found_however_it_is_asked_for(
    service: RunningService,
) -> None:
    """(M-16) SD-01."""
    me = caller(*ALL)
    a_case(service, me, phone="13900139000", serial_number="SN-2")
    case = a_case(service, me, phone="021-5588 1234 转 801", serial_number="SN-1\u200b")
    assert (case["phone"], case["phone_e164"]) == ("021-5588 1234 转 801", "+862155881234")
    for term in ("021-5588 1234 转 801", "+86 21 5588 1234", "02155881234", "881234"):
        assert found(service, me, **{"filter[phone][contains]": term}) == [case["id"]], term
    for query in ({"filter[serial_number]": "sn-1"}, {"filter[number]": case["number"].lower()}):
        assert found(service, me, **query) == [case["id"]]


def test_the_same_idempotency_key_opens_one_case(service: RunningService) -> None:
    me = caller(*ALL)
    data = {"customer_id": str(new_id()), "subject": "登录失败", "channel": "web"}
    first, second = (
        service.call("create_case", me, {"idempotency_key": "case-1"}, data=data) for _ in range(2)
    )
    assert first == second
    assert found(service, me) == [first["id"]]


def test_lists_are_filtered_and_sorted(service: RunningService) -> None:
    """SD-01, SD-04."""
    me = caller(*ALL)
    first = a_case(service, me, serial_number="SN-1", priority="urgent")
    second = a_case(service, me, subject="How do I change my password?", channel="email")
    step(service, me, "start", second)

    def ids(**query: str) -> list[str]:
        return found(service, me, **query)

    assert ids() == [second["id"], first["id"]]
    assert ids(sort="number") == [first["id"], second["id"]]
    assert ids(**{"filter[status]": "in_progress"}) == [second["id"]]
    assert ids(**{"filter[customer_id]": first["customer_id"], "sort": "-created_at", "limit": "10"}) == [
        first["id"]
    ]
    assert ids(**{"filter[owner_id]": str(me.account_id), "filter[priority]": "urgent"}) == [first["id"]]
    assert ids(**{"filter[channel][in]": "email,web"}) == [second["id"]]
    assert ids(**{"filter[subject][contains]": "导出"}) == [first["id"]]
    assert ids(**{"filter[subject][contains]": "PASSWORD"}) == [second["id"]]
    assert ids(**{"filter[serial_number]": "SN-1"}) == [first["id"]]
    assert ids(**{"filter[created_at][gt]": second["created_at"]}) == []
    for query in ({"filter[customer_id]": "42"}, {"filter[colour]": "red"}, {"limit": "0"}):
        with pytest.raises(Invalid):
            ids(**query)


def test_cases_follow_their_customer_s_name_and_merger_in_whatever_order_they_are_told(
    service: RunningService,
) -> None:
    """SD-01 (M-23): the merged case is told of with its new version, once however often the merger is."""
    me, gone, kept = caller(*ALL), str(new_id()), str(new_id())
    early = a_case(service, me, customer_id=gone)
    merger = {"customer_id": gone, "kept_customer_id": kept}
    for _ in range(2):
        service.deliver_and_wait("customer", "customer.merged", merger)
    (told,) = service.published("case.updated")
    assert (str(told.subject), told.data["customer_id"], told.data["version"]) == (early["id"], kept, 2)
    for name, version in (("云图科技集团", 2), ("云图科技", 1)):
        customer = {"customer_id": kept, "name": name, "owner_id": str(me.account_id), "version": version}
        service.deliver_and_wait("customer", "customer.updated", customer)
    late = a_case(service, me, customer_id=gone)
    for case in (early, late):
        fresh = service.call("get_case", me, case_id=case["id"])
        assert (fresh["customer_id"], fresh["customer_name"]) == (kept, "云图科技集团")
    assert len(found(service, me, **{"filter[customer_id]": kept})) == 2


def test_the_customer_s_name_is_shown_to_those_alone_who_may_see_the_customer(
    service: RunningService,
) -> None:
    """A case may be somebody's whose the customer is no longer."""
    me, customer_id = caller(*ALL), str(new_id())
    case = a_case(service, me, customer_id=customer_id)
    for version, owner, shown in ((1, me.account_id, "云图"), (2, new_id(), None)):
        told = {"customer_id": customer_id, "name": "云图", "owner_id": str(owner), "version": version}
        service.deliver_and_wait("customer", "customer.updated", told)
        one = service.call("get_case", me, case_id=case["id"])
        (listed,) = service.call("list_cases", me, query={})["items"]
        assert one["customer_name"] == listed["customer_name"] == shown
    everybody = caller("case.read:all", "customer.read:all")
    assert service.call("get_case", everybody, case_id=case["id"])["customer_name"] == "云图"


def test_the_customer_service_s_own_examples_are_understood(service: RunningService) -> None:
    """SD-01: the publisher's contract file and this consumer fit together."""
    messages = json.loads(CUSTOMER_EVENTS.read_text(encoding="utf-8"))["components"]["messages"]
    created, updated, merger = (
        messages[name]["examples"][0]["payload"]["data"]
        for name in ("CustomerCreated", "CustomerUpdated", "CustomerMerged")
    )
    me = caller(*ALL, "customer.read:all")
    for name, payload in (("created", created), ("updated", updated), ("merged", merger)):
        service.deliver_and_wait("customer", f"customer.{name}", payload)
    case = a_case(service, me, customer_id=merger["customer_id"])
    assert service.call("get_case", me, case_id=case["id"])["customer_name"] == created["name"]


def test_every_event_leaves_the_service(service: RunningService) -> None:
    me = caller(*ALL)
    step(service, me, "close", a_case(service, me), solution="好了", rating=5)
    wait_until(lambda: all(event.published_at for event in service.published()))
    assert [event.type for event in service.published()] == ["case.opened", "case.closed"]
    assert service.published("case.closed")[0].data["rating"] == 5


def test_cases_are_sorted_by_how_urgent_they_are(service: RunningService) -> None:
    """(W-2) Not by the alphabet; page by page, for who opened them and for who sees all."""
    me = caller(*ALL)
    given = ("high", "low", "urgent", "normal", "low")
    opened = {a_case(service, me, priority=priority)["id"]: priority for priority in given}
    for who in (me, caller("case.read:all")):
        for sort, expected in (
            ("priority", ["low", "low", "normal", "high", "urgent"]),
            ("-priority", ["urgent", "high", "normal", "low", "low"]),
        ):
            seen: list[str] = []
            query = {"sort": sort, "limit": "2"}
            while query:
                page = service.call("list_cases", who, query=query)
                seen += [item["id"] for item in page["items"]]
                query = {**query, "cursor": page["next"]} if page["next"] else {}
            assert sorted(seen) == sorted(opened)
            assert [opened[each] for each in seen] == expected


def test_a_case_is_searched_by_subject_number_and_the_number_to_call_back(service: RunningService) -> None:
    """(W-2)"""
    me = caller(*ALL)
    case = a_case(service, me, subject="打印机卡纸", phone="138 0013 8000")
    a_case(service, me, subject="无法登录")
    for asked in ("卡纸", case["number"], case["number"].lower()[-6:], "+86 13800138000"):
        assert found(service, me, **{"filter[search][contains]": asked}) == [case["id"]], asked
    assert found(service, caller(*ALL), **{"filter[search][contains]": "卡纸"}) == []
