"""The example ERP on a stream of its own: it resumes where it was, takes each event once, and notices a gap."""

import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest
from tests.feed.conftest import AMQP_URL, Stream
from tests.feed.erp import PROGRAM, Erp, erp

OWNER = str(uuid4())


class Start(Protocol):
    def __call__(self, *options: str) -> Erp: ...


@pytest.fixture
def start(stream: Stream, tmp_path: Path) -> Iterator[Start]:
    """Start the ERP on the test's stream and a ledger of its own."""
    with ExitStack() as stack:

        def begin(*options: str) -> Erp:
            ledger = tmp_path / f"ledger-{uuid4().hex[:6]}.db"
            return stack.enter_context(erp(AMQP_URL, ledger, "--stream", stream.name, *options))

        yield begin


def a_receivable(amount: str = "100.00", **values: Any) -> dict[str, Any]:
    return {
        "receivable_id": str(uuid4()), "contract_id": str(uuid4()), "customer_id": str(uuid4()), "owner_id": OWNER,
        "currency": "CNY", "amount": amount, "settled_amount": "0.00", "outstanding_amount": amount,
        "due_on": "2026-12-31", "status": "unsettled", "version": 1, **values,
    }  # fmt: skip


def settled(receivable: dict[str, Any], amount: str, version: int) -> dict[str, Any]:
    rest = f"{Decimal(receivable['amount']) - Decimal(amount):.2f}"
    status = "settled" if rest == "0.00" else "partial"
    return receivable | {
        "settled_amount": amount, "outstanding_amount": rest, "status": status, "version": version
    }  # fmt: skip


def test_the_ledger_says_per_contract_what_is_owed_and_paid(stream: Stream, start: Start) -> None:
    receivable = a_receivable("12000.10")
    contract = {
        "contract_id": receivable["contract_id"], "number": "HT20261122-0001", "name": "年度合同", "owner_id": OWNER,
        "customer_id": receivable["customer_id"], "currency": "CNY", "amount": "12000.10",
        "signed_on": "2026-11-22", "version": 4,
    }  # fmt: skip
    customer = {
        "customer_id": receivable["customer_id"],
        "name": "上海云图科技",
        "owner_id": OWNER,
        "version": 1,
    }
    receipt = {
        "receipt_id": str(uuid4()), "receivable_id": receivable["receivable_id"], "owner_id": OWNER,
        "contract_id": receivable["contract_id"], "customer_id": receivable["customer_id"], "currency": "CNY",
        "amount": "2000.07", "settled_amount": "2000.07", "status": "booked", "version": 1,
    }  # fmt: skip
    program = start()
    stream.publish("customer.created", customer, source="customer")
    stream.publish("contract.approved", contract | {"amount": "1.00", "version": 9}, source="contract")
    stream.publish("contract.signed", contract, source="contract")
    stream.publish("receivable.raised", receivable)
    stream.publish("receipt.booked", receipt)
    stream.publish("receivable.settled", settled(receivable, "2000.07", 2))
    stream.publish(
        "customer.merged", {"customer_id": str(uuid4()), "kept_customer_id": customer["customer_id"]}
    )
    program.wait_for(lambda: program.count() == 7)
    assert program.ask("SELECT * FROM ledger") == [
        (
            contract["contract_id"],
            "HT20261122-0001",
            "上海云图科技",
            "CNY",
            12_000_1000,
            2_000_0700,
            10_000_0300,
        )
    ]
    assert program.ask("SELECT status, settled_amount FROM receipt") == [("booked", 2_000_0700)]


def test_an_event_that_comes_twice_counts_once(stream: Stream, start: Start) -> None:
    sent = [stream.publish("receivable.raised", a_receivable()) for _ in range(4)]
    for event in [sent[2], sent[3], sent[0], sent[3]]:
        stream.publish_again(event)
    last = stream.publish("receivable.raised", a_receivable())
    program = start()
    program.wait_for(lambda: program.ask("SELECT 1 FROM event WHERE id = ?", last["id"]))
    assert (program.count(), program.count("receivable")) == (5, 5)
    assert program.ask("SELECT sum(amount) FROM ledger") == [(500_0000,)]


def test_an_older_state_does_not_replace_a_newer_one(stream: Stream, start: Start) -> None:
    receivable = a_receivable()
    stream.publish("receivable.settled", settled(receivable, "60.00", 3))
    stream.publish("receivable.settled", settled(receivable, "20.00", 2))
    program = start()
    program.wait_for(lambda: program.count() == 2)
    assert program.ask("SELECT settled, outstanding FROM ledger") == [(60_0000, 40_0000)]


def test_killed_at_any_moment_it_goes_on_without_a_gap_or_a_double(stream: Stream, start: Start) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    amounts = [chance.randrange(1, 10**7) for _ in range(1500)]
    for amount in amounts:
        event = stream.publish("receivable.raised", a_receivable(f"{Decimal(amount) / 100:.2f}"))
        if chance.random() < 0.1:
            stream.publish_again(event)
    program = start()
    kills, before = 0, 0
    while program.count() < len(amounts):
        if kills < 12:
            goal = min(before + chance.randrange(1, 150), len(amounts))
            program.wait_for(lambda goal=goal: program.count() >= goal)
            program.kill()
            kills, before = kills + 1, program.count()
            assert program.ask("SELECT total(amount) FROM receivable") == [(sum(amounts[:before]) * 100,)]
            program.start()
        else:
            program.wait_for(lambda: program.count() >= len(amounts))
    assert program.ask("SELECT sum(amount), count(*) FROM receivable") == [(sum(amounts) * 100, len(amounts))]


def test_it_begins_at_an_offset_and_remembers_its_own_place_from_then_on(
    stream: Stream, start: Start
) -> None:
    for _ in range(10):
        stream.publish("receivable.raised", a_receivable())
    program = start("--from", "offset", "7")
    program.wait_for(lambda: program.count() == 3)
    program.kill()
    stream.publish("receivable.raised", a_receivable())
    program.start()
    program.wait_for(lambda: program.count() >= 4)
    assert program.count() == 4


def test_from_the_end_nothing_is_lost_that_comes_while_it_does_not_run(stream: Stream, start: Start) -> None:
    stream.publish("receivable.raised", a_receivable("1.00"))
    time.sleep(1.1)  # A stream's times are whole seconds here.
    program = start("--from", "end")
    program.wait_for(lambda: program.count("place") == 1)
    program.kill()
    time.sleep(1.1)
    stream.publish("receivable.raised", a_receivable("2.00"))
    program.start()
    program.wait_for(lambda: program.count() >= 1)
    assert program.ask("SELECT amount FROM receivable") == [(2_0000,)]


def test_it_begins_at_a_time(stream: Stream, start: Start) -> None:
    stream.publish("receivable.raised", a_receivable("1.00"))
    time.sleep(2.1)
    moment = datetime.now(UTC).isoformat()
    time.sleep(1.1)
    stream.publish("receivable.raised", a_receivable("2.00"))
    program = start("--from", "time", moment)
    program.wait_for(lambda: program.count() >= 1)
    assert program.ask("SELECT amount FROM receivable") == [(2_0000,)]


def test_events_that_are_missing_stop_it_before_the_ledger_is_wrong(stream: Stream, start: Start) -> None:
    stream.publish("receivable.raised", a_receivable("1.00"))
    program = start()
    program.wait_for(lambda: program.count() == 1)
    stream.skip()
    stream.publish("receivable.raised", a_receivable("2.00"))
    assert program.process is not None and program.process.wait(60) == 1
    assert "/kehu/finance: events 2 to 2 are missing" in program.output.read_text()
    assert program.ask("SELECT sum(amount) FROM receivable") == [(1_0000,)]


@pytest.mark.parametrize("words", [["yesterday"], ["offset"], ["offset", "x"], ["time", "noon"]])
def test_a_beginning_it_does_not_understand_is_refused(tmp_path: Path, words: list[str]) -> None:
    command = [*Erp(AMQP_URL, tmp_path / "ledger.db").command, "--from", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "does not understand" in done.stderr


def test_it_fits_on_a_few_screens() -> None:
    assert len(PROGRAM.read_text().splitlines()) < 230


@pytest.mark.parametrize("after", [1, 3, 6], ids=["shorter", "as long", "longer"])
@pytest.mark.parametrize("running", [True, False], ids=["while it reads", "while it is away"])
def test_a_stream_that_was_made_anew_is_noticed_and_read_from_its_beginning(
    stream: Stream, start: Start, after: int, running: bool
) -> None:
    """(K-7) What was read is not waited for for ever, and where no event is missing the ledger goes on."""
    for _ in range(3):
        stream.publish("receivable.raised", a_receivable("1.00"))
    program = start()
    program.wait_for(lambda: program.count() == 3)
    if not running:
        program.kill()
    stream.remake()
    for _ in range(after):
        stream.publish("receivable.raised", a_receivable("1.00"))
    if not running:
        program.start()
    program.wait_for(lambda: program.count() == 3 + after)
    assert "the stream was made anew" in program.output.read_text()
    assert program.ask("SELECT sum(amount), count(*) FROM receivable") == [(10_000 * (3 + after), 3 + after)]
    program.kill()
    stream.publish("receivable.raised", a_receivable("1.00"))
    program.start()
    program.wait_for(lambda: program.count() == 4 + after)


def test_what_a_stream_that_was_made_anew_has_lost_stops_the_ledger(stream: Stream, start: Start) -> None:
    """(K-7)"""
    stream.publish("receivable.raised", a_receivable("1.00"))
    program = start()
    program.wait_for(lambda: program.count() == 1)
    program.kill()
    stream.publish("receivable.raised", a_receivable("2.00"))
    stream.remake()
    stream.publish("receivable.raised", a_receivable("3.00"))
    program.start()
    assert program.process is not None and program.process.wait(60) == 1
    assert "/kehu/finance: events 2 to 2 are missing" in program.output.read_text()
    assert program.ask("SELECT sum(amount) FROM receivable") == [(10_000,)]


def test_a_merged_customer_is_linked_to_the_one_that_lives_on(stream: Stream, start: Start) -> None:
    """(K-5) What was kept under its id, what comes later under it, and what was merged into it before."""
    first, second, third = (str(uuid4()) for _ in range(3))
    stream.publish(
        "customer.created", {"customer_id": third, "name": "上海云图科技", "version": 1}, "customer"
    )
    stream.publish("receivable.raised", a_receivable("1.00", customer_id=first))
    for gone, kept in ((first, second), (second, third)):
        merger = {"customer_id": gone, "kept_customer_id": kept, "version": 1}
        stream.publish("customer.merged", merger, "customer")
    stream.publish("receivable.raised", a_receivable("2.00", customer_id=second))
    stream.publish("receivable.raised", a_receivable("3.00", customer_id=first))
    program = start()
    program.wait_for(lambda: program.count() == 6)
    assert program.ask("SELECT customer, sum(amount) FROM ledger GROUP BY customer") == [
        ("上海云图科技", 60_000)
    ]
