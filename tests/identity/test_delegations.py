"""Somebody decides for another one who is away (GW-56)."""

from datetime import timedelta
from typing import Any

import pytest

from servicekit import Caller, Conflict, Forbidden, Invalid, NotFound, utcnow
from servicekit.testing import RunningService
from tests.identity.people import the_administrator
from tests.identity.test_approval_steps import named, people, states
from tests.identity.test_approvals import FINANCE, a_flow, approve, get, listed, submitted
from tests.identity.test_own_requests import MINE


def away(service: RunningService, who: Caller, delegate: Caller, **values: Any) -> dict[str, Any]:
    now = utcnow()
    data = {
        "delegate_id": str(delegate.account_id), "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(days=7)).isoformat(), "reason": "年假", **values,
    }  # fmt: skip
    delegation: dict[str, Any] = service.call("create_approval_delegation", who, data=data)
    return delegation


def test_the_delegate_decides_and_the_history_says_for_whom(service: RunningService) -> None:
    """GW-56: by name and by role, also what came before; both see it."""
    admin = the_administrator(service)
    worker, mate = people(service, "worker", "mate")
    (one,) = people(service, "one", roles=["finance"])
    ids = [
        submitted(service, worker.account_id, a_flow(service, admin, step)) for step in (named(one), FINANCE)
    ]
    away(service, one, mate)
    assert {*listed(service, mate, **MINE)} == {*listed(service, one, **MINE)} == {*ids}
    for approval_id in ids:
        done = approve(service, mate, approval_id)
        entry = done["asked"][0]
        assert (entry["decided_by_name"], entry["on_behalf_of_name"], done["state"]) == (
            "mate",
            "one",
            "approved",
        )
    assert listed(service, mate, **MINE) == []


def test_it_holds_from_its_beginning_to_its_end_alone(service: RunningService) -> None:
    """GW-56: ended early, later, or not begun, the delegate has nothing to do with it."""
    admin = the_administrator(service)
    worker, one, mate = people(service, "worker", "one", "mate")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one)))
    away(service, one, mate, starts_at=(utcnow() + timedelta(days=1)).isoformat())
    now = away(service, one, mate)
    assert get(service, mate, approval_id)["can"] != []
    service.call("delete_approval_delegation", one, delegation_id=now["id"])
    with pytest.raises(NotFound):
        approve(service, mate, approval_id)
    assert service.published("approval_delegation.deleted")[-1].data["delegation_id"] == now["id"]


def test_nobody_decides_their_own_by_a_delegation(service: RunningService) -> None:
    """M-07: neither the requester for the approver, nor a delegate for the requester who has the role."""
    admin = the_administrator(service)
    worker, mate = people(service, "worker", "mate")
    me, other = people(service, "me", "other", roles=["finance"])
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(me)))
    away(service, me, worker)
    away(service, me, mate)
    by_role = submitted(service, me.account_id, a_flow(service, admin, FINANCE, name="财务"))
    for who, each in ((worker, approval_id), (mate, by_role)):
        assert each not in listed(service, who, **MINE)
        with pytest.raises(Forbidden) as refused:
            approve(service, who, each)
        assert refused.value.code == "own-request"
    assert approve(service, other, by_role)["state"] == "approved"
    assert approve(service, mate, approval_id)["state"] == "approved"


def test_of_all_who_must_agree_one_answers_for_the_other_too(service: RunningService) -> None:
    """GW-56: once for each."""
    admin = the_administrator(service)
    worker, one, two = people(service, "worker", "one", "two")
    approval_id = submitted(service, worker.account_id, a_flow(service, admin, named(one, two, agree="all")))
    away(service, one, two)
    assert states(approve(service, two, approval_id)) == {"one": "pending", "two": "approved"}
    assert approve(service, two, approval_id)["state"] == "approved"


def test_people_say_it_for_themselves_and_administrators_for_others(service: RunningService) -> None:
    """GW-56."""
    admin = the_administrator(service)
    one, mate, stranger = people(service, "one", "mate", "stranger")
    (idle,) = people(service, "idle", roles=[])
    with pytest.raises(Forbidden) as refused:
        away(service, stranger, mate, account_id=str(one.account_id))
    assert refused.value.code == "not-yours"
    past = (utcnow() - timedelta(minutes=1)).isoformat()
    far = (utcnow() + timedelta(days=400)).isoformat()
    for values, field in (
        ({"delegate_id": str(one.account_id)}, "delegate_id"),
        ({"delegate_id": str(idle.account_id)}, "delegate_id"),
        ({"ends_at": past}, "ends_at"),
        ({"ends_at": far}, "ends_at"),
    ):
        with pytest.raises(Invalid) as invalid:
            away(service, one, mate, **values)
        assert invalid.value.errors[0]["field"] == field
    kept = away(service, admin, mate, account_id=str(one.account_id))
    for who, seen in ((one, [kept["id"]]), (mate, [kept["id"]]), (stranger, []), (admin, [kept["id"]])):
        items = service.call("list_approval_delegations", who, query={"filter[holds]": "true"})["items"]
        assert [each["id"] for each in items] == seen
    with pytest.raises(NotFound):
        service.call("get_approval_delegation", stranger, delegation_id=kept["id"])
    with pytest.raises(Forbidden):
        service.call("delete_approval_delegation", mate, delegation_id=kept["id"])


def test_nobody_has_delegates_without_number(service: RunningService) -> None:
    """GW-56."""
    one, mate = people(service, "one", "mate")
    for _ in range(20):
        away(service, one, mate)
    with pytest.raises(Conflict) as refused:
        away(service, one, mate)
    assert refused.value.code == "too-many-delegations"
