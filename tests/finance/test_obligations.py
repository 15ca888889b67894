"""Receivables and payables through the service's entrypoints."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from servicekit import Invalid, NotFound, new_id
from servicekit.nouns import following
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.finance.builders import SALES, a_contract, a_receivable, a_term, finance_person, now, receive, sign

SERVICES = Path(__file__).parents[2] / "services"


def example_of(service: str, event: str) -> dict[str, Any]:
    """Return the payload that a publisher shows as an example in its contract file."""
    document = json.loads((SERVICES / service / "api/asyncapi.json").read_text(encoding="utf-8"))
    payload: dict[str, Any] = document["components"]["messages"][event]["examples"][0]["payload"]["data"]
    return payload


def test_a_signed_contract_raises_a_receivable_and_says_so(service: RunningService) -> None:
    """FI-01."""
    contract = a_contract()
    service.deliver_and_wait("contract", "contract.signed", contract)
    page = service.call("list_receivables", finance_person(), query={})
    item = page["items"][0]
    assert {
        name: item[name] for name in ("contract_id", "customer_id", "owner_id", "currency", "amount")
    } == {name: contract[name] for name in ("contract_id", "customer_id", "owner_id", "currency", "amount")}
    assert (item["contract_number"], item["summary"]) == (contract["number"], contract["name"])
    assert (item["settled_amount"], item["outstanding_amount"], item["bad_debt_amount"]) == (
        "0.00",
        "12000.00",
        "0.00",
    )
    assert (item["status"], item["due_on"], item["incurred_on"]) == ("unsettled", "2026-11-22", "2026-11-22")
    event = service.published("receivable.raised")[0]
    assert event.data["receivable_id"] == item["id"] == str(event.subject)
    assert event.data["amount"] == "12000.00"


def test_the_contract_service_s_own_example_is_understood(service: RunningService) -> None:
    """FI-04: the publisher's contract file and this consumer fit together."""
    example = example_of("contract", "ContractSigned")
    service.deliver_and_wait("contract", "contract.signed", example)
    items = service.call("list_receivables", finance_person(), query={"sort": "due_on"})["items"]
    assert [(item["due_on"], item["amount"]) for item in items] == [
        (term["due_on"], term["amount"]) for term in example["payment_terms"]
    ]


def test_an_expense_contract_raises_a_payable_and_a_descriptive_one_nothing(service: RunningService) -> None:
    """FI-01."""
    me = finance_person()
    payable = sign(service, nature="expense")[0]
    sign(service, nature="descriptive", payment_mode="none")
    sign(service, payment_mode="none")
    assert service.call("get_payable", me, payable_id=payable["id"])["amount"] == "12000.00"
    assert service.call("list_receivables", me, query={})["items"] == []
    assert [event.type for event in service.published()] == ["payable.raised"]
    with pytest.raises(NotFound):
        service.call("get_receivable", me, receivable_id=payable["id"])


def test_however_often_a_signature_is_told_the_rows_are_raised_once(service: RunningService) -> None:
    """FI-04."""
    terms = [a_term("2026-12-31", "5000.00"), a_term("2027-06-30", "7000.00")]
    contract = a_contract(payment_mode="instalments", payment_terms=terms)
    same_id = str(new_id())
    ids = [service.deliver("contract", "contract.signed", contract, id=same_id) for _ in range(3)]
    ids += [service.deliver("contract", "contract.signed", contract) for _ in range(3)]
    wait_until(lambda: all(service.handled(event_id) for event_id in ids))
    items = service.call("list_receivables", finance_person(), query={"sort": "due_on"})["items"]
    assert [item["amount"] for item in items] == ["5000.00", "7000.00"]
    assert len(service.published("receivable.raised")) == 2
    assert service.failures() == []


def test_terms_that_do_not_add_up_are_parked_and_raise_nothing(service: RunningService) -> None:
    """FI-01: refused loudly, so that somebody looks at it; the queue goes on."""
    terms = [a_term("2026-12-31", "5000.00"), a_term("2027-06-30", "6999.99")]
    wrong = a_contract(payment_mode="instalments", payment_terms=terms)
    service.deliver("contract", "contract.signed", wrong)
    wait_until(lambda: [failure for failure in service.failures() if failure.state == "parked"])
    assert "sum to 11999.99" in service.failures()[0].error
    service.deliver("contract", "contract.signed", a_contract())
    wait_until(lambda: service.published("receivable.raised"))
    assert len(service.call("list_receivables", finance_person(), query={})["items"]) == 1


def test_salespeople_see_their_own_receivables_only(service: RunningService) -> None:
    """FI-01, FI-14."""
    seller, colleague = caller(*SALES), caller(*SALES)
    mine = a_receivable(service, owner_id=seller.account_id)
    payable = sign(service, nature="expense", owner_id=seller.account_id)[0]
    for who, seen in ((seller, [mine["id"]]), (colleague, [])):
        page = service.call("list_receivables", who, query={"count": "true"})
        assert ([item["id"] for item in page["items"]], page["total"]) == (seen, len(seen))
        totals = service.call("total_receivables", who, query={})["items"]
        assert [total["count"] for total in totals] == [1] * len(seen)
    assert service.call("get_receivable", seller, receivable_id=mine["id"])["id"] == mine["id"]
    with pytest.raises(NotFound):
        service.call("get_receivable", colleague, receivable_id=mine["id"])
    with pytest.raises(NotFound):
        service.call("get_receivable", seller, receivable_id=payable["id"])


def test_a_superior_s_list_holds_receivables_and_no_payables(service: RunningService) -> None:
    """FI-01: the merged list of several owners keeps the two directions apart, too."""
    boss, agent = caller(*SALES), caller(*SALES)
    account = {
        "account_id": agent.account_id, "display_name": "张伟", "department_id": None,
        "manager_id": boss.account_id, "active": True, "version": 1,
    }  # fmt: skip
    service.deliver_and_wait("identity", "account.changed", account)
    theirs = a_receivable(service, owner_id=agent.account_id)
    own = a_receivable(service, owner_id=boss.account_id)
    sign(service, nature="expense", owner_id=agent.account_id)
    page = service.call("list_receivables", boss, query={"count": "true"})
    assert ([item["id"] for item in page["items"]], page["total"]) == ([own["id"], theirs["id"]], 2)


def test_lists_are_filtered_and_sorted(service: RunningService) -> None:
    """FI-01, FI-04."""
    me = finance_person()
    terms = [a_term("2026-12-31", "5000.00"), a_term("2027-06-30", "7000.00")]
    first, second = sign(service, payment_mode="instalments", payment_terms=terms)
    other = a_receivable(service, amount="80.00", currency="USD")
    receive(service, me, first, amount="5000.00")

    def found(**query: str) -> list[str]:
        return [item["id"] for item in service.call("list_receivables", me, query=query)["items"]]

    assert found(**{"filter[status]": "settled"}) == [first["id"]]
    assert found(**{"filter[due_on][gte]": "2027-01-01"}) == [second["id"]]
    assert found(**{"filter[currency]": "USD"}) == [other["id"]]
    assert found(**{"filter[customer_id]": other["customer_id"]}) == [other["id"]]
    assert found(**{"filter[owner_id]": other["owner_id"]}) == [other["id"]]
    assert found(**{"filter[summary][contains]": "云图"}, sort="due_on")[-2:] == [first["id"], second["id"]]
    assert found(sort="-amount") == [second["id"], first["id"], other["id"]]
    with pytest.raises(Invalid):
        found(colour="red")


def test_totals_are_exact_by_currency_and_follow_the_filters(service: RunningService) -> None:
    """FI-14."""
    me = finance_person()
    for cents in range(1, 8):
        a_receivable(service, amount=f"0.0{cents}", owner_id=me.account_id)
    dollars = a_receivable(service, amount="999999999999999.99", currency="USD")
    receive(service, me, dollars, amount="0.99")
    assert service.call("total_receivables", me, query={})["items"] == [
        {
            "currency": "CNY", "amount": "0.28", "settled_amount": "0.00", "outstanding_amount": "0.28",
            "bad_debt_amount": "0.00", "count": 7,
        },
        {
            "currency": "USD", "amount": "999999999999999.99", "settled_amount": "0.99",
            "outstanding_amount": "999999999999999.00", "bad_debt_amount": "0.00", "count": 1,
        },
    ]  # fmt: skip
    partial = service.call("total_receivables", me, query={"filter[status]": "partial"})["items"]
    assert [total["currency"] for total in partial] == ["USD"]
    assert service.call("total_payables", me, query={})["items"] == []
    for query in ({"sort": "amount"}, {"filter[colour]": "red"}, {"filter[due_on]": "soon"}):
        with pytest.raises(Invalid) as refused:
            service.call("total_receivables", me, query=query)
        assert refused.value.errors[0]["field"] == next(iter(query))


def test_a_filter_lets_the_same_rows_into_the_totals_as_into_the_list(service: RunningService) -> None:
    """FI-14, (K-3) A number is found as a reader compares it, and a state that there is none of is refused by both."""
    me = finance_person()
    number = a_receivable(service, owner_id=me.account_id)["contract_number"]
    a_receivable(service, owner_id=me.account_id)
    typed = {"filter[contract_number]": f" {number.lower()}"}
    listed = service.call("list_receivables", me, query=typed)["items"]
    assert sum(
        total["count"] for total in service.call("total_receivables", me, query=typed)["items"]
    ) == len(listed)
    assert listed
    for operation in ("list_receivables", "total_receivables"):
        with pytest.raises(Invalid):
            service.call(operation, me, query={"filter[status]": "forgotten"})


def a_customer(customer_id: str, name: str, version: int) -> dict[str, Any]:
    return {"customer_id": customer_id, "name": name, "owner_id": str(new_id()), "version": version}


def test_the_customer_s_name_is_shown_as_it_is_now_in_whatever_order_it_is_told(
    service: RunningService,
) -> None:
    """FI-01."""
    customer_id = str(new_id())
    receivable = a_receivable(service, customer_id=customer_id)
    assert receivable["customer_name"] is None
    service.deliver_and_wait("customer", "customer.updated", a_customer(customer_id, "云图科技集团", 2))
    service.deliver_and_wait("customer", "customer.created", a_customer(customer_id, "云图科技", 1))
    assert now(service, receivable)["customer_name"] == "云图科技集团"
    listed = service.call("list_receivables", finance_person(), query={})["items"]
    assert [item["customer_name"] for item in listed] == ["云图科技集团"]


def test_the_customer_s_name_is_shown_to_those_alone_who_may_see_the_customer(
    service: RunningService,
) -> None:
    """Whose the receivable is does not see the customer by that; whoever it is granted to does."""
    customer_id, me = str(new_id()), new_id()
    receivable = a_receivable(service, customer_id=customer_id, owner_id=str(me))
    grant = {
        "principal_id": str(me), "kind": "account", "reason": "share", "level": "view",
        "security_from": 10, "security_to": 100, "until": None,
    }  # fmt: skip
    seller = caller(*SALES, "customer.read", account_id=me)
    for version, grants, shown in ((1, [], None), (2, [grant], "云图"), (3, [], None)):
        told = {**a_customer(customer_id, "云图", version), "grants": grants}
        service.deliver_and_wait("customer", "customer.access_changed", told)
        one = service.call("get_receivable", seller, receivable_id=receivable["id"])
        (listed,) = service.call("list_receivables", seller, query={})["items"]
        assert one["customer_name"] == listed["customer_name"] == shown
    assert now(service, receivable)["customer_name"] == "云图"


def test_the_customer_service_s_own_examples_are_understood(service: RunningService) -> None:
    """FI-01: the publisher's contract file and this consumer fit together."""
    known, merger = example_of("customer", "CustomerCreated"), example_of("customer", "CustomerMerged")
    receivable = a_receivable(service, customer_id=merger["customer_id"])
    service.deliver_and_wait("customer", "customer.created", known)
    service.deliver_and_wait("customer", "customer.updated", example_of("customer", "CustomerUpdated"))
    service.deliver_and_wait("customer", "customer.merged", merger)
    assert merger["kept_customer_id"] == known["customer_id"]
    assert now(service, receivable)["customer_name"] == known["name"]


def test_after_a_merger_everything_is_with_the_customer_that_lives_on(service: RunningService) -> None:
    """FI-01, FI-07 (M-23): each changed record is told with its new version, once however often the merger is."""
    me, gone, kept = finance_person(), str(new_id()), str(new_id())
    service.deliver_and_wait("customer", "customer.created", a_customer(kept, "Acme", 1))
    early = a_receivable(service, customer_id=gone)
    receipt = receive(service, me, early, amount="12500.00", as_advance=True)
    merger = {"customer_id": gone, "kept_customer_id": kept}
    told = len(service.published())
    for _ in range(2):
        service.deliver_and_wait("customer", "customer.merged", merger)
    events = service.published()[told:]
    assert [event.type for event in events] == ["receivable.updated", "receipt.updated", "advance.updated"]
    assert {event.data["customer_id"] for event in events} == {kept}
    assert events[0].data["version"] == now(service, early)["version"]
    late = a_receivable(service, customer_id=gone)
    for receivable in (early, late):
        fresh = now(service, receivable)
        assert (fresh["customer_id"], fresh["customer_name"]) == (kept, "Acme")
    assert now(service, early)["version"] == early["version"] + 2
    fresh_receipt = service.call("get_receipt", me, receipt_id=receipt["id"])
    assert (fresh_receipt["customer_id"], fresh_receipt["customer_name"]) == (kept, "Acme")
    by_customer = {"filter[customer_id]": kept}
    advance = service.call("list_advances", me, query=by_customer)["items"][0]
    use = {"receivable_id": late["id"], "amount": "500.00"}
    assert service.call("apply_advance", me, advance_id=advance["id"], data=use)["open_amount"] == "0.00"


def test_mergers_that_are_told_in_the_wrong_order_end_at_the_same_customer(service: RunningService) -> None:
    """FI-07."""
    first, second, third = (str(new_id()) for _ in range(3))
    receivable = a_receivable(service, customer_id=first)
    for gone, kept in ((second, third), (first, second)):
        service.deliver_and_wait(
            "customer", "customer.merged", {"customer_id": gone, "kept_customer_id": kept}
        )
    assert now(service, receivable)["customer_id"] == third
    assert a_receivable(service, customer_id=first)["customer_id"] == third
    service.deliver_and_wait("customer", "customer.merged", {"customer_id": third, "kept_customer_id": first})


def test_large_and_small_instalments_add_up_to_the_cent(service: RunningService) -> None:
    """FI-04."""
    terms = [a_term("2026-12-31", "333333333333333.33")] * 2 + [a_term("2027-06-30", "333333333333333.33")]
    rows = sign(service, payment_mode="instalments", amount="999999999999999.99", payment_terms=terms)
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("999999999999999.99")


def test_a_receipt_that_is_booked_during_a_merger_goes_with_its_receivable(service: RunningService) -> None:
    """FI-07 (M-23): whatever comes first, nothing stays with the customer that goes."""
    me, gone, kept = finance_person(), str(new_id()), str(new_id())
    receivables = [a_receivable(service, customer_id=gone) for _ in range(4)]
    merger = service.deliver("customer", "customer.merged", {"customer_id": gone, "kept_customer_id": kept})
    receipts = [receive(service, me, receivable) for receivable in receivables]
    wait_until(lambda: service.handled(merger))
    for receipt in receipts:
        assert service.call("get_receipt", me, receipt_id=receipt["id"])["customer_id"] == kept
    assert [event.data["customer_id"] for event in service.published("receivable.updated")] == [kept] * 4


def test_a_merger_of_many_records_goes_on_in_portions(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FI-07 (M-23)."""
    monkeypatch.setattr(following, "PORTION", 2)
    gone, kept = str(new_id()), str(new_id())
    terms = [a_term(f"2027-0{month}-28", "2400.00") for month in range(1, 6)]
    rows = sign(service, customer_id=gone, payment_mode="instalments", payment_terms=terms)
    other = a_receivable(service)
    service.deliver_and_wait("customer", "customer.merged", {"customer_id": gone, "kept_customer_id": kept})
    assert {now(service, row)["customer_id"] for row in rows} == {kept}
    assert now(service, other) == other
    told = service.published("receivable.updated")
    assert sorted(str(event.subject) for event in told) == sorted(row["id"] for row in rows)
