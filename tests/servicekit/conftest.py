"""A sample service of the kit's own, at work on a real broker and database."""

import contextlib
import fcntl
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zlib import crc32

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from library.service import LibraryService

from servicekit.base.settings import Settings
from servicekit.testing import RunningService, running

RETRY_DELAYS = "[0.05, 0.1]"


@pytest.fixture(scope="package")
def started() -> Iterator[RunningService]:
    """The library, started once; two runs on the same servers wait for each other."""
    servers = crc32(Settings().database_url.encode())
    with (
        (Path(tempfile.gettempdir()) / f"kehu-library-{servers}.lock").open("w") as lock,
        running_alone(lock),
    ):
        yield from _started()


@contextlib.contextmanager
def running_alone(lock: IO[str]) -> Iterator[None]:
    """Hold a lock file, so that no other run empties our tables."""
    fcntl.flock(lock, fcntl.LOCK_EX)
    yield


def _started() -> Iterator[RunningService]:
    with running(LibraryService, event_retry_delays=RETRY_DELAYS) as service:
        yield service


@pytest.fixture
def service(started: RunningService) -> RunningService:
    """The library with empty tables. Tests of the kit write events of their own, so they are not judged."""
    started.clean()
    return started
