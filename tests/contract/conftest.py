"""The contract service at work on a real broker and database."""

import eventlet

eventlet.monkey_patch()

from collections.abc import Iterator  # noqa: E402

import pytest  # noqa: E402
from contract.service import ContractService  # noqa: E402

from servicekit.testing import RunningService, running  # noqa: E402


@pytest.fixture(scope="package")
def started() -> Iterator[RunningService]:
    """The service, started once."""
    with running(ContractService, event_retry_delays="[0.05, 0.1]") as service:
        yield service


@pytest.fixture
def service(started: RunningService) -> RunningService:
    """The service with empty tables."""
    started.clean()
    return started
