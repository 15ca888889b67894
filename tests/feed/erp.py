"""The example ERP as a process of its own, and its ledger as a test reads it."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "erp" / "erp.py"


class Erp:
    """The program on a ledger; it can be killed and begun again."""

    def __init__(self, url: str, ledger: Path, *options: str) -> None:
        self.command = [sys.executable, str(PROGRAM), url, str(ledger), *options]
        self.ledger = ledger
        self.output = ledger.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Erp":
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=output)
        return self

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the ledger; nothing while it is not there yet."""
        try:
            with closing(sqlite3.connect(f"file:{self.ledger}?mode=ro", uri=True, timeout=30)) as database:
                return database.execute(statement, values).fetchall()
        except sqlite3.OperationalError:
            return []

    def count(self, table: str = "event") -> int:
        return sum(number for (number,) in self.ask(f"SELECT count(*) FROM {table}"))

    def wait_for(self, condition: Callable[[], Any], seconds: float = 60) -> None:
        """Wait until a condition holds; fail at once when the program has ended."""
        until = time.monotonic() + seconds
        while not condition():
            assert self.process is not None and self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < until, self.output.read_text()
            time.sleep(0.02)


@contextmanager
def erp(url: str, ledger: Path, *options: str) -> Iterator[Erp]:
    """A running ERP, killed in the end."""
    program = Erp(url, ledger, *options).start()
    try:
        yield program
    finally:
        program.kill()
