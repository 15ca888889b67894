"""Whom a contract is with, who keeps it, and which opportunity it comes from (CT-21)."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from servicekit import Caller, Conflict, Invalid, OperationError, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract, signed
from tests.contract.test_customers import merge, tell_of_customer

SELLING = (*ALL, "customer.read", "opportunity.read")
SALES_EVENTS = Path(__file__).parents[2] / "services/sales/api/asyncapi.json"


def tell_of_opportunity(service: RunningService, owner: Caller, customer_id: Any, **values: Any) -> UUID:
    """Tell the service of an opportunity as it is now, and return its id."""
    event = values.pop("event", "created")
    opportunity = {
        "opportunity_id": new_id(), "name": "CRM 项目", "owner_id": owner.account_id, "customer_id": customer_id,
        "status": "open", "version": 1, **values,
    }  # fmt: skip
    service.deliver_and_wait("sales", f"opportunity.{event}", opportunity)
    return UUID(str(opportunity["opportunity_id"]))


def refused(asked: Callable[[], Any]) -> tuple[str, str]:
    """Return the code and the first field with which a request is refused."""
    with pytest.raises(OperationError) as error:
        asked()
    return error.value.code, error.value.errors[0]["field"]


def from_opportunity(service: RunningService, who: Caller, opportunity_id: Any, **values: Any) -> Any:
    """Draft a contract that comes from an opportunity and names no customer, but for what the test says."""
    data = {
        "name": "年度合同", "nature": "income", "payment_mode": "one_off", "amount": "12000.00",
        "opportunity_id": opportunity_id, **values,
    }  # fmt: skip
    return service.call("create_contract", who, data=data)


def test_a_customer_that_is_foreign_unknown_or_invalid_gets_no_contract(service: RunningService) -> None:
    """CT-21 (M-22, M-37)."""
    me, mine, foreign, invalid = caller(*SELLING), new_id(), new_id(), new_id()
    tell_of_customer(service, mine, me)
    tell_of_customer(service, foreign, caller())
    tell_of_customer(service, invalid, me, event="invalidated", status="invalid")
    for customer_id, code in (
        (foreign, "unknown-customer"), (uuid4(), "unknown-customer"), (invalid, "customer-invalid"),
    ):  # fmt: skip
        asked = partial(a_contract, service, me, customer_id=customer_id)
        assert refused(asked) == (code, "customer_id")
    draft = a_contract(service, me, customer_id=mine)
    for customer_id in (foreign, invalid):
        data = {"customer_id": customer_id}
        with pytest.raises((Invalid, Conflict)):
            service.call("update_contract", me, contract_id=draft["id"], data=data)
    assert service.call("get_contract", me, contract_id=draft["id"]) == draft
    assert len(service.published()) == 1


def test_what_a_draft_names_already_is_judged_again_when_it_is_handed_in(service: RunningService) -> None:
    """CT-21, CU-08 (M-22): a customer that is taken out of use keeps its drafts, which can be changed and no more."""
    me, customer_id = caller(*SELLING), new_id()
    tell_of_customer(service, customer_id, me)
    draft = a_contract(service, me, customer_id=customer_id)
    tell_of_customer(service, customer_id, me, event="invalidated", status="invalid", version=2)
    changed = service.call(
        "update_contract", me, contract_id=draft["id"], data={"name": "改名", "customer_id": customer_id}
    )
    assert changed["name"] == "改名"
    submit = partial(service.call, "submit_contract", me, contract_id=draft["id"])
    assert refused(submit) == ("customer-invalid", "customer_id")
    assert service.call("get_contract", me, contract_id=draft["id"]) == changed
    tell_of_customer(service, customer_id, me, version=3)
    assert submit()["status"] == "approved"
    tell_of_customer(service, customer_id, me, event="invalidated", status="invalid", version=4)
    sign = partial(
        service.call, "sign_contract", me, contract_id=draft["id"], data={"signed_on": "2026-11-22"}
    )
    assert refused(sign) == ("customer-invalid", "customer_id")
    assert service.published("contract.signed") == []


def test_nothing_is_handed_in_or_signed_for_a_customer_or_an_opportunity_that_is_not_known(
    service: RunningService,
) -> None:
    """CT-21: a draft takes an id of the last hour as news on its way; where it counts the news must have come."""
    me, customer_id = caller(*SELLING), new_id()
    draft = a_contract(service, me, customer_id=customer_id)
    submit = partial(service.call, "submit_contract", me, contract_id=draft["id"])
    assert refused(submit) == ("unknown-customer", "customer_id")
    assert service.call("get_contract", me, contract_id=draft["id"]) == draft
    assert service.published("contract.submitted") == []
    tell_of_customer(service, customer_id, me)
    assert submit()["status"] == "approved"
    opportunity_id = new_id()
    sold = a_contract(service, me, customer_id=customer_id, opportunity_id=opportunity_id)
    submit = partial(service.call, "submit_contract", me, contract_id=sold["id"])
    assert refused(submit) == ("unknown-opportunity", "opportunity_id")
    tell_of_opportunity(service, me, customer_id, opportunity_id=opportunity_id)
    assert submit()["status"] == "approved"


def test_a_merger_that_is_heard_of_before_the_customer_that_lives_on_makes_nobody_known(
    service: RunningService,
) -> None:
    """CT-21, SA-19: also at the signature, for what was handed in while the first was known."""
    me, gone, kept = caller(*SELLING), new_id(), new_id()
    tell_of_customer(service, gone, me)
    draft = a_contract(service, me, customer_id=gone)
    service.call("submit_contract", me, contract_id=draft["id"])
    merge(service, gone, kept)
    sign = partial(
        service.call, "sign_contract", me, contract_id=draft["id"], data={"signed_on": "2026-11-22"}
    )
    assert refused(sign) == ("unknown-customer", "customer_id")
    tell_of_customer(service, kept, me)
    assert sign()["status"] == "signed"


def test_a_line_of_neither_a_product_nor_words_is_refused(service: RunningService) -> None:
    """CT-18: in a new contract and in a draft, at its field."""
    me, nothing = caller(*SELLING), {"quantity": "1", "price": "10"}
    draft = a_contract(service, me)
    for parts in ({}, {"name": None}, {"product_id": None, "name": None}):
        lines = [{**nothing, "product_id": str(new_id())}, {**nothing, **parts}]
        assert refused(partial(a_contract, service, me, lines=lines)) == ("invalid-input", "lines.1.name")
        change = partial(service.call, "update_contract", me, contract_id=draft["id"])
        assert refused(partial(change, data={"lines": lines})) == ("invalid-input", "lines.1.name")
    assert service.call("get_contract", me, contract_id=draft["id"]) == draft


def test_a_contract_takes_over_its_opportunity_s_customer(service: RunningService) -> None:
    """CT-21 (M-37)."""
    me, customer_id, other = caller(*SELLING), new_id(), new_id()
    for known in (customer_id, other):
        tell_of_customer(service, known, me)
    opportunity_id = tell_of_opportunity(service, me, customer_id)
    contract = from_opportunity(service, me, opportunity_id)
    assert (contract["customer_id"], contract["opportunity_id"]) == (str(customer_id), str(opportunity_id))
    again = from_opportunity(service, me, opportunity_id, customer_id=customer_id)
    assert again["customer_id"] == str(customer_id)
    code = ("opportunity-of-another-customer", "opportunity_id")
    assert refused(partial(from_opportunity, service, me, opportunity_id, customer_id=other)) == code
    draft = a_contract(service, me, customer_id=other)
    data = {"opportunity_id": opportunity_id}
    assert refused(partial(service.call, "update_contract", me, contract_id=draft["id"], data=data)) == code
    data = {"opportunity_id": opportunity_id, "customer_id": customer_id}
    changed = service.call("update_contract", me, contract_id=draft["id"], data=data)
    assert changed["customer_id"] == str(customer_id)


def test_a_customer_that_a_conversion_was_merged_into_is_taken_over_though_it_is_somebody_else_s(
    service: RunningService,
) -> None:
    """CT-21, SA-19: sales has let the seller sell to it; the opportunity's id for it may be the old one."""
    me, gone, kept = caller(*SELLING), new_id(), new_id()
    tell_of_customer(service, kept, caller())
    opportunity_id = tell_of_opportunity(service, me, gone)
    merge(service, gone, kept)
    assert from_opportunity(service, me, opportunity_id)["customer_id"] == str(kept)
    assert from_opportunity(service, me, opportunity_id, customer_id=gone)["customer_id"] == str(kept)
    tell_of_customer(service, kept, caller(), event="invalidated", status="invalid", version=2)
    assert refused(partial(from_opportunity, service, me, opportunity_id)) == (
        "customer-invalid",
        "customer_id",
    )


def test_an_opportunity_that_is_foreign_or_unknown_is_none(service: RunningService) -> None:
    """CT-21 (M-37)."""
    me, customer_id = caller(*SELLING), new_id()
    foreign = tell_of_opportunity(service, caller(), customer_id)
    for opportunity_id in (foreign, uuid4()):
        asked = partial(from_opportunity, service, me, opportunity_id, customer_id=customer_id)
        assert refused(asked) == ("unknown-opportunity", "opportunity_id")
    assert refused(partial(from_opportunity, service, me, None)) == ("invalid-input", "customer_id")
    news = from_opportunity(service, me, new_id(), customer_id=customer_id)
    assert news["customer_id"] == str(customer_id)


def test_a_contract_by_an_opportunity_that_is_not_known_yet_is_asked_for_again_later(
    service: RunningService,
) -> None:
    """CT-21 (M-15): right after a conversion."""
    me, customer_id, news = caller(*SELLING), new_id(), new_id()
    with pytest.raises(Invalid) as error:
        from_opportunity(service, me, news)
    (told,) = error.value.errors
    assert told["field"] == "customer_id" and "on its way: try again" in told["message"]
    tell_of_opportunity(service, me, customer_id, opportunity_id=news)
    assert from_opportunity(service, me, news)["customer_id"] == str(customer_id)
    nobody = tell_of_opportunity(service, me, None)
    with pytest.raises(Invalid, match="invalid") as error:
        from_opportunity(service, me, nobody)
    assert "Name a customer" in error.value.errors[0]["message"]


def test_owner_and_signer_are_people_who_are_here(service: RunningService) -> None:
    """CT-12, CT-13 (M-22)."""
    me = caller("contract.read:all", "contract.write:all")
    here, left = str(service.employ()), str(service.employ(active=False))
    for field in ("owner_id", "signer_id"):
        for account_id, code in ((left, "account-left"), (new_id(), "unknown-account")):
            assert refused(partial(a_contract, service, me, **{field: account_id})) == (code, field)
        assert a_contract(service, me, **{field: here})[field] == here


def test_a_signed_contract_keeps_its_parties(service: RunningService) -> None:
    """CT-05."""
    me, customer_id = caller(*SELLING), new_id()
    contract = signed(service, me)
    with pytest.raises(Conflict) as error:
        data = {"customer_id": customer_id}
        service.call("update_contract", me, contract_id=contract["id"], data=data)
    assert error.value.code == "contract-not-draft"


def test_the_sales_service_s_own_examples_are_understood(service: RunningService) -> None:
    """CT-21: the publisher's contract file and this consumer fit together; the newest counts."""
    messages = json.loads(SALES_EVENTS.read_text(encoding="utf-8"))["components"]["messages"]
    for version, name in enumerate(("Created", "Updated", "Lost", "Reopened", "Won"), 1):
        payload = {**messages[f"Opportunity{name}"]["examples"][0]["payload"]["data"], "version": version}
        service.deliver_and_wait("sales", f"opportunity.{name.lower()}", payload)
    assert service.failures() == []
