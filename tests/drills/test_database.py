"""Database connections cut, and the server killed, under load (R5)."""

from __future__ import annotations

import time

from figures import Figures
from signing import Journal
from verdict import judge, load
from world import World

from stack.places import SERVICES

CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_no_change_is_half_done_when_databases_go_away(world: World, figures: Figures) -> None:
    """Each database's connections are cut, then the server is killed and started, while contracts are signed."""
    cuts: list[float] = []
    restarts: list[float] = []
    ended: list[int] = []

    def breaking(_journal: Journal) -> None:
        for service in [s for s in SERVICES for _ in range(3)] if world.full else ["contract", "finance"]:
            time.sleep(world.random.uniform(0.2, 0.8))
            ended.append(world.rows(service, CUT)[0][0])
            cuts.append(world.seconds_until_it_answers(service))
        for _ in range(world.size(1, 3)):
            time.sleep(world.random.uniform(0.3, 1.0))
            began = time.monotonic()
            world.kill_server("postgres")
            world.start_server("postgres")
            world.seconds_until_it_answers()
            restarts.append(time.monotonic() - began)

    journal = load(world, 60, 2000, breaking)
    wrong = judge(world, figures, journal)
    figures.note("connections cut", sum(ended))
    figures.note("longest from a cut to an answer", max(cuts), "s", at_most=5)
    figures.note("server kills", len(restarts))
    figures.note("longest from the server's death to every service answering", max(restarts), "s", at_most=5)
    assert wrong == []
    assert all(ended), "a cut that met no connection tried nothing"
