"""The example warehouse beside the platform: a first load while records change, no gap and no double (K-9)."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.judged import Client
from tests.system.test_erp import sign
from tests.system.test_lead_to_cash import People, a_contract, a_customer, soon

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "warehouse" / "warehouse.py"


class Program:
    """The program on a warehouse; it can be killed and begun again."""

    def __init__(self, platform: Any, path: Path) -> None:
        self.path = path
        self.command = [sys.executable, str(PROGRAM), platform.url, str(path), "--user", "admin"]
        self.environment = {**os.environ, "KEHU_PASSWORD": platform.admin_password}
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
def warehouse(platform: Any, tmp_path: Path) -> Iterator[Program]:
    program = Program(platform, tmp_path / "warehouse.db")
    try:
        yield program
    finally:
        program.kill()


NOUNS = {"customer": "/v1/customers", "contract": "/v1/contracts", "receivable": "/v1/receivables"}


def loaded(program: Program) -> dict[str, list[tuple[str, int]]]:
    return {noun: program.rows(noun) for noun in NOUNS}


def listed(client: Client) -> dict[str, list[tuple[str, int]]]:
    return {
        noun: sorted((record["id"], record["version"]) for record in client.pages(path))
        for noun, path in NOUNS.items()
    }


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
    soon(lambda: loaded(warehouse) == listed(people.admin), 60)
    late = a_contract(people.seller, customer_id)
    soon(lambda: loaded(warehouse) == listed(people.admin), 60)
    assert (late["id"], late["version"]) in loaded(warehouse)["contract"]
