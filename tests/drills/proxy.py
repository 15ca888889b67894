"""A TCP proxy on loopback that can be made to fail: cut, silent, slow, or gone. It stands in for the network."""

from __future__ import annotations

import asyncio
import random
import threading
from contextlib import suppress

OK, SILENT, DOWN = "ok", "silent", "down"


class Proxy:
    """Forwards connections to a server on this machine, as well as it is told to.

    Args:
        target_port: the port on 127.0.0.1 that connections are forwarded to.
        seed: for the connections that are reset at random.
    """

    def __init__(self, target_port: int, seed: int = 0) -> None:
        self.target_port = target_port
        self.port = 0
        self.state = OK
        self.delay = 0.0
        self.reset_share = 0.0
        self._random = random.Random(seed)
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> Proxy:
        """Listen on a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def stop(self) -> None:
        """Close everything."""
        self.cut()
        if self._server is not None:
            self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def heal(self) -> None:
        """Forward everything at once again. Connections that were silent are reset: what they lost is lost."""
        was_silent = self.state == SILENT
        self.state, self.delay, self.reset_share = OK, 0.0, 0.0
        if was_silent:
            self.cut()

    def cut(self) -> None:
        """Reset every connection that is open now; new ones are accepted."""
        self._loop.call_soon_threadsafe(self._reset_all)

    def go_silent(self) -> None:
        """Swallow everything on open and new connections without closing any: the half-open connection."""
        self.state = SILENT

    def go_down(self) -> None:
        """Reset what is open and refuse what comes."""
        self.state = DOWN
        self.cut()

    def slow_down(self, seconds: float) -> None:
        """Hold every piece of data for some seconds, in each direction."""
        self.delay = seconds

    def reset_some(self, share: float) -> None:
        """Reset that share of the connections whenever data arrive on them, at random."""
        self.reset_share = share

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def _reset_all(self) -> None:
        for writer in list(self._writers):
            self._reset(writer)

    @staticmethod
    def _reset(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.state == DOWN:
            self._reset(writer)
            return
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            self._reset(writer)
            return
        ends = (writer, there_writer)
        self._writers.update(ends)
        try:
            await asyncio.gather(self._carry(reader, there_writer), self._carry(there_reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.difference_update(ends)
            for end in ends:
                with suppress(OSError, RuntimeError):
                    self._reset(end)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry data one way. A delay holds each piece for its time and does not thin the stream out."""
        held: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sending = asyncio.create_task(self._send_when_due(held, writer))
        try:
            while data := await reader.read(65536):
                if self.state == SILENT:
                    continue
                if self.reset_share and self._random.random() < self.reset_share:
                    raise ConnectionResetError
                if self.delay or not held.empty():
                    held.put_nowait((self._loop.time() + self.delay, data))
                    continue
                writer.write(data)
                await writer.drain()
        finally:
            sending.cancel()
        raise ConnectionResetError

    async def _send_when_due(
        self, held: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due, data = await held.get()
            await asyncio.sleep(max(0.0, due - self._loop.time()))
            if self.state != SILENT:
                writer.write(data)
