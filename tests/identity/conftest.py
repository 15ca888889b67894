"""The identity service at work on a real broker and database, prepared as after a migration."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from identity.service import IdentityService
from identity.webhooks import model
from servicekit.testing import RunningService, running
from tests.identity.people import ADMIN_PASSWORD, KEY


@pytest.fixture(scope="package")
def started() -> Iterator[RunningService]:
    """The service, started once."""
    settings = {
        "encryption_keys": KEY,
        "event_retry_delays": "[0.05, 0.1]",
        "identity_admin_password": ADMIN_PASSWORD,
        "identity_webhook_allow_private": "true",
        "identity_webhook_delays": "[0.05, 0.1]",
    }
    with pytest.MonkeyPatch.context() as patch:
        # One machine has one clock, and a test's webhook is not to hear of the test before.
        patch.setattr(model, "CLOCKS_DIFFER", timedelta())
        with running(IdentityService, **settings) as service:
            yield service


@pytest.fixture
def service(started: RunningService) -> Iterator[RunningService]:
    """The service with nothing but what every installation begins with."""
    started.clean()
    IdentityService.prepare(started.settings)
    yield started
    started.check_told()
