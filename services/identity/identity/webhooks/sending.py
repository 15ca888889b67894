"""One HTTP request of a webhook: bounded in time and in what is read, to a checked address, without redirects."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from identity.webhooks.targets import Refused, Target, addresses_of, parse

EXCERPT = 500
MOST_READ = 4096
"""Bytes read of an answer; enough for the excerpt in any script."""

Lookup = Callable[[Target], list[str]]


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt."""

    status: int | None = None
    error: str | None = None
    excerpt: str = ""
    milliseconds: int = 0

    @property
    def ok(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more messages."""
        return self.status == http.client.GONE


class _Connection(http.client.HTTPConnection):
    """A connection to an address, for a host: the name is not looked up again."""

    def __init__(self, target: Target, address: str, seconds: float, tls: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.address = address
        self.tls = tls

    def connect(self) -> None:
        """Connect to the address; the certificate must be the host's."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.tls is not None:
            self.sock = self.tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """End the connection under whoever reads from it."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    allow_private: bool,
    tls: ssl.SSLContext | None = None,
) -> Outcome:
    """Send a message and say what came of it; whatever goes wrong is an outcome, not an error.

    Args:
        seconds: for everything together, from connecting to the last byte read.
        tls: whom to trust; by default what the system trusts.
    """
    began = time.monotonic()
    try:
        target = parse(url)
        # One address only: what could not be reached is tried again later, when the name may stand for another.
        address = addresses_of(target, allow_private=allow_private)[0]
        outcome = _exchange(target, address, body, headers, seconds, tls)
    except Refused as error:
        outcome = Outcome(error=f"refused: {error}")
    except ssl.SSLError as error:
        outcome = Outcome(error=f"TLS: {error.reason or error}")
    except TimeoutError:
        outcome = Outcome(error=f"no answer within {seconds:g} s")
    except (OSError, http.client.HTTPException, ValueError) as error:
        outcome = Outcome(error=f"{type(error).__name__}: {error}")
    milliseconds = int((time.monotonic() - began) * 1000)
    said = _printable(outcome.error, EXCERPT) if outcome.error else None
    return Outcome(outcome.status, said, outcome.excerpt, milliseconds)


def _exchange(
    target: Target,
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    tls: ssl.SSLContext | None,
) -> Outcome:
    context = (tls or ssl.create_default_context()) if target.secure else None
    connection = _Connection(target, address, seconds, context)
    late = threading.Event()

    def time_is_up() -> None:
        # A socket's own timeout begins anew with every byte, which a receiver could send one by one.
        late.set()
        connection.cut()

    timer = threading.Timer(seconds, time_is_up)
    timer.start()
    try:
        connection.request(
            "POST", target.path, body, {**headers, "Host": target.authority, "Connection": "close"}
        )
        answer = connection.getresponse()
        excerpt = _printable(answer.read(MOST_READ).decode("utf-8", "replace"), EXCERPT)
        if late.is_set():
            raise TimeoutError
        return Outcome(
            answer.status, None if 200 <= answer.status < 300 else _meaning(answer.status), excerpt
        )
    except Exception as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return "redirects are not followed: set the webhook to where it leads"
    return "the receiver did not accept it"


def _printable(text: str, most: int) -> str:
    """Return text that can be stored and shown in a log."""
    kept = "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return kept[:most]
