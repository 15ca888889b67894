"""An owner's database is restored from a backup: copies follow it back, and no number is given twice (M-33)."""

from __future__ import annotations

import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from broker import Recorder
from figures import Figures
from world import World

DATABASE = "kehu_drills_customer"
COPIES = ("sales", "contract", "finance", "service-desk")
NAME = "SELECT name FROM customer_copy WHERE id = %s"


def tool(world: World, name: str, *words: str) -> None:
    """Run one of PostgreSQL's programs against the private server."""
    folder = next(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), Path(name))
    parts = urlsplit(world.platform.infrastructure.database_url)
    subprocess.run(
        [str(folder), *words],
        env={
            "PGHOST": str(parts.hostname), "PGPORT": str(parts.port), "PGUSER": str(parts.username),
            "PGPASSWORD": parts.password or "",
        },
        check=True,
        capture_output=True,
        timeout=120,
    )  # fmt: skip


@contextmanager
def restored_afterwards(world: World, dump: Path) -> Iterator[None]:
    """Take a backup, let things happen, and bring the database back to what it was."""
    tool(world, "pg_dump", "--format=custom", f"--file={dump}", DATABASE)
    yield
    world.platform.stop("customer")
    tool(world, "dropdb", "--force", DATABASE)
    tool(world, "createdb", "--template=template0", "--locale=C.UTF-8", "--encoding=UTF8", DATABASE)
    tool(world, "pg_restore", f"--dbname={DATABASE}", str(dump))
    world.platform.start("customer")
    world.platform.wait_until_ready("customer", within=60)
    world.seconds_until_it_answers("customer")


def names(world: World, customer_id: str) -> dict[str, str | None]:
    """What each service calls a customer; None where it knows none."""
    found = {service: world.rows(service, NAME, customer_id) for service in COPIES}
    return {service: rows[0][0] if rows else None for service, rows in found.items()}


def seconds_until_named(world: World, customer_id: str, name: str | None) -> float:
    """How long until every service calls a customer so."""
    began = time.monotonic()
    while set(names(world, customer_id).values()) != {name}:
        assert time.monotonic() - began < 60, names(world, customer_id)
        time.sleep(0.1)
    return time.monotonic() - began


def rename(world: World, customer_id: str, name: str) -> None:
    """Change a customer's name."""
    world.admin.patch(f"/v1/customers/{customer_id}", {"name": name})


def given_twice(events: list[dict[str, Any]]) -> list[str]:
    """The sequence numbers that different events carry."""
    carried = defaultdict(set)
    for event in events:
        carried[event["sequence"]].add(event["id"])
    return sorted(number for number, ids in carried.items() if len(ids) > 1)


@pytest.mark.full
def test_copies_follow_an_owner_that_was_restored(world: World, figures: Figures, tmp_path: Path) -> None:
    """customer's database is restored from a backup; a rebuild heals the others' copies, and numbers go on."""
    recorder = Recorder(world, "restore", [("customer", "#")])
    tag = f"{world.seed} {time.time_ns()}"
    kept = str(world.admin.post("/v1/customers", {"name": f"恢复前 {tag}", "kind": "company"})["id"])
    seconds_until_named(world, kept, f"恢复前 {tag}")
    with restored_afterwards(world, tmp_path / "customer.dump"):
        for turn in range(3):
            rename(world, kept, f"丢失的名字 {turn} {tag}")
        lost = str(world.admin.post("/v1/customers", {"name": f"丢失 {tag}", "kind": "company"})["id"])
        seconds_until_named(world, kept, f"丢失的名字 2 {tag}")
        seconds_until_named(world, lost, f"丢失 {tag}")
    assert set(names(world, kept).values()) == {f"丢失的名字 2 {tag}"}, "nothing heals by itself"
    began = time.monotonic()
    operator = world.platform.infrastructure.urls_of("operator")
    for consumer in COPIES:
        words = ["-m", "servicekit", "bus", "rebuild", consumer, "--of", "customer"]
        world.run_tool("customer", words, **operator)
    figures.note("rebuilding four services", time.monotonic() - began, "s")
    seconds_until_named(world, kept, f"恢复前 {tag}")
    seconds_until_named(world, lost, None)
    rename(world, kept, f"恢复后 {tag}")
    figures.note(
        "until a new name is everywhere", seconds_until_named(world, kept, f"恢复后 {tag}"), "s", at_most=10
    )
    twice = given_twice(recorder.take())
    figures.note("numbers given twice", len(twice), at_most=0)
    assert twice == []
