"""Deliveries on signed contracts: each is kept, together they are what was delivered."""

from typing import Any

import eventlet
import pytest
from sqlalchemy import text

from servicekit import Caller, Conflict, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, signed
from tests.contract.test_migrations import migrate_again

LINES = [
    {"name": "服务器", "quantity": "10", "price": "6000"},
    {"name": "网线", "quantity": "2.5", "price": "4"},
]


def deliver(service: RunningService, who: Caller, contract: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Note that 4 servers were delivered, with what the test changes."""
    delivery = {
        "line_id": contract["lines"][0]["id"],
        "quantity": "4",
        "delivered_on": "2026-11-20",
        **values,
    }
    noted: dict[str, Any] = service.call("record_delivery", who, contract_id=contract["id"], data=delivery)
    return noted


def deliveries(service: RunningService, who: Caller, contract: dict[str, Any], **query: str) -> list[Any]:
    """Return the deliveries of a contract, the latest first."""
    page = service.call("list_deliveries", who, contract_id=contract["id"], query=query)
    return list(page["items"])


def test_part_deliveries_add_up_and_each_is_kept(service: RunningService) -> None:
    """CT-06 (M-21): the second one replaced the first."""
    me = caller(*ALL)
    contract = signed(service, me, lines=LINES)
    deliver(service, me, contract)
    noted = deliver(service, me, contract, quantity="6", delivered_on="2026-11-18")
    assert (noted["lines"][0]["delivered_quantity"], noted["lines"][0]["delivered_on"]) == (
        "10",
        "2026-11-20",
    )
    assert noted["lines"][1]["delivered_quantity"] is None
    kept = deliveries(service, me, contract)
    assert [(row["quantity"], row["delivered_on"]) for row in kept] == [
        ("6", "2026-11-18"),
        ("4", "2026-11-20"),
    ]
    assert {row["recorded_by"] for row in kept} == {str(me.account_id)}
    cables = deliver(
        service, me, contract, line_id=contract["lines"][1]["id"], quantity="2.5", delivered_on="2026-11-21"
    )
    assert cables["lines"][1]["delivered_quantity"] == "2.5"
    by_line = deliveries(service, me, contract, **{"filter[line_id]": contract["lines"][0]["id"]})
    assert by_line == kept


def test_no_more_is_delivered_than_was_ordered(service: RunningService) -> None:
    """CT-06 (M-21)."""
    me = caller(*ALL)
    contract = signed(service, me, lines=LINES)
    deliver(service, me, contract)
    with pytest.raises(Conflict) as refused:
        deliver(service, me, contract, quantity="6.0001")
    assert (refused.value.code, refused.value.errors[0]["field"]) == ("quantity-exceeds-ordered", "quantity")
    with pytest.raises(Invalid):
        deliver(service, me, contract, line_id=new_id())
    assert len(deliveries(service, me, contract)) == 1


def test_deliveries_that_are_noted_at_once_never_exceed_what_was_ordered(service: RunningService) -> None:
    """CT-06 (M-21): of ten times four out of ten, two are taken."""
    me = caller(*ALL)
    contract = signed(service, me, lines=LINES)

    def note(_: int) -> str:
        client = RunningService(service.service_class, service.settings)
        try:
            deliver(client, me, contract)
            return "noted"
        except Conflict as conflict:
            return conflict.code
        finally:
            client.connection.release()

    outcomes = list(eventlet.GreenPool(10).imap(note, range(10)))
    assert sorted(outcomes) == ["noted"] * 2 + ["quantity-exceeds-ordered"] * 8
    line = service.call("get_contract", me, contract_id=contract["id"])["lines"][0]
    assert line["delivered_quantity"] == "8"


def test_a_delivery_that_was_none_is_taken_back(service: RunningService) -> None:
    """CT-06 (M-21): only as long as the contract is not completed."""
    me = caller(*ALL)
    contract = signed(service, me, lines=LINES)
    deliver(service, me, contract, delivered_on="2026-11-18")
    deliver(service, me, contract)
    last, first = deliveries(service, me, contract)
    arguments = {"contract_id": contract["id"], "delivery_id": last["id"]}
    service.call("delete_delivery", me, **arguments)
    line = service.call("get_contract", me, contract_id=contract["id"])["lines"][0]
    assert (line["delivered_quantity"], line["delivered_on"]) == ("4", "2026-11-18")
    with pytest.raises(NotFound):
        service.call("delete_delivery", me, **arguments)
    other = signed(service, me, lines=LINES)
    with pytest.raises(NotFound):
        service.call("delete_delivery", me, contract_id=other["id"], delivery_id=first["id"])
    service.call("complete_contract", me, contract_id=contract["id"], data={"completed_on": "2026-11-23"})
    with pytest.raises(Conflict):
        service.call("delete_delivery", me, contract_id=contract["id"], delivery_id=first["id"])
    assert deliveries(service, me, contract) == [first]


def test_what_was_delivered_is_seen_by_whoever_sees_the_contract(service: RunningService) -> None:
    """CT-06, CT-13."""
    me = caller(*ALL)
    contract = signed(service, me, lines=LINES)
    deliver(service, me, contract)
    assert len(deliveries(service, caller("contract.read:all"), contract)) == 1
    with pytest.raises(NotFound):
        deliveries(service, caller(*ALL), contract)


def test_what_was_noted_before_is_a_line_s_first_delivery(service: RunningService) -> None:
    """CT-06 (M-21): the migration of rows that are there."""
    me = caller(*ALL)
    contract = signed(service, me, lines=LINES)
    with service.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE contract_delivery"))
        connection.execute(
            text(
                "UPDATE contract_line SET delivered_quantity = 12, delivered_on = '2026-11-01' WHERE id = :id"
            ),
            {"id": contract["lines"][0]["id"]},
        )
    migrate_again(service, "0004_deliveries")
    (first,) = deliveries(service, me, contract)
    assert (first["quantity"], first["delivered_on"], first["recorded_by"]) == ("12", "2026-11-01", None)
    with pytest.raises(Conflict):
        deliver(service, me, contract, quantity="0.0001")
