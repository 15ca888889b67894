"""A customer rises by approval, over HTTP, on the whole platform."""

from typing import Any

import pytest
from tests.system.test_lead_to_cash import People, a_customer, soon

from client import HttpError


@pytest.fixture(scope="module")
def people(platform: Any) -> People:
    return People(platform)


def test_customers_rise_once_their_upgrades_are_agreed_to_together(people: People) -> None:
    """CU-09 to CU-11, GW-56."""
    ids = [a_customer(people.seller)["customer_id"] for _ in range(2)]
    with pytest.raises(HttpError) as unbound:
        people.seller.post(f"/v1/customers/{ids[0]}/upgrade", {})
    assert unbound.value.problem["code"] == "approval-flow-missing"
    data = {
        "name": "客户升级", "subject_type": "customer", "subject_step": "upgrade",
        "steps": [{"kind": "role", "role": "finance"}],
    }  # fmt: skip
    flow = people.admin.post("/v1/approval-flows", data)
    soon(lambda: "upgrade_customer" in people.seller.get(f"/v1/customers/{ids[0]}")["can"])
    for customer_id in ids:
        waiting = people.seller.post(f"/v1/customers/{customer_id}/upgrade", {})
        assert (waiting["status"], waiting["approval_step"]) == ("basic", "upgrade")
    with pytest.raises(HttpError) as locked:
        people.seller.patch(f"/v1/customers/{ids[0]}", {"remark": "改一下"})
    assert locked.value.problem["code"] == "approval-pending"
    path = "/v1/approvals?filter[waiting_for_me]=true&filter[subject_type]=customer"
    tasks = soon(
        lambda: (
            found
            if len(found := [a for a in people.accountant.get(path)["items"] if a["subject_id"] in ids]) == 2
            else None
        )
    )
    decision = {"ids": [task["id"] for task in tasks], "outcome": "approved", "comment": "同意"}
    done = people.accountant.post("/v1/approvals/bulk-decide", decision)
    assert [each["done"] for each in done["items"]] == [True, True]
    for customer_id in ids:
        soon(
            lambda customer_id=customer_id: (
                people.seller.get(f"/v1/customers/{customer_id}")["status"] == "potential"
            )
        )
    people.admin.patch(f"/v1/approval-flows/{flow['id']}", {"active": False})
