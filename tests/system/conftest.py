"""A whole platform for the system tests: servers, six services and the gateway as processes, driven over HTTP only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.own_platform import change, given_servers, leave_out, own_platform
from tests.process_logs import ProcessLogs
from tests.system.pipeline import DATA

from stack.places import ROOT, Place
from stack.platform import PARTS, Platform

PLACE = Place(ROOT / ".local" / "system")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ProcessLogs(PLACE, lines=40))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what reads the real data where they do not lie beside the checkout, and the logs of given servers."""
    missing = [] if DATA.is_dir() else ["pipeline"]
    missing += ["own_database"] if "DATABASE_URL" in given_servers() else []
    leave_out(config, items, lambda item: not set(missing).isdisjoint(getattr(item, "fixturenames", ())))


class SystemUnderTest:
    """What a test may do to the platform besides asking it over HTTP at `url`."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.url = platform.url
        self.admin_password = platform.admin_password
        self.amqp_url = platform.infrastructure.amqp_url
        self.database_url = platform.infrastructure.urls["DATABASE_URL"]

    def stop(self, service: str) -> None:
        """Stop it politely and wait until it is gone."""
        self._platform.stop(service)

    def start(self, service: str) -> None:
        """Start it and wait until it says it is ready."""
        self._platform.start(service)
        self._platform.wait_until_ready(service, within=30)

    def kill(self, service: str) -> None:
        """Kill -9."""
        self._platform.kill(service)

    def migrate(self, **settings: str) -> bool:
        """Do what comes before services are started, with settings of one's own; tell if there was anything to do."""
        given = self._platform.extra_environment
        self._platform.extra_environment = {**given, **settings}
        try:
            return self._platform.migrate()
        finally:
            self._platform.extra_environment = given

    def restart(self, service: str) -> None:
        self.stop(service)
        self.start(service)

    def log(self, service: str, lines: int = 100) -> str:
        """The last lines a service wrote."""
        return self._platform.log(service, lines)

    def change(self, service: str, statement: str, *values: str) -> int:
        """Do to a service's database what no operation would; return how many rows it concerned."""
        return change(self._platform, service, statement, *values)

    def make_whole(self) -> None:
        """Start what a test stopped and did not start again."""
        for name in PARTS:
            if not self._platform.is_running(name):
                self.start(name)


@pytest.fixture(scope="session")
def platform() -> Iterator[SystemUnderTest]:
    """Fresh servers of its own, so that no queue or table holds what another suite left; given ones where asked for."""
    with own_platform(PLACE, "system tests") as platform:
        yield SystemUnderTest(platform)


@pytest.fixture
def own_database(platform: SystemUnderTest) -> str:
    """The address of a database server that we have started, with settings of ours."""
    return platform.database_url


@pytest.fixture(autouse=True)
def whole_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test stopped or killed runs again before the next one."""
    yield
    if "platform" in request.fixturenames:
        request.getfixturevalue("platform").make_whole()
