"""A downstream system in one file: follows Kehu's event stream and keeps a ledger of what customers owe and have paid.

    python erp.py amqp://erp:secret@broker:5672/ ledger.db --from beginning

The place in the stream and what an event changes are written in one SQLite transaction, so it may be killed at any
moment and goes on where it was. What it takes from each event is all it knows; it asks Kehu for nothing.

A stream may be deleted and made anew, and then begins at offset 0 again: a place beyond its end would be waited for in
silence for ever. So the last event is read again before anything else, and its id compared.
"""

import argparse
import json
import sqlite3
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection, Consumer, Queue
from kombu.message import Message

TABLES = """
CREATE TABLE IF NOT EXISTS place (start TEXT NOT NULL, last TEXT);
CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event (id TEXT PRIMARY KEY, type TEXT NOT NULL, subject TEXT NOT NULL, time TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS customer (id TEXT PRIMARY KEY, version INTEGER, name TEXT);
CREATE TABLE IF NOT EXISTS merged (id TEXT PRIMARY KEY, kept_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contract (id TEXT PRIMARY KEY, version INTEGER, number TEXT, customer_id TEXT, currency TEXT,
    amount INTEGER, signed_on TEXT);
CREATE TABLE IF NOT EXISTS receivable (id TEXT PRIMARY KEY, version INTEGER, contract_id TEXT, customer_id TEXT,
    currency TEXT, amount INTEGER, settled_amount INTEGER, due_on TEXT, status TEXT);
CREATE TABLE IF NOT EXISTS receipt (id TEXT PRIMARY KEY, version INTEGER, receivable_id TEXT, contract_id TEXT,
    customer_id TEXT, currency TEXT, amount INTEGER, settled_amount INTEGER, status TEXT);
CREATE VIEW IF NOT EXISTS ledger AS SELECT r.contract_id, c.number, k.name AS customer, r.currency,
    sum(r.amount) AS amount, sum(r.settled_amount) AS settled, sum(r.amount - r.settled_amount) AS outstanding
    FROM receivable r LEFT JOIN contract c ON c.id = r.contract_id LEFT JOIN merged m ON m.id = r.customer_id
    LEFT JOIN customer k ON k.id = coalesce(m.kept_id, r.customer_id)
    GROUP BY r.contract_id, r.currency ORDER BY c.number;
"""
KEPT = ("contract.signed", "customer.", "receivable.", "receipt.")
AMOUNTS = {"amount", "settled_amount"}
PARTS = 10_000  # A unit of any currency has at most so many of its smallest parts.
Start = str | int | dict[str, float]  # Where to begin to read: "first", an offset, or {"time": seconds}.


SECONDS = 5.0  # Until it is asked whether the stream still reaches to where it was read.


class Gap(Exception):
    """The stream has lost events that were never seen here: the ledger cannot be right any more."""


class Anew(Exception):
    """The stream is not the one that was read: it was deleted and made anew, perhaps with the whole broker."""


class Ledger:
    """The ledger's file. Amounts are kept in ten-thousandths, so that SQLite adds them exactly."""

    def __init__(self, path: str) -> None:
        self.database = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.ask = self.database.execute
        self.ask("PRAGMA journal_mode = WAL")
        self.database.executescript(TABLES)

    def start(self, default: Start) -> int | str | datetime:
        """Where to begin to read: behind the last event taken in, or, in a new ledger, at the default."""
        self.ask(
            "INSERT INTO place SELECT ?, NULL WHERE NOT EXISTS (SELECT 1 FROM place)", [json.dumps(default)]
        )
        start: Start = json.loads(self.ask("SELECT start FROM place").fetchone()[0])
        return datetime.fromtimestamp(start["time"], UTC) if isinstance(start, dict) else start

    def last(self) -> str | None:
        """The id of the event before that place, if one was taken in."""
        last: str | None = self.ask("SELECT last FROM place").fetchone()[0]
        return last

    def begin_again(self) -> None:
        """Go to the beginning of the stream: what is known is not taken in twice, and what is missing is noticed."""
        self.ask("UPDATE place SET start = ?, last = NULL", [json.dumps("first")])

    def take(self, event: dict[str, Any], offset: int) -> None:
        """Take an event in, and move the place behind it: both or neither."""
        self.ask("BEGIN IMMEDIATE")
        try:
            self.ask("UPDATE place SET start = ?, last = ?", [json.dumps(offset + 1), event["id"]])
            row = [event["id"], event["type"], event["subject"], event["time"]]
            if self.ask("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)", row).rowcount:
                self.expect(event["source"], int(event["sequence"]))
                self.enter(event["type"], event["data"])
            self.ask("COMMIT")
        except BaseException:
            self.ask("ROLLBACK")
            raise

    def expect(self, source: str, sequence: int) -> None:
        """A service counts its events without a hole, so a missing one shows here."""
        known = self.ask("SELECT sequence FROM source WHERE name = ?", [source]).fetchone()
        if known and sequence > known[0] + 1:
            raise Gap(f"{source}: events {known[0] + 1} to {sequence - 1} are missing")
        self.ask("INSERT OR REPLACE INTO source VALUES (?, ?)", [source, sequence])

    def enter(self, event_type: str, data: dict[str, Any]) -> None:
        """Keep what a record is like now: each of its events tells all of it."""
        if event_type == "customer.merged":
            self.relink(data["customer_id"], data["kept_customer_id"])
            return
        if not event_type.startswith(KEPT):
            return
        noun = event_type.partition(".")[0]
        columns = [column[1] for column in self.ask(f"PRAGMA table_info({noun})")]
        values = {name: data[name] for name in columns if name in data} | {"id": data[f"{noun}_id"]}
        values |= {name: int(Decimal(values[name]) * PARTS) for name in AMOUNTS & values.keys()}
        newer = f"SELECT 1 FROM {noun} WHERE id = ? AND version >= ?"  # noqa: S608 - a table of ours
        if not self.ask(newer, [values["id"], values["version"]]).fetchone():
            names, marks = ", ".join(values), ", ".join("?" * len(values))
            into = f"INSERT OR REPLACE INTO {noun} ({names}) VALUES ({marks})"  # noqa: S608
            self.ask(into, list(values.values()))

    def relink(self, gone: str, kept: str) -> None:
        """One customer's id stands for another from now on, also in what comes later, and for those merged into it."""
        kept = (self.ask("SELECT kept_id FROM merged WHERE id = ?", [kept]).fetchone() or [kept])[0]
        self.ask("INSERT OR REPLACE INTO merged VALUES (?, ?)", [gone, kept])
        self.ask("UPDATE merged SET kept_id = ? WHERE kept_id = ?", [kept, gone])


def follow(url: str, stream: str, ledger: Ledger, default: Start) -> None:
    """Read the stream from the ledger's place on, until the connection is lost.

    Raises:
        Anew: if another event, or none, stands where the last one was read.
    """
    start, last = ledger.start(default), ledger.last()
    behind = start if isinstance(start, int) and last else None  # The last event's place is the one before.
    with Connection(url, heartbeat=30, connect_timeout=5) as connection, connection.channel() as channel:

        def take(message: Message) -> None:
            nonlocal behind
            event, offset = json.loads(message.body), message.headers["x-stream-offset"]
            if behind is not None and offset == behind - 1 and event["id"] != last:
                raise Anew
            if behind is None or offset >= behind:
                ledger.take(event, offset)
            behind = None if offset + 1 >= (behind or 0) else behind
            message.ack()  # A stream keeps its messages: this only asks for more.

        channel.basic_qos(0, 200, False)
        place = {"x-stream-offset": start if behind is None else behind - 1}
        with Consumer(
            channel,
            [Queue(stream, channel=channel, consumer_arguments=place)],
            on_message=take,
            auto_declare=False,
        ):
            while True:
                with suppress(TimeoutError):
                    connection.drain_events(timeout=SECONDS)
                connection.heartbeat_check()
                if behind is not None and reaches(url, stream) < behind:
                    raise Anew


def reaches(url: str, stream: str) -> int:
    """The offset behind the stream's last event; 0 of an empty one."""
    ends = [0]
    with Connection(url, connect_timeout=5) as connection, connection.channel() as channel:
        channel.basic_qos(0, 200, False)
        queue = Queue(stream, channel=channel, consumer_arguments={"x-stream-offset": "last"})

        def count(message: Message) -> None:
            ends.append(message.headers["x-stream-offset"] + 1)

        with Consumer(channel, [queue], on_message=count, auto_declare=False), suppress(TimeoutError):
            while True:
                connection.drain_events(timeout=SECONDS)
    return max(ends)


def beginning(words: list[str]) -> Start:
    """Read --from. The end is kept as a time, so that nothing is lost that comes before the first event."""
    word, value = (*words, "")[:2]
    if word in ("beginning", "offset"):
        return "first" if word == "beginning" else int(value)
    if word not in ("end", "time"):
        raise KeyError(word)
    return {"time": time.time() if word == "end" else datetime.fromisoformat(value).timestamp()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="the broker, with the account that may read the stream")
    parser.add_argument("ledger", help="the ledger's file")
    begins = "of a new ledger: beginning, end, offset N, time 2026-11-22T08:00:00Z"
    parser.add_argument("--from", dest="start", nargs="+", default=["beginning"], help=begins)
    parser.add_argument("--stream", default="kehu.feed")
    asked = parser.parse_args()
    try:
        start, ledger = beginning(asked.start), Ledger(asked.ledger)
    except (KeyError, ValueError):
        parser.error(f"--from does not understand {' '.join(asked.start)}")
    while True:
        try:
            follow(asked.url, asked.stream, ledger, start)
        except Gap as gap:
            sys.exit(f"{gap}: begin a new ledger")
        except Anew:
            print("the stream was made anew: it is read from its beginning", file=sys.stderr, flush=True)
            ledger.begin_again()
        except (NotFound, *Connection(asked.url).recoverable_connection_errors) as error:
            print(f"the broker is away: {error}", file=sys.stderr, flush=True)
            time.sleep(2)


if __name__ == "__main__":
    main()
