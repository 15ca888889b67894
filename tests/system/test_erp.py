"""The example ERP beside the whole platform: its ledger equals finance's figures, whatever was killed on the way."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.feed.erp import Erp, erp
from tests.judged import Client
from tests.system.test_lead_to_cash import TODAY, People, a_contract, a_customer, soon

PARTS = 10_000
"""Of a unit of a currency, in the ledger."""


@pytest.fixture(scope="module")
def people(platform: Any) -> People:
    return People(platform)


@pytest.fixture
def ledger(platform: Any, tmp_path: Path) -> Iterator[Erp]:
    with erp(platform.amqp_url, tmp_path / "ledger.db") as program:
        yield program


def finance_figures(client: Client) -> dict[str, tuple[Decimal, Decimal]]:
    """Return amount and settled amount of each receivable, as finance says over HTTP."""
    return {
        receivable["id"]: (Decimal(receivable["amount"]), Decimal(receivable["settled_amount"]))
        for receivable in client.pages("/v1/receivables")
    }


def ledger_figures(program: Erp, people: People) -> dict[str, tuple[Decimal, Decimal]]:
    """Return what the ledger says of this module's contracts; other tests damage others' on purpose."""
    ours = {contract["id"] for contract in people.seller.pages("/v1/contracts")}
    rows = program.ask("SELECT id, contract_id, amount, settled_amount FROM receivable")
    return {row[0]: (Decimal(row[2]) / PARTS, Decimal(row[3]) / PARTS) for row in rows if row[1] in ours}


def sign(people: People, customer_id: str, **values: Any) -> dict[str, Any]:
    contract = a_contract(people.seller, customer_id, **values)
    for step in ("submit", "sign"):
        body = {"signed_on": TODAY} if step == "sign" else None
        contract = people.seller.post(f"/v1/contracts/{contract['id']}/{step}", body)
    return contract


def pay(people: People, contract_id: str, amount: str) -> dict[str, Any]:
    """Book a receipt on the contract's first receivable, as soon as there is one."""
    path = f"/v1/receivables?filter[contract_id]={contract_id}&sort=due_on"
    receivable = soon(lambda: people.accountant.get(path)["items"])[0]
    body = {"receivable_id": receivable["id"], "amount": amount, "received_on": TODAY}
    booked: dict[str, Any] = people.accountant.post("/v1/receipts", body)
    return booked


def test_the_ledger_equals_finances_figures_while_the_erp_is_killed_again_and_again(
    people: People, ledger: Erp
) -> None:
    customer_id = a_customer(people.seller)["customer_id"]
    for number in range(12):
        contract = sign(people, customer_id)
        receipt = pay(people, contract["id"], f"{1000 + number}.01")
        if number % 3 == 0:
            people.accountant.post(f"/v1/receipts/{receipt['id']}/reverse", {"reason": "支票被退回"})
        if number % 2 == 0:
            ledger.kill()
        else:
            ledger.start()
    figures = finance_figures(people.seller)
    assert len(figures) >= 24
    ledger.wait_for(lambda: ledger_figures(ledger, people) == figures)
    assert ledger.ask("SELECT name FROM customer WHERE id = ?", customer_id)


def test_the_ledger_catches_up_after_finance_was_killed(platform: Any, people: People, ledger: Erp) -> None:
    customer_id = a_customer(people.seller)["customer_id"]
    contracts = [sign(people, customer_id) for _ in range(4)]
    platform.kill("finance")
    contracts += [sign(people, customer_id) for _ in range(4)]
    platform.start("finance")
    for contract in contracts:
        pay(people, contract["id"], "12000.01")
    soon(
        lambda: (
            len(finance_figures(people.seller))
            == len(people.seller.get("/v1/contracts", limit="200")["items"]) * 2
        )
    )
    figures = finance_figures(people.seller)
    ledger.wait_for(lambda: ledger_figures(ledger, people) == figures)
    assert finance_figures(people.seller) == figures


def test_the_feed_over_http_has_the_same_events_as_the_stream(people: People, ledger: Erp) -> None:
    sign(people, a_customer(people.seller)["customer_id"])
    types = "receivable.*,contract.signed"
    found: dict[str, int] = {}

    def read_on(cursor: str = "beginning") -> bool:
        while True:
            page = people.admin.get("/v1/events", after=cursor, types=types, limit="500")
            if page["unavailable"]:
                continue  # Asked again from the same place: what was left out comes then.
            for event in page["items"]:
                found[event["id"]] = found.get(event["id"], 0) + 1
            if not page["items"]:
                break
            cursor = page["next"]
        rows = ledger.ask("SELECT id FROM event WHERE type LIKE 'receivable.%' OR type = 'contract.signed'")
        same = found.keys() == {row[0] for row in rows}
        if not same:
            found.clear()
        return same

    ledger.wait_for(read_on)
    assert found and set(found.values()) == {1}


def test_a_salesperson_sees_their_own_events_and_a_colleague_does_not(people: People) -> None:
    signed = sign(people, a_customer(people.seller)["customer_id"])

    def subjects(client: Client) -> set[str]:
        page = client.get("/v1/events", after="beginning", types="contract.signed", limit="500")
        return {event["subject"] for event in page["items"]}

    soon(lambda: signed["id"] in subjects(people.seller))
    assert signed["id"] in subjects(people.admin)
    assert signed["id"] not in subjects(people.colleague)
