"""Idle and dripping connections on the gateway: they are cut off, and meanwhile nobody else is held up (R20)."""

from __future__ import annotations

import socket
import threading
import time

from figures import Figures
from signing import hang_up
from watch import p95
from world import SLOW_LIMIT, World

from client import Client

BODY = (
    b"POST /v1/customers HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer TOKEN\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
)
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


class SlowClient:
    """A connection that says a beginning and then never gets on."""

    def __init__(self, port: int, beginning: bytes = b"", drip: bytes = b"") -> None:
        self._began = time.monotonic()
        self._drip = drip
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(beginning)
        self._socket.setblocking(False)
        self.answer = b""
        self.lasted: float | None = None

    def go_on(self) -> None:
        """Send the next drip, and see whether the gateway has had enough of it."""
        if self.lasted is not None:
            return
        try:
            received = self._socket.recv(65536)
            self.answer += received
            if not received:
                self.close()
        except BlockingIOError:
            try:
                self._socket.send(self._drip)
            except OSError:
                self.close()
        except OSError:
            self.close()

    def close(self) -> None:
        """Be cut off."""
        if self.lasted is None:
            self.lasted = time.monotonic() - self._began
            self._socket.close()


def keep_on(clients: list[SlowClient], finished: threading.Event) -> None:
    """Let every client go on, four times a second, until it is cut off or the drill is over."""
    while not finished.wait(0.25) and any(client.lasted is None for client in clients):
        for client in clients:
            client.go_on()


def test_slow_clients_are_cut_off_and_do_not_slow_the_others(world: World, figures: Figures) -> None:
    """100 connections that say nothing, 100 that send a header and 50 that send a body a byte at a time (M-3)."""
    seconds = world.size(2, 20)
    answer_times(world, 1)
    before = answer_times(world, seconds)
    port = world.platform.port
    silent = [SlowClient(port) for _ in range(100)]
    headers = [SlowClient(port, HEAD, b"x") for _ in range(100)]
    body = BODY.replace(b"TOKEN", (world.admin.token or "").encode())
    bodies = [SlowClient(port, body, b" ") for _ in range(50)]
    clients = silent + headers + bodies
    finished = threading.Event()
    keeper = threading.Thread(target=keep_on, args=(clients, finished))
    keeper.start()
    try:
        during = answer_times(world, seconds)
        keeper.join(60)
    finally:
        finished.set()
        keeper.join()
        left = sum(client.lasted is None for client in clients)
        for client in clients:
            client.close()
    figures.note("others' p95 without", p95(before) * 1000, "ms")
    figures.note("others' p95 with 250 slow clients", p95(during) * 1000, "ms")
    figures.note("ratio", p95(during) / p95(before), at_most=2)
    for what, some in (("silence", silent), ("a header", headers), ("a body", bodies)):
        longest = max(client.lasted or 0 for client in some)
        figures.note(f"longest that {what} was suffered", longest, "s", at_most=SLOW_LIMIT + 2)
    assert left == 0, "slow clients were never cut off"
    assert {client.answer[:12] for client in bodies} == {b"HTTP/1.1 408"}
    assert p95(during) < 20 * p95(before) + 1, "the others were held up"
