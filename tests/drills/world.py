"""The world of a drill: a platform whose processes and servers may be killed, paused, doubled or given a mutant."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from proxy import Proxy
from sight import Sight
from signing import hang_up

from client import Client
from stack import processes
from stack.feed_account import control
from stack.output import Trouble
from stack.places import SERVICES, Place
from stack.platform import GATEWAY, PARTS, Platform, answers, python
from stack.ports import choose, remembered

PROBES = {
    "identity": "/v1/departments?limit=1",
    "customer": "/v1/customers?limit=1",
    "sales": "/v1/leads?limit=1",
    "contract": "/v1/contracts?limit=1",
    "finance": "/v1/receivables?limit=1",
    "service-desk": "/v1/cases?limit=1",
    GATEWAY: "/v1/contracts?limit=1",
}
"""One read of each service; that of the gateway is one that needs the broker and a database too."""

SLOW_LIMIT = 5
"""Seconds that a connection has for a header, and a request for its body; the gateway's own are four times as many."""

MUTANTS = str(Path(__file__).parent / "mutants")


class DrillPlatform(Platform):
    """A platform each part of which may have an environment of its own, and a second replica."""

    def __init__(self, place: Place) -> None:
        # Without for_tests: a server that forgets commits when it is killed would make the drills lie.
        super().__init__(place, {}, database_prefix="kehu_drills_")
        self.overrides: dict[str, dict[str, str]] = {}
        self.extra_environment = {
            "GATEWAY_RATE_LIMIT": "1000000",
            "GATEWAY_ANONYMOUS_RATE_LIMIT": "100000",
            "GATEWAY_HEADER_TIMEOUT": str(SLOW_LIMIT),
            "GATEWAY_BODY_TIMEOUT": str(SLOW_LIMIT),
        }

    def environment(self, name: str) -> dict[str, str]:
        return {**super().environment(name), **self.overrides.get(name, {})}

    def start_second(self, name: str) -> None:
        """Start a second replica of a service, known as e.g. ``contract-2``, and wait until it is ready."""
        second = f"{name}-2"
        port = (
            remembered(self.place).get(f"health-{second}")
            or choose(self.place, [f"health-{second}"])[f"health-{second}"]
        )
        environment = {**self.environment(name), "HEALTH_PORT": str(port)}
        self.running[second] = processes.start(self.place, second, self._command(name), environment)
        until = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            assert time.monotonic() < until, f"{second} was not ready: {self.log(second, 20)}"
            time.sleep(0.1)


class World(Sight):
    """What a drill may do.

    Args:
        full: whether the sizes are those of the full set.
        seed: of everything that is left to chance.
    """

    def __init__(self, platform: DrillPlatform, full: bool, seed: int) -> None:
        self.platform = platform
        self.place = platform.place
        self.url = platform.url
        self.full = full
        self.seed = seed
        self.random = random.Random(seed)
        self._admin: Client | None = None
        self._signed_in_at = 0.0

    def size(self, fast: int, full: int) -> int:
        """The size of something in the fast and in the full set."""
        return full if self.full else fast

    # Asking over HTTP

    def sign_in(self) -> Client:
        """A client of its own, signed in as the administrator."""
        return Client(self.url, patience=60.0).sign_in("admin", self.platform.admin_password)

    @property
    def admin(self) -> Client:
        """A signed-in client for the main thread; signed in anew before its token runs out."""
        if self._admin is None or time.monotonic() - self._signed_in_at > 600:
            self.leave()
            self._admin, self._signed_in_at = self.sign_in(), time.monotonic()
        return self._admin

    def leave(self) -> None:
        """Close the main thread's connection."""
        if self._admin is not None:
            hang_up(self._admin)

    def a_customer(self) -> str:
        """A customer of this drill's own, so that what it compares is its own."""
        name = f"演练客户有限公司 {self.random.getrandbits(32):08x} {time.time_ns()}"
        return str(self.admin.post("/v1/customers", {"name": name, "kind": "company"})["id"])

    def probe(
        self, path: str, method: str = "GET", body: Any = None, timeout: float = 15
    ) -> tuple[int, float, dict[str, str]]:
        """Status, seconds and headers of one request on a new connection; status 0 if there was no answer."""
        headers = {"Authorization": f"Bearer {self.admin.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = f"probe-{time.time_ns()}"
        connection = http.client.HTTPConnection("127.0.0.1", self.platform.port, timeout=timeout)
        began = time.monotonic()
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            response.read()
            kept = {name.lower(): value for name, value in response.getheaders()}
            return response.status, time.monotonic() - began, kept
        except (OSError, http.client.HTTPException):
            return 0, time.monotonic() - began, {}
        finally:
            connection.close()

    def seconds_until_it_answers(self, *names: str, within: float = 60) -> float:
        """How long it takes from now until each of these services answers a read over HTTP."""
        began = time.monotonic()
        for name in names or SERVICES:
            while self.probe(PROBES[name], timeout=6)[0] != 200:
                assert time.monotonic() - began < within, f"{name} did not come back within {within} s"
                time.sleep(0.05)
        return time.monotonic() - began

    # Breaking

    def kill(self, name: str) -> None:
        """Kill -9."""
        self.platform.kill(name)

    def revive(self, name: str) -> float:
        """Start it again; return the seconds until it answers."""
        self.platform.start(name)
        return self.seconds_until_it_answers(name)

    def restart_with(self, name: str, environment: dict[str, str]) -> None:
        """Stop a part and start it with more in its environment; an empty one is the usual."""
        self.platform.stop(name)
        self.platform.overrides[name] = environment
        self.platform.start(name)
        self.platform.wait_until_ready(name, within=60)

    @contextmanager
    def mutant(self, what: str, *names: str, **environment: str) -> Iterator[None]:
        """Run parts with a safeguard taken off (mutants/sitecustomize.py)."""
        for name in names:
            self.restart_with(name, {**environment, "PYTHONPATH": MUTANTS, "KEHU_MUTANT": what})
        try:
            yield
        finally:
            for name in names:
                self.restart_with(name, environment)

    def signal(self, name: str, what: signal.Signals) -> None:
        """Send a signal to the process of a part, e.g. to pause it."""
        pid = processes.pid_of(self.place, name)
        assert pid is not None, f"{name} does not run"
        os.kill(pid, what)

    def rabbitmqctl(self, *words: str) -> str:
        """Run rabbitmqctl on the private broker."""
        assert self.platform.infrastructure.rabbitmq is not None
        return control(self.platform.infrastructure.rabbitmq, *words)

    def kill_server(self, name: str) -> None:
        """Kill -9 the broker or the database server, its children included."""
        server = self.platform.infrastructure.private[name]
        assert server.process is not None
        processes.send(self.place, server.process.pid, signal.SIGKILL)
        server.process.wait()

    def start_server(self, name: str) -> None:
        """Start it again and wait until it speaks. Children of a killed one may hold its memory for a moment."""
        for attempt in range(20):
            try:
                self.platform.infrastructure.private[name].start()
                return
            except Trouble:
                if attempt == 19:
                    raise
                time.sleep(0.1)

    @contextmanager
    def through_proxies(self, *names: str, **environment: str) -> Iterator[tuple[Proxy, Proxy]]:
        """Put a proxy before the broker and one before the database server, for these parts; restart them behind it."""
        infrastructure = self.platform.infrastructure
        ports = remembered(self.place)
        broker = Proxy(ports["rabbitmq"], self.seed).start()
        database = Proxy(ports["postgres"], self.seed + 1).start()
        urls = {
            "AMQP_URL": infrastructure.amqp_url.replace(f":{ports['rabbitmq']}", f":{broker.port}"),
            "DATABASE_URL": infrastructure.database_url.replace(f":{ports['postgres']}", f":{database.port}"),
        }
        try:
            self._restart(names, {**urls, **environment})
            yield broker, database
        finally:
            for proxy in (broker, database):
                proxy.heal()
            self._restart(names, {})
            for proxy in (broker, database):
                proxy.stop()

    def _restart(self, names: Iterable[str], environment: dict[str, str]) -> None:
        """Stop parts politely, all at once, and start them with more in their environment."""
        threads = [threading.Thread(target=self.platform.stop, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.platform.overrides |= dict.fromkeys(names, environment)
        self.make_whole()

    def make_usual(self) -> None:
        """Parts that run with an environment of their own are stopped, to be started without."""
        for name, environment in self.platform.overrides.items():
            if environment:
                self.platform.stop(name)
        self.platform.overrides.clear()

    def make_whole(self) -> None:
        """Whatever the drill before has left broken runs again as usual."""
        for name in [name for name in self.platform.running if name.endswith("-2")]:
            self.platform.stop(name)
        for name, server in self.platform.infrastructure.private.items():
            if server.process is None or server.process.poll() is not None:
                self.start_server(name)
        for name in PARTS:
            pid = processes.pid_of(self.place, name)
            if pid is not None:
                os.kill(pid, signal.SIGCONT)
            self.platform.start(name)
        for name in SERVICES:
            self.platform.wait_until_ready(name, within=60)
        self.platform.wait_until_ready(GATEWAY, within=60)
        self.seconds_until_it_answers(within=60)

    def run_tool(self, name: str, arguments: list[str], **environment: str) -> str:
        """Run a Python command with a service's environment to its end; return what it printed."""
        done = subprocess.run(
            [python(), *arguments],
            env={**self.platform.environment(name), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout


def side_by_side(calls: list[Callable[[], Any]]) -> list[Any]:
    """Begin all calls at the same moment; return what each returned, or the exception it raised."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(place: int) -> None:
        barrier.wait()
        try:
            outcomes[place] = calls[place]()
        except Exception as error:
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
