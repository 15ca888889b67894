"""The example warehouse beside the platform: a first load while records change, no gap and no double (K-9)."""

import base64
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.judged import Client
from tests.system.test_erp import sign
from tests.system.test_lead_to_cash import People, a_contract, a_customer, soon

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "warehouse" / "warehouse.py"

NOUNS = {"customer": "/v1/customers", "contract": "/v1/contracts", "receivable": "/v1/receivables"}


class Program:
    """The program on a warehouse; it can be killed and begun again."""

    def __init__(self, url: str, account: dict[str, Any], path: Path) -> None:
        self.path = path
        self.command = [sys.executable, str(PROGRAM), url, str(path)]
        secret = {"KEHU_CLIENT_ID": account["client_id"], "KEHU_CLIENT_SECRET": account["client_secret"]}
        self.environment = {**os.environ, **secret}
        self.output = path.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=output, env=self.environment)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def rows(self, noun: str) -> list[tuple[str, int]]:
        """Return id and version of each record that is there."""
        query = "SELECT id, version FROM record WHERE noun = ? AND NOT deleted ORDER BY id"
        try:
            with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as database:
                return database.execute(query, [noun]).fetchall()
        except sqlite3.OperationalError:
            return []


@pytest.fixture(scope="module")
def people(platform: Any) -> People:
    return People(platform)


@pytest.fixture
def warehouse(platform: Any, people: People, tmp_path: Path) -> Iterator[Program]:
    rights = {f"{noun}.read": "all" for noun in NOUNS}
    account = people.admin.post(
        "/v1/service-accounts", {"name": f"数据仓库 {uuid4().hex}", "permissions": rights}
    )
    program = Program(platform.url, account, tmp_path / "warehouse.db")
    try:
        yield program
    finally:
        program.kill()


def loaded(program: Program) -> dict[str, list[tuple[str, int]]]:
    return {noun: program.rows(noun) for noun in NOUNS}


def listed(client: Client) -> dict[str, list[tuple[str, int]]]:
    return {
        noun: sorted((record["id"], record["version"]) for record in client.pages(path))
        for noun, path in NOUNS.items()
    }


def ends_with_what_is_listed(program: Program, client: Client) -> None:
    """Wait until the warehouse holds what the lists show; say where it differs if it never does."""
    until = time.monotonic() + 60
    while (here := loaded(program)) != (there := listed(client)) and time.monotonic() < until:
        time.sleep(0.1)
    differing = {noun: set(here[noun]) ^ set(there[noun]) for noun in NOUNS}
    assert here == there, f"{differing}\n{program.output.read_text()[-4000:]}"


def ahead_of(cursor: str, service: str) -> str:
    """Return a cursor that is beyond all that a service has published, and where it was of the others.

    Left out, the others would be read from their beginning, with records that tests have deleted behind their backs.
    """
    positions = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return base64.urlsafe_b64encode(json.dumps({**positions, service: 10**9}).encode()).decode().rstrip("=")


def test_a_load_that_is_killed_while_records_change_ends_with_what_the_lists_show(
    people: People, warehouse: Program
) -> None:
    """(K-9)"""
    customer_id = a_customer(people.seller)["customer_id"]
    before = [a_contract(people.seller, customer_id) for _ in range(4)]
    for number in range(6):
        warehouse.start()
        sign(people, customer_id)
        changed = before[number % 4]["id"]
        if number == 3:
            people.seller.send("DELETE", f"/v1/contracts/{changed}")
        elif number < 3:
            people.seller.patch(f"/v1/contracts/{changed}", {"name": f"第 {number} 次"})
        warehouse.kill()
    warehouse.start()
    ends_with_what_is_listed(warehouse, people.admin)
    late = a_contract(people.seller, customer_id)
    ends_with_what_is_listed(warehouse, people.admin)
    assert (late["id"], late["version"]) in loaded(warehouse)["contract"]


def test_what_was_deleted_in_a_gap_is_gone_after_it(people: People, warehouse: Program) -> None:
    """(K-7) The feed says that events are missing; the lists are read again and show what is there no more."""
    a_contract(people.seller, a_customer(people.seller)["customer_id"])
    warehouse.start()
    soon(lambda: any(loaded(warehouse).values()), 60)
    ends_with_what_is_listed(warehouse, people.admin)
    warehouse.kill()
    with closing(sqlite3.connect(warehouse.path)) as database, database:
        [cursor] = database.execute("SELECT cursor FROM place").fetchone()
        database.execute("UPDATE place SET cursor = ?", [ahead_of(cursor, "contract")])
        database.execute("INSERT INTO record VALUES ('contract', 'deleted meanwhile', 7, 0, '{}')")
    warehouse.start()
    ends_with_what_is_listed(warehouse, people.admin)
    assert "the lists are read again" in warehouse.output.read_text()
    late = a_contract(people.seller, a_customer(people.seller)["customer_id"])
    soon(lambda: (late["id"], late["version"]) in loaded(warehouse)["contract"], 60)


def test_a_secret_that_is_refused_ends_the_program(platform: Any, tmp_path: Path) -> None:
    unknown = {"client_id": str(uuid4()), "client_secret": "wrong"}
    program = Program(platform.url, unknown, tmp_path / "warehouse.db")
    program.start()
    assert program.process is not None and program.process.wait(60) != 0
    assert "invalid_client" in program.output.read_text()
