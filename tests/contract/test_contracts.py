"""The contract service through its entrypoints."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from servicekit import Caller, Conflict, Invalid, NotFound, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.flows import bind

ALL = ("contract.read", "contract.write", "contract.sign", "contract.complete")


def a_customer(service: RunningService, **values: Any) -> UUID:
    """Tell the service of a customer whom everybody may name, and return its id."""
    customer = {"customer_id": new_id(), "name": "云图科技", "status": "basic", "version": 1, **values}
    service.deliver_and_wait("customer", "customer.created", customer)
    return UUID(str(customer["customer_id"]))


def a_contract(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    """Create a draft over 12,000 to be paid at once, with what the test changes."""
    data = {
        "name": "上海云图科技 年度合同", "nature": "income", "payment_mode": "one_off",
        "customer_id": values.get("customer_id") or a_customer(service),
        **({} if "lines" in values else {"amount": "12000.00"}), **values,
    }  # fmt: skip
    created: dict[str, Any] = service.call("create_contract", who, data=data)
    return created


def signed(service: RunningService, who: Caller, **values: Any) -> dict[str, Any]:
    contract_id = a_contract(service, who, **values)["id"]
    service.call("submit_contract", who, contract_id=contract_id)
    contract: dict[str, Any] = service.call(
        "sign_contract", who, contract_id=contract_id, data={"signed_on": "2026-11-22"}
    )
    return contract


def test_a_draft_gets_a_number_and_belongs_to_whoever_made_it(service: RunningService) -> None:
    """CT-12, GW-57."""
    me = caller(*ALL)
    contract = a_contract(service, me)
    assert contract["status"] == "draft"
    assert contract["number"].startswith("HT") and contract["number"].endswith("-0001")
    assert contract["owner_id"] == contract["signer_id"] == str(me.account_id)


def test_bad_input_is_told_field_by_field_and_changes_nothing(service: RunningService) -> None:
    me = caller(*ALL)
    with pytest.raises(Invalid) as refused:
        a_contract(
            service, me, amount="1e3", nature="gift", lines=[{"quantity": "0", "price": "1_000"}], colour=1
        )
    fields = {error["field"] for error in refused.value.errors}
    assert fields == {"amount", "nature", "lines.0.quantity", "lines.0.price", "colour"}
    assert service.published() == []


@pytest.mark.parametrize("field", ["lines", "payment_terms"])
def test_thousands_of_lines_are_refused_at_once(service: RunningService, field: str) -> None:
    """(M-02)"""
    part = {"quantity": "1", "price": "1"} if field == "lines" else {"due_on": "2026-12-31", "amount": "1"}
    with pytest.raises(Invalid) as refused:
        a_contract(service, caller(*ALL), **{field: [part] * 8000})
    assert [error["field"] for error in refused.value.errors] == [field]


def test_without_a_flow_a_submitted_contract_is_approved_at_once(service: RunningService) -> None:
    """CT-03."""
    me = caller(*ALL)
    contract = a_contract(service, me)
    assert service.call("submit_contract", me, contract_id=contract["id"])["status"] == "approved"


def bind_a_flow(
    service: RunningService, where: dict[str, Any] | None = None, priority: int = 0, **condition: str
) -> str:
    return bind(service, "contract", "submit", where=where, priority=priority, condition=condition)


def test_a_bound_flow_makes_it_wait_and_the_decision_moves_it_on(service: RunningService) -> None:
    """CT-03, CT-04."""
    me = caller(*ALL)
    flow_id = bind_a_flow(service, nature="income", amount_from="10000.00")
    contract = service.call("submit_contract", me, contract_id=a_contract(service, me)["id"])
    assert contract["status"] == "pending_approval"
    event = service.published("contract.submitted")[0].data
    assert event["flow_id"] == flow_id
    asked = service.published("approval.asked")[0].data
    assert (asked["approval_id"], asked["flow_id"], asked["step"]) == (
        event["approval_id"],
        flow_id,
        "submit",
    )
    assert (
        asked["facts"]["amount"] == "12000.00"
        and asked["title"] == f"{contract['number']} {contract['name']}"
    )
    decision = {
        "approval_id": event["approval_id"], "subject_type": "contract", "subject_id": contract["id"],
        "outcome": "approved",
    }  # fmt: skip
    service.deliver_and_wait("identity", "approval.decided", {**decision, "approval_id": new_id()})
    assert service.call("get_contract", me, contract_id=contract["id"])["status"] == "pending_approval"
    service.deliver_and_wait("identity", "approval.decided", decision)
    assert service.call("get_contract", me, contract_id=contract["id"])["status"] == "approved"
    service.deliver_and_wait("identity", "approval.decided", {**decision, "outcome": "rejected"})
    assert service.call("get_contract", me, contract_id=contract["id"])["status"] == "approved"


def test_a_flow_binds_only_what_it_is_meant_for(service: RunningService) -> None:
    """CT-03."""
    me = caller(*ALL)
    bind_a_flow(service, nature="income", amount_from="10000.00")
    small = a_contract(service, me, amount="9999.99")
    expense = a_contract(service, me, nature="expense")
    for contract in (small, expense):
        assert service.call("submit_contract", me, contract_id=contract["id"])["status"] == "approved"


def test_nobody_slips_under_a_flow_by_another_currency_or_by_lines(service: RunningService) -> None:
    """CT-03, CT-11 (M-13): amount and currency of what is signed are what is judged."""
    me = caller(*ALL)
    bind_a_flow(service, currency="CNY", amount_from="100000.00")
    dollars = a_contract(service, me, currency="USD", amount="1.00")
    lines = a_contract(service, me, lines=[{"name": "服务器", "quantity": "2", "price": "50000"}])
    with pytest.raises(Invalid) as refused:
        service.call("update_contract", me, contract_id=lines["id"], data={"amount": "99999.00"})
    assert refused.value.errors[0]["field"] == "amount"
    small = a_contract(service, me, amount="99999.99")
    for contract, status in ((dollars, "pending_approval"), (lines, "pending_approval"), (small, "approved")):
        submitted = service.call("submit_contract", me, contract_id=contract["id"])
        assert (submitted["status"], submitted["amount"]) == (status, contract["amount"])
    told = service.published("contract.submitted")[1].data
    assert (told["amount"], told["currency"]) == ("100000.00", "CNY")


def test_the_flow_for_a_contract_s_own_currency_comes_first(service: RunningService) -> None:
    """CT-03 (M-13): also before one from a greater amount, which it falls under because nobody can compare."""
    me = caller(*ALL)
    yuan = bind_a_flow(service, currency="CNY", amount_from="100000.00")
    dollars = bind_a_flow(service, currency="USD", amount_from="15000.00")
    bind_a_flow(service, nature="income")
    for amount, flow_id in (("15000.00", dollars), ("14999.99", yuan)):
        contract = a_contract(service, me, currency="USD", amount=amount)
        service.call("submit_contract", me, contract_id=contract["id"])
        assert service.published("contract.submitted")[-1].data["flow_id"] == flow_id


def test_a_flow_is_for_what_its_tree_of_conditions_means(service: RunningService) -> None:
    """CT-03, GW-56 (decision 41)."""
    me = caller(*ALL)
    large = {"field": "amount", "operator": "gte", "value": "50000.00"}
    named = {"field": "name", "operator": "contains", "value": "ＶＩＰ"}
    flow_id = bind_a_flow(service, {"any": [large, named]}, nature="income")
    for values, status in (
        ({"amount": "50000.00"}, "pending_approval"), ({"name": "vip 年度合同"}, "pending_approval"),
        ({"amount": "49999.99"}, "approved"), ({"amount": "50000.00", "nature": "expense"}, "approved"),
    ):  # fmt: skip
        contract = a_contract(service, me, **values)
        assert service.call("submit_contract", me, contract_id=contract["id"])["status"] == status, values
    assert {event.data["flow_id"] for event in service.published("contract.submitted")} == {flow_id, None}


def test_the_flow_of_the_highest_priority_comes_first_and_one_that_cannot_be_read_is_for_all(
    service: RunningService,
) -> None:
    """CT-03, GW-56: nobody slips under a flow because its conditions are of another release."""
    me = caller(*ALL)
    bind_a_flow(service, currency="CNY", amount_from="10000.00")
    first = bind_a_flow(service, {"not": {"field": "name", "operator": "empty"}}, priority=1)
    second = bind_a_flow(service, {"field": "colour", "operator": "eq", "value": "red"}, priority=2)
    for flow_id in (second, first):
        contract = a_contract(service, me, amount="12000.00")
        service.call("submit_contract", me, contract_id=contract["id"])
        told = service.published("contract.submitted")[-1].data
        assert told["flow_id"] == flow_id
        bind(service, "contract", "submit", id=second, active=False, version=2)


def test_signing_tells_what_is_to_be_paid(service: RunningService) -> None:
    """CT-05, CT-10."""
    me = caller(*ALL)
    terms = [{"due_on": "2027-01-31", "amount": "5000.00"}, {"due_on": "2027-06-30", "amount": "7000.00"}]
    contract = signed(service, me, payment_mode="instalments", payment_terms=terms)
    event = service.published("contract.signed")[0].data
    assert [term["amount"] for term in event["payment_terms"]] == ["5000.00", "7000.00"]
    assert sum(Decimal(term["amount"]) for term in event["payment_terms"]) == Decimal(contract["amount"])
    assert event["version"] == contract["version"]


def test_only_an_approved_contract_can_be_signed_and_only_once(service: RunningService) -> None:
    """CT-05."""
    me = caller(*ALL)
    draft = a_contract(service, me)
    for contract in (draft, signed(service, me)):
        with pytest.raises(Conflict) as refused:
            service.call("sign_contract", me, contract_id=contract["id"], data={"signed_on": "2026-11-22"})
        assert refused.value.code == "contract-not-approved"
    assert len(service.published("contract.signed")) == 1


def test_who_signed_is_noted_at_the_signature_and_stays_where_nobody_says_otherwise(
    service: RunningService,
) -> None:
    """CT-05, CT-12, (W-6)."""
    me = caller(*ALL)
    other = service.employ()
    for said, signers in (
        ({"signer_id": str(other), "customer_signer": "李总"}, (str(other), "李总")),
        ({}, (str(me.account_id), None)),
    ):
        contract = a_contract(service, me)
        service.call("submit_contract", me, contract_id=contract["id"])
        answer = service.call(
            "sign_contract", me, contract_id=contract["id"], data={"signed_on": "2026-11-22", **said}
        )
        assert (answer["signer_id"], answer["customer_signer"]) == signers
        event = service.published("contract.signed")[-1].data
        assert (event["signer_id"], event["customer_signer"]) == signers


def test_an_approved_contract_cannot_be_edited_or_deleted(service: RunningService) -> None:
    """CT-04."""
    me = caller(*ALL)
    contract = a_contract(service, me)
    service.call("submit_contract", me, contract_id=contract["id"])
    with pytest.raises(Conflict):
        service.call("update_contract", me, contract_id=contract["id"], data={"name": "改名"})
    with pytest.raises(Conflict):
        service.call("delete_contract", me, contract_id=contract["id"])


def test_a_draft_can_be_changed_and_deleted(service: RunningService) -> None:
    """CT-02."""
    me = caller(*ALL)
    contract = a_contract(service, me)
    changed = service.call("update_contract", me, contract_id=contract["id"], data={"name": "改名"})
    assert (changed["name"], changed["version"]) == ("改名", 2)
    service.call("delete_contract", me, contract_id=contract["id"])
    with pytest.raises(NotFound):
        service.call("get_contract", me, contract_id=contract["id"])


def test_a_stale_version_is_refused(service: RunningService) -> None:
    me = caller(*ALL)
    contract = a_contract(service, me)
    arguments = {"contract_id": contract["id"], "data": {"name": "改名"}}
    service.call("update_contract", me, headers={"if_match": "1"}, **arguments)
    with pytest.raises(Conflict) as refused:
        service.call("update_contract", me, headers={"if_match": "1"}, **arguments)
    assert refused.value.code == "stale-version"


def test_deliveries_are_noted_on_signed_contracts_only_and_then_it_is_completed(
    service: RunningService,
) -> None:
    """CT-06, CT-07."""
    me = caller(*ALL)
    line = {"name": "服务器", "quantity": "2", "price": "6000"}
    contract = signed(service, me, lines=[line])
    delivery = {"line_id": contract["lines"][0]["id"], "quantity": "1.5", "delivered_on": "2026-11-23"}
    noted = service.call("record_delivery", me, contract_id=contract["id"], data=delivery)
    assert noted["lines"][0]["delivered_quantity"] == "1.5"
    done = {"contract_id": contract["id"], "data": {"completed_on": "2026-11-24"}}
    assert service.call("complete_contract", me, **done)["status"] == "completed"
    with pytest.raises(Conflict):
        service.call("record_delivery", me, contract_id=contract["id"], data=delivery)


def test_the_same_idempotency_key_signs_once(service: RunningService) -> None:
    me = caller(*ALL)
    contract = a_contract(service, me)
    service.call("submit_contract", me, contract_id=contract["id"])
    headers = {"idempotency_key": "sign-1"}
    arguments = {"contract_id": contract["id"], "data": {"signed_on": "2026-11-22"}}
    first = service.call("sign_contract", me, headers=headers, **arguments)
    assert service.call("sign_contract", me, headers=headers, **arguments) == first
    arguments["data"] = {"signed_on": "2026-11-23"}
    with pytest.raises(Invalid) as refused:
        service.call("sign_contract", me, headers=headers, **arguments)
    assert refused.value.code == "idempotency-key-reused"


def test_every_event_leaves_the_service(service: RunningService) -> None:
    me = caller(*ALL)
    signed(service, me)
    wait_until(lambda: all(event.published_at for event in service.published()))
    assert [e.type for e in service.published()] == [
        "contract.created",
        "contract.submitted",
        "contract.signed",
    ]


def test_contracts_are_sorted_by_their_end_and_one_without_comes_last(service: RunningService) -> None:
    """(W-2) CT-12: page by page."""
    me = caller(*ALL)
    late = a_contract(service, me, starts_on="2026-01-01", ends_on="2028-12-31")["id"]
    endless = a_contract(service, me)["id"]
    early = a_contract(service, me, starts_on="2026-01-01", ends_on="2026-12-31")["id"]
    for who in (me, caller("contract.read:all")):
        for sort, expected in (("ends_on", [early, late, endless]), ("-ends_on", [endless, late, early])):
            seen: list[str] = []
            query = {"sort": sort, "limit": "1"}
            while query:
                page = service.call("list_contracts", who, query=query)
                seen += [item["id"] for item in page["items"]]
                query = {**query, "cursor": page["next"]} if page["next"] else {}
            assert seen == expected


def test_a_contract_is_searched_by_name_and_by_a_part_of_its_number(service: RunningService) -> None:
    """(W-2)"""
    me = caller(*ALL)
    contract = a_contract(service, me, name="云山 年度框架")
    a_contract(service, me, name="别家")
    for asked in ("云山年度", contract["number"], contract["number"].lower()[-6:]):
        query = {"filter[search][contains]": asked}
        found = service.call("list_contracts", me, query=query)["items"]
        assert [each["id"] for each in found] == [contract["id"]], asked
        assert service.call("list_contracts", caller(*ALL), query=query)["items"] == []
