"""A stage on the servers that the tests were given."""

import os
from collections.abc import Iterator

import pytest

from stack.places import ROOT, Place

PLACE = Place(ROOT / ".local" / "bench-smoke")


@pytest.fixture(scope="session")
def stage() -> Iterator[object]:
    """The servers only; what a row needs besides them it starts itself, under names of its own."""
    if not {"DATABASE_URL", "AMQP_URL"} <= os.environ.keys():
        pytest.fail("needs DATABASE_URL and AMQP_URL (make test, or make test-stack)")
    from bench.stage import BenchPlatform, Stage

    from stack.infrastructure import stop_leftovers

    with PLACE.lock("tests", "another run of the benchmarks' tests is going on in this checkout"):
        stop_leftovers(PLACE)
        platform = BenchPlatform(PLACE, os.environ, for_tests=True)
        platform.start_infrastructure()
        try:
            yield Stage(platform)
        finally:
            platform.stop_all()
