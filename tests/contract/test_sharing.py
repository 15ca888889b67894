"""Contracts that are given to colleagues to look at (CT-13)."""

from typing import Any

import pytest

from servicekit import Forbidden, Invalid, NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract


def shared_with(account_id: Any, **values: Any) -> dict[str, Any]:
    return {"to": {"kind": "account", "id": account_id}, **values}


def test_what_is_shared_of_a_contract_is_looking_at_it(service: RunningService) -> None:
    """CT-13: at once, and gone at once; its list, its count and a look at it agree."""
    owner, other = caller(*ALL), caller(*ALL)
    which = {"contract_id": a_contract(service, owner)["id"]}
    service.employ(other.account_id)
    with pytest.raises(NotFound):
        service.call("get_contract", other, **which)
    made = service.call("share_contract", owner, **which, data=shared_with(other.account_id))
    assert service.call("get_contract", other, **which)["id"] == which["contract_id"]
    page = service.call("list_contracts", other, query={"count": "true"})
    assert ([each["id"] for each in page["items"]], page["total"]) == ([which["contract_id"]], 1)
    with pytest.raises(Forbidden):
        service.call("update_contract", other, **which, data={"remark": "已核对"})
    service.call("unshare_contract", owner, **which, share_id=made["id"])
    with pytest.raises(NotFound):
        service.call("get_contract", other, **which)
    assert service.call("list_contracts", other, query={})["items"] == []


def test_a_contract_is_shared_for_no_more_than_looking_and_by_nobody_it_was_shared_with(
    service: RunningService,
) -> None:
    """CT-13."""
    owner, other = caller(*ALL), caller(*ALL)
    which = {"contract_id": a_contract(service, owner)["id"]}
    service.employ(other.account_id)
    with pytest.raises(Invalid) as refused:
        service.call("share_contract", owner, **which, data=shared_with(other.account_id, level="edit"))
    assert refused.value.errors[0]["field"] == "level"
    service.call("share_contract", owner, **which, data=shared_with(other.account_id))
    with pytest.raises(Forbidden):
        service.call("share_contract", other, **which, data={"to": {"kind": "everyone"}})
    kept = service.call("list_contract_shares", owner, **which)["items"]
    assert [(each["to"]["id"], each["level"]) for each in kept] == [(str(other.account_id), "view")]
