"""The contract service at work on a real broker and database."""

from collections.abc import Iterator

import pytest

from contract.service import ContractService
from servicekit.testing import RunningService, running


@pytest.fixture(scope="package")
def started() -> Iterator[RunningService]:
    """The service, started once."""
    with running(ContractService, event_retry_delays="[0.05, 0.1]") as service:
        yield service


@pytest.fixture
def service(started: RunningService) -> Iterator[RunningService]:
    """The service with empty tables."""
    started.clean()
    yield started
    started.check_told()
