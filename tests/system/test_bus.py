"""Operating the bus on the whole platform: differences are found and mended, a failed step is seen and retried."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from typing import Any

import pytest
from tests.judged import Client
from tests.system.test_lead_to_cash import People, a_contract, a_customer, soon

from stack.places import ROOT, SERVICES


@pytest.fixture(scope="module")
def people(platform: Any) -> People:
    return People(platform)


def kehu(platform: Any, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """Run the console as an operator would; return exit code and the lines it printed."""
    done = console(platform, "operator", *words)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def console(platform: Any, account: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the console with somebody's account on the broker."""
    environment = {
        **platform._platform.environment("contract"),
        **platform._platform.infrastructure.urls_of(account),
        "KEHU_SERVICES": ",".join(SERVICES),
    }
    environment.pop("DATABASE_NAME", None)
    command = [sys.executable, "-W", "ignore", "-m", "servicekit", "bus", "--json", *words]
    path = os.pathsep.join([str(ROOT / "libs/servicekit"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        command, env={**environment, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120
    )


def test_the_console_is_the_operators_and_no_services(platform: Any) -> None:
    """(M-5)"""
    assert console(platform, "operator", "status").returncode == 0
    for account in ("contract", "gateway"):
        refused = console(platform, account, "status")
        assert refused.returncode == 2 and "may not do this" in refused.stderr, refused


def test_the_bus_says_who_sends_the_events_of_each_service_and_how_many_the_stream_holds(
    people: People,
) -> None:
    """(W-3) Each service has one process that sends; identity reads the stream, for webhooks."""
    states = {state["service"]: state for state in people.admin.get("/v1/bus")["services"]}
    assert sorted(states) == sorted(SERVICES)
    for service, state in states.items():
        assert state["outbox"]["relayed_by"].startswith(f"kehu-{service}-relay@")
        assert (state["stream"] is not None) == (service == "identity")
    # The first people have been told of by now.
    assert (
        states["identity"]["stream"]["name"] == "kehu.feed" and states["identity"]["stream"]["messages"] > 0
    )


def audited(admin: Client, *, mend: bool = False) -> list[dict[str, Any]]:
    """Return every difference, by HTTP."""
    path, method = ("/v1/bus/audit/mend", "POST") if mend else ("/v1/bus/audit", "GET")
    request = urllib.request.Request(
        f"{admin.url}{path}?grace=0", headers={"Authorization": f"Bearer {admin.token}"}, method=method
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        *differences, end = answer.read().decode().splitlines()
    assert json.loads(end) == {"differences": len(differences), "unavailable": []}
    return [json.loads(line) for line in differences]


def left_different(admin: Client, seconds: float = 15.0) -> list[dict[str, Any]]:
    """Wait until all services agree; return where they still do not."""
    until = time.monotonic() + seconds
    while (differences := audited(admin)) and time.monotonic() < until:
        time.sleep(0.2)
    return differences


def signed(people: People, customer_id: str) -> dict[str, Any]:
    """Sign a contract, and wait until its two receivables have been raised."""
    contract = a_contract(people.seller, customer_id)
    people.seller.post_once_known(f"/v1/contracts/{contract['id']}/submit", {})
    done: dict[str, Any] = people.seller.post(
        f"/v1/contracts/{contract['id']}/sign", {"signed_on": "2026-11-22"}
    )
    return done


def receivables(people: People, contract_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = people.accountant.get(
        f"/v1/receivables?filter%5Bcontract_id%5D={contract_id}"
    )["items"]
    return found


def test_a_working_platform_agrees_with_itself(platform: Any, people: People) -> None:
    made = a_customer(people.seller)
    contract = signed(people, made["customer_id"])
    soon(lambda: len(receivables(people, contract["id"])) == 2)
    assert left_different(people.admin) == []


def test_every_difference_is_found_and_mended(platform: Any, people: People) -> None:
    """R29: what a restored backup has lost is named, and comes back."""
    made = a_customer(people.seller)
    contract = signed(people, made["customer_id"])
    soon(lambda: len(receivables(people, contract["id"])) == 2)
    assert left_different(people.admin) == []
    owner = made["lead"]["owner_id"]
    assert platform.change("finance", "DELETE FROM obligation WHERE contract_id = %s", contract["id"]) == 2
    assert platform.change("finance", "DELETE FROM customer_copy WHERE id = %s", made["customer_id"])
    assert platform.change("sales", "UPDATE customer_copy SET name = '?' WHERE id = %s", made["customer_id"])
    assert platform.change("service-desk", "DELETE FROM directory_account WHERE id = %s", owner)
    assert platform.change("customer", "DELETE FROM contact WHERE customer_id = %s", made["customer_id"])
    assert platform.change("customer", "DELETE FROM customer WHERE id = %s", made["customer_id"])
    kinds = {(each["audit"], each["service"], each["problem"]) for each in audited(people.admin)}
    assert kinds == {
        ("signed-contracts", "finance", "missing"),
        ("customer-names", "sales", "extra"),
        ("customer-names", "contract", "extra"),
        ("customer-names", "service-desk", "extra"),
        ("customer-kinds", "sales", "extra"),
        ("customer-kinds", "contract", "extra"),
        ("customer-kinds", "service-desk", "extra"),
        ("contact-names", "service-desk", "extra"),
        ("contact-kinds", "service-desk", "extra"),
        ("directory-accounts", "service-desk", "missing"),
        ("converted-leads", "customer", "missing"),
        ("converted-contacts", "customer", "missing"),
        ("opportunity-customers", "customer", "missing"),
        ("contract-customers", "customer", "missing"),
    }
    mended = audited(people.admin, mend=True)
    assert mended and all("mending" in each for each in mended)
    assert any("contract sent 1 contract.signed to finance" in each["mending"] for each in mended)
    # Mending one may mend another: a customer that is back is no longer extra elsewhere.
    soon(lambda: not audited(people.admin, mend=True), 60)
    assert platform.change("finance", "DELETE FROM customer_copy WHERE id = %s", made["customer_id"])
    code, differences = kehu(platform, "audit", "--grace", "0", "--mend")
    assert (code, [each["problem"] for each in differences]) == (1, ["missing"])
    soon(lambda: kehu(platform, "audit", "--grace", "0", "--mend")[0] == 0, 60)
    assert len(receivables(people, contract["id"])) == 2
    assert people.seller.get(f"/v1/customers/{made['customer_id']}")["name"] == made["company"]


def test_a_copy_is_rebuilt_from_nothing(platform: Any, people: People) -> None:
    made = a_customer(people.seller)
    assert left_different(people.admin) == []
    code, [result] = kehu(platform, "rebuild", "finance", "--of", "customer", "--from-empty")
    assert code == 0 and result["dropped"] >= 1 and result["sent"]["customer.updated"] >= 1
    assert left_different(people.admin) == []
    assert made["customer_id"]


def test_a_replay_of_everything_changes_nothing(platform: Any, people: People) -> None:
    """R8, R25: every event once more, past the inbox, and the services still agree."""
    made = a_customer(people.seller)
    contract = signed(people, made["customer_id"])
    soon(lambda: len(receivables(people, contract["id"])) == 2)
    for service, consumer in (("contract", "finance"), ("sales", "customer"), ("customer", "sales")):
        _, [result] = kehu(platform, "replay", service, "--to", consumer, "--again")
        assert result["sent"] >= 1
    soon(lambda: idle(platform))
    assert left_different(people.admin) == []
    assert len(receivables(people, contract["id"])) == 2


def idle(platform: Any) -> bool:
    """Whether nothing waits anywhere."""
    _, answers = kehu(platform, "status")
    return not any(queue["messages"] for answer in answers for queue in answer["queues"])


def test_a_step_that_fails_is_seen_in_its_process_and_can_be_discarded_or_retried(
    platform: Any, people: People
) -> None:
    made = a_customer(people.seller)
    platform.change("finance", "ALTER TABLE obligation RENAME TO obligation_away")
    try:
        contract = signed(people, made["customer_id"])
        failed = soon(
            lambda: [event for event in failures(people.admin) if event["subject"] == contract["id"]]
        )
        process = people.admin.get(f"/v1/processes/{failed[0]['correlation_id']}")["steps"]
        [step] = [each for each in process if each["kind"] == "event_failed"]
        assert step["tries"] >= 1 and step["next_try_at"] and "retry" not in step
        platform.change(
            "finance",
            "UPDATE failed_event SET state = 'parked' WHERE event_id = %s",
            step["event_id"],
        )
    finally:
        platform.change("finance", "ALTER TABLE obligation_away RENAME TO obligation")
    process = people.admin.get(f"/v1/processes/{failed[0]['correlation_id']}")["steps"]
    parked = [each for each in process if each.get("retry")]
    if parked:  # Unless its own next try came first.
        people.admin.post(parked[0]["retry"], {})
    soon(lambda: len(receivables(people, contract["id"])) == 2)
    soon(lambda: not failures(people.admin))


def failures(admin: Client) -> list[dict[str, Any]]:
    """Return finance's failed events, by HTTP."""
    found: list[dict[str, Any]] = admin.get("/v1/bus/parked?service=finance&state=all")["items"]
    return found
