"""A data warehouse in one file: loads the lists once and then follows the events, without a gap and without a double.

    KEHU_CLIENT_ID=… KEHU_CLIENT_SECRET=… python warehouse.py https://kehu.example.com warehouse.db

The position in the feed is noted *before* the first list is read. So whatever changes while the lists are read has an
event behind that position; and of a record from a list and the same record from an event the higher version wins.
Position and records are written in one SQLite transaction: it may be killed at any moment and goes on where it was.
"""

import argparse
import base64
import json
import os
import sqlite3
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

LISTS = {"customer": "/v1/customers", "contract": "/v1/contracts", "receivable": "/v1/receivables"}
TABLES = """
CREATE TABLE IF NOT EXISTS place (cursor TEXT NOT NULL, loaded INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS merged (id TEXT PRIMARY KEY, kept_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record (noun TEXT, id TEXT, version INTEGER NOT NULL, deleted INTEGER NOT NULL,
    data TEXT NOT NULL, PRIMARY KEY (noun, id));
"""


class Gap(Exception):
    """Events between the position and what the feed still has are gone; it can be gone on behind them."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"events are missing: {json.dumps(problem['gaps'])}")
        self.next: str = problem["next"]


class Kehu:
    """The HTTP API, as a service account."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        self.url = url.rstrip("/")
        self.secret = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self.token = ""

    def get(self, path: str, **query: Any) -> Any:
        """Ask; once more with a new token where the one before has run out."""
        while True:
            fresh = not self.token
            if fresh:
                self.sign_in()
            try:
                return self._get(path, query)
            except urllib.error.HTTPError as refused:
                if refused.code == 410:
                    raise Gap(json.load(refused)) from None
                if refused.code != 401 or fresh:
                    raise
                self.token = ""

    def sign_in(self) -> None:
        """Exchange the secret for a token."""
        address, form = f"{self.url}/v1/auth/token", b"grant_type=client_credentials"
        request = urllib.request.Request(address, form, {"Authorization": f"Basic {self.secret}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            self.token = json.load(answer)["access_token"]

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        address = f"{self.url}{path}?{urllib.parse.urlencode(query)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)

    def pages(self, path: str) -> Iterator[list[dict[str, Any]]]:
        """Yield the pages of a list."""
        query: dict[str, Any] = {"limit": 200}
        while True:
            page = self.get(path, **query)
            yield page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]


class Warehouse:
    """The database: one row a record, with the version that it has."""

    def __init__(self, path: str) -> None:
        self.database = sqlite3.connect(path, timeout=30)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.executescript(TABLES)
        self.ask = self.database.execute

    def place(self) -> tuple[str, bool] | None:
        """The position in the feed, and whether the lists have been read; nothing in a new warehouse."""
        row = self.ask("SELECT cursor, loaded FROM place").fetchone()
        return (row[0], bool(row[1])) if row else None

    def go_to(self, cursor: str, *, loaded: bool) -> None:
        """Note a position; it counts with the transaction that it is in."""
        self.ask("DELETE FROM place")
        self.ask("INSERT INTO place VALUES (?, ?)", [cursor, loaded])

    def keep(self, noun: str, record: dict[str, Any], *, deleted: bool = False) -> None:
        """Keep a record unless the one that is here is as new or newer; a deleted one is remembered."""
        known = self.ask(
            "SELECT version FROM record WHERE noun = ? AND id = ?", [noun, record["id"]]
        ).fetchone()
        if known is None or record["version"] > known[0]:
            values = [noun, record["id"], record["version"], deleted, json.dumps(record, ensure_ascii=False)]
            self.ask("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)", values)

    def keep_only(self, noun: str, ids: set[str]) -> None:
        """Take for deleted what its whole list no longer shows: the events that said so may be among those missing."""
        for (known,) in self.ask("SELECT id FROM record WHERE noun = ? AND NOT deleted", [noun]).fetchall():
            if known not in ids:
                self.ask("UPDATE record SET deleted = 1 WHERE noun = ? AND id = ?", [noun, known])

    def take(self, event: dict[str, Any]) -> None:
        """Take an event in; a second time it changes nothing."""
        noun, _, happened = event["type"].partition(".")
        data = event["data"]
        if happened == "merged":
            self.ask(
                "INSERT OR REPLACE INTO merged VALUES (?, ?)", [data[f"{noun}_id"], data[f"kept_{noun}_id"]]
            )
        elif f"{noun}_id" in data and event["subject"] == data[f"{noun}_id"]:
            self.keep(noun, {**data, "id": data[f"{noun}_id"]}, deleted=happened == "deleted")


def load(kehu: Kehu, warehouse: Warehouse, cursor: str | None = None) -> None:
    """Read the lists, having noted from where on to follow; begun again, it starts from the same position."""
    begun = warehouse.place()
    if cursor is None and begun is None:
        cursor = kehu.get("/v1/events", after="end", limit=1)["next"]
    if cursor is not None:
        with warehouse.database:
            warehouse.go_to(cursor, loaded=False)
    for noun, path in LISTS.items():
        listed: set[str] = set()
        for page in kehu.pages(path):
            listed.update(record["id"] for record in page)
            with warehouse.database:
                for record in page:
                    warehouse.keep(noun, record)
        with warehouse.database:
            warehouse.keep_only(noun, listed)
    place = warehouse.place()
    assert place is not None
    with warehouse.database:
        warehouse.go_to(place[0], loaded=True)


def follow(kehu: Kehu, warehouse: Warehouse) -> None:
    """Take in what happens, for ever."""
    types = ",".join(f"{noun}.*" for noun in LISTS)
    while True:
        place = warehouse.place()
        assert place is not None
        page = kehu.get("/v1/events", after=place[0], types=types, limit=500, wait=30)
        with warehouse.database:
            for event in page["items"]:
                warehouse.take(event)
            warehouse.go_to(page["next"], loaded=True)
        print(f"{len(page['items'])} events; behind by {page['lag']['seconds']} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="where Kehu is")
    parser.add_argument("warehouse", help="the warehouse's file")
    asked = parser.parse_args()
    kehu = Kehu(asked.url, os.environ["KEHU_CLIENT_ID"], os.environ["KEHU_CLIENT_SECRET"])
    warehouse = Warehouse(asked.warehouse)
    behind: str | None = None
    while True:
        try:
            place = warehouse.place()
            if behind is not None or place is None or not place[1]:
                load(kehu, warehouse, behind)
                behind = None
            follow(kehu, warehouse)
        except Gap as gap:
            print(f"{gap}: the lists are read again", file=sys.stderr, flush=True)
            behind = gap.next
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code != 429:
                raise SystemExit(f"Kehu refuses: {error.code} {error.read().decode()}") from None
            print(f"Kehu is away: {error}", file=sys.stderr, flush=True)
            time.sleep(2)


if __name__ == "__main__":
    main()
