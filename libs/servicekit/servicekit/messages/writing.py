"""Writing to the broker: what several greenlets have to say goes out together, in one system call."""

import contextlib
import socket
import time
from typing import Any

import eventlet
import structlog
from amqp import method_framing, spec

log = structlog.get_logger("writing")

PUBLISH_ARGUMENTS = "Bssbb"
"""How the arguments of ``basic.publish`` stand in a frame."""

READ_BYTES = 65_536


class GatheringWriter:
    """Composes frames as py-amqp does, but collects them until the greenlet at work waits for something.

    A system call for every reply and one for every acknowledgement was a quarter of what a small request costs.
    Composing never waits, so any greenlet may write at any time. It is given to a connection as
    ``transport_options={"frame_writer": GatheringWriter}``.
    """

    def __init__(self, connection: Any, transport: Any) -> None:
        self._transport = transport
        self._waiting: list[bytes] = []
        self._sending = False
        self._compose = method_framing.frame_writer(connection, self)
        if hasattr(transport, "_quick_recv"):
            # py-amqp asks the socket for each frame's head and body by themselves; it keeps what comes beyond.
            receive = transport._quick_recv
            transport._quick_recv = lambda _count: receive(READ_BYTES)

    def __call__(self, kind: int, channel: int, method: Any, arguments: Any, content: Any) -> None:
        """Compose the frames of a method; they are sent as soon as the hub gets to it."""
        self._compose(kind, channel, method, arguments, content)
        if not self._sending:
            self._sending = True
            eventlet.spawn_n(self._send)

    def write(self, frames: memoryview) -> None:
        """Take composed frames; the buffer they stand in is used again for the next ones."""
        self._waiting.append(bytes(frames))

    def flush(self, seconds: float = 1.0) -> None:
        """Wait until everything is sent, for so many seconds at the most."""
        until = time.monotonic() + seconds
        while self._sending and time.monotonic() < until:
            time.sleep(0.001)

    def _send(self) -> None:
        try:
            while self._waiting:
                rest = memoryview(b"".join(self._waiting))
                self._waiting.clear()
                while rest:
                    # The reading greenlet sets the socket's timeout for itself. A broker that takes nothing for
                    # longer than that is not gone: the heartbeats decide.
                    with contextlib.suppress(socket.timeout):
                        rest = rest[self._transport.sock.send(rest) :]
        except Exception as error:
            # Whoever reads from this connection meets the same failure, and makes a new one.
            log.debug("could not send", error=str(error))
        finally:
            self._sending = False


def publish(channel: Any, message: Any, exchange: str, routing_key: str) -> None:
    """Publish on a channel whose incoming frames another greenlet may be reading.

    py-amqp's own ``basic_publish`` looks for incoming frames first, and would take them from that greenlet.
    """
    channel.send_method(
        spec.Basic.Publish, PUBLISH_ARGUMENTS, (0, exchange, routing_key, False, False), message
    )
