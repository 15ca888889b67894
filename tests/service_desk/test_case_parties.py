"""For whom a case is, who spoke for them, and who sees it (SD-01)."""

import json
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from servicekit import Caller, Forbidden, NotFound, OperationError, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.service_desk.builders import ALL, a_case, an_account, found, step

CUSTOMER_EVENTS = Path(__file__).parents[2] / "services/customer/api/asyncapi.json"


def tell_of_customer(service: RunningService, owner: Caller, **values: Any) -> UUID:
    """Tell the service of a customer as it is now, and return its id."""
    event = values.pop("event", "updated")
    customer = {
        "customer_id": new_id(), "name": "云图科技", "owner_id": owner.account_id, "status": "basic", "version": 1,
        **values,
    }  # fmt: skip
    service.deliver_and_wait("customer", f"customer.{event}", customer)
    return UUID(str(customer["customer_id"]))


def tell_of_contact(service: RunningService, owner: Caller, customer_id: Any, **values: Any) -> UUID:
    """Tell the service of a contact as it is now, and return its id."""
    event = values.pop("event", "created")
    contact = {
        "contact_id": new_id(), "customer_id": customer_id, "owner_id": owner.account_id, "name": "王芳", "version": 1,
        **values,
    }  # fmt: skip
    service.deliver_and_wait("customer", f"contact.{event}", contact)
    return UUID(str(contact["contact_id"]))


def refused(asked: Any) -> tuple[str, str]:
    """Return the code and the first field with which a request is refused."""
    with pytest.raises(OperationError) as error:
        asked()
    return error.value.code, error.value.errors[0]["field"]


def test_a_customer_that_is_foreign_unknown_or_invalid_gets_no_case(service: RunningService) -> None:
    """SD-01 (M-22, M-37)."""
    me = caller(*ALL)
    mine, foreign = tell_of_customer(service, me), tell_of_customer(service, caller())
    invalid = tell_of_customer(service, me, event="invalidated", status="invalid")
    for customer_id, code in (
        (foreign, "unknown-customer"), (uuid4(), "unknown-customer"), (invalid, "customer-invalid"),
    ):  # fmt: skip
        asked = partial(a_case, service, me, customer_id=str(customer_id))
        assert refused(asked) == (code, "customer_id")
    case = a_case(service, me, customer_id=str(mine))
    data = {"customer_id": str(invalid)}
    assert refused(partial(service.call, "update_case", me, case_id=case["id"], data=data)) == (
        "customer-invalid",
        "customer_id",
    )
    assert len(service.published()) == 1


def test_the_contact_is_somebody_at_the_customer(service: RunningService) -> None:
    """SD-01 (M-37)."""
    me = caller(*ALL)
    customer_id, other = tell_of_customer(service, me), tell_of_customer(service, me)
    contact_id, stranger = (tell_of_contact(service, me, at) for at in (customer_id, other))
    case = a_case(service, me, customer_id=customer_id, contact_id=contact_id)
    assert case["contact_id"] == str(contact_id)
    elsewhere = ("contact-of-another-customer", "contact_id")
    for contact, answer in ((stranger, elsewhere), (uuid4(), ("unknown-contact", "contact_id"))):
        assert refused(partial(a_case, service, me, customer_id=customer_id, contact_id=contact)) == answer
    correct = partial(service.call, "update_case", me, case_id=case["id"])
    assert refused(partial(correct, data={"contact_id": str(stranger)})) == elsewhere
    assert refused(partial(correct, data={"customer_id": str(other)})) == elsewhere
    moved = correct(data={"customer_id": str(other), "contact_id": str(stranger)})
    assert (moved["customer_id"], moved["contact_id"]) == (str(other), str(stranger))


def test_a_deleted_contact_is_named_by_no_case(service: RunningService) -> None:
    """SD-01 (M-22): the cases say so, once; what was told of the contact before comes too late."""
    me = caller(*ALL)
    customer_id = tell_of_customer(service, me)
    contact_id = tell_of_contact(service, me, customer_id)
    case = a_case(service, me, customer_id=customer_id, contact_id=contact_id)
    for event, version in (("deleted", 3), ("deleted", 3), ("updated", 2)):
        tell_of_contact(service, me, customer_id, contact_id=contact_id, event=event, version=version)
    fresh = service.call("get_case", me, case_id=case["id"])
    assert (fresh["contact_id"], fresh["version"]) == (None, case["version"] + 1)
    (told,) = service.published("case.updated")
    assert (told.data["contact_id"], told.data["version"]) == (None, fresh["version"])
    again = partial(a_case, service, me, customer_id=customer_id, contact_id=contact_id)
    assert refused(again) == ("contact-invalid", "contact_id")


def tell_of_merger(service: RunningService, gone: Any, kept: Any) -> None:
    """Tell the service that an id stands for another contact."""
    service.deliver_and_wait("customer", "contact.merged", {"contact_id": gone, "kept_contact_id": kept})


def test_a_case_names_the_contact_that_an_id_of_a_conversion_stands_for(service: RunningService) -> None:
    """SD-01, SA-19: whether the case was there before the merger or came after it, and until that one is deleted."""
    me, gone = caller(*ALL), new_id()
    customer_id = tell_of_customer(service, me)
    kept = tell_of_contact(service, me, customer_id)
    early = a_case(service, me, customer_id=customer_id, contact_id=gone)
    assert early["contact_id"] == str(gone)
    for _ in range(2):
        tell_of_merger(service, gone, kept)
    (told,) = service.published("case.updated")
    assert (told.data["contact_id"], told.data["version"]) == (str(kept), early["version"] + 1)
    late = a_case(service, me, customer_id=customer_id, contact_id=gone)
    assert late["contact_id"] == str(kept)
    other = a_case(service, me, customer_id=customer_id)
    data = {"contact_id": str(gone)}
    assert service.call("update_case", me, case_id=other["id"], data=data)["contact_id"] == str(kept)
    assert len(found(service, me, **{"filter[contact_id]": str(kept)})) == 3
    tell_of_contact(service, me, customer_id, contact_id=kept, event="deleted", version=3)
    for case in (early, late, other):
        assert service.call("get_case", me, case_id=case["id"])["contact_id"] is None
    again = partial(a_case, service, me, customer_id=customer_id, contact_id=gone)
    assert refused(again) == ("contact-invalid", "contact_id")


def test_an_id_that_stands_for_a_deleted_contact_is_named_by_no_case(service: RunningService) -> None:
    """SD-01, SA-19: the merger may be heard of after the deletion."""
    me, gone = caller(*ALL), new_id()
    customer_id = tell_of_customer(service, me)
    kept = tell_of_contact(service, me, customer_id)
    case = a_case(service, me, customer_id=customer_id, contact_id=gone)
    tell_of_contact(service, me, customer_id, contact_id=kept, event="deleted", version=3)
    tell_of_merger(service, gone, kept)
    assert service.call("get_case", me, case_id=case["id"])["contact_id"] is None


def test_whoever_has_the_customer_sees_its_cases_and_so_do_their_superiors(service: RunningService) -> None:
    """SD-01 (M-37): seeing is not changing."""
    agent, seller, boss = (
        caller("case.read:all", "case.write:all", "customer.read:all"),
        caller(*ALL),
        caller(*ALL),
    )
    an_account(service, seller, manager_id=boss.account_id)
    customer_id = tell_of_customer(service, seller)
    case = a_case(service, agent, customer_id=customer_id)
    own = a_case(service, seller, customer_id=customer_id)
    foreign = a_case(service, agent)
    for who in (seller, boss):
        assert found(service, who) == [own["id"], case["id"]]
        page = service.call("list_cases", who, query={"count": "true", "limit": "1", "sort": "created_at"})
        assert ([item["id"] for item in page["items"]], page["total"]) == ([case["id"]], 2)
        rest = service.call(
            "list_cases", who, query={"limit": "1", "sort": "created_at", "cursor": page["next"]}
        )
        assert [item["id"] for item in rest["items"]] == [own["id"]]
        assert service.call("get_case", who, case_id=case["id"]) == {**case, "can": []}
        assert service.call("list_case_history", who, case_id=case["id"], query={})["items"]
        with pytest.raises(Forbidden):
            step(service, who, "start", case)
        with pytest.raises(NotFound):
            service.call("get_case", who, case_id=foreign["id"])
    assert found(service, agent, **{"filter[customer_owner_id]": str(seller.account_id)}) == [
        own["id"],
        case["id"],
    ]


def test_a_customer_s_new_owner_sees_its_cases_and_the_old_one_no_more(service: RunningService) -> None:
    """SD-01 (M-37): also where the news of the customer came after the case, and after a merger."""
    agent, old, new = caller("case.read:all", "case.write:all"), caller(*ALL), caller(*ALL)
    customer_id, gone = new_id(), new_id()
    case, merged = (a_case(service, agent, customer_id=customer) for customer in (customer_id, gone))
    assert found(service, old) == []
    tell_of_customer(service, old, customer_id=customer_id)
    assert found(service, old) == [case["id"]]
    merger = {"customer_id": gone, "kept_customer_id": customer_id}
    service.deliver_and_wait("customer", "customer.merged", merger)
    assert found(service, old) == [merged["id"], case["id"]]
    tell_of_customer(service, new, customer_id=customer_id, version=2)
    tell_of_customer(service, old, customer_id=customer_id, version=1)
    assert (found(service, old), found(service, new)) == ([], [merged["id"], case["id"]])
    assert service.call("get_case", new, case_id=case["id"])["version"] == case["version"]


def test_the_feed_tells_whoever_sees_a_case_what_happens_to_it(service: RunningService) -> None:
    """SD-01 (M-27): its notes too; what happened while somebody else had the customer stays theirs."""
    agent, old, new, boss = (
        caller("case.read:all", "case.write:all"),
        caller(*ALL),
        caller(*ALL),
        caller(*ALL),
    )
    an_account(service, old, manager_id=boss.account_id)
    customer_id = tell_of_customer(service, old)
    begin = service.call("read_events", agent, after="end")["position"]
    case = a_case(service, caller("*:all", account_id=agent.account_id), customer_id=customer_id)
    service.call("create_case_note", agent, case_id=case["id"], data={"text": "已致电客户"})
    tell_of_customer(service, new, customer_id=customer_id, version=2)
    step(service, agent, "start", case)

    def told(who: Caller) -> list[str]:
        return [event["type"] for event in service.call("read_events", who, after=begin)["items"]]

    wait_until(lambda: len(told(agent)) == 3)
    assert told(old) == told(boss) == ["case.opened", "case.noted"]
    assert told(new) == ["case.started"]
    assert told(caller(*ALL)) == []


def test_many_reports_cases_are_each_shown_once(service: RunningService) -> None:
    """SD-01: whether few people are asked for or many, in one order, without doubles."""
    boss, agent = caller(*ALL), caller("case.read:all", "case.write:all", "customer.read:all")
    people = [caller(*ALL) for _ in range(26)]
    cases: list[str] = []
    for place, person in enumerate(people):
        an_account(service, person, manager_id=boss.account_id)
        customer_id = tell_of_customer(service, people[place - 1])
        cases.append(a_case(service, agent, customer_id=customer_id, handler_id=person.account_id)["id"])
        if place in (1, 25):
            shown = found(service, boss, sort="created_at", limit="100")
            assert shown == cases
            by_text = {"filter[subject][contains]": "导出", "sort": "created_at", "limit": "100"}
            assert found(service, boss, **by_text) == cases


def test_the_customer_service_s_own_examples_of_contacts_are_understood(service: RunningService) -> None:
    """SD-01: the publisher's contract file and this consumer fit together."""
    messages = json.loads(CUSTOMER_EVENTS.read_text(encoding="utf-8"))["components"]["messages"]
    for name in ("Created", "Updated", "Merged", "Deleted"):
        payload = messages[f"Contact{name}"]["examples"][0]["payload"]["data"]
        service.deliver_and_wait("customer", f"contact.{name.lower()}", payload)
    assert service.failures() == []
