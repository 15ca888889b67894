"""The gateway in this process, a real broker, and fake services behind it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.gateway.fakes import FakeServices, eventually
from tests.gateway.feeds import SERVICES, Published
from tests.gateway.identity import a_token, bearer, teach_identity

AMQP_URL = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")
CONTRACTS = Path(__file__).parent / "contracts"
os.environ["GATEWAY_API_DIR"] = str(CONTRACTS)


@pytest.fixture(scope="session")
def broker() -> Iterator[FakeServices]:
    """The fake services of all tests, on exchanges of their own."""
    services = FakeServices(AMQP_URL, uuid4().hex[:8])
    yield services
    services.close()


@pytest.fixture
def services(broker: FakeServices) -> Iterator[FakeServices]:
    """The fake services of one test: identity and echo run."""
    broker.forget()
    teach_identity(broker)
    broker.start("identity", "echo")
    yield broker
    broker.stop(*[*broker._presences])


@pytest.fixture
def published(services: FakeServices) -> dict[str, Published]:
    """What each service has published; nothing as yet."""
    services.start("sales")
    stores = {name: Published(name) for name in SERVICES}
    for name, store in stores.items():
        services.on(f"{name}.read_events", store.read)
    return stores


StartGateway = Callable[..., TestClient]


def gateway(services: FakeServices, **settings: Any) -> TestClient:
    """Return a client of a gateway that has not begun."""
    from gateway.app import create_app
    from gateway.settings import Settings

    defaults: dict[str, Any] = {
        "amqp_url": AMQP_URL,
        "rpc_exchange": services.rpc_exchange,
        "replies_exchange": services.replies_exchange,
        "identity_events_exchange": services.events_exchange,
        "events_exchange": services.every_events_exchange,
        "workers": 1,
        "api_dir": CONTRACTS,
        "rpc_timeout": 2.0,
        "startup_patience": 0.0,
        "anonymous_rate_limit": 10_000,
        "rate_limit": 10_000,
    }
    return TestClient(create_app(Settings(**{**defaults, **settings})), raise_server_exceptions=False)


def has_keys(client: TestClient) -> bool:
    """Tell whether a gateway can judge tokens."""
    return client.get("/.well-known/jwks.json").status_code == 200


@pytest.fixture
def start_gateway(services: FakeServices) -> Iterator[StartGateway]:
    """Start a gateway with settings of its own; it has its keys when it is returned."""
    with ExitStack() as stack:

        def start(*, wait: bool = True, headers: dict[str, str] | None = None, **settings: Any) -> TestClient:
            client = gateway(services, **settings)
            client.headers.update(headers or {})
            stack.enter_context(client)
            if wait:
                eventually(lambda: has_keys(client))
            return client

        yield start


@pytest.fixture(scope="session")
def running(broker: FakeServices) -> Iterator[TestClient]:
    """One gateway for all tests that only ask it: to make and begin one takes longer than most of them."""
    with gateway(broker) as client:
        yield client


@pytest.fixture
def anonymous(services: FakeServices, running: TestClient) -> TestClient:
    """A client that is not signed in."""
    eventually(lambda: has_keys(running))
    return beside(running)


@pytest.fixture
def client(services: FakeServices, running: TestClient) -> TestClient:
    """A client that sends a valid token with every request, of a session that the gateway has not heard of."""
    eventually(lambda: has_keys(running))
    client = beside(running)
    client.headers.update(bearer(a_token(sid=str(uuid4()))))
    return client


def beside(running: TestClient) -> TestClient:
    """Return a client with headers and cookies of its own of an application that another one holds."""
    client = TestClient(running.app, raise_server_exceptions=False)
    client.portal = running.portal
    return client
