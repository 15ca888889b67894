"""A newer version's migration under load, with the older code still at work (R26)."""

from __future__ import annotations

import time

import pytest
from figures import Figures
from signing import Journal
from verdict import judge, load
from world import World

from stack.places import SERVICES

NEWER = [
    "SET lock_timeout = '2s'; ALTER TABLE {table} ADD COLUMN IF NOT EXISTS of_the_next_version text",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_of_the_next_version ON {table} (of_the_next_version)",
]
"""What migrations of this platform do: they add, under a lock timeout, and build indexes beside the running work."""
TABLES = [("contract", "contract"), ("contract", "outbox"), ("finance", "obligation"), ("finance", "inbox")]


@pytest.mark.full
def test_a_migration_goes_by_unnoticed(world: World, figures: Figures) -> None:
    """Databases and topology are migrated while contracts are signed by code that does not know the new columns."""
    longest: list[float] = []

    def breaking(_journal: Journal) -> None:
        for service in SERVICES if world.full else ("contract", "finance"):
            world.run_tool(service, ["-m", "servicekit", "migrate", service])
        for service, table in TABLES:
            for statement in NEWER:
                began = time.monotonic()
                world.rows(service, statement.format(table=table))
                longest.append(time.monotonic() - began)

    try:
        journal = load(world, 40, 500, breaking)
        wrong = judge(world, figures, journal)
        figures.note("longest migration statement", max(longest), "s", at_most=2)
        figures.note("requests refused meanwhile", sum(journal.repeated.values()), at_most=0)
        assert wrong == []
        assert not journal.repeated
    finally:
        for service, table in TABLES:
            world.rows(service, f"ALTER TABLE {table} DROP COLUMN IF EXISTS of_the_next_version")
