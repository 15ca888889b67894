"""The load of the drills: clients that sign contracts over HTTP, and keep a journal of what they were answered.

Each request carries an Idempotency-Key and is repeated until it is answered: that is what clients are told to do. At
the end the journal is compared with what the platform has: nothing answered may be missing, nothing may be twice.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.days import today

from client import Client, HttpError

TODAY = today().isoformat()
PATIENCE = 90.0
"""Seconds after which a client that has got no answer counts as left alone."""


@dataclass
class Journal:
    """What the clients were answered; shared by all of them."""

    customer_id: str
    """All contracts of a drill are this customer's: what is compared is its own."""
    began: float = field(default_factory=time.time)
    signed: dict[str, list[str]] = field(default_factory=dict)
    """Payment amounts by contract id."""
    names: dict[str, str] = field(default_factory=dict)
    """Contract id by the name it was drafted with; each name is sent for one contract."""
    unanswered: list[str] = field(default_factory=list)
    repeated: Counter[str] = field(default_factory=Counter)
    """How often a request had to be repeated, by what came instead of an answer."""
    refused: list[float] = field(default_factory=list)
    """Seconds until each 503."""
    without_retry_after: int = 0
    """503 answers that did not say when to come back."""
    longest_wait: float = 0.0
    """Seconds from the first sending of a request to its answer, the longest of all."""
    longest_request: float = 0.0
    """Seconds until a single sending was answered, refused or cut off, the longest of all."""
    waiting: int = 0
    """Requests that are under way at this moment."""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Signer:
    """One client that signs contracts until it has signed its share.

    Args:
        number: which of the clients it is; part of its keys.
        sign_in: makes a signed-in client, with a connection of its own.
        keyed: whether it sends an Idempotency-Key; only a mutant does not.
    """

    def __init__(
        self, sign_in: Callable[[], Client], number: int, journal: Journal, seed: int, keyed: bool = True
    ) -> None:
        self.sign_in = sign_in
        self.number = number
        self.journal = journal
        self.keyed = keyed
        self.random = random.Random(seed * 1000 + number)
        self.run_id = f"{seed}-{time.time_ns()}"
        self.client: Client | None = None
        self.enter()

    def enter(self) -> None:
        """Sign in. Repeating is this class's own business, and so is a token that has run out."""
        self.leave()
        self.client = self.sign_in()
        self.client.patience, self.client.refresh_token = 0.0, None

    def leave(self) -> None:
        """Close the connection."""
        if self.client is not None:
            hang_up(self.client)

    def work(self, share: int, breaking: threading.Event) -> None:
        """Sign a share of contracts, one after the other, and more as long as something is being broken."""
        place = 0
        while place < share or not breaking.is_set():
            self.sign_one(f"{self.run_id}-{self.number}-{place}")
            place += 1

    def sign_one(self, key: str) -> None:
        """Draft, submit and sign one contract of one to three instalments."""
        amounts = [
            f"{self.random.randrange(100, 99999) / 100:.2f}" for _ in range(self.random.randrange(1, 4))
        ]
        total = sum(map(Decimal, amounts), Decimal(0))
        name = f"演练合同 {key}"
        body = {
            "customer_id": self.journal.customer_id, "name": name, "nature": "income",
            "payment_mode": "instalments", "currency": "CNY", "amount": f"{total:.2f}",
            "payment_terms": [{"due_on": f"2027-0{i + 1}-01", "amount": amount} for i, amount in enumerate(amounts)],
        }  # fmt: skip
        try:
            contract_id = self.insist("/v1/contracts", body, f"{key}-create")["id"]
            with self.journal.lock:
                self.journal.names[name] = contract_id
            self.insist(f"/v1/contracts/{contract_id}/submit", None, f"{key}-submit")
            signed = self.insist(f"/v1/contracts/{contract_id}/sign", {"signed_on": TODAY}, f"{key}-sign")
        except TimeoutError:
            with self.journal.lock:
                self.journal.unanswered.append(key)
            return
        assert signed["status"] == "signed"
        with self.journal.lock:
            self.journal.signed[contract_id] = sorted(amounts)

    def insist(self, path: str, body: Any, key: str) -> Any:
        """Send a POST again and again, with one key, until it is answered.

        Raises:
            TimeoutError: if there was no answer in the time of a client's patience.
            HttpError: if it was refused for good.
        """
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE:
            sent = time.monotonic()
            with self.journal.lock:
                self.journal.waiting += 1
            try:
                answer = self._send(path, body, key)
            except HttpError as error:
                self._note_refusal(error, time.monotonic() - sent)
                if error.status == 401:
                    self.enter()
                    continue
                passes = error.status in (429, 502, 503, 504)
                # The contract service may hear of the customer a moment later.
                if not passes and error.problem.get("code") not in (
                    "request-in-progress",
                    "unknown-customer",
                ):
                    raise
                time.sleep(0.2)
            except (OSError, http.client.HTTPException) as error:
                self._note(type(error).__name__)
                time.sleep(0.2)
            else:
                waited = time.monotonic() - started
                with self.journal.lock:
                    self.journal.longest_wait = max(self.journal.longest_wait, waited)
                return answer
            finally:
                with self.journal.lock:
                    self.journal.waiting -= 1
                    took = time.monotonic() - sent
                    self.journal.longest_request = max(self.journal.longest_request, took)
        raise TimeoutError(key)

    def _send(self, path: str, body: Any, key: str) -> Any:
        headers = {"Idempotency-Key": key} if self.keyed else {}
        assert self.client is not None
        return self.client.send("POST", path, body=body, headers=headers).body

    def _note_refusal(self, error: HttpError, seconds: float) -> None:
        self._note(f"{error.status} {error.problem.get('code', '')}".strip())
        if error.status == 503:
            with self.journal.lock:
                self.journal.refused.append(seconds)

    def _note(self, what: str) -> None:
        with self.journal.lock:
            self.journal.repeated[what] += 1


def hang_up(client: Client) -> None:
    """Close a client's connection."""
    if client._connection is not None:
        client._connection.close()
        client._connection = None


def sign_while(
    sign_in: Callable[[], Client],
    customer_id: str,
    *,
    contracts: int,
    clients: int,
    seed: int,
    breaking: Callable[[Journal], None],
    keyed: bool = True,
) -> Journal:
    """Let clients sign contracts while something breaks; return their journal when both have ended.

    Args:
        contracts: how many at the least; they go on until what breaks has ended too.
        breaking: what is done to the platform meanwhile; it must leave everything running.
    """
    journal = Journal(customer_id)
    signers = [Signer(sign_in, number, journal, seed, keyed) for number in range(clients)]
    errors: list[BaseException] = []
    broken = threading.Event()

    def work(signer: Signer) -> None:
        try:
            signer.work(contracts // clients, broken)
        except BaseException as error:
            errors.append(error)
        finally:
            signer.leave()

    threads = [threading.Thread(target=work, args=(signer,)) for signer in signers]
    for thread in threads:
        thread.start()
    try:
        breaking(journal)
    finally:
        broken.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    return journal


def differences(admin: Client, journal: Journal) -> list[str]:
    """Compare the journal with what the platform says over HTTP; return one sentence for each difference."""
    found: list[str] = [f"no answer to {key}" for key in journal.unanswered]
    receivables: dict[str, list[str]] = {}
    mine = f"filter[customer_id]={journal.customer_id}&sort=created_at"
    for receivable in admin.pages(f"/v1/receivables?{mine}"):
        receivables.setdefault(receivable["contract_id"], []).append(receivable["amount"])
    contracts = list(admin.pages(f"/v1/contracts?{mine}"))
    statuses = {contract["id"]: contract["status"] for contract in contracts}
    for contract_id, amounts in journal.signed.items():
        if statuses.get(contract_id) != "signed":
            found.append(f"contract {contract_id} was answered as signed and is {statuses.get(contract_id)}")
        if sorted(receivables.get(contract_id, [])) != amounts:
            found.append(
                f"contract {contract_id} has receivables {receivables.get(contract_id)}, not {amounts}"
            )
    for contract_id in receivables.keys() - journal.signed.keys():
        found.append(f"receivables for contract {contract_id}, which nobody was told is signed")
    for name, times in Counter(contract["name"] for contract in contracts).items():
        if times > 1:
            found.append(f"{name} was drafted {times} times")
        elif name not in journal.names and not journal.unanswered:
            found.append(f"{name} was drafted, and nobody was told")
    return found


def wait_until_same(admin: Client, journal: Journal, seconds: float = 60.0) -> list[str]:
    """Wait until there is no difference; return the differences that are left when time is up."""
    until = time.monotonic() + seconds
    while (left := differences(admin, journal)) and time.monotonic() < until:
        time.sleep(0.25)
    return left
