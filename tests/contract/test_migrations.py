"""What the contract service's migrations do to rows that are there already."""

import importlib
from typing import Any
from uuid import UUID

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from servicekit import new_id
from servicekit.nouns.remembered import forget_all
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract, bind_a_flow
from tests.flows import decide

VERSIONS = "contract.migrations.versions"


def migrate_again(service: RunningService, name: str) -> None:
    """Run one migration on the rows as they are now."""
    module = importlib.import_module(f"{VERSIONS}.{name}")
    with (
        service.database.engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        module.upgrade()


def test_amounts_that_are_not_the_sum_of_the_lines_are_mended_until_they_are_signed(
    service: RunningService,
) -> None:
    """CT-11 (M-13): one that was judged by another amount is a draft again, and says so to the others too."""
    me = caller(*ALL)
    line: dict[str, Any] = {"lines": [{"name": "服务", "quantity": "2", "price": "50.0025"}]}
    draft, approved, right = (a_contract(service, me, **line) for _ in range(3))
    service.call("submit_contract", me, contract_id=approved["id"])
    bind_a_flow(service)
    pending = a_contract(service, me, **line)
    service.call("submit_contract", me, contract_id=pending["id"])
    done = a_contract(service, me, amount="7.00")
    wrong = [str(draft["id"]), str(approved["id"]), str(pending["id"])]
    with service.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE contract SET amount = 9999 WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": wrong}
        )
    told = len(service.published())
    for _ in range(2):
        migrate_again(service, "0002_amounts_are_sums")
    after = [service.call("get_contract", me, contract_id=contract_id) for contract_id in wrong]
    assert [(contract["status"], contract["amount"]) for contract in after] == [("draft", "100.00")] * 3
    assert [contract["rejection"] is None for contract in after] == [True, False, False]
    for untouched in (right, done):
        assert service.call("get_contract", me, contract_id=untouched["id"]) == untouched
    events = {str(event.subject): event for event in service.published()[told:]}
    assert [events[contract_id].type for contract_id in wrong] == [
        "contract.updated", "contract.rejected", "contract.rejected",
    ]  # fmt: skip
    assert [event.data["amount"] for event in events.values()] == ["100.00"] * 3
    assert [events[c["id"]].data["version"] for c in after] == [c["version"] for c in after]
    service.clean()  # What a migration tells is what events were like in its release.


def test_flows_and_what_waits_for_them_are_taken_over(service: RunningService) -> None:
    """CT-03, GW-56 (decision 48): before identity has told anything, and the running approval moves its contract on."""
    me, flow_id = caller(*ALL), new_id()
    bind_a_flow(service)
    waiting = a_contract(service, me)
    service.call("submit_contract", me, contract_id=waiting["id"])
    asked = service.published("approval.asked")[0].data
    with service.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM definition"))
        connection.execute(text("DELETE FROM awaited_approval"))
        connection.execute(text("ALTER TABLE contract DROP COLUMN approval_step"))
        connection.execute(
            text(
                "INSERT INTO approval_flow_copy (id, active, condition, priority, version) VALUES (:id, true, "
                """'{"nature": "income", "amount_from": "20000.00"}', 0, 1)"""
            ),
            {"id": flow_id},
        )
    migrate_again(service, "0013_approvals_of_the_kit")
    forget_all()
    for values, status in (
        ({"amount": "20000.00"}, "pending_approval"), ({"amount": "19999.99"}, "approved"),
        ({"amount": "1.00", "currency": "USD"}, "pending_approval"),
        ({"amount": "1.00", "nature": "expense"}, "approved"),
    ):  # fmt: skip
        contract = a_contract(service, me, **values)
        assert service.call("submit_contract", me, contract_id=contract["id"])["status"] == status, values
    with service.database.engine.begin() as connection:
        kept = connection.execute(
            text("SELECT id, requester_id, title FROM awaited_approval ORDER BY asked_at")
        ).first()
    assert kept == (UUID(asked["approval_id"]), me.account_id, asked["title"])
    decide(service, asked)
    assert service.call("get_contract", me, contract_id=waiting["id"])["status"] == "approved"
