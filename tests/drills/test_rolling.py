"""Every service restarted in turn, politely, with two replicas under load (R3)."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

from figures import Figures
from signing import hang_up
from watch import p95
from world import PROBES, World

from client import Client, HttpError
from stack.places import SERVICES


class Load:
    """So many requests a second, each at its moment: a slow answer makes none of those after it later.

    Args:
        customer_id: whose record is read; every twentieth request makes a new one.
    """

    def __init__(self, world: World, rate: int, threads: int, customer_id: str) -> None:
        self.world = world
        self.pause = threads / rate
        self.customer_id = customer_id
        self.times: list[float] = []
        self.failures: list[str] = []
        self._finished = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(threads)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._finished.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        client = Client(self.world.url, patience=0.0, token=self.world.admin.token)
        paths = list(PROBES.values())
        due = time.monotonic() + number * self.pause / len(self._threads)
        turn = number
        while not self._finished.wait(max(0.0, due - time.monotonic())):
            due, turn = due + self.pause, turn + 1
            began = time.monotonic()
            try:
                if turn % 20 == 0:
                    client.post(
                        "/v1/customers", {"name": f"滚动 {number} {time.time_ns()}", "kind": "company"}
                    )
                else:
                    client.get(paths[turn % len(paths)])
            except (HttpError, OSError) as error:
                self.failures.append(str(error))
            self.times.append(time.monotonic() - began)
        hang_up(client)


def test_no_request_fails_while_everything_is_restarted_in_turn(world: World, figures: Figures) -> None:
    """Each service has two replicas; one after the other is stopped politely and started, then the gateway reloads."""
    services = SERVICES if world.full else ("contract",)
    for service in services:
        world.platform.start_second(service)
    began = time.monotonic()
    with Load(world, world.size(40, 200), world.size(8, 24), world.a_customer()) as load:
        for service in services:
            world.platform.stop(service)
            world.platform.start(service)
            world.platform.wait_until_ready(service, within=60)
            world.platform.stop(f"{service}-2")
            world.platform.start_second(service)
        world.signal("gateway", signal.SIGHUP)
        time.sleep(world.size(3, 10))
    rate = len(load.times) / (time.monotonic() - began)
    figures.note("requests", len(load.times))
    figures.note("requests a second", rate, at_least=190 if world.full else None)
    figures.note("restarts", 2 * len(services))
    figures.note("failed requests", len(load.failures), at_most=0)
    figures.note("p95 meanwhile", p95(load.times) * 1000, "ms")
    assert load.failures == []
