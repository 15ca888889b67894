"""Null where a contract has no null (M-20)."""

from typing import Any

import pytest

from servicekit import Invalid
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract


def test_an_amount_of_null_is_the_sum_of_the_lines_and_refused_where_there_are_none(
    service: RunningService,
) -> None:
    """CT-11."""
    me = caller(*ALL)
    bare = a_contract(service, me)["id"]
    with pytest.raises(Invalid) as refused:
        service.call("update_contract", me, contract_id=bare, data={"amount": None})
    assert refused.value.code == "invalid-input"
    assert [error["field"] for error in refused.value.errors] == ["amount"]
    assert service.call("get_contract", me, contract_id=bare)["amount"] == "12000.00"
    listed = a_contract(service, me, amount=None, lines=[{"name": "服务", "quantity": "2", "price": "7"}])[
        "id"
    ]
    changed = service.call("update_contract", me, contract_id=listed, data={"amount": None, "name": "改名"})
    assert (changed["amount"], changed["name"]) == ("14.00", "改名")


@pytest.mark.parametrize(
    "field",
    ["name", "customer_id", "owner_id", "kind", "nature", "payment_mode", "currency", "signer_id", "lines",
     "payment_terms"],
)  # fmt: skip
def test_no_other_field_without_null_takes_it(service: RunningService, field: str) -> None:
    me = caller(*ALL)
    made: dict[str, Any] = a_contract(service, me)
    with pytest.raises(Invalid) as refused:
        service.call("update_contract", me, contract_id=made["id"], data={field: None})
    assert refused.value.code == "invalid-input"
    assert [error["field"] for error in refused.value.errors] == [field]
    assert service.call("get_contract", me, contract_id=made["id"]) == made
