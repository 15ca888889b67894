"""The identity service at work on a real broker and database, prepared as after a migration."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from kombu import Connection

from identity.service import IdentityService
from identity.webhooks import model
from identity.webhooks.delivery import Feed
from identity.webhooks.feeding import Feeder
from servicekit import utcnow
from servicekit.testing import RunningService, running
from tests.identity.feeders import OwnStream, batch_until
from tests.identity.people import ADMIN_PASSWORD, KEY
from tests.identity.receivers import a_subject, bind_feed, tell


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


@pytest.fixture
def feeder(service: RunningService) -> Iterator[Feeder]:
    """A feeder that the test works by hand, at the end of the stream, while the service's own one rests."""
    bind_feed(service, "contract")
    own = next(each for each in service.container.dependencies if each.attr_name == "webhook_feeder")
    own.worker.stop()
    own._thread.wait()
    (event_id,) = tell(service, a_subject(), "0")
    end = batch_until(service, utcnow() - timedelta(minutes=1), event_id)[-1].offset
    with service.database.sessions.begin() as session:
        session.add(Feed(id=1, next_offset=end + 1))
    yield Feeder(own.database, service.settings)
    own.worker = Feeder(own.database, service.settings)
    own.start()


@pytest.fixture
def own_stream(service: RunningService, feeder: Feeder) -> Iterator[OwnStream]:
    """A stream of the test's own, which the feeder reads from its beginning; the platform's place is kept meanwhile."""
    with service.database.sessions() as session:
        kept = session.get_one(Feed, 1)
    with Connection(service.settings.amqp_url) as connection:
        own = OwnStream(service, connection)
        own.declare()
        own.set_place(0, None)
        feeder.stream = own.name
        yield own
        own.delete()
        own.set_place(kept.next_offset, kept.last_event_id)
