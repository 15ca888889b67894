"""Idle and dripping connections on the gateway (R20)."""

from __future__ import annotations

import socket
import threading
import time

from figures import Figures
from signing import hang_up
from watch import p95
from world import World

from client import Client

HEAD = b"GET /v1/contracts HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


def answer_times(world: World, seconds: float) -> list[float]:
    """How long reads take, one after the other on four connections."""
    times: list[float] = []

    def read() -> None:
        client = Client(world.url, patience=0.0, token=world.admin.token)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.monotonic()
            client.get("/v1/contracts?limit=1")
            times.append(time.monotonic() - began)
            time.sleep(0.02)
        hang_up(client)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) > 20, "a reader failed"
    return times


def drip(sockets: list[socket.socket], finished: threading.Event) -> None:
    """Send one more byte of a header on every connection, twice a second."""
    while not finished.wait(0.5):
        for each in sockets:
            try:
                each.send(b"x")
            except OSError:
                pass  # The gateway has had enough of it, as it should.


def test_two_hundred_slow_clients_do_not_slow_the_others(world: World, figures: Figures) -> None:
    """100 connections that say nothing and 100 that send a byte at a time, while others read."""
    seconds = world.size(2, 20)
    answer_times(world, 1)
    before = answer_times(world, seconds)
    idle = [socket.create_connection(("127.0.0.1", world.platform.port)) for _ in range(100)]
    dripping = [socket.create_connection(("127.0.0.1", world.platform.port)) for _ in range(100)]
    finished = threading.Event()
    dripper = threading.Thread(target=drip, args=(dripping, finished))
    for each in dripping:
        each.sendall(HEAD)
    dripper.start()
    try:
        during = answer_times(world, seconds)
    finally:
        finished.set()
        dripper.join()
        for each in idle + dripping:
            each.close()
    figures.note("others' p95 without", p95(before) * 1000, "ms")
    figures.note("others' p95 with 200 slow clients", p95(during) * 1000, "ms")
    figures.note("ratio", p95(during) / p95(before), at_most=2)
    assert p95(during) < 20 * p95(before) + 1, "the others were held up"
